import type {
  Change,
  Compaction,
  Configuration,
  Entry,
  Extensions,
  LogIndex,
  MembershipOutcome,
  MembershipRequest,
  Message,
  Millis,
  NodeId,
  Persistent,
  Role,
  SavedUpTo,
  Term,
  Timing,
  TransferOutcome,
} from "../raft/index.ts";

/** Names one thing that a user asked for, so that whatever comes of it can be told apart. */
export type ActionId = string & { readonly unit?: "actionId" };

/** Names one copy of a message on its way; unique within a trace. */
export type MessageId = number & { readonly unit?: "messageId" };

/**
 * One thing that happened. `seq` counts from 0 without a gap and is the order of the trace; `time`
 * is the cluster's clock, which slows down and stands still with it.
 *
 * Every input of every node is here, so the events alone rebuild each node's whole state; the
 * rest is what a reader would otherwise have to work out: see `observe`.
 */
export type TraceEvent = NodeEvent | ClusterEvent;

export type NodeEvent = NodeHappening & Stamp & { readonly node: NodeId };
export type ClusterEvent = ClusterHappening & Stamp & { readonly node: null };

interface Stamp {
  readonly seq: number;
  readonly time: Millis;
}

/** What happens at one node. */
export type NodeHappening = InputHappening | LifeHappening | ObservedHappening | DriverHappening;

/** The inputs of a node, as the algorithm got them. Replaying them gives its states. */
export type InputHappening =
  /** The message of this id arrived. */
  | { readonly kind: "received"; readonly id: MessageId }
  | { readonly kind: "woke" }
  | { readonly kind: "requested"; readonly requests: readonly ClientRequest[] }
  /** The node is asked to hand its leadership over. */
  | { readonly kind: "transferRequested"; readonly to: NodeId; readonly action: ActionId }
  | ({ readonly kind: "saved" } & SavedUpTo)
  /** The node is asked to change the membership. */
  | ({ readonly kind: "membershipRequested"; readonly action: ActionId } & MembershipRequest)
  /** Clients ask to read what is committed. */
  | { readonly kind: "readRequested"; readonly reads: readonly ClientRead[] }
  /** The node has written its state machine down, and may cut its log (§7). */
  | ({ readonly kind: "snapshotTaken"; readonly action: ActionId | null } & Compaction);

/** A client's command, and the action it came with. */
export interface ClientRequest {
  readonly id: ActionId;
  readonly command: string;
}

/** What a client wants to read: one name's value, or the whole state machine if that is null. */
export interface ClientRead {
  readonly id: ActionId;
  readonly name: string | null;
}

/** Births and deaths. */
export type LifeHappening =
  | {
      readonly kind: "started";
      readonly members: readonly NodeId[];
      readonly timing: Timing;
      /** Nothing beyond Figure 2, if left out. */
      readonly extensions?: Extensions;
      /** How much of a snapshot goes into one message, if that was chosen. */
      readonly chunkCharacters?: number;
      readonly seed: number;
      /** What its disk held. */
      readonly saved: Persistent;
      readonly action: ActionId | null;
    }
  /** All but the disk is gone. `unsaved` changes had been handed to it and not come back. */
  | { readonly kind: "crashed"; readonly unsaved: number; readonly action: ActionId | null }
  /** The node stopped of itself, or did not start, because going on could break a promise. */
  | { readonly kind: "failed"; readonly failure: Failure; readonly action: ActionId | null };

/** Why a node stopped of itself or could not start. */
export type Failure =
  /** The program contradicts itself. */
  | { readonly kind: "invariant"; readonly claim: string }
  /** The disk refused a write, or a sync: what it holds is no longer known. */
  | { readonly kind: "disk"; readonly file: string; readonly error: string }
  /** The wal is damaged before its end, so entries that were acknowledged may be among the lost. */
  | { readonly kind: "damagedWal"; readonly file: string; readonly line: number }
  /** Another version of Raft Lab has written this line of the wal, or of the snapshot. */
  | { readonly kind: "unsupportedWal"; readonly file: string; readonly line: number }
  /** The wal, or the snapshot, belongs to another node or another cluster. */
  | { readonly kind: "foreignWal"; readonly file: string; readonly owner: string }
  /** The wal is gone. A node that forgot its vote could vote twice (§5.2). */
  | { readonly kind: "missingWal"; readonly file: string }
  /** No socket could be opened. */
  | { readonly kind: "socket"; readonly address: string; readonly error: string }
  /** The entries up to `index` are gone from the wal, and no snapshot is there that stands for them. */
  | { readonly kind: "missingSnapshot"; readonly file: string; readonly index: LogIndex }
  /** The snapshot that stands for them is damaged. */
  | {
      readonly kind: "damagedSnapshot";
      readonly file: string;
      readonly line: number;
      readonly index: LogIndex;
    };

/** What one step changed in a node's state. */
export type ObservedHappening =
  | { readonly kind: "termChanged"; readonly term: Term }
  | { readonly kind: "voted"; readonly candidate: NodeId; readonly term: Term }
  | { readonly kind: "roleChanged"; readonly role: Role["kind"]; readonly term: Term }
  /** Whom the node believes to lead. */
  | { readonly kind: "leaderKnown"; readonly leaderId: NodeId | null }
  /** The entries at `from` and after are gone from its log. */
  | { readonly kind: "truncated"; readonly from: LogIndex }
  | { readonly kind: "appended"; readonly first: LogIndex; readonly entries: readonly Entry[] }
  | { readonly kind: "committed"; readonly index: LogIndex }
  /**
   * A snapshot stands for the entries up to its index, and those up to `logStart` are gone from the
   * log (§7). If the log does not hold the snapshot's last entry, all of it is gone.
   */
  | {
      readonly kind: "compacted";
      readonly index: LogIndex;
      readonly term: Term;
      readonly logStart: LogIndex;
    }
  /** Another configuration counts for it: the newest in its log, which may have been cut (§6). */
  | {
      readonly kind: "configurationChanged";
      readonly index: LogIndex;
      readonly configuration: Configuration;
    };

/** What a node's driver did for it, once what it rests on was saved. */
export type DriverHappening =
  /** The change went to the disk; `saved` follows when it is durable. */
  | { readonly kind: "saving"; readonly changes: readonly Change[] }
  /** `arrival` is when the network will hand it over; null if it is already lost. */
  | {
      readonly kind: "sent";
      readonly id: MessageId;
      readonly message: Message;
      readonly arrival: Millis | null;
    }
  | { readonly kind: "applied"; readonly first: LogIndex; readonly entries: readonly Entry[] }
  /** Its state machine is that of the snapshot now, which had come from the leader. */
  | { readonly kind: "restored"; readonly index: LogIndex }
  | { readonly kind: "answered"; readonly action: ActionId; readonly answer: Answer }
  /** The node stopped with the client's command in its hands: it may commit yet, or never. */
  | { readonly kind: "unanswered"; readonly action: ActionId }
  | {
      readonly kind: "transferEnded";
      readonly action: ActionId;
      readonly outcome: TransferOutcome;
    }
  | { readonly kind: "noticed"; readonly notice: Notice }
  | {
      readonly kind: "membershipEnded";
      readonly action: ActionId;
      readonly outcome: MembershipOutcome;
    };

/** What a node tells a client. */
export type Answer =
  /** The command is committed: no fault that Raft survives takes it back. */
  | { readonly kind: "committed"; readonly index: LogIndex; readonly term: Term }
  /** Another leader's entry was committed in its place; the command never will be. */
  | { readonly kind: "superseded"; readonly index: LogIndex }
  /** Not a leader; `leaderId` is whom to ask instead. */
  | { readonly kind: "notLeader"; readonly leaderId: NodeId | null }
  /** The value once the entries up to `index` were applied, as JSON; null if the name was never set. */
  | { readonly kind: "read"; readonly index: LogIndex; readonly value: string | null }
  /** No leader has confirmed what is the newest. Nothing has changed by it: ask again. */
  | { readonly kind: "readRefused"; readonly leaderId: NodeId | null };

/** What a node found in its files or on its address that a user should know. */
export type Notice =
  /** The end of the wal was torn by a crash: bytes that nobody was promised are cut off. */
  | { readonly kind: "tailCut"; readonly file: string; readonly bytes: number }
  /** A file that is written from the wal says something else; the user's version is kept aside. */
  | { readonly kind: "fileDiffers"; readonly file: string; readonly keptAs: string }
  /** A file that is written from the wal lagged behind it, as after a crash, and was completed. */
  | { readonly kind: "fileCompleted"; readonly file: string }
  /** The folder held raftos's files only: they were read into a new wal. */
  | { readonly kind: "imported"; readonly entries: number; readonly term: Term }
  /** The address is taken by another program; the node listens on `port` for now. */
  | { readonly kind: "portMoved"; readonly address: string; readonly port: number }
  /**
   * The `.log` begins after this entry: a snapshot stands for all up to there, which the node never
   * had or which are lost from the file. What the file held before, if anything, is kept aside.
   */
  | {
      readonly kind: "logFileBegins";
      readonly file: string;
      readonly after: LogIndex;
      readonly keptAs: string | null;
    };

/** What happens between nodes, or to all of them. */
export type ClusterHappening =
  | { readonly kind: "dropped"; readonly id: MessageId; readonly reason: DropReason }
  /** The network made another message out of one it carried; `replay` if long after it. */
  | {
      readonly kind: "duplicated";
      readonly id: MessageId;
      readonly copy: MessageId;
      readonly arrival: Millis;
      readonly replay: boolean;
    }
  | {
      readonly kind: "linkCut";
      readonly from: NodeId;
      readonly to: NodeId;
      readonly action: ActionId;
    }
  | {
      readonly kind: "linkHealed";
      readonly from: NodeId;
      readonly to: NodeId;
      readonly action: ActionId;
    }
  | { readonly kind: "paused"; readonly action: ActionId }
  | { readonly kind: "resumed"; readonly action: ActionId }
  /** 1 is the speed of the timing as given; 0.5 takes twice as long. */
  | { readonly kind: "speedSet"; readonly speed: number; readonly action: ActionId }
  /** A node belongs to the cluster from now on, before it has a part in it. */
  | {
      readonly kind: "nodeAdded";
      readonly member: NodeId;
      readonly name: string;
      readonly address: string;
      readonly action: ActionId;
    }
  /** A node that takes part no more has been stopped for good; null if it was asked for long ago. */
  | { readonly kind: "nodeRemoved"; readonly member: NodeId; readonly action: ActionId | null }
  /** Nothing came of the action. */
  | { readonly kind: "refused"; readonly action: ActionId; readonly reason: Refusal };

/** Why a message does not arrive: chance, a cut link, nobody there, or a connection that broke. */
export type DropReason = "lost" | "cut" | "down" | "disconnected";

/** Why nothing came of an action. */
export type Refusal =
  | { readonly kind: "unknownNode"; readonly node: NodeId }
  | { readonly kind: "notRunning"; readonly node: NodeId }
  | { readonly kind: "alreadyRunning"; readonly node: NodeId }
  /** No node is known to lead, so nobody can take a command. */
  | { readonly kind: "noLeader" }
  | { readonly kind: "tooLong"; readonly limit: number }
  /** The command is not a JSON object, so no state machine can apply it. */
  | { readonly kind: "badCommand" }
  | { readonly kind: "alreadyPaused" }
  | { readonly kind: "notPaused" }
  | { readonly kind: "badSpeed"; readonly slowest: number; readonly fastest: number }
  | { readonly kind: "linkIsCut"; readonly from: NodeId; readonly to: NodeId }
  | { readonly kind: "linkIsWhole"; readonly from: NodeId; readonly to: NodeId }
  | { readonly kind: "stopped" }
  /** There are as many nodes as there can be. */
  | { readonly kind: "tooMany"; readonly limit: number };
