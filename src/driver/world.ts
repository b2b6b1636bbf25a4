import type { Change, Entry, LogIndex, Message, Millis, Snapshot } from "../raft/index.ts";
import type { NodeHappening } from "../trace/index.ts";

/**
 * All that a node can reach. The simulator and the live runtime are two of these.
 *
 * Nothing here answers later through a promise: the world calls back, so that a simulator can
 * choose the order.
 */
export interface World {
  now(): Millis;
  /** Calls `wake` of the driver at `time` or soon after. Replaces the call asked for before. */
  wakeAt(time: Millis): void;
  /** Lets the message go, and records that it was sent. It may come late, twice or never. */
  send(message: Message): void;
  /**
   * Makes the changes durable, in order, then calls `saved`; never before this has returned. A
   * world that cannot calls `fail` of the driver instead.
   */
  save(changes: readonly Change[], saved: () => void): void;
  /** Hands committed entries to the state machine, each once and in order. */
  apply(first: LogIndex, entries: readonly Entry[]): void;
  /** The state machine is to be that of the snapshot, which stands for all that comes before. */
  restore(snapshot: Snapshot): void;
  record(happening: NodeHappening): void;
  /** The node has stopped of itself; nothing of it is left but its disk. */
  stopped(): void;
}
