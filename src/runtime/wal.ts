import {
  append,
  lastIndex,
  lastTerm,
  logAfter,
  nothingSaved,
  truncateFrom,
  unreachable,
  type Change,
  type Entry,
  type Log,
  type NodeId,
  type Persistent,
} from "../raft/index.ts";
import {
  decodeLine,
  encodeRecord,
  holdsRecord,
  recordLimit,
  startVersion,
  walVersion,
  type EntryRecord,
  type LogFileBeginning,
  type StartRecord,
  type VoteRecord,
  type WalRecord,
} from "./wal-record.ts";

// The wal of a node as text: a header, then all that ever changed of what Figure 2 calls
// persistent, in order. What is saved is what these records come to.

/** Whose wal it is. */
export interface WalOwner {
  readonly node: NodeId;
  readonly cluster: string;
}

/** Records as text, and the number of the record to come after them. */
export interface EncodedRecords {
  readonly text: string;
  readonly nextNumber: number;
}

/** The records of a batch of changes without snapshots, which are to be written and synced as one. */
export function encodeChanges(changes: readonly Change[], firstNumber: number): EncodedRecords {
  let text = "";
  let n = firstNumber;
  for (const { vote, log } of changes) {
    if (vote !== null) {
      text += encodeRecord({
        kind: "vote",
        n: n++,
        term: vote.currentTerm,
        votedFor: vote.votedFor,
      });
    }
    if (log === null) continue;
    let index = log.from;
    for (const entry of log.entries) text += encodeRecord(entryRecord(n++, index++, entry));
    if (log.entries.length === 0)
      text += encodeRecord({ kind: "truncation", n: n++, from: log.from });
  }
  return { text, nextNumber: n };
}

/** What a `.log` holds that has all entries which are gone from the wal: none are. */
export const wholeLogFile: LogFileBeginning = { after: 0, bytes: 0, crc: 0 };

/** The header that a new wal begins with. */
export function encodeHeader({ node, cluster }: WalOwner, version = walVersion): string {
  return encodeRecord({ kind: "header", n: 0, version, node, cluster });
}

/** The header, and where the log begins unless that is its first entry. */
export function encodeBeginning(
  owner: WalOwner,
  { start: index, startTerm: term }: Log,
  logFile: LogFileBeginning,
): EncodedRecords {
  if (index === 0) return { text: encodeHeader(owner), nextNumber: 1 };
  const record: StartRecord = { kind: "start", n: 1, index, term, logFile };
  return { text: encodeHeader(owner, startVersion) + encodeRecord(record), nextNumber: 2 };
}

/** What a wal comes to. Lines are counted from 1. */
export type Recovery =
  | RecoveredWal
  /** A record is damaged that was promised to somebody, or the records contradict each other. */
  | { readonly kind: "damaged"; readonly line: number }
  /** It belongs to another node or another cluster. */
  | { readonly kind: "foreign"; readonly owner: string }
  /** Another version of Raft Lab has written it, or this line of it. */
  | { readonly kind: "unsupported"; readonly line: number };

export interface RecoveredWal {
  readonly kind: "recovered";
  /** What the wal says, which is all but a snapshot. */
  readonly saved: Persistent;
  readonly logFile: LogFileBeginning;
  /** The log before it was last truncated; null if it never was. Files may have lagged since. */
  readonly earlierLog: Log | null;
  readonly nextNumber: number;
  /** How many bytes are sound. What follows is to be cut off. */
  readonly length: number;
  /** How many bytes follow: of a write that a crash cut off, so of nothing that was promised. */
  readonly tornBytes: number;
}

/** Reads a whole wal. Never throws. */
export function recoverWal(text: string, owner: WalOwner): Recovery {
  const reader = new WalReader(owner);
  reader.take(text);
  return reader.end();
}

/**
 * Reads a wal piece by piece, each byte as one character.
 *
 * A write that a crash cut off leaves a last line that is broken, or none. Such a tail was never
 * synced, so nobody was promised what it says, and it is cut. A broken line with a sound one after
 * it is another matter: entries or a vote that were promised are lost, and a node that went on
 * without them could vote twice or break a quorum (Figure 3). A flipped bit in the very last
 * record looks like the first case. It cannot be told apart from it.
 */
export class WalReader {
  readonly #owner: WalOwner;
  #saved: Persistent = nothingSaved;
  #logFile = wholeLogFile;
  /** A start must come next, by what the header says. */
  #isStartDue = false;
  #earlierLog: Log | null = null;
  /** Entries to be appended to the log; together, because that costs less. */
  #pending: Entry[] = [];
  #line = 0;
  #nextNumber = 0;
  #taken = 0;
  /** Where the last sound record ends. */
  #length = 0;
  /** The beginning of a line whose end has not come yet, unless it is too long to be a record. */
  #rest = "";
  #restIsTooLong = false;
  #firstBroken: number | undefined;
  #failure: Exclude<Recovery, RecoveredWal> | undefined;

  constructor(owner: WalOwner) {
    this.#owner = owner;
  }

  /** Whether the answer is known, whatever follows. */
  get isDone(): boolean {
    return this.#failure !== undefined;
  }

  take(text: string): void {
    const whole = this.#rest + text;
    // Positions in `whole` are this much behind those in the file.
    const offset = this.#taken - this.#rest.length;
    this.#taken += text.length;
    let start = 0;
    for (let end = whole.indexOf("\n"); end !== -1; end = whole.indexOf("\n", start)) {
      this.#takeLine(whole.slice(start, end), offset + end + 1);
      if (this.#failure !== undefined) return;
      start = end + 1;
    }
    this.#keep(whole.slice(start));
    this.#flush();
  }

  /** There is no more. */
  end(): Recovery {
    if (this.#failure !== undefined) return this.#failure;
    // Not even the header: a wal is not put in its place before it has one.
    if (this.#nextNumber === 0) return { kind: "damaged", line: 1 };
    // Nor before it says where the log begins.
    if (this.#isStartDue) return { kind: "damaged", line: 2 };
    return {
      kind: "recovered",
      saved: this.#saved,
      logFile: this.#logFile,
      earlierLog: this.#earlierLog,
      nextNumber: this.#nextNumber,
      length: this.#length,
      tornBytes: this.#taken - this.#length,
    };
  }

  /** What is longer than two records side by side, as a damaged newline leaves them, holds none. */
  #keep(rest: string): void {
    this.#restIsTooLong ||= rest.length > 2 * recordLimit;
    this.#rest = this.#restIsTooLong ? "" : rest;
  }

  #takeLine(line: string, end: number): void {
    this.#line++;
    const decoded = this.#restIsTooLong ? ({ kind: "broken" } as const) : decodeLine(line);
    this.#restIsTooLong = false;
    if (decoded.kind === "broken") {
      this.#firstBroken ??= this.#line;
      if (holdsRecord(line)) this.#failure = { kind: "damaged", line: this.#firstBroken };
    } else if (this.#firstBroken !== undefined) {
      this.#failure = { kind: "damaged", line: this.#firstBroken };
    } else if (decoded.kind === "unknown") {
      this.#failure = { kind: "unsupported", line: this.#line };
    } else {
      this.#failure = this.#follow(decoded.record);
      this.#length = end;
    }
  }

  /** Does what the record says, or tells why that cannot be. */
  #follow(record: WalRecord): Exclude<Recovery, RecoveredWal> | undefined {
    if (record.n !== this.#nextNumber) return { kind: "damaged", line: this.#line };
    this.#nextNumber++;
    const isFirst = record.n === 0;
    if (this.#isStartDue && record.kind !== "start") return { kind: "damaged", line: this.#line };
    switch (record.kind) {
      case "header":
        if (!isFirst) break;
        if (record.version !== walVersion && record.version !== startVersion) {
          return { kind: "unsupported", line: this.#line };
        }
        this.#isStartDue = record.version === startVersion;
        return this.#foreign(record);
      case "start":
        if (!this.#isStartDue || !isStart(record)) break;
        this.#isStartDue = false;
        this.#saved = { ...this.#saved, log: logAfter(record.index, record.term) };
        this.#logFile = record.logFile;
        return undefined;
      case "vote":
        if (isFirst || !this.#isNextVote(record)) break;
        this.#saved = { ...this.#saved, currentTerm: record.term, votedFor: record.votedFor };
        return undefined;
      case "entry":
        if (isFirst || record.index <= this.#saved.log.start) break;
        if (record.index > this.#lastIndex() + 1) break;
        this.#truncate(record.index);
        if (!this.#isNextEntry(record)) break;
        this.#pending.push(entryIn(record));
        return undefined;
      case "truncation":
        if (isFirst || record.from <= this.#saved.log.start) break;
        if (record.from > this.#lastIndex() + 1) break;
        this.#truncate(record.from);
        return undefined;
      default:
        return unreachable(record);
    }
    return { kind: "damaged", line: this.#line };
  }

  #foreign({ node, cluster }: WalOwner): Exclude<Recovery, RecoveredWal> | undefined {
    if (cluster !== this.#owner.cluster) {
      return { kind: "foreign", owner: `${node} of cluster ${cluster}` };
    }
    return node === this.#owner.node ? undefined : { kind: "foreign", owner: node };
  }

  /** Terms only grow, and a vote is given once in each (§5.2). */
  #isNextVote({ term, votedFor }: VoteRecord): boolean {
    const { currentTerm, votedFor: before, log } = this.#saved;
    if (term < log.startTerm) return false;
    return term > currentTerm || (term === currentTerm && (before === null || before === votedFor));
  }

  /** Terms do not fall along a log, and no entry is from a term that the node has not seen. */
  #isNextEntry({ term }: EntryRecord): boolean {
    const previous = this.#pending.at(-1)?.term ?? lastTerm(this.#saved.log);
    return term >= Math.max(previous, 1) && term <= this.#saved.currentTerm;
  }

  #lastIndex(): number {
    return lastIndex(this.#saved.log) + this.#pending.length;
  }

  #truncate(from: number): void {
    if (from > this.#lastIndex()) return;
    this.#flush();
    this.#earlierLog = this.#saved.log;
    this.#saved = { ...this.#saved, log: truncateFrom(this.#saved.log, from) };
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    this.#saved = { ...this.#saved, log: append(this.#saved.log, this.#pending) };
    this.#pending = [];
  }
}

function isStart({ index, term, logFile }: StartRecord): boolean {
  return index > 0 && term > 0 && logFile.after <= index;
}

function entryRecord(n: number, index: number, entry: Entry): EntryRecord {
  const { kind, term } = entry;
  const record = { kind: "entry", n, index, term } as const;
  if (kind === "configuration") {
    return { ...record, command: null, configuration: entry.configuration };
  }
  return { ...record, command: kind === "command" ? entry.command : null };
}

function entryIn({ term, command, configuration }: EntryRecord): Entry {
  if (configuration !== undefined) return { kind: "configuration", term, configuration };
  return command === null ? { kind: "noOp", term } : { kind: "command", term, command };
}
