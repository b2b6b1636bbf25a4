import type { Millis, NodeId } from "../raft/index.ts";
import type { ClusterHappening, NodeHappening, TraceEvent } from "./event.ts";

/** Numbers what happens and hands it to whoever listens. Keeps nothing itself. */
export class Recorder {
  readonly #now: () => Millis;
  readonly #listeners = new Set<(event: TraceEvent) => void>();
  #next = 0;

  /** `now` is the cluster's clock. */
  constructor(now: () => Millis) {
    this.#now = now;
  }

  /** How many events there are: the `seq` of the next. */
  get count(): number {
    return this.#next;
  }

  subscribe(listener: (event: TraceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  node(node: NodeId, happening: NodeHappening): void {
    this.#record({ seq: this.#next, time: this.#now(), node, ...happening });
  }

  cluster(happening: ClusterHappening): void {
    this.#record({ seq: this.#next, time: this.#now(), node: null, ...happening });
  }

  #record(event: TraceEvent): void {
    this.#next++;
    for (const listener of this.#listeners) listener(event);
  }
}
