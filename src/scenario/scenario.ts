import type { Extensions, Message, Millis, NodeId, Term, Timing } from "../raft/index.ts";
import type { Range, SnapshotOptions } from "../simulator/index.ts";

/** A cluster, what is done to it, and what must come of that. Its text is in docs/scenarios.md. */
export interface Scenario {
  readonly title: string;
  /** What one learns from it, as a sentence. */
  readonly shows: string;
  /** How many nodes: n1, n2 and so on. */
  readonly size: number;
  readonly seed: number;
  readonly weather: WeatherName;
  readonly timing: Timing;
  readonly extensions: Extensions;
  /** When nodes take snapshots by themselves, and in what parts they send them. */
  readonly snapshots: SnapshotOptions;
  /** Nodes that do not start like the others, with nothing. */
  readonly nodes: ReadonlyMap<NodeId, NodeStart>;
  readonly steps: readonly Step[];
}

/** A node with a past, as the figures of the paper draw it: its log is the terms of its entries. */
export interface NodeStart {
  readonly log: readonly Term[];
  readonly currentTerm: Term;
  /** Null if it is that of the others. */
  readonly electionTimeoutMillis: Range | null;
}

export const weatherNames = ["calm", "unreliable", "reordering"] as const;
export type WeatherName = (typeof weatherNames)[number];

/** One line of a scenario, or the block that it opens. */
export type Step = StepBody & { readonly line: number };

export type StepBody =
  /** Lets time pass. */
  | { readonly kind: "run"; readonly millis: Range }
  /** Gives a name to nodes as they are chosen now. */
  | { readonly kind: "let"; readonly name: string; readonly nodes: Nodes }
  /** Hands commands to a node, or to who leads if that is null, and does not wait. */
  | { readonly kind: "submit"; readonly commands: Commands; readonly to: Nodes | null }
  /** What a patient client does: it submits again until so many nodes have applied it. */
  | {
      readonly kind: "agree";
      readonly commands: Commands;
      readonly on: Count;
      readonly within: Millis;
    }
  | { readonly kind: "crash" | "restart"; readonly nodes: Nodes }
  /** Who leads hands over to this node, and does not wait. */
  | { readonly kind: "transfer"; readonly to: Nodes }
  /** These write their state machine down, and cut their log (§7). */
  | { readonly kind: "snapshot"; readonly nodes: Nodes }
  /** A new node starts, and who leads takes it in. */
  | { readonly kind: "add"; readonly as: "voter" | "learner" }
  /** Who leads does without these, which then stop. Neither waits. */
  | { readonly kind: "remove"; readonly nodes: Nodes }
  | { readonly kind: "isolate" | "rejoin" | "partition"; readonly nodes: Nodes }
  /** From now on nothing arrives at these from those. */
  | { readonly kind: "cut"; readonly from: Nodes; readonly to: Nodes }
  | { readonly kind: "heal" }
  | { readonly kind: "weather"; readonly weather: WeatherName }
  /** Messages of this kind, from or to these nodes, take so much longer. */
  | {
      readonly kind: "slow";
      readonly messages: Message["kind"];
      readonly side: "from" | "to";
      readonly nodes: Nodes;
      readonly more: Range;
    }
  /** Requests and bytes are counted from now on. */
  | { readonly kind: "count" }
  /** Asks these nodes, or who leads if that is null, for the value of a name, and does not wait. */
  | { readonly kind: "read"; readonly name: string; readonly from: Nodes | null }
  | { readonly kind: "expect"; readonly expectation: Expectation; readonly time: Time }
  | { readonly kind: "repeat"; readonly times: number; readonly steps: readonly Step[] }
  | { readonly kind: "when"; readonly condition: Condition; readonly steps: readonly Step[] };

/** Nodes, chosen when the line is reached. */
export interface Nodes {
  readonly of: readonly Choice[];
  readonly except: readonly Choice[];
}

export type Choice =
  /** A node, or what a `let` has named. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "set"; readonly set: NodeSet }
  /** Some of them, drawn from the seed. */
  | { readonly kind: "any"; readonly count: number; readonly set: NodeSet };

/** `leader` and `followers` are among those that run and are not isolated. */
export const nodeSets = [
  "all",
  "up",
  "down",
  "connected",
  "isolated",
  "leader",
  "followers",
] as const;
export type NodeSet = (typeof nodeSets)[number];

export type Commands =
  | { readonly kind: "these"; readonly commands: readonly string[] }
  /** So many new ones, each filled up to so many bytes. */
  | { readonly kind: "new"; readonly count: number; readonly bytes: number };

/** How many nodes; every one of the cluster if it is `all`. */
export type Count = number | "all";

export type Time =
  | { readonly kind: "now" }
  /** It comes about within this time. */
  | { readonly kind: "within"; readonly millis: Millis }
  /** It stays so for this time. */
  | { readonly kind: "for"; readonly millis: Millis };

export type Condition =
  | { readonly kind: "leader" }
  /** Fewer nodes than this are up, or are not isolated. */
  | { readonly kind: "fewer"; readonly set: "up" | "connected"; readonly than: number }
  | { readonly kind: "chance"; readonly percent: number };

export type Expectation =
  /** One of these leads and the others follow it; null are all that are up and not isolated. */
  | { readonly kind: "leader"; readonly among: Nodes | null }
  | { readonly kind: "noLeader" }
  /** Who leads goes by a configuration that is committed and has these voters and no others. */
  | { readonly kind: "voters"; readonly are: Nodes }
  | { readonly kind: "role"; readonly role: RoleName; readonly on: Nodes }
  | { readonly kind: "log"; readonly terms: readonly Term[]; readonly on: Nodes }
  /** How many entries are in the log, or are gone from it because a snapshot stands for them. */
  | {
      readonly kind: "entries";
      readonly which: "kept" | "gone";
      readonly comparison: "<=" | ">=";
      readonly amount: number;
      readonly on: Nodes;
    }
  | { readonly kind: "same"; readonly what: "logs" | "terms"; readonly on: Nodes }
  /** Exactly these commands were applied, in this order. */
  | { readonly kind: "applied"; readonly commands: readonly string[]; readonly on: Nodes }
  | { readonly kind: "committed"; readonly what: Committed; readonly on: Count }
  /** No node has ever held it to be committed. */
  | { readonly kind: "uncommitted"; readonly what: Commanded }
  | {
      readonly kind: "total";
      readonly of: "requests" | "bytes";
      readonly comparison: "<=" | ">=";
      readonly amount: number;
    }
  /** What has come of the newest read at each of these. */
  | { readonly kind: "read"; readonly what: ReadResult; readonly on: Nodes };

export type ReadResult =
  /** Answered, with this value of this name. */
  | { readonly kind: "value"; readonly name: string; readonly value: string }
  /** Nothing yet, or no answer. */
  | { readonly kind: "nothing" }
  | { readonly kind: "refused" };

export const roleNames = ["leader", "follower", "candidate"] as const;
export type RoleName = (typeof roleNames)[number];

export type Commanded =
  | { readonly kind: "commands"; readonly commands: readonly string[] }
  | { readonly kind: "index"; readonly index: number };

export type Committed =
  | Commanded
  /** Every command that a client was told to be committed. */
  | { readonly kind: "acknowledged" };

/** Where a text is no scenario, and what would be one. Lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}
