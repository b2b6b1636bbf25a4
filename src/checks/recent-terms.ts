import type { Term } from "../raft/index.ts";

/** How many terms are remembered: far more than messages of old terms stay on their way. */
const limit = 256;

/** Something for each term. The terms that came first are forgotten, so a long run fits. */
export class RecentTerms<Value> {
  readonly #values = new Map<Term, Value>();

  get(term: Term): Value | undefined {
    return this.#values.get(term);
  }

  set(term: Term, value: Value): void {
    this.#values.set(term, value);
    if (this.#values.size <= limit) return;
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest);
      return;
    }
  }
}
