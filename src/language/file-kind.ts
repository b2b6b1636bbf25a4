/** What a file of a lab holds. */
export type FileKind = "log" | "storage" | "stateMachine" | "account" | "wire";

/** What a file holds, told by its base name; null for one that is none of ours. */
export function kindOf(fileName: string): FileKind | null {
  return namePatterns.find(({ pattern }) => pattern.test(fileName))?.kind ?? null;
}

/**
 * Whose file it is, told by its name: `127.0.0.1_8000` of what raftos writes, `node1` of an
 * account. That the two are the same node cannot be told from names.
 */
export function nodeOf(fileName: string): string | null {
  const kind = kindOf(fileName);
  if (kind === null || kind === "wire") return null;
  if (kind === "account") {
    const number = /node(\d{1,4})/i.exec(fileName)?.[1];
    return number === undefined ? null : `node${Number(number)}`;
  }
  return fileName.slice(0, fileName.lastIndexOf("."));
}

/** `127.0.0.1_8000` is written for `127.0.0.1:8000`, since `:` may not stand in names of files. */
export function addressOf(node: string): string {
  return node.replace(/_(?=\d{1,5}$)/, ":");
}

/**
 * What a text of another name looks like, by its first lines; null if it is not clear. One line of
 * ours among others is not enough: other programs log JSON, too.
 */
export function looksLike(text: string): "log" | "account" | null {
  const counts = { log: 0, account: 0, other: 0 };
  let at = 0;
  for (let line = 0; line < linesLookedAt && at < text.length; line++) {
    const newline = text.indexOf("\n", at);
    // A last line that is not ended may be cut off.
    if (newline === -1 && line > 0) break;
    const end = newline === -1 ? text.length : newline;
    const start = text.slice(at, Math.min(end, at + charactersLookedAt)).trim();
    if (start !== "") counts[likeness(start)]++;
    at = end + 1;
  }
  if (counts.log > counts.other + counts.account) return "log";
  return counts.account > counts.other + counts.log ? "account" : null;
}

const linesLookedAt = 100;
const charactersLookedAt = 200;

function likeness(line: string): "log" | "account" | "other" {
  if (/^\{\s{0,9}"term"\s{0,9}:\s{0,9}\d{1,16}\s{0,9},\s{0,9}"command"\s{0,9}:/.test(line)) {
    return "log";
  }
  return accountStarts.some((pattern) => pattern.test(line)) ? "account" : "other";
}

/** How lines begin that our accounts have, or that the scripts of the lab print. */
const accountStarts: readonly RegExp[] = [
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \| term \d{1,16} \| (?:leader|candidate|follower) *\| /,
  /^LEADER (?:=>|->|IS NOW NODE) \S/,
  /^Leader is now: \S/,
  /^[Dd]one writing \S/,
  /^Check the \.log and \.state_machine files!/,
];

const namePatterns: readonly { readonly pattern: RegExp; readonly kind: FileKind }[] = [
  { pattern: /^node\d{1,4}(?:_customlog)?\.log$/i, kind: "account" },
  { pattern: /^(?:task\d{1,2}|stdout)_node\d{1,4}\.txt$/i, kind: "account" },
  { pattern: /^(?:wire_\d{1,5}\.txt|trace_\d{1,5}\.jsonl)$/i, kind: "wire" },
  // An address as raftos writes it in names: digits and dots, a host of one word, or IPv6.
  { pattern: /^(?:\d{1,3}(?:\.\d{1,3}){3}|localhost)_\d{1,5}\.log$/i, kind: "log" },
  { pattern: /^(?=[\da-f]{0,4}_)(?=.{0,36}__)[\da-f_]{2,39}_\d{1,5}\.log$/i, kind: "log" },
  { pattern: /^.{1,200}\.raft\.log$/i, kind: "log" },
  { pattern: /^.{1,200}\.storage$/i, kind: "storage" },
  { pattern: /^.{1,200}\.state_machine$/i, kind: "stateMachine" },
];
