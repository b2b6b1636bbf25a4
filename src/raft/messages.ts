import type { Configuration } from "./configuration.ts";
import type { Entry } from "./log.ts";
import type { LogIndex, NodeId, Term } from "./units.ts";

/** The RPCs of Figure 2 and of the dissertation, each request and reply a plain message. */
export type Message =
  | RequestVoteRequest
  | RequestVoteReply
  | AppendEntriesRequest
  | AppendEntriesReply
  | PreVoteRequest
  | PreVoteReply
  | TimeoutNowRequest
  | InstallSnapshotRequest
  | InstallSnapshotReply
  | ReadIndexRequest
  | ReadIndexReply;

interface Envelope {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term;
}

export interface RequestVoteRequest extends Envelope {
  readonly kind: "RequestVote";
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
  /** The leader has asked for this election, so who still hears it votes, too (dissertation §3.10). */
  readonly isTransfer?: true;
}

export interface RequestVoteReply extends Envelope {
  readonly kind: "RequestVoteReply";
  readonly voteGranted: boolean;
}

/**
 * Would you vote for me in the term after this one? Nobody's term changes by it (dissertation
 * §9.6). The term is that in which the sender is.
 */
export interface PreVoteRequest extends Envelope {
  readonly kind: "PreVote";
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
}

export interface PreVoteReply extends Envelope {
  readonly kind: "PreVoteReply";
  readonly voteGranted: boolean;
}

/** Stand for election at once: the leader hands over to you (dissertation §3.10). No reply. */
export interface TimeoutNowRequest extends Envelope {
  readonly kind: "TimeoutNow";
}

/** A part of a snapshot, in place of entries that are gone from the leader's log (Figure 13). */
export interface InstallSnapshotRequest extends Envelope {
  readonly kind: "InstallSnapshot";
  readonly lastIncludedIndex: LogIndex;
  readonly lastIncludedTerm: Term;
  readonly configuration: Configuration;
  /** Where the data belongs, in characters. */
  readonly offset: number;
  readonly data: string;
  /** This is the last part. */
  readonly done: boolean;
  readonly round?: number;
}

export interface InstallSnapshotReply extends Envelope {
  readonly kind: "InstallSnapshotReply";
  readonly lastIncludedIndex: LogIndex;
  readonly outcome:
    /** The follower's log is the leader's up to the snapshot's last entry, durably. */
    | { readonly kind: "installed" }
    /** The next part is to begin here. */
    | { readonly kind: "wanted"; readonly offset: number };
  readonly round?: number;
}

/** A heartbeat is one without entries. */
export interface AppendEntriesRequest extends Envelope {
  readonly kind: "AppendEntries";
  readonly prevLogIndex: LogIndex;
  readonly prevLogTerm: Term;
  readonly entries: readonly Entry[];
  readonly leaderCommit: LogIndex;
  /** Which round of the term it belongs to, where reads or leases count them (dissertation §6.4). */
  readonly round?: number;
}

export interface AppendEntriesReply extends Envelope {
  readonly kind: "AppendEntriesReply";
  readonly outcome: AppendOutcome;
  /** That of the request. */
  readonly round?: number;
}

/** How far must I have applied for this read (dissertation §6.4)? */
export interface ReadIndexRequest extends Envelope {
  readonly kind: "ReadIndex";
  readonly id: string;
}

export interface ReadIndexReply extends Envelope {
  readonly kind: "ReadIndexReply";
  readonly id: string;
  /** Null from who does not lead. */
  readonly index: LogIndex | null;
}

export type AppendOutcome =
  /** The follower's log is the leader's up to `matchIndex`, durably. */
  | { readonly success: true; readonly matchIndex: LogIndex }
  /** Refused; what the leader needs to skip a whole term at a time (end of §5.3). */
  | {
      readonly success: false;
      /** Which request is refused, so that a late refusal is known as such. */
      readonly prevLogIndex: LogIndex;
      /** The term that stands at prevLogIndex here, null when the log is too short. */
      readonly conflictTerm: Term | null;
      /** The first index of that term, or one past the end of the log. */
      readonly conflictIndex: LogIndex;
    };
