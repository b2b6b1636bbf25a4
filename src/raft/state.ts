import type { Configuration, PlacedConfiguration } from "./configuration.ts";
import type { Log } from "./log.ts";
import type { LogIndex, Millis, NodeId, Term } from "./units.ts";

/** Everything one node knows, laid out as in Figure 2 of the paper. */
export interface RaftState {
  readonly id: NodeId;
  /**
   * Who takes part (§6): the configurations in the log, in its order, behind the one before them.
   * The newest counts.
   */
  readonly configurations: readonly PlacedConfiguration[];
  readonly timing: Timing;
  readonly extensions: Extensions;
  /** How much of a snapshot goes into one message. */
  readonly chunkCharacters: number;

  // Persistent: on disk before any reply that depends on it.
  readonly currentTerm: Term;
  readonly votedFor: NodeId | null;
  readonly log: Log;
  /** What stands for the entries that are gone from the log (§7); null while none are. */
  readonly snapshot: Snapshot | null;

  // Volatile.
  readonly role: Role;
  readonly commitIndex: LogIndex;
  /** How far our own log is durable: what a leader may count itself for. */
  readonly savedIndex: LogIndex;
  readonly electionDeadline: Millis;
  /** When a follower last heard from the leader of its term; null if it has heard of none. */
  readonly leaderHeard: Millis | null;
  /** Reads that were sent on to the leader and have no answer yet, oldest first. */
  readonly forwarded: readonly ForwardedRead[];
  /** The generator of election timeouts, so that chance is part of the state. */
  readonly random: number;
}

/** What a node keeps across a crash. */
export interface Persistent extends Pick<RaftState, "currentTerm" | "votedFor" | "log"> {
  /** Left out, there is none. */
  readonly snapshot?: Snapshot;
}

/** The state machine as it was once all entries up to `index` were applied (§7, Figure 12). */
export interface Snapshot {
  readonly index: LogIndex;
  readonly term: Term;
  /** The newest configuration among these entries (§7). */
  readonly configuration: Configuration;
  /** Text that only the state machine understands. */
  readonly data: string;
}

/** What a node is, with what only that role needs. */
export type Role =
  FollowerRole | { readonly kind: "candidate"; readonly votes: ReadonlySet<NodeId> } | LeaderRole;

export interface FollowerRole {
  readonly kind: "follower";
  readonly leaderId: NodeId | null;
  /** Who would vote for it, while it asks before it stands (dissertation §9.6). */
  readonly preVotes?: ReadonlySet<NodeId>;
  /** What has arrived of a snapshot that the leader sends (§7). */
  readonly receiving?: Receiving;
}

export interface Receiving {
  readonly index: LogIndex;
  readonly term: Term;
  readonly data: string;
}

export interface LeaderRole {
  readonly kind: "leader";
  readonly nextIndex: ReadonlyMap<NodeId, LogIndex>;
  readonly matchIndex: ReadonlyMap<NodeId, LogIndex>;
  /**
   * Peers of whose log we do not know yet where it agrees with ours. They get one request at a
   * time; the others are sent entries as they come, ahead of their acknowledgements.
   */
  readonly probing: ReadonlySet<NodeId>;
  /** Peers that need what is gone from the log: which snapshot they are sent, and from where on. */
  readonly installing: ReadonlyMap<
    NodeId,
    { readonly snapshot: Snapshot; readonly offset: number }
  >;
  readonly heartbeatDeadline: Millis;
  /** When each peer last replied; kept with check-quorum, and while the membership changes. */
  readonly heardFrom: ReadonlyMap<NodeId, Millis>;
  /** To whom the leadership is being handed, and when that is given up (dissertation §3.10). */
  readonly transfer: Transfer | null;
  /** What the membership is to become, while it is on the way there (§6). */
  readonly change: MembershipChange | null;
  readonly reading: Reading;
}

export interface Transfer {
  readonly to: NodeId;
  readonly deadline: Millis;
}

export interface MembershipChange {
  readonly voters: readonly NodeId[];
  readonly learners: readonly NodeId[];
  /** Who asked for it waits; false once the change is being taken back. */
  readonly isAwaited: boolean;
}

/** What a leader keeps to answer reads that write nothing to the log (dissertation §6.4). */
export interface Reading {
  /** Reads without an answer, oldest first. */
  readonly pending: readonly PendingRead[];
  /** The newest round of AppendEntries; 0 before the first of the term. */
  readonly round: number;
  /** The newest round that each peer has answered. */
  readonly acknowledged: ReadonlyMap<NodeId, number>;
  /** When the last few rounds were sent; kept with leases only. */
  readonly sent: readonly { readonly round: number; readonly time: Millis }[];
  /** Another node was told to stand, so that it may be elected at any time. */
  readonly isLeaseGivenUp: boolean;
}

export interface PendingRead {
  /** Who wants to read: the leader itself, or a follower. */
  readonly from: NodeId;
  readonly id: string;
  /** How far must have been applied; null until an entry of the leader's own term is committed. */
  readonly index: LogIndex | null;
  /** The round that confirms it, sent after it had come; null until one is. */
  readonly round: number | null;
  /** When it is given up. */
  readonly deadline: Millis;
}

export interface ForwardedRead {
  readonly id: string;
  readonly deadline: Millis;
}

/** What a node does beyond Figure 2 when nobody has asked it to. All nodes of a cluster agree. */
export interface Extensions {
  /**
   * Asks before it stands for election, so that a node which was cut off does not depose a leader
   * when it comes back (dissertation §9.6). Needs check-quorum: else followers that hear a leader
   * which hears none of them would refuse every other one for ever.
   */
  readonly preVote: boolean;
  /**
   * A leader that hears no quorum for an election timeout steps down (dissertation §6.2), and who
   * heard a leader within the shortest election timeout votes for nobody else (end of §6).
   */
  readonly checkQuorum: boolean;
  /**
   * A leader answers reads without a round while it has a lease (dissertation §6.4.1). Needs
   * check-quorum, by which followers keep their votes back. Left out, there are no leases.
   */
  readonly lease?: {
    /** By what part of a length of time the clocks of two nodes may differ: 0.1 is a tenth. */
    readonly clockDrift: number;
  };
}

/** Raft as in Figure 2. */
export const paperOnly: Extensions = { preVote: false, checkQuorum: false };

/** An election timeout is drawn from [min, max); a leader is heard every `heartbeatMillis`. */
export interface Timing {
  readonly electionTimeoutMillis: { readonly min: Millis; readonly max: Millis };
  readonly heartbeatMillis: Millis;
}

/** §9.3: the range of timeouts that the authors recommend. */
export const paperTiming: Timing = {
  electionTimeoutMillis: { min: 150, max: 300 },
  heartbeatMillis: 50,
};

/** Who leads, as far as this node knows. */
export function leaderOf({ role, id }: Pick<RaftState, "role" | "id">): NodeId | null {
  if (role.kind === "leader") return id;
  return role.kind === "follower" ? role.leaderId : null;
}
