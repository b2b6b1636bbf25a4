/**
 * Text from a file, fit to stand in a sentence: what would break or bend the line (control and
 * format characters, lone surrogates) is escaped, and what is long is cut.
 */
export function shownText(text: string, limit = 80): string {
  const isLong = text.length > limit;
  const start = isLong ? text.slice(0, limit - 1) : text;
  const escaped = start.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return isLong ? `${escaped}…` : escaped;
}

/** `1 entry`, `2 entries`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`; of more than `limit`, how many there are more. */
export function listed(names: readonly string[], limit = 6): string {
  const shown = names.length > limit ? names.slice(0, limit - 1) : names;
  const rest = names.length - shown.length;
  const all = rest === 0 ? shown : [...shown, `${rest} more`];
  const [last = ""] = all.slice(-1);
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}
