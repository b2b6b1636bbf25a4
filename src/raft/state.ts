import type { Log } from "./log.ts";
import type { LogIndex, Millis, NodeId, Term } from "./units.ts";

/** Everything one node knows, laid out as in Figure 2 of the paper. */
export interface RaftState {
  readonly id: NodeId;
  readonly members: readonly NodeId[];
  readonly timing: Timing;

  // Persistent: on disk before any reply that depends on it.
  readonly currentTerm: Term;
  readonly votedFor: NodeId | null;
  readonly log: Log;

  // Volatile.
  readonly role: Role;
  readonly commitIndex: LogIndex;
  /** How far our own log is durable: what a leader may count itself for. */
  readonly savedIndex: LogIndex;
  readonly electionDeadline: Millis;
  /** The generator of election timeouts, so that chance is part of the state. */
  readonly random: number;
}

/** What a node keeps across a crash. */
export type Persistent = Pick<RaftState, "currentTerm" | "votedFor" | "log">;

/** What a node is, with what only that role needs. */
export type Role =
  | { readonly kind: "follower"; readonly leaderId: NodeId | null }
  | { readonly kind: "candidate"; readonly votes: ReadonlySet<NodeId> }
  | LeaderRole;

export interface LeaderRole {
  readonly kind: "leader";
  readonly nextIndex: ReadonlyMap<NodeId, LogIndex>;
  readonly matchIndex: ReadonlyMap<NodeId, LogIndex>;
  /**
   * Peers of whose log we do not know yet where it agrees with ours. They get one request at a
   * time; the others are sent entries as they come, ahead of their acknowledgements.
   */
  readonly probing: ReadonlySet<NodeId>;
  readonly heartbeatDeadline: Millis;
}

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

export function quorum(members: readonly NodeId[]): number {
  return Math.floor(members.length / 2) + 1;
}

/** Who leads, as far as this node knows. */
export function leaderOf({ role, id }: Pick<RaftState, "role" | "id">): NodeId | null {
  if (role.kind === "leader") return id;
  return role.kind === "follower" ? role.leaderId : null;
}
