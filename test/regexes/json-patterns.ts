import type { Collected, Pattern } from "./pattern.ts";

/** What kind of file it is decides which of its members are regular expressions. */
export type JsonKind = "grammar" | "language configuration" | "manifest" | "schema";

/** Which a file of ours is, by its name; undefined if it is none of them. */
export function jsonKindOf(path: string): JsonKind | undefined {
  if (path.endsWith(".tmLanguage.json")) return "grammar";
  if (path.endsWith("language-configuration.json")) return "language configuration";
  if (path.startsWith("media/schemas/")) return "schema";
  return path === "package.json" ? "manifest" : undefined;
}

/** Every regular expression in a JSON file of this kind. */
export function jsonPatterns(path: string, kind: JsonKind, json: unknown): Collected {
  const found: Pattern[] = [];
  const unreadable: string[] = [];
  const engine = kind === "grammar" ? "Oniguruma" : "JavaScript";
  const visit = (value: unknown, place: readonly string[]): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const at = [...place, key];
      const where = `${path} ${at.join(".")}`;
      if (typeof member === "string" && isPattern(kind, key)) {
        const { flags = "" } = value as { flags?: unknown };
        if (typeof flags === "string") found.push({ where, source: member, flags, engine });
        else unreadable.push(where);
      } else if (typeof member === "string" && conditions.has(key)) {
        for (const { source, flags } of inCondition(member)) {
          found.push({ where, source, flags, engine });
        }
      } else if (key === "patternProperties" && typeof member === "object" && member !== null) {
        for (const source of Object.keys(member)) found.push({ where, source, flags: "u", engine });
      }
      visit(member, at);
    }
  };
  visit(json, []);
  return { patterns: found, unreadable };
}

function isPattern(kind: JsonKind, key: string): boolean {
  return members[kind].has(key);
}

const members: Readonly<Record<JsonKind, ReadonlySet<string>>> = {
  grammar: words("match begin end while firstLineMatch foldingStartMarker foldingStopMarker"),
  "language configuration": words(
    "wordPattern pattern beforeText afterText previousLineText start end" +
      " increaseIndentPattern decreaseIndentPattern indentNextLinePattern unIndentedLinePattern",
  ),
  manifest: words("pattern firstLine regexp"),
  schema: words("pattern"),
};

/** Members of package.json that hold conditions, in which `=~` is followed by an expression. */
const conditions: ReadonlySet<string> = new Set(["when", "enablement"]);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

function inCondition(text: string): readonly { source: string; flags: string }[] {
  return text
    .split("=~")
    .slice(1)
    .map((part) => {
      const literal = part.trimStart();
      const end = closingSlash(literal);
      const flags = literal.slice(end + 1).split(/[^a-z]/, 1)[0] ?? "";
      return { source: literal.slice(1, end), flags };
    });
}

function closingSlash(literal: string): number {
  for (let at = 1; at < literal.length; at++) {
    if (literal[at] === "\\") at++;
    else if (literal[at] === "/") return at;
  }
  return literal.length;
}
