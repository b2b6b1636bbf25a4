import type { LogIndex } from "../raft/index.ts";
import type { ActionId, ClientRead } from "../trace/index.ts";

/** The clients' reads that a node has taken and not yet answered. */
export class Reads {
  readonly #asked = new Map<ActionId, ClientRead>();
  /** Of those that may be answered, how far must have been applied for it. */
  readonly #ready = new Map<ActionId, LogIndex>();

  ask(reads: readonly ClientRead[]): void {
    for (const read of reads) this.#asked.set(read.id, read);
  }

  /** The read may be answered once everything up to `index` is applied. */
  ready(id: ActionId, index: LogIndex): void {
    if (this.#asked.has(id)) this.#ready.set(id, index);
  }

  /** Forgets the read. False if nobody waits for it. */
  take(id: ActionId): boolean {
    this.#ready.delete(id);
    return this.#asked.delete(id);
  }

  /** Takes the reads that can be answered now that so much is applied. */
  answerable(lastApplied: LogIndex): readonly ClientRead[] {
    const answerable: ClientRead[] = [];
    for (const [id, index] of this.#ready) {
      const read = this.#asked.get(id);
      if (index > lastApplied || read === undefined) continue;
      this.take(id);
      answerable.push(read);
    }
    return answerable;
  }

  /** Those still without an answer. */
  open(): readonly ActionId[] {
    return [...this.#asked.keys()];
  }
}
