import type { NodeId } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { ProgressKey } from "./manifest.ts";

/**
 * How far a user has come in the walkthrough, by what has happened. Each key stands for one step
 * and is told when it is first reached: what was done stays done, though the cluster be stopped.
 */
export class Walkthrough {
  readonly #reached = new Set<ProgressKey>();
  readonly #tell: (key: ProgressKey) => void;
  readonly #leaders = new Set<NodeId>();
  #fallen: NodeId | undefined;
  #hasAnswer = false;

  constructor(tell: (key: ProgressKey) => void) {
    this.#tell = tell;
  }

  /** Tells again of every step that was done: those who came too late have not heard it. */
  tellAgain(): void {
    for (const key of this.#reached) this.#tell(key);
  }

  /** Something happened in the cluster. */
  take(event: TraceEvent): void {
    if (event.seq === 0) this.#forgetNodes();
    if (event.node === null) return;
    const { node } = event;
    switch (event.kind) {
      case "roleChanged":
        if (event.role === "leader") this.#elected(node);
        else this.#leaders.delete(node);
        return;
      case "crashed":
      case "failed":
        if (this.#leaders.delete(node)) this.#fallen = node;
        return;
      case "answered":
        if (event.answer.kind === "committed") this.#hasAnswer = true;
        return;
      default:
    }
  }

  /** Files of these languages are in sight. */
  see(languages: readonly string[]): void {
    if (this.#hasAnswer && languages.includes("raft-log")) this.#reach("raftLab.entryRead");
  }

  tourEnded(): void {
    this.#reach("raftLab.tourEnded");
  }

  /** A file of a node has something wrong with it. */
  foundProblem(): void {
    this.#reach("raftLab.findingSeen");
  }

  #elected(node: NodeId): void {
    this.#leaders.add(node);
    this.#reach("raftLab.hasLeader");
    if (this.#fallen !== undefined && this.#fallen !== node) this.#reach("raftLab.nextLeads");
  }

  #forgetNodes(): void {
    this.#leaders.clear();
    this.#fallen = undefined;
  }

  #reach(key: ProgressKey): void {
    if (this.#reached.has(key)) return;
    this.#reached.add(key);
    this.#tell(key);
  }
}
