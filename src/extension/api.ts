import type { Event } from "vscode";
import type { Member } from "../cluster/index.ts";
import type { LogIndex, NodeId, Term } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";

/**
 * What `activate` gives to other extensions, and to the tests: they may watch the cluster of this
 * window. What is done to it is done by commands.
 */
export interface RaftLabApi {
  /** Every event of every cluster that is started from now on, in order. */
  readonly onEvent: Event<TraceEvent>;
  /** Who belongs to the cluster that runs now; empty while none does. */
  readonly members: readonly Member[];
}

// What the commands answer to whoever calls them. Each may answer `Refused` instead, when it told
// the user why it did nothing, and `undefined`, when the user cancelled it.

/** `raftLab.startCluster`, called with `{ size?, startAnew? }`. */
export interface Started {
  readonly members: readonly Member[];
  /** The absolute path of the folder with its files. */
  readonly folder: string;
}

/** `raftLab.submitEntry`, called with the text or `{ text, node? }`. */
export interface Stored {
  /** Who led and answered. */
  readonly node: NodeId;
  readonly index: LogIndex;
  readonly term: Term;
}

/** `raftLab.readValue`, called with the name or `{ name?, node? }`; a name that is null means all. */
export interface ValueRead {
  /** Who answered. */
  readonly node: NodeId;
  readonly name: string | null;
  /** Of which entry on the value is told. */
  readonly index: LogIndex;
  /** As JSON; null if the name was never set. */
  readonly value: string | null;
}

/**
 * `raftLab.crashNode`, `raftLab.restartNode` and `raftLab.transferLeadership`, called with a node's
 * id, name or address; `raftLab.addNode`, called with `voter` or `learner`; and `raftLab.removeNode`,
 * called with `{ node, isConfirmed? }`.
 */
export interface NodeChanged {
  readonly node: NodeId;
}

/** `raftLab.openNodeAccount` and `raftLab.openReplicatedLog`, called in the same way. */
export interface Opened {
  /** Its absolute path. */
  readonly file: string;
}

/** `raftLab.setSpeed`, called with the speed or `{ speed }`. */
export interface SpeedSet {
  readonly speed: number;
}

/** `raftLab.checkLogs`, called with the URI of a folder or of a file in it. */
export interface LogsChecked {
  /** Its absolute path. */
  readonly folder: string;
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
}

/** `raftLab.goToSameEntry`. */
export interface SameEntry {
  /** The absolute path of the log that is shown now. */
  readonly file: string;
  readonly line: number;
}

/** `raftLab.checkCluster`. The cluster is as it should be if both lists are empty. */
export interface Checked {
  /** What the checks have found since the cluster was started. */
  readonly findings: readonly { readonly check: string; readonly text: string }[];
  /** Where files differ from the truth or from each other. */
  readonly differences: readonly {
    readonly node: NodeId;
    readonly file: string;
    readonly text: string;
  }[];
  /** How many events were checked. */
  readonly events: number;
}

/** `raftLab.startTour`, `raftLab.tourNext` and `raftLab.tourBack`; undefined without a tour. */
export interface TourStanding {
  /** From 0 to `count - 1`. */
  readonly stop: number;
  readonly count: number;
  readonly title: string;
  readonly isEnd: boolean;
}
