import {
  InvariantViolation,
  RaftNode,
  type Input,
  type Message,
  type NodeId,
  type RaftState,
} from "../raft/index.ts";
import type { MessageId, NodeEvent, TraceEvent } from "./event.ts";
import { Flights, type Flight, type FlightsOptions } from "./flights.ts";

/** Where to go on from; left out, a trace is followed from its first event. */
export interface ReplayOptions extends FlightsOptions {
  readonly states?: ReadonlyMap<NodeId, RaftState>;
}

/**
 * Rebuilds whole states from a trace by giving each node the inputs that it had.
 *
 * This is what makes time travel exact: a view tells what was seen of a node, this what it was.
 */
export class Replay {
  readonly #nodes: Map<NodeId, RaftNode>;
  readonly #flights: Flights;

  constructor({ states = new Map(), ...flights }: ReplayOptions = {}) {
    this.#nodes = new Map([...states].map(([id, state]) => [id, RaftNode.at(state)]));
    this.#flights = new Flights(flights);
  }

  /** The state of every node that is up. */
  get states(): ReadonlyMap<NodeId, RaftState> {
    return new Map([...this.#nodes].map(([id, node]) => [id, node.state]));
  }

  /** The state of one node; undefined while it is down. */
  stateOf(id: NodeId): RaftState | undefined {
    return this.#nodes.get(id)?.state;
  }

  /** The message of that id, if it is in flight. */
  message(id: MessageId): Message | undefined {
    return this.#flights.message(id);
  }

  get inFlight(): ReadonlyMap<MessageId, Flight> {
    return this.#flights.inFlight;
  }

  take(event: TraceEvent): void {
    if (event.node !== null) this.#takeAtNode(event);
    else if (event.kind === "nodeRemoved") this.#nodes.delete(event.member);
    this.#flights.take(event);
  }

  #takeAtNode(event: NodeEvent): void {
    if (event.kind === "started") {
      const { node: id, time: now, kind: _kind, seq: _seq, action: _action, ...made } = event;
      this.#nodes.set(id, new RaftNode({ id, now, ...made }));
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
      case "transferRequested":
        return { kind: "transfer", to: event.to };
      case "membershipRequested":
        return { kind: "changeMembership", add: event.add, remove: event.remove, as: event.as };
      case "snapshotTaken":
        return { kind: "compact", index: event.index, data: event.data, keep: event.keep };
      case "saved": {
        const { currentTerm, index, term } = event;
        return { kind: "saved", currentTerm, index, term };
      }
      case "readRequested":
        return { kind: "read", ids: event.reads.map(({ id }) => id) };
      default:
        return undefined;
    }
  }
}
