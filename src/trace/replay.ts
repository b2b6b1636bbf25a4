import {
  InvariantViolation,
  RaftNode,
  type Input,
  type NodeId,
  type RaftState,
} from "../raft/index.ts";
import type { MessageId, NodeEvent, TraceEvent } from "./event.ts";
import { Flights, type Flight } from "./flights.ts";

/**
 * Rebuilds whole states from a trace by giving each node the inputs that it had.
 *
 * This is what makes time travel exact: a view tells what was seen of a node, this what it was.
 */
export class Replay {
  readonly #nodes = new Map<NodeId, RaftNode>();
  readonly #flights = new Flights();

  /** The state of every node that is up. */
  get states(): ReadonlyMap<NodeId, RaftState> {
    return new Map([...this.#nodes].map(([id, node]) => [id, node.state]));
  }

  get inFlight(): ReadonlyMap<MessageId, Flight> {
    return this.#flights.inFlight;
  }

  take(event: TraceEvent): void {
    if (event.node !== null) this.#takeAtNode(event);
    this.#flights.take(event);
  }

  #takeAtNode(event: NodeEvent): void {
    if (event.kind === "started") {
      const { node: id, time: now, members, timing, seed, saved } = event;
      this.#nodes.set(id, new RaftNode({ id, members, timing, seed, now, saved }));
    } else if (event.kind === "crashed" || event.kind === "failed") {
      this.#nodes.delete(event.node);
    } else {
      const input = this.#inputOf(event);
      if (input !== undefined) this.#step(event, input);
    }
  }

  #step(event: NodeEvent, input: Input): void {
    try {
      this.#nodes.get(event.node)?.step(input, event.time);
    } catch (error) {
      // What failed then fails again. The trace goes on with `failed`, which ends the node here.
      if (!(error instanceof InvariantViolation)) throw error;
    }
  }

  #inputOf(event: NodeEvent): Input | undefined {
    switch (event.kind) {
      case "received": {
        const message = this.#flights.message(event.id);
        return message === undefined ? undefined : { kind: "receive", message };
      }
      case "woke":
        return { kind: "wake" };
      case "requested":
        return { kind: "propose", commands: event.requests.map(({ command }) => command) };
      case "saved": {
        const { currentTerm, index, term } = event;
        return { kind: "saved", currentTerm, index, term };
      }
      default:
        return undefined;
    }
  }
}
