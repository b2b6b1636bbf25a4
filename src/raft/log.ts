import { invariant } from "./assert.ts";
import { sameConfiguration, type Configuration } from "./configuration.ts";
import type { LogIndex, Term } from "./units.ts";

/**
 * One entry of the log. A command is text that only the state machine understands; the no-op is
 * what a leader appends first, so that earlier terms' entries can commit with it (§8).
 */
export type Entry =
  | { readonly kind: "command"; readonly term: Term; readonly command: string }
  | { readonly kind: "noOp"; readonly term: Term }
  /** Who takes part from here on (§6). */
  | { readonly kind: "configuration"; readonly term: Term; readonly configuration: Configuration };

/**
 * Entries in order; the first has index 1, and index 0 is "before the log", in term 0.
 *
 * What a snapshot stands for may be gone from it (§7): the entries up to `start`, which is 0 while
 * none are. Of the one at `start` the term is still known, so that what follows can be matched.
 *
 * A persistent sequence: every version is plain data that is never changed, versions share what
 * they have in common, and the same entries always have the same shape, so that deep equality
 * holds. The last 1 to 32 entries stand in `tail`, those before in a tree of `levels` levels
 * whose leaves hold 32 each. Read it through the functions of this file only.
 */
export interface Log {
  readonly start: LogIndex;
  readonly startTerm: Term;
  /** How many entries stand in it. */
  readonly length: number;
  readonly levels: number;
  readonly root: Branch;
  readonly tail: Leaf;
}

type Leaf = readonly Entry[];
type Branch = readonly (Branch | Leaf)[];

const width = 32;

export const emptyLog: Log = logAfter(0, 0);

/** A log whose entries up to `start` are gone, and that has no others yet. */
export function logAfter(start: LogIndex, startTerm: Term): Log {
  return { start, startTerm, length: 0, levels: 1, root: [], tail: [] };
}

export function logOf(entries: readonly Entry[]): Log {
  return append(emptyLog, entries);
}

export function lastIndex(log: Log): LogIndex {
  return log.start + log.length;
}

/** The entry at `index`; undefined where it is gone, before the log and past its end. */
export function entryAt(log: Log, index: LogIndex): Entry | undefined {
  const at = index - log.start - 1;
  if (at < 0 || at >= log.length) return undefined;
  return leafAt(log, Math.floor(at / width))[at % width];
}

/** The term of the entry at `index`, 0 before the log; undefined past its end and before its start. */
export function termAt(log: Log, index: LogIndex): Term | undefined {
  return index === log.start ? log.startTerm : entryAt(log, index)?.term;
}

export function lastTerm(log: Log): Term {
  return log.tail.at(-1)?.term ?? log.startTerm;
}

/** The entries from `from` to `to`, both included, of those that stand in the log. */
export function slice(log: Log, from: LogIndex, to: LogIndex = lastIndex(log)): readonly Entry[] {
  const start = Math.max(from - log.start, 1) - 1;
  const end = Math.min(to - log.start, log.length);
  if (start >= end) return [];
  const entries: Entry[] = [];
  for (let leaf = Math.floor(start / width); leaf * width < end; leaf++) {
    const first = leaf * width;
    const piece = leafAt(log, leaf);
    for (let at = Math.max(start - first, 0); at < piece.length && first + at < end; at++) {
      const entry = piece[at];
      if (entry !== undefined) entries.push(entry);
    }
  }
  return entries;
}

/** The log with `entries` after its last. Costs what is appended, whatever the length. */
export function append(log: Log, entries: readonly Entry[]): Log {
  if (entries.length === 0) return log;
  let { levels, root } = log;
  let tail = log.tail.slice();
  let leaves = leavesBelow(log.length);
  for (const entry of entries) {
    if (tail.length === width) {
      if (leaves === width ** levels) {
        root = [root];
        levels++;
      }
      root = withLeaf(root, levels, leaves, tail);
      leaves++;
      tail = [];
    }
    tail.push(entry);
  }
  return { ...log, length: log.length + entries.length, levels, root, tail };
}

/**
 * The log without its entries up to `start`, which stand in a snapshot (§7). Costs what stays.
 */
export function compacted(log: Log, start: LogIndex): Log {
  if (start <= log.start) return log;
  const term = termAt(log, start);
  invariant(term !== undefined, "only what is in the log is compacted");
  return append(logAfter(start, term), slice(log, start + 1));
}

/** The log without the entry at `index` and all after it. */
export function truncateFrom(log: Log, index: LogIndex): Log {
  const length = index - log.start - 1;
  if (length >= log.length) return log;
  if (length <= 0) return log.start === 0 ? emptyLog : logAfter(log.start, log.startTerm);
  const leaves = leavesBelow(length);
  const tail = leafAt(log, leaves).slice(0, length - leaves * width);
  let { levels, root } = log;
  if (leaves === 0) return { ...log, length, levels: 1, root: [], tail };
  root = trimmed(root, levels, leaves);
  for (; levels > 1 && leaves <= width ** (levels - 1); levels--) {
    const [only] = root;
    invariant(isBranch(only), "a tree of several levels has branches at its top");
    root = only;
  }
  return { ...log, length, levels, root, tail };
}

/**
 * The first index at which one of two versions of a log differs from the other, or the index
 * after the end of both. Costs what differs: shared leaves are the same object. Where either has
 * been compacted it is taken to be as the other was: that is committed.
 */
export function firstDifference(one: Log, other: Log): LogIndex {
  const common = Math.min(lastIndex(one), lastIndex(other));
  // Where one has been compacted nothing is shared but the entries, and the rest is short.
  let index = Math.max(one.start, other.start) + 1;
  if (one.start === other.start && common > one.start) {
    let leaf = Math.floor((common - one.start - 1) / width);
    while (leaf > 0 && leafAt(one, leaf - 1) !== leafAt(other, leaf - 1)) leaf--;
    index += leaf * width;
  }
  for (; index <= common; index++) {
    if (entryAt(one, index) !== entryAt(other, index)) return index;
  }
  return index;
}

/** §5.4.1: the later last term wins; with equal terms, the longer log does. */
export function isUpToDate(candidate: { term: Term; index: LogIndex }, log: Log): boolean {
  if (candidate.term !== lastTerm(log)) return candidate.term > lastTerm(log);
  return candidate.index >= lastIndex(log);
}

/** The first index whose entry is of `term` or a later one; one past the end if none is. */
export function firstIndexFromTerm(log: Log, term: Term): LogIndex {
  // Terms never decrease along a log (Figure 7), so halving finds it.
  let [low, high] = [log.start + 1, lastIndex(log) + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((termAt(log, middle) ?? 0) >= term) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Where `entries`, placed after `previous`, first conflict with the log or run past its end.
 * Undefined when the log holds them all.
 *
 * Only a conflict may truncate. A delayed request may be older than what we hold, and cutting
 * the log to its length would drop entries that we already acknowledged.
 */
export function firstNew(
  log: Log,
  previous: LogIndex,
  entries: readonly Entry[],
): LogIndex | undefined {
  invariant(previous <= lastIndex(log), "a merge leaves no gap");
  const offset = entries.findIndex((entry, i) => {
    const index = previous + 1 + i;
    return index > log.start && termAt(log, index) !== entry.term;
  });
  return offset === -1 ? undefined : previous + 1 + offset;
}

export function sameEntry(one: Entry, other: Entry): boolean {
  if (one === other) return true;
  if (one.term !== other.term || one.kind !== other.kind) return false;
  // What one leader puts at one place in one term is one thing, but who asks may not trust in that.
  if (one.kind === "command") return other.kind === "command" && one.command === other.command;
  if (one.kind !== "configuration" || other.kind !== "configuration") return true;
  return sameConfiguration(one.configuration, other.configuration);
}

/** How many whole leaves of a log of `length` entries stand in the tree, before its tail. */
function leavesBelow(length: number): number {
  return length === 0 ? 0 : Math.floor((length - 1) / width);
}

function leafAt(log: Log, leaf: number): Leaf {
  if (leaf === leavesBelow(log.length)) return log.tail;
  let branch = log.root;
  for (let level = log.levels; level > 1; level--) {
    const below = branch[Math.floor(leaf / width ** (level - 1)) % width];
    invariant(isBranch(below), "a branch stands on every level but the last");
    branch = below;
  }
  const found = branch[leaf % width];
  invariant(isLeaf(found), "leaves stand on the last level");
  return found;
}

function withLeaf(branch: Branch, levels: number, at: number, leaf: Leaf): Branch {
  if (levels === 1) return [...branch, leaf];
  const below = width ** (levels - 1);
  const child = Math.floor(at / below);
  const grown = withLeaf(branchAt(branch, child), levels - 1, at % below, leaf);
  return [...branch.slice(0, child), grown];
}

function trimmed(branch: Branch, levels: number, leaves: number): Branch {
  if (levels === 1) return branch.slice(0, leaves);
  const below = width ** (levels - 1);
  const last = Math.floor((leaves - 1) / below);
  const kept = trimmed(branchAt(branch, last), levels - 1, leaves - last * below);
  return [...branch.slice(0, last), kept];
}

/** The branch at `child`, empty when nothing has grown there yet. */
function branchAt(branch: Branch, child: number): Branch {
  const found = branch[child];
  return isBranch(found) ? found : [];
}

// Neither a branch nor a leaf of the tree is ever empty, so the first child tells them apart.

function isBranch(node: Branch | Leaf | undefined): node is Branch {
  return Array.isArray(node?.[0]);
}

function isLeaf(node: Branch | Leaf | undefined): node is Leaf {
  return node !== undefined && !isBranch(node);
}
