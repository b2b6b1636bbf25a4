import { invariant } from "./assert.ts";
import {
  configurationsWith,
  membersIn,
  newestConfiguration,
  openConfigurations,
} from "./configuration.ts";
import { append, truncateFrom, type Entry } from "./log.ts";
import type { Message } from "./messages.ts";
import type { RaftState, Snapshot } from "./state.ts";
import type { LogIndex, Millis, NodeId, Term } from "./units.ts";

/** Everything that can happen to a node. */
export type Input =
  | { readonly kind: "receive"; readonly message: Message }
  /** A deadline of the node has passed. */
  | { readonly kind: "wake" }
  /** Clients' commands, in the order in which they are to stand in the log. */
  | { readonly kind: "propose"; readonly commands: readonly string[] }
  /** The leadership is to go to another node (dissertation §3.10). */
  | { readonly kind: "transfer"; readonly to: NodeId }
  /** These are to take part, as voters or as learners, and those no more (§6). */
  | ({ readonly kind: "changeMembership" } & MembershipRequest)
  | ({ readonly kind: "saved" } & SavedUpTo)
  /** Clients ask to read what is committed (§8). The ids are theirs, and unique. */
  | { readonly kind: "read"; readonly ids: readonly string[] }
  /** The state machine was written down, so that the log may be cut (§7). */
  | ({ readonly kind: "compact" } & Compaction);

export interface Compaction {
  /** All entries up to here were applied. */
  readonly index: LogIndex;
  readonly data: string;
  /** How many of them stay in the log, for followers that are a little behind. */
  readonly keep: number;
}

export interface MembershipRequest {
  readonly add: readonly NodeId[];
  readonly remove: readonly NodeId[];
  /** As what they are added. */
  readonly as: "voters" | "learners";
}

/**
 * What has become durable: the term, and the log up to an entry. The entry's term is named, for
 * the log may have been overwritten while the disk was at work.
 */
export interface SavedUpTo {
  readonly currentTerm: Term;
  readonly index: LogIndex;
  readonly term: Term;
}

/** Everything a node can ask of its driver. What follows a save must wait for it. */
export type Effect =
  | { readonly kind: "save"; readonly change: Change }
  | { readonly kind: "send"; readonly message: Message }
  | { readonly kind: "apply"; readonly first: LogIndex; readonly entries: readonly Entry[] }
  /** The state machine becomes what the snapshot says, in place of what is applied before. */
  | { readonly kind: "restore"; readonly snapshot: Snapshot }
  /** The proposed commands stand in our log from `first` on, in `term`. Nothing is promised yet. */
  | { readonly kind: "accept"; readonly first: LogIndex; readonly term: Term }
  | { readonly kind: "reject"; readonly leaderId: NodeId | null }
  /** What came of a transfer of the leadership. */
  | { readonly kind: "transferEnded"; readonly outcome: TransferOutcome }
  /** What came of a change of the membership. */
  | { readonly kind: "membershipEnded"; readonly outcome: MembershipOutcome }
  /** The read may be answered once everything up to `index` is applied here. */
  | { readonly kind: "readReady"; readonly id: string; readonly index: LogIndex }
  /** Nobody has confirmed that what is known here is the newest; `leaderId` is whom to ask. */
  | { readonly kind: "readRefused"; readonly id: string; readonly leaderId: NodeId | null };

export type MembershipOutcome =
  /** The new configuration is committed. */
  | { readonly kind: "done" }
  /** This node no longer leads. A newer leader may yet bring the change to its end. */
  | { readonly kind: "steppedDown" }
  /** Nothing was heard of a node that is to be added; it is left out again. */
  | { readonly kind: "timedOut"; readonly node: NodeId }
  /** Another change, or a transfer of the leadership, is under way. */
  | { readonly kind: "busy" }
  /** Nobody would be left to vote. */
  | { readonly kind: "noVoters" }
  | { readonly kind: "notLeader"; readonly leaderId: NodeId | null };
export type TransferOutcome =
  /** A newer term has begun, as was wanted. Who leads it, the votes tell. */
  | { readonly kind: "steppedDown"; readonly to: NodeId }
  /** The other node did not stand within an election timeout: the leader goes on. */
  | { readonly kind: "timedOut"; readonly to: NodeId }
  /** Another transfer took its place. */
  | { readonly kind: "replaced"; readonly to: NodeId }
  | { readonly kind: "notLeader"; readonly leaderId: NodeId | null }
  /** It is not one of the other members. */
  | { readonly kind: "noPeer"; readonly to: NodeId };

/** What one step changed of the persistent state, so that saving costs what changed. */
export interface Change {
  /** Term and vote, always together: half of the pair could vote twice. Null: as before. */
  readonly vote: { readonly currentTerm: Term; readonly votedFor: NodeId | null } | null;
  /** What stood at `from` and after is gone; `entries` stand there now. Null: as before. */
  readonly log: { readonly from: LogIndex; readonly entries: readonly Entry[] } | null;
  /** A snapshot takes the place of the one before, ahead of what changes the log. Left out: as before. */
  readonly snapshot?: SnapshotChange;
}

/**
 * The disk drops its log up to `logStart`: all of it, unless it holds the snapshot's last entry,
 * in that entry's term (§7).
 */
export interface SnapshotChange {
  readonly snapshot: Snapshot;
  readonly logStart: LogIndex;
}

/** A step under way. Mutable for the handlers, invisible to everyone else. */
export interface Step {
  state: RaftState;
  readonly effects: Effect[];
  readonly now: Millis;
  /** The lowest index of the log that this step touched. */
  changedFrom: LogIndex | null;
  snapshotChange: SnapshotChange | null;
}

export function update(step: Step, change: Partial<RaftState>): void {
  step.state = { ...step.state, ...change };
}

export function send(step: Step, message: Message): void {
  step.effects.push({ kind: "send", message });
}

/** Makes `entries` stand at `from`, in place of whatever stood there and after. */
export function writeLog(step: Step, from: LogIndex, entries: readonly Entry[]): void {
  const { log, commitIndex, savedIndex, configurations } = step.state;
  invariant(from > commitIndex, "a committed entry is never replaced");
  update(step, {
    log: append(truncateFrom(log, from), entries),
    savedIndex: Math.min(savedIndex, from - 1),
    // One that is cut off counts no more, and the one before it does again.
    configurations: configurationsWith(configurations, from, entries),
  });
  step.changedFrom = Math.min(step.changedFrom ?? from, from);
}

/**
 * Everyone else who takes part, or does until the newest configuration is committed: who is to
 * leave is still sent what it takes to know that.
 */
export function peers({ state }: Step): readonly NodeId[] {
  const members = new Set(openConfigurations(state).flatMap(membersIn));
  members.delete(state.id);
  return [...members];
}

/** The others whose votes count now. */
export function otherVoters({ state }: Step): readonly NodeId[] {
  const { voters, outgoing } = newestConfiguration(state);
  return [...new Set([...voters, ...outgoing])].filter((voter) => voter !== state.id);
}
