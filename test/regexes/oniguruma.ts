/**
 * The pattern of a grammar as JavaScript's engine would have it, for a tool that knows no other;
 * undefined for what only Oniguruma has. Both engines go back on their steps alike, so what is
 * found of the one holds of the other.
 *
 * A grammar sees one line at a time: `\G`, the end of the match before, is as good as `^`.
 */
export function asJavaScript(source: string): string | undefined {
  if (onlyOniguruma.some((pattern) => pattern.test(withoutEscapedBackslashes(source)))) {
    return undefined;
  }
  const translated = source.replace(/\\(.)/g, (escape, letter: string) => same[letter] ?? escape);
  try {
    return new RegExp(translated).source;
  } catch {
    return undefined;
  }
}

/** Escapes of Oniguruma that JavaScript has by another name. */
const same: Readonly<Record<string, string>> = {
  G: "^",
  A: "^",
  z: "$",
  Z: "$",
  h: "[0-9a-fA-F]",
  H: "[^0-9a-fA-F]",
};

/** What compiles in JavaScript too but means something else, or cannot be said in it. */
const onlyOniguruma: readonly RegExp[] = [
  /\\[RXKgkpP]/,
  /\\x\{/,
  // Atomic groups, options within, comments, absent operators.
  /\(\?(?![:=!]|<[=!a-zA-Z])/,
  /\[\[:|&&/,
  // Possessive quantifiers; of the first, JavaScript says that there is nothing to repeat.
  /[*+?}]\+/,
  // What \1 was is known only from the rule's beginning.
  /\\[1-9]/,
];

function withoutEscapedBackslashes(source: string): string {
  return source.replaceAll("\\\\", "");
}
