import type { Extensions, NodeId, Persistent, Timing } from "../raft/index.ts";
import type { ActionId } from "../trace/index.ts";
import type { World } from "./world.ts";

export interface DriverOptions {
  readonly id: NodeId;
  readonly members: readonly NodeId[];
  readonly timing: Timing;
  /** Nothing beyond Figure 2, if left out. */
  readonly extensions?: Extensions;
  /** How much of a snapshot goes into one message, if not the usual. */
  readonly chunkCharacters?: number;
  /** When it takes snapshots by itself; never, if left out. */
  readonly snapshots?: SnapshotPolicy;
  readonly seed: number;
  readonly saved: Persistent;
  /** The action that started the node, if it was one. */
  readonly action: ActionId | null;
  readonly world: World;
}

/** A snapshot is taken after so many entries (§7), of which the last few stay in the log. */
export interface SnapshotPolicy {
  readonly entries: number;
  readonly keep: number;
}
