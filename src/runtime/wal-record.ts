import { crc32 } from "node:zlib";
import {
  invariant,
  type Configuration,
  type LogIndex,
  type NodeId,
  type Term,
} from "../raft/index.ts";

/**
 * One line of a wal. `n` counts the records from 0, which is the header's.
 *
 * A version of Raft Lab that knows further kinds, or more of one of these, writes another
 * `version`: a record that is not understood may be one that was promised to somebody.
 */
export type WalRecord = HeaderRecord | VoteRecord | EntryRecord | TruncationRecord | StartRecord;

/** Whose wal this is, so that it is not taken for another's. */
export interface HeaderRecord {
  readonly kind: "header";
  readonly n: number;
  readonly version: number;
  readonly node: NodeId;
  readonly cluster: string;
}

/** Term and vote are one record: half of the pair could vote twice. */
export interface VoteRecord {
  readonly kind: "vote";
  readonly n: number;
  readonly term: Term;
  readonly votedFor: NodeId | null;
}

/**
 * An entry of the log. What stood at its index and after is gone. The no-op has no command, and
 * neither has a configuration (§6), which a version that knows of none refuses to read.
 */
export interface EntryRecord {
  readonly kind: "entry";
  readonly n: number;
  readonly index: LogIndex;
  readonly term: Term;
  readonly command: string | null;
  readonly configuration?: Configuration;
}

/** The entries at `from` and after are gone, and none stand in their place. */
export interface TruncationRecord {
  readonly kind: "truncation";
  readonly n: number;
  readonly from: LogIndex;
}

/**
 * The log begins after an entry, for a snapshot stands for that one and all before it (§7). It comes
 * right after the header of a wal of `startVersion`, and nowhere else.
 */
export interface StartRecord {
  readonly kind: "start";
  readonly n: number;
  readonly index: LogIndex;
  readonly term: Term;
  readonly logFile: LogFileBeginning;
}

/** What the `.log` holds of the entries that are gone from the wal, which cannot be written anew. */
export interface LogFileBeginning {
  /** How many entries come before its first line: those that the node never had. */
  readonly after: LogIndex;
  /** How long the lines are that follow up to the start of the wal, and their CRC-32. */
  readonly bytes: number;
  readonly crc: number;
}

/** The version of the format, in the header of a wal that begins with the first entry. */
export const walVersion = 1;

/** That of one with a start: who does not know it would take what follows for the first entry. */
export const startVersion = 2;

/** The longest record, in bytes. Commands are refused long before. */
export const recordLimit = 1024 * 1024;

/**
 * The record as a line: the CRC-32 of its JSON, a space, the JSON, a newline. It is ASCII, so that
 * characters are bytes and a place in the text is a place in the file.
 */
export function encodeRecord(record: WalRecord): string {
  const line = encodeJson(record);
  invariant(line.length <= recordLimit, "a command is too short to fill a record");
  return line;
}

/** Any value as such a line. */
export function encodeJson(value: object): string {
  const json = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${checksum(json)} ${json}\n`;
}

/**
 * What a line says, which comes without its newline. It is broken if these are not the bytes that
 * somebody wrote, and unknown if they are but this version does not understand them.
 */
export type DecodedLine =
  | { readonly kind: "record"; readonly record: WalRecord }
  | { readonly kind: "broken" }
  | { readonly kind: "unknown" };

export function decodeLine(line: string): DecodedLine {
  const decoded = decodeJson(line);
  if (decoded.kind === "broken") return decoded;
  const record = recordIn(decoded.value);
  return record === undefined ? { kind: "unknown" } : { kind: "record", record };
}

/** What a line of `encodeJson` holds; undefined if somebody wrote these bytes and they are no JSON. */
export function decodeJson(
  line: string,
): { readonly kind: "json"; readonly value: unknown } | { readonly kind: "broken" } {
  const json = line.slice(9);
  // The checksum is compared as text, because one bit tells an `a` from an `A`.
  if (line.length >= recordLimit || notPrintable.test(line)) return { kind: "broken" };
  if (line.slice(0, 9) !== `${checksum(json)} `) return { kind: "broken" };
  try {
    const value: unknown = JSON.parse(json);
    return { kind: "json", value };
  } catch {
    return { kind: "json", value: undefined };
  }
}

/**
 * Whether a broken line holds a record that is not broken: then the newline before it was damaged,
 * and the record is not the end of a write that a crash cut off.
 */
export function holdsRecord(line: string): boolean {
  // In a string within a record the quotes would be escaped, so this is nowhere else.
  for (const { index } of line.matchAll(/[0-9a-f]{8} \{"kind":"/g)) {
    if (decodeLine(line.slice(index)).kind !== "broken") return true;
  }
  return false;
}

const notPrintable = /[^ -~]/;

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, "0");
}

function recordIn(value: unknown): WalRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const n = fields.get("n");
  if (!isCount(n)) return undefined;
  const record = recordOf(fields, n);
  // A field that we do not know might change what the others mean.
  const isWhole = record !== undefined && fields.size === Object.keys(record).length;
  return isWhole ? record : undefined;
}

function recordOf(fields: ReadonlyMap<string, unknown>, n: number): WalRecord | undefined {
  switch (fields.get("kind")) {
    case "header": {
      const [version, node, cluster] = [
        fields.get("version"),
        fields.get("node"),
        fields.get("cluster"),
      ];
      if (!isCount(version) || typeof node !== "string") return undefined;
      return typeof cluster === "string"
        ? { kind: "header", n, version, node, cluster }
        : undefined;
    }
    case "vote": {
      const [term, votedFor] = [fields.get("term"), fields.get("votedFor")];
      return isCount(term) && isTextOrNull(votedFor)
        ? { kind: "vote", n, term, votedFor }
        : undefined;
    }
    case "entry": {
      const [index, term, command] = [
        fields.get("index"),
        fields.get("term"),
        fields.get("command"),
      ];
      if (!isCount(index) || !isCount(term) || !isTextOrNull(command)) return undefined;
      if (!fields.has("configuration")) return { kind: "entry", n, index, term, command };
      const configuration = configurationIn(fields.get("configuration"));
      if (configuration === undefined || command !== null) return undefined;
      return { kind: "entry", n, index, term, command, configuration };
    }
    case "truncation": {
      const from = fields.get("from");
      return isCount(from) ? { kind: "truncation", n, from } : undefined;
    }
    case "start": {
      const [index, term] = [fields.get("index"), fields.get("term")];
      const logFile = beginningIn(fields.get("logFile"));
      if (!isCount(index) || !isCount(term) || logFile === undefined) return undefined;
      return { kind: "start", n, index, term, logFile };
    }
    default:
      return undefined;
  }
}

function configurationIn(value: unknown): Configuration | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const [voters, outgoing, learners] = [
    fields.get("voters"),
    fields.get("outgoing"),
    fields.get("learners"),
  ];
  if (fields.size !== 3 || !isTexts(voters) || !isTexts(outgoing) || !isTexts(learners)) {
    return undefined;
  }
  return { voters, outgoing, learners };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function beginningIn(value: unknown): LogFileBeginning | undefined {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 3) {
    return undefined;
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const [after, bytes, crc] = [fields.get("after"), fields.get("bytes"), fields.get("crc")];
  return isCount(after) && isCount(bytes) && isCount(crc) ? { after, bytes, crc } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
