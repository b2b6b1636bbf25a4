import type { Member } from "../cluster/index.ts";
import type { NodeId } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";

interface Arrival {
  readonly kind: "added";
  /** The first moment at which it is so. */
  readonly seq: number;
  readonly member: Member;
}

interface Departure {
  readonly kind: "removed";
  readonly seq: number;
  readonly node: NodeId;
}

/** Who came to the cluster and who left it. They are few, so they are kept for as long as it runs. */
export class Members {
  readonly #changes: (Arrival | Departure)[] = [];
  #told: { readonly first: readonly Member[]; readonly count: number } | undefined;
  #members: readonly Member[] = [];

  take(event: TraceEvent): void {
    const seq = event.seq + 1;
    if (event.kind === "nodeAdded") {
      const { member: id, name, address } = event;
      this.#changes.push({ kind: "added", seq, member: { id, name, address } });
    } else if (event.kind === "nodeRemoved") {
      this.#changes.push({ kind: "removed", seq, node: event.member });
    }
  }

  /**
   * Who belongs to the cluster at a moment, when these were its members at first. The same array,
   * as long as the same changes have happened since the first moment.
   */
  at(seq: number, first: readonly Member[]): readonly Member[] {
    const count = this.#changes.filter((change) => change.seq <= seq).length;
    if (this.#told?.first === first && this.#told.count === count) return this.#members;
    let members = first;
    for (const change of this.#changes.slice(0, count)) {
      members =
        change.kind === "added"
          ? [...members, change.member]
          : members.filter(({ id }) => id !== change.node);
    }
    this.#told = { first, count };
    this.#members = members;
    return members;
  }

  /** A node that was added, whether it is there or not. */
  newcomer(node: NodeId): Member | undefined {
    for (const change of this.#changes) {
      if (change.kind === "added" && change.member.id === node) return change.member;
    }
    return undefined;
  }
}
