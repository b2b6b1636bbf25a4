import type { Entry, LogIndex, Term } from "../raft/index.ts";
import type { ActionId, Answer, ClientRequest } from "../trace/index.ts";

interface Place {
  readonly action: ActionId;
  readonly term: Term;
}

/**
 * The clients' requests that a node has taken and not yet answered.
 *
 * A request is answered when the index that its command was given is applied, and not when the
 * command leaves this node's log: on another node it may still stand, and commit (Figure 8).
 */
export class Proposals {
  /** By the index that the command was given; two terms may have given the same one. */
  readonly #places = new Map<LogIndex, Place[]>();
  readonly #asked = new Set<ActionId>();

  ask(requests: readonly ClientRequest[]): void {
    for (const { id } of requests) this.#asked.add(id);
  }

  forget(requests: readonly ClientRequest[]): void {
    for (const { id } of requests) this.#asked.delete(id);
  }

  /** The commands stand in the log from `first` on. */
  accept(requests: readonly ClientRequest[], first: LogIndex, term: Term): void {
    requests.forEach(({ id: action }, offset) => {
      const places = this.#places.get(first + offset);
      if (places === undefined) this.#places.set(first + offset, [{ action, term }]);
      else places.push({ action, term });
    });
  }

  /** What to tell whom, now that `entries` are committed and applied. */
  applied(
    first: LogIndex,
    entries: readonly Entry[],
  ): readonly { readonly action: ActionId; readonly answer: Answer }[] {
    if (this.#places.size === 0) return [];
    return entries.flatMap((entry, offset) => {
      const index = first + offset;
      const places = this.#places.get(index) ?? [];
      this.#places.delete(index);
      return places.map(({ action, term }) => {
        this.#asked.delete(action);
        const answer: Answer =
          term === entry.term ? { kind: "committed", index, term } : { kind: "superseded", index };
        return { action, answer };
      });
    });
  }

  /**
   * A snapshot stands for all entries up to `index`, and does not tell them apart: whose command
   * was committed there is no longer known. Answers those who wait for one of them.
   */
  passed(index: LogIndex): readonly ActionId[] {
    const lost: ActionId[] = [];
    for (const [place, waiting] of this.#places) {
      if (place > index) continue;
      this.#places.delete(place);
      for (const { action } of waiting) {
        this.#asked.delete(action);
        lost.push(action);
      }
    }
    return lost;
  }

  /** Those still without an answer. */
  open(): readonly ActionId[] {
    return [...this.#asked];
  }
}
