import type { Hash } from "./hash.ts";
import { JsonScanner, notBlank, type ScannedMember } from "./json-scanner.ts";
import { hashOfString } from "./log-line.ts";
import type { Position, Range } from "./place.ts";

/** A file that is one JSON object: its members, each key once, or why there are none. */
export type ObjectFile =
  | {
      readonly kind: "object";
      readonly members: ReadonlyMap<Hash, ScannedMember>;
      readonly isStrict: boolean;
    }
  | { readonly kind: "empty" | "messagePack" | "long" | "cut" | "notAnObject" }
  | { readonly kind: "bad"; readonly at: number };

/** A longer file is not read: it is read in one piece, which shall not keep an editor waiting. */
const lengthLimit = 4 * 1024 * 1024;

/** Never throws. */
export function readObjectFile(text: string): ObjectFile {
  if (text.length > lengthLimit) return { kind: "long" };
  const from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const start = from + text.slice(from).search(notBlank);
  if (start < from) return { kind: "empty" };
  // A packed map begins with a byte that is neither ASCII nor UTF-8.
  if (/^[\u0080-\u00ff\ufffd]/.test(text.slice(start, start + 1))) return { kind: "messagePack" };
  const members = new Map<Hash, ScannedMember>();
  const scanner = new JsonScanner((depth, member) => {
    if (depth === 1) members.set(member.keyHash, member);
  });
  const scan = scanner.scan(text, from, text.length);
  if (scan.kind !== "value") return scan;
  const rest = text.slice(scan.end).search(notBlank);
  if (rest !== -1) return { kind: "bad", at: scan.end + rest };
  if (text[start] !== "{") return { kind: "notAnObject" };
  return { kind: "object", members, isStrict: scan.isStrict };
}

/** What a `.storage` says. */
export interface Storage {
  readonly term: number;
  readonly termAt: Range;
  /** An address; null for nobody. */
  readonly votedFor: string | null;
  readonly votedForAt: Range;
}

/** Undefined if what is in the object is no term, or no vote. */
export function storageIn(text: string, file: ObjectFile): Storage | undefined {
  if (file.kind !== "object") return undefined;
  const [term, vote] = [file.members.get(termKey), file.members.get(voteKey)];
  if (term === undefined) return undefined;
  const digits = text.slice(term.valueStart, Math.min(term.valueEnd, term.valueStart + 17));
  if (!/^\d{1,16}$/.test(digits) || !Number.isSafeInteger(Number(digits))) return undefined;
  const votedFor = vote === undefined ? null : voteIn(text, vote);
  if (votedFor === undefined) return undefined;
  const termAt = rangeIn(text, term.valueStart, term.valueEnd);
  const votedForAt = vote === undefined ? termAt : rangeIn(text, vote.valueStart, vote.valueEnd);
  return { term: Number(digits), termAt, votedFor, votedForAt };
}

const termKey = hashOfString("term");
const voteKey = hashOfString("voted_for");
const voteLimit = 1024;

function voteIn(text: string, { valueStart, valueEnd }: ScannedMember): string | null | undefined {
  if (valueEnd - valueStart > voteLimit) return undefined;
  const json = text.slice(valueStart, valueEnd);
  if (json === "null") return null;
  return json.startsWith('"') ? stringIn(json) : undefined;
}

/** A string of JSON that was found to be one. */
export function stringIn(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === "string" ? value : "";
}

export function positionAt(text: string, offset: number): Position {
  let line = 0;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, character: offset - start };
}

export function offsetAt(text: string, { line, character }: Position): number {
  let start = 0;
  for (let count = 0; count < line; count++) {
    const newline = text.indexOf("\n", start);
    if (newline === -1) return text.length;
    start = newline + 1;
  }
  return Math.min(text.length, start + character);
}

export function rangeIn(text: string, start: number, end: number): Range {
  return { start: positionAt(text, start), end: positionAt(text, end) };
}

/** All of a text, or its first line if it has more: enough to be seen. */
export function wholeRange(text: string): Range {
  const newline = text.indexOf("\n");
  const end = newline === -1 ? text.length : newline;
  return { start: { line: 0, character: 0 }, end: { line: 0, character: end } };
}
