import type { NodeId } from "../raft/index.ts";
import type { ActionId, TraceEvent } from "../trace/index.ts";
import type { Action } from "./action.ts";

/**
 * A cluster as its users see it, whoever runs it and wherever.
 *
 * All that crosses this boundary is plain data, one way in and one way out, so that a thread, a
 * socket or other processes may stand behind it.
 */
export interface Cluster {
  readonly members: readonly Member[];
  readonly capabilities: Capabilities;
  /**
   * Asks for something. What comes of it, a refusal too, comes as an event that carries `id`,
   * which may be before this returns.
   */
  act(id: ActionId, action: Action): void;
  /** Hands over every event from now on, in order. Answers how to end that. */
  subscribe(listener: Listener): Unsubscribe;
}

export type Listener = (event: TraceEvent) => void;
export type Unsubscribe = () => void;

/** Who belongs to the cluster, alive or not. */
export interface Member {
  readonly id: NodeId;
  /** What a user calls it: `node1`. */
  readonly name: string;
  /** `127.0.0.1:8000`; files are named after it. */
  readonly address: string;
}

/** What this cluster can do beyond running. */
export interface Capabilities {
  /** Time can be paused and its speed set. */
  readonly clock: boolean;
  /** Links between two nodes can be cut and healed. */
  readonly links: boolean;
}
