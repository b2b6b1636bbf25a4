import type { LogIndex, NodeId, Term } from "../raft/index.ts";
import type { ClusterView, TraceEvent } from "../trace/index.ts";
import { Growing, placeOf } from "./growing.ts";

/** The first time that a node knew all entries up to an index to be committed. */
export interface Commit {
  readonly index: LogIndex;
  /** Who knew, and in which term: a leader, unless something is wrong. */
  readonly by: NodeId;
  readonly term: Term;
  /** The first moment that shows it. */
  readonly seq: number;
}

/** When each entry came to be committed, in the part of the trace that is kept. */
export class Commits {
  readonly #commits = new Growing<Commit>();
  #newest: LogIndex = 0;

  /** `after` is the view with the event. */
  take(event: TraceEvent, after: ClusterView): void {
    if (event.kind !== "committed" || event.index <= this.#newest) return;
    const { node: by, index, seq } = event;
    const term = after.nodes.get(by)?.currentTerm ?? 0;
    this.#commits.push({ index, by, term, seq: seq + 1 });
    this.#newest = index;
  }

  /** What committed the entry at an index; undefined if that is no longer known, or not yet so. */
  of(index: LogIndex): Commit | undefined {
    const { items } = this.#commits;
    const place = placeOf(items, (commit) => commit.index >= index);
    // Of what is before the first, some may have been committed in the part that is gone.
    if (place === 0 && this.#commits.end > items.length) return undefined;
    return items[place];
  }

  forgetBefore(seq: number): void {
    this.#commits.forgetFirst(placeOf(this.#commits.items, (commit) => commit.seq > seq));
  }
}
