import type { Member } from "../cluster/index.ts";
import type { Extensions, NodeId, Timing } from "../raft/index.ts";
import type { Recorder } from "../trace/index.ts";
import type { ClusterClock } from "./cluster-clock.ts";
import type { Connection } from "./connection.ts";
import type { ClientFrame } from "./frames.ts";
import type { LiveNetwork } from "./live-network.ts";
import type { NodeFilesOptions } from "./node-files.ts";

/** How many entries a node applies after one snapshot before it takes the next; 0: it takes none. */
export interface SnapshotAfter {
  readonly entries: number;
}

/** What a live cluster lends to each of its nodes. */
export interface Surroundings extends NodeFilesOptions {
  /** With whom the cluster began. */
  readonly founders: readonly NodeId[];
  /** Who belongs to it now. */
  readonly members: () => readonly Member[];
  /** The node's past was read from raftos's files just now. */
  readonly imported: boolean;
  readonly timing: Timing;
  readonly extensions: Extensions;
  /** When a node takes a snapshot of itself. */
  readonly snapshotAfter: SnapshotAfter;
  readonly token: string;
  readonly clock: ClusterClock;
  readonly recorder: Recorder;
  readonly network: LiveNetwork;
  /** Where a node listens now; null while it is down. */
  readonly portOf: (id: NodeId) => number | null;
  /** A client, connected to this node, asks for something to be written or read. */
  readonly requested: (node: NodeId, connection: Connection, request: ClientFrame) => void;
}
