import { committedOnDisk } from "./account-facts.ts";
import { commonEnd } from "./comparison.ts";
import type { LogDocument } from "./documents.ts";
import { logOfName, type FolderView } from "./folder-view.ts";
import { entryOf } from "./log-shape.ts";
import { rangeInLine, type Place } from "./place.ts";
import type { Explained } from "./state-from-log.ts";
import { wholeRange } from "./object-file.ts";

/** That a node knew the first entries of its own log to be committed. */
export interface Witness {
  readonly log: LogDocument;
  /** Up to which index. */
  readonly index: number;
  /** A term that was not yet over when it knew; null if its files do not say. */
  readonly term: number | null;
  readonly how: "stateMachine" | "account";
  readonly place: Place;
}

/** What is known to be committed of each log, and by whom. */
export interface Commitment {
  readonly witnesses: readonly Witness[];
  readonly known: ReadonlyMap<LogDocument, KnownCommitted>;
}

export interface KnownCommitted {
  readonly index: number;
  readonly witness: Witness;
}

/** How each state comes out of the log of its own node; undefined for those that do not. */
export type Explanations = ReadonlyMap<string, Explained | undefined>;

export function commitmentOf(view: FolderView, explanations: Explanations): Commitment {
  const witnesses = [...stateWitnesses(view, explanations), ...accountWitnesses(view)].toSorted(
    (one, other) => other.index - one.index,
  );
  const known = new Map<LogDocument, KnownCommitted>();
  for (const log of view.logs) {
    for (const witness of witnesses) {
      const index = known.get(log)?.index ?? 0;
      if (witness.index <= index) break;
      // What is committed is the beginning of that node's log: of this one, too, while they agree.
      const agreed = log === witness.log ? witness.index : agreedUpTo(log, witness.log);
      const upTo = Math.min(witness.index, agreed);
      if (upTo > index) known.set(log, { index: upTo, witness });
    }
  }
  return { witnesses, known };
}

/**
 * Up to which entry two logs are the same. Of what only one of them holds, nothing is known unless
 * they share an entry after it: then they share all before that one, too (§5.3).
 */
function agreedUpTo(one: LogDocument, other: LogDocument): number {
  const first = Math.max(one.shape.firstIndex, other.shape.firstIndex);
  const end = commonEnd(one, other);
  return end > first || one.shape.firstIndex === other.shape.firstIndex ? end - 1 : 0;
}

function stateWitnesses(view: FolderView, explanations: Explanations): readonly Witness[] {
  return view.states.flatMap(({ file, node, text }) => {
    const explained = explanations.get(file);
    const log = view.logOf.get(node);
    // What a state comes from was applied, and nothing is applied that is not committed.
    if (explained === undefined || log === undefined || explained.least === 0) return [];
    const index = log.shape.firstIndex + explained.least - 1;
    const place = { file, range: wholeRange(text) };
    return [{ log, index, term: termKnown(view, log), how: "stateMachine", place } as const];
  });
}

function accountWitnesses(view: FolderView): readonly Witness[] {
  return view.accounts.flatMap(({ file, node, facts, lines }) => {
    const { committed } = facts;
    if (committed === null) return [];
    const own = logOfName(view, node);
    const log = own ?? anyLogWith(view, committed.index);
    if (log === undefined) return [];
    const entries = own === undefined ? 0 : own.shape.firstIndex + own.shape.entries.length - 1;
    const index = committedOnDisk(committed, facts.replacements, entries);
    if (index === 0) return [];
    const range = rangeInLine(committed.line, 0, lines.lines[committed.line]?.length ?? 0);
    const { term } = committed;
    return [{ log, index, term, how: "account", place: { file, range } } as const];
  });
}

/**
 * Any log, if which one is the account's makes no difference: no file is missing, as far as can be
 * seen, and all logs that reach the index are the same up to there.
 */
function anyLogWith(view: FolderView, index: number): LogDocument | undefined {
  if (view.logs.length < view.accounts.length) return undefined;
  const [first, ...others] = view.logs.filter((log) => entryOf(log.shape, index) !== undefined);
  if (first === undefined) return undefined;
  return others.every((other) => commonEnd(first, other) > index) ? first : undefined;
}

/**
 * The newest term that the node's files show. Whatever it knew to be committed was committed no
 * later. Without a `.storage` its files do not show that.
 */
function termKnown(view: FolderView, { node, shape }: LogDocument): number | null {
  const storage = view.storageOf.get(node)?.storage;
  return storage === undefined ? null : Math.max(storage.term, shape.lastTerm);
}
