import type { LogDocument } from "./documents.ts";
import { endIndexOf, entryOf } from "./log-shape.ts";

/** Logs beside each other, index by index. */
export interface Comparison {
  /** In the order of the nodes' names. */
  readonly logs: readonly LogDocument[];
  /** Where not all of those logs hold the same that hold something, in order of index. */
  readonly differences: readonly Difference[];
  /** Pairs of logs that meet again after a difference, which Raft rules out. */
  readonly reunions: readonly Reunion[];
}

export interface Difference {
  readonly index: number;
  /** The entries that stand there, the newest term first, each with the logs that hold it. */
  readonly versions: readonly Version[];
}

export interface Version {
  readonly term: number;
  readonly hash: number;
  readonly logs: readonly LogDocument[];
}

/** Two logs hold an entry of the same index and term, though they differ before it. */
export interface Reunion {
  readonly index: number;
  readonly term: number;
  readonly logs: readonly [LogDocument, LogDocument];
  /** The first index at which they differ. */
  readonly differAt: number;
}

/**
 * Compares all logs. Each step goes through some thousand indexes; the whole costs the number of
 * logs times their length, since where all agree an index costs one comparison of numbers a log.
 */
export function* compareLogs(documents: readonly LogDocument[]): Generator<void, Comparison> {
  const logs = documents
    .filter(({ shape }) => !shape.isPacked)
    .toSorted((one, other) => (one.node < other.node ? -1 : 1));
  const differences: Difference[] = [];
  const reunions = new Reunions(logs);
  let visits = 0;
  for (const { from, to } of stretchesOf(logs)) {
    for (let index = from; index < to; index++) {
      visits += logs.length;
      if (!allAgree(logs, index)) {
        const versions = versionsAt(logs, index);
        differences.push({ index, versions });
        reunions.look(index);
        reunions.differ(versions);
        visits += logs.length * costOfDifference;
      } else if (reunions.mayCome) {
        reunions.look(index);
        visits += logs.length * costOfLook;
      }
      if (visits > visitsInStep) {
        visits = 0;
        yield;
      }
    }
  }
  return { logs, differences, reunions: reunions.found };
}

const visitsInStep = 100_000;
const costOfDifference = 100;
const costOfLook = 10;

interface Stretch {
  readonly from: number;
  /** The first index that is no longer in it. */
  readonly to: number;
}

/** Covers each index that a log has an entry of, once. Between two logs there may be a wide gap. */
function stretchesOf(logs: readonly LogDocument[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let reached = 0;
  const shapes = logs.map(({ shape }) => shape);
  for (const shape of shapes.toSorted((one, other) => one.firstIndex - other.firstIndex)) {
    const from = Math.max(reached, shape.firstIndex);
    reached = Math.max(from, endIndexOf(shape));
    if (reached > from) stretches.push({ from, to: reached });
  }
  return stretches;
}

/** The first index where the two hold different entries, or where one of them ends. */
export function commonEnd({ shape: one }: LogDocument, { shape: other }: LogDocument): number {
  const end = Math.min(endIndexOf(one), endIndexOf(other));
  let index = Math.max(one.firstIndex, other.firstIndex);
  for (; index < end; index++) {
    const [ours, theirs] = [entryOf(one, index), entryOf(other, index)];
    if (ours?.term !== theirs?.term || ours?.hash !== theirs?.hash) break;
  }
  return index;
}

function allAgree(logs: readonly LogDocument[], index: number): boolean {
  let term = 0;
  let hash = 0;
  for (const { shape } of logs) {
    const entry = entryOf(shape, index);
    if (entry === undefined) continue;
    if (term === 0) {
      term = entry.term;
      hash = entry.hash;
    } else if (entry.term !== term || entry.hash !== hash) return false;
  }
  return true;
}

function versionsAt(logs: readonly LogDocument[], index: number): readonly Version[] {
  const versions: { term: number; hash: number; logs: LogDocument[] }[] = [];
  for (const log of logs) {
    const entry = entryOf(log.shape, index);
    if (entry === undefined) continue;
    const { term, hash } = entry;
    // There are few of them, so looking through them is faster than any index.
    const version = versions.find((each) => each.hash === hash && each.term === term);
    if (version === undefined) versions.push({ term, hash, logs: [log] });
    else version.logs.push(log);
  }
  return versions.toSorted((one, other) => other.term - one.term);
}

/**
 * Looks for logs that agree on an entry after they differed. Of each pair it is known whether both
 * held something and not the same: of what one of them does not reach, nothing follows.
 */
class Reunions {
  readonly found: Reunion[] = [];
  readonly #logs: readonly LogDocument[];
  readonly #numbers: ReadonlyMap<LogDocument, number>;
  /** By the numbers of both, the lower one first. */
  readonly #pairs: Uint8Array;
  /** How many pairs have parted and may meet again. */
  #parted = 0;

  constructor(logs: readonly LogDocument[]) {
    this.#logs = logs;
    this.#numbers = new Map(logs.map((log, number) => [log, number]));
    this.#pairs = new Uint8Array(logs.length * logs.length);
  }

  get mayCome(): boolean {
    return this.#parted > 0;
  }

  /** Logs hold different entries here. */
  differ(versions: readonly Version[]): void {
    const numbers = versions.map(({ logs }) => logs.map((log) => this.#numbers.get(log) ?? 0));
    for (const [at, one] of versions.entries()) {
      for (const [count, other] of versions.slice(at + 1).entries()) {
        // Another command in the same term is told as itself, so what follows from it is no news.
        const stage = one.term === other.term ? pair.told : pair.parted;
        for (const ours of numbers[at] ?? []) {
          for (const theirs of numbers[at + 1 + count] ?? []) this.#advance(ours, theirs, stage);
        }
      }
    }
  }

  /** Whether logs that have parted hold an entry of the same term here. */
  look(index: number): void {
    const firsts: { readonly number: number; readonly term: number }[] = [];
    for (const [number, { shape }] of this.#logs.entries()) {
      const term = entryOf(shape, index)?.term;
      if (term === undefined) continue;
      const first = firsts.find((each) => each.term === term);
      if (first === undefined) firsts.push({ number, term });
      else if (this.#pairs[this.#placeOf(first.number, number)] === pair.parted) {
        this.#advance(first.number, number, pair.told);
        this.#tell(index, term, first.number, number);
      }
    }
  }

  #tell(index: number, term: number, first: number, second: number): void {
    const [one, other] = [this.#logs[first], this.#logs[second]];
    if (one === undefined || other === undefined) return;
    this.found.push({ index, term, logs: [one, other], differAt: commonEnd(one, other) });
  }

  /** A pair that was told of stays told of. */
  #advance(one: number, other: number, stage: number): void {
    const place = this.#placeOf(one, other);
    const before = this.#pairs[place] ?? 0;
    if (stage <= before) return;
    this.#pairs[place] = stage;
    if (before === pair.parted) this.#parted--;
    if (stage === pair.parted) this.#parted++;
  }

  #placeOf(one: number, other: number): number {
    return Math.min(one, other) * this.#logs.length + Math.max(one, other);
  }
}

/** What has become of a pair of logs, in this order. */
const pair = { together: 0, parted: 1, told: 2 } as const;
