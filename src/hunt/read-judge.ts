import { membersOf } from "../cluster/index.ts";
import type { LogIndex, NodeId } from "../raft/index.ts";
import type { ActionId, Answer, TraceEvent } from "../trace/index.ts";

type ReadAnswer = Extract<Answer, { readonly kind: "read" }>;

/** Judges what reads answer by what the cluster has applied: the storm sets nothing but `x`. */
export class ReadJudge {
  readonly #failures: string[] = [];
  /** The value of `x` once the entries up to an index are applied. */
  readonly #values: (string | null)[] = [null];
  readonly #names = new Map<ActionId, string | null>();
  readonly #readers = new Set<NodeId>();

  /** What was answered wrong. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Whether the node has answered a read since the last `forget`. */
  hasAnswered(node: NodeId): boolean {
    return this.#readers.has(node);
  }

  forget(): void {
    this.#readers.clear();
  }

  take(event: TraceEvent): void {
    switch (event.kind) {
      case "applied":
        for (const [offset, entry] of event.entries.entries()) {
          const set = entry.kind === "command" ? membersOf(entry.command)?.get("x") : undefined;
          this.#applied(event.first + offset, set);
        }
        return;
      case "readRequested":
        for (const { id, name } of event.reads) this.#names.set(id, name);
        return;
      case "answered":
        if (event.answer.kind === "read") this.#judge(event.node, event.action, event.answer);
        return;
      default:
    }
  }

  /** Every node applies the same, so the first tells. */
  #applied(index: LogIndex, set: string | undefined): void {
    if (index === this.#values.length) this.#values.push(set ?? this.#values[index - 1] ?? null);
  }

  #judge(node: NodeId, action: ActionId, { index, value }: ReadAnswer): void {
    this.#readers.add(node);
    const x = this.#values[index];
    const all = x === null || x === undefined ? "{}" : `{"x": ${x}}`;
    const expected = this.#names.get(action) === null ? all : x;
    if (value === expected) return;
    this.#failures.push(`read: ${node} answered ${value} as of entry ${index}, not ${expected}`);
  }
}
