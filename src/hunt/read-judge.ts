import { StateMachine } from "../cluster/index.ts";
import type { Entry, LogIndex, NodeId } from "../raft/index.ts";
import type { ActionId, Answer, TraceEvent } from "../trace/index.ts";

type ReadAnswer = Extract<Answer, { readonly kind: "read" }>;

interface State {
  /** The value of `x`. */
  readonly x: string | null;
  /** All values as text. */
  readonly all: string;
}

/** Judges what reads answer by what the cluster has applied. */
export class ReadJudge {
  readonly #failures: string[] = [];
  readonly #machine = new StateMachine();
  /** What is there once the entries up to an index are applied. */
  readonly #states: State[] = [{ x: null, all: "{}" }];
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
          this.#applied(event.first + offset, entry);
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
  #applied(index: LogIndex, entry: Entry): void {
    if (index !== this.#states.length) return;
    if (entry.kind === "command") this.#machine.apply(entry.command);
    this.#states.push({ x: this.#machine.values.get("x") ?? null, all: this.#machine.text() });
  }

  #judge(node: NodeId, action: ActionId, { index, value }: ReadAnswer): void {
    this.#readers.add(node);
    const state = this.#states[index];
    const expected = this.#names.get(action) === null ? state?.all : state?.x;
    if (value === expected) return;
    this.#failures.push(`read: ${node} answered ${value} as of entry ${index}, not ${expected}`);
  }
}
