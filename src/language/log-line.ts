import { unreachable } from "../raft/index.ts";
import type { Hash } from "./hash.ts";
import { JsonScanner, notBlank, type ScannedMember } from "./json-scanner.ts";
import { shownText } from "./shown-text.ts";

/** A line of a `.log`, with no place in the file: a line that moves stays the same. */
export type LogLine = EntryLine | BrokenLine;

/** Columns are counted from the start of the line. */
export interface EntryLine {
  readonly kind: "entry";
  readonly term: number;
  /** The index that stands in it. Raftos writes none: there the line's number is the index. */
  readonly index: number | null;
  /** Of the command. */
  readonly hash: Hash;
  /** What the command sets, in order: hashes of a name and its value, the next name, and so on. */
  readonly writes: readonly Hash[];
  readonly termStart: number;
  readonly termEnd: number;
  readonly commandStart: number;
  readonly commandEnd: number;
  readonly length: number;
  /** False if NaN or Infinity stands in it. */
  readonly isStrict: boolean;
}

export interface BrokenLine {
  readonly kind: "blank" | "cut" | "malformed" | "messagePack" | "long";
  /** Ends a sentence that begins with the line. */
  readonly reason: string;
  /** From where to where it is wrong. */
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** Longer lines are not read. Raftos can send no entry of more than about 48,000 characters. */
export const lineLimit = 1024 * 1024;

/** Reads lines of a `.log`. It keeps what it needs for that from line to line. */
export class LogLineReader {
  readonly #scanner = new JsonScanner((depth, member) => this.#keep(depth, member));
  #fields: Fields = noFields();
  /** What is set by the object that is read, of which it is not known yet whether it is a command. */
  #writes: Hash[] = [];

  /** Reads what stands between these two places, which is a line without its end. Never throws. */
  read(text: string, from: number, to: number): LogLine {
    const length = to - from;
    if (length > lineLimit) return broken("long", "is too long to be read", 0, length, length);
    this.#fields = noFields();
    if (this.#writes.length > 0) this.#writes = [];
    const scan = this.#scanner.scan(text, from, to);
    switch (scan.kind) {
      case "cut":
        if (text.slice(from, to).search(notBlank) === -1)
          return broken("blank", "is blank", 0, length, length);
        return broken("cut", "is cut off", 0, length, length);
      case "bad":
        return badLine(text, from, to, scan.at);
      case "value": {
        const rest = text.slice(scan.end, to).search(notBlank);
        if (rest !== -1) return moreOnLine(text, from, to, scan.end + rest);
        return this.#entry({ text, from, to, isStrict: scan.isStrict });
      }
      default:
        return unreachable(scan);
    }
  }

  #entry({ text, from, to, isStrict }: Line): LogLine {
    const length = to - from;
    const { term, command, index, writes } = this.#fields;
    if (term === undefined || command === undefined) {
      const missing = term === undefined ? "term" : "command";
      return broken("malformed", `has no "${missing}"`, 0, length, length);
    }
    const termNumber = countIn(text, term);
    if (termNumber === undefined) return this.#wrong(text, from, to, term, "no term");
    const indexNumber = index === undefined ? null : countIn(text, index);
    if (index !== undefined && indexNumber === undefined) {
      return this.#wrong(text, from, to, index, "no index");
    }
    if (text[command.valueStart] !== "{") {
      return this.#wrong(text, from, to, command, "no command, which is an object");
    }
    return {
      kind: "entry",
      term: termNumber,
      index: indexNumber ?? null,
      hash: command.valueHash,
      writes,
      termStart: term.valueStart - from,
      termEnd: term.valueEnd - from,
      commandStart: command.valueStart - from,
      commandEnd: command.valueEnd - from,
      length,
      isStrict,
    };
  }

  #wrong(
    text: string,
    from: number,
    to: number,
    { valueStart, valueEnd }: ScannedMember,
    what: string,
  ): BrokenLine {
    const shown = shownText(text.slice(valueStart, Math.min(valueEnd, valueStart + 40)), 24);
    const reason = `is no entry: ${shown} is ${what}`;
    return broken("malformed", reason, valueStart - from, valueEnd - from, to - from);
  }

  #keep(depth: number, member: ScannedMember): void {
    if (depth === 2) {
      this.#writes.push(member.keyHash, member.valueHash);
      return;
    }
    // Of a key that stands there twice the last counts.
    if (member.keyHash === keys.term) this.#fields.term = member;
    if (member.keyHash === keys.index) this.#fields.index = member;
    if (member.keyHash === keys.command) {
      this.#fields.command = member;
      this.#fields.writes = this.#writes;
    }
    if (this.#writes.length > 0 || this.#fields.writes === this.#writes) this.#writes = [];
  }
}

interface Line {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly isStrict: boolean;
}

interface Fields {
  term: ScannedMember | undefined;
  command: ScannedMember | undefined;
  index: ScannedMember | undefined;
  /** Of the command. */
  writes: readonly Hash[];
}

const nothing: readonly Hash[] = [];

function noFields(): Fields {
  return { term: undefined, command: undefined, index: undefined, writes: nothing };
}

/** The hash of a string, as of a key. */
export function hashOfString(text: string): Hash {
  const json = JSON.stringify(text);
  const scan = new JsonScanner(() => {}).scan(json, 0, json.length);
  return scan.kind === "value" ? scan.hash : 0;
}

const keys = {
  term: hashOfString("term"),
  command: hashOfString("command"),
  index: hashOfString("index"),
};

/** A whole number from 1 on that is exact. `1.0` is none, nor is `"1"`. */
function countIn(text: string, { valueStart, valueEnd }: ScannedMember): number | undefined {
  let count = 0;
  for (let at = valueStart; at < valueEnd; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || !Number.isSafeInteger(count)) return undefined;
    count = count * 10 + digit;
  }
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

/** How a packed map begins that has `term` as its first key, once it was read as UTF-8. */
const packedStart = /^[\u0080-\u00ff\ufffd]{1,4}term/;

function badLine(text: string, from: number, to: number, at: number): BrokenLine {
  const length = to - from;
  if (packedStart.test(text.slice(from, Math.min(to, from + 8)))) {
    return broken("messagePack", "is MessagePack, not JSON", 0, length, length);
  }
  const column = at - from;
  if (text[at] === undefined || column === 0) {
    return broken("malformed", "is not JSON", 0, length, length);
  }
  const found = shownText(String.fromCodePoint(text.codePointAt(at) ?? 0), 8);
  const reason = `is not JSON from column ${column + 1} on, where ${quoted(found)} stands`;
  return broken("malformed", reason, column, length, length);
}

function moreOnLine(text: string, from: number, to: number, at: number): BrokenLine {
  const reason =
    text[at] === "{"
      ? "holds more than one record: a newline is missing between them"
      : "goes on after its entry";
  return broken("malformed", reason, at - from, to - from, to - from);
}

function quoted(text: string): string {
  return text === '"' ? "a quote" : `"${text}"`;
}

function broken(
  kind: BrokenLine["kind"],
  reason: string,
  start: number,
  end: number,
  length: number,
): BrokenLine {
  return { kind, reason, start, end, length };
}
