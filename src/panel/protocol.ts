import type {
  Configuration,
  LogIndex,
  Message,
  Millis,
  NodeId,
  Role,
  Term,
  Timing,
} from "../raft/index.ts";

// What goes between the panel, which is a web page, and the extension host. All of it is plain
// JSON, and each side decodes what it gets from `unknown`: see decode-update.ts, decode-request.ts.

/** The host to the panel. The first is `opened` or `closed`; `changed` builds on what came before. */
export type PanelUpdate =
  /** There is nothing to look at. */
  | { readonly kind: "closed"; readonly why: ClosedBecause; readonly strings: Strings }
  /** Everything, at the start and whenever the panel comes to be seen again. */
  | { readonly kind: "opened"; readonly picture: Picture; readonly strings: Strings }
  /** Everything of another moment of the same run, and what is new of its tape. */
  | { readonly kind: "moved"; readonly picture: MomentPicture; readonly tape?: TapeChange }
  /** What is different since the last update. */
  | { readonly kind: "changed"; readonly change: PictureChange }
  /** A request could not be done; the text says why and what to do. */
  | { readonly kind: "refused"; readonly text: string };

export type ClosedBecause = "noCluster" | "starting" | "stopping" | "untrusted";

/** Translations of the panel's own texts, by the English text; empty in English. */
export type Strings = Readonly<Record<string, string>>;

/** All that the panel shows of one moment. */
export interface Picture {
  readonly source: Source;
  readonly members: readonly MemberPicture[];
  readonly timing: Timing;
  readonly clock: ClockPicture;
  /** In the order of the members. */
  readonly nodes: readonly NodePicture[];
  /** Messages on their way, and those that were lost less than `lostShownMillis` ago. */
  readonly flights: readonly FlightPicture[];
  readonly cutLinks: readonly { readonly from: NodeId; readonly to: NodeId }[];
  readonly ledger: LedgerPicture;
  readonly tape: TapePicture;
  /** Messages that crossed the time around the moment, for the lanes; newest last. */
  readonly strands: readonly FlightPicture[];
  /** Events around the moment, oldest first; in the past also some that come after it. */
  readonly events: readonly EventLine[];
  readonly findings: readonly FindingLine[];
  /** What is selected, in full; null when nothing is, or when it is not there at this moment. */
  readonly detail: Detail | null;
  readonly tour: TourPicture | null;
}

/** A picture without the tape, which is the same at every moment of a run, and is long. */
export type MomentPicture = Omit<Picture, "tape">;

/** Each part that is different; a part that is left out is as it was. */
export interface PictureChange {
  readonly source?: Source;
  /** All of them, in their new order; `nodes` has those that are new. */
  readonly members?: readonly MemberPicture[];
  readonly clock?: ClockPicture;
  /** Nodes that are different, whole; they replace those of the same id. */
  readonly nodes?: readonly NodePicture[];
  /** Messages that were sent or whose end is known now; they replace those of the same id. */
  readonly flights?: readonly FlightPicture[];
  /** Messages that are in flight no more: they arrived, or were lost a while ago. */
  readonly landed?: readonly number[];
  readonly cutLinks?: Picture["cutLinks"];
  readonly ledger?: LedgerChange;
  readonly tape?: TapeChange;
  /** Events that happened since, oldest first; they follow on those that are there. */
  readonly events?: readonly EventLine[];
  /** All of them. */
  readonly findings?: readonly FindingLine[];
  readonly detail?: Detail | null;
  readonly tour?: TourPicture | null;
}

/** How long a lost message still shows where it was lost. */
export const lostShownMillis = 700;

/** What is looked at. */
export type Source =
  /** A cluster that runs. */
  | { readonly kind: "live"; readonly paused: boolean }
  /** A cluster that ran; what happened can still be travelled. */
  | { readonly kind: "stopped" }
  /** A simulated cluster, for the guided tour. */
  | { readonly kind: "simulated"; readonly seed: number };

export interface MemberPicture {
  readonly id: NodeId;
  /** `node1`. */
  readonly name: string;
  /** `n1`: what fits into a small circle. */
  readonly shortName: string;
  /** `127.0.0.1:8000`. */
  readonly address: string;
}

/** Where in time the panel stands. All times are the cluster's. */
export interface ClockPicture {
  readonly position: "live" | "past";
  /** The moment shown. */
  readonly time: Millis;
  /** How many events have happened by then, and in all. */
  readonly seq: number;
  readonly count: number;
  /** The newest time there is. */
  readonly end: Millis;
  /** Whether time goes on by itself: live and not paused, or a past that is being played. */
  readonly runs: boolean;
  /** How much cluster time passes per real time while it runs. */
  readonly speed: number;
}

/** One node, laid out as in Figure 2. Of a node that is down: what it was when it went. */
export interface NodePicture {
  readonly id: NodeId;
  readonly life: "running" | "crashed" | "failed";
  /** Why it stopped of itself, as a sentence; null unless `failed`. */
  readonly failure: string | null;
  readonly role: Role["kind"];
  readonly leaderId: NodeId | null;
  readonly currentTerm: Term;
  readonly votedFor: NodeId | null;
  readonly lastLogIndex: LogIndex;
  readonly lastLogTerm: Term;
  readonly savedIndex: LogIndex;
  readonly commitIndex: LogIndex;
  readonly lastApplied: LogIndex;
  /** When its election timeout ends; null of a leader and of a node that is down. */
  readonly electionDeadline: Millis | null;
  /** When a leader sends its next heartbeats; null of all others. */
  readonly heartbeatDeadline: Millis | null;
  /** What each peer answered a candidate; null of all others. Its own vote is among them. */
  readonly ballots: Readonly<Record<NodeId, Ballot>> | null;
  /** What a leader believes of each peer; null of all others. */
  readonly peers: Readonly<Record<NodeId, PeerPicture>> | null;
  /** Whom it takes to be in the cluster (§6). Without voters if it has heard of nobody yet. */
  readonly configuration: Configuration;
}

export type Ballot = "granted" | "refused" | "none";

export interface PeerPicture {
  readonly nextIndex: LogIndex;
  readonly matchIndex: LogIndex;
}

/** One copy of a message. */
export interface FlightPicture {
  readonly id: number;
  readonly kind: Message["kind"];
  readonly from: NodeId;
  readonly to: NodeId;
  /** The sender's term. */
  readonly term: Term;
  /** What a reply says: granted or refused, agreed or not. Null of a request. */
  readonly success: boolean | null;
  /** How many entries it carries. No entries in an AppendEntries make it a heartbeat. */
  readonly entries: number;
  /** What it says in a few words: `prev 12/t3, 13 to 14`. */
  readonly label: string;
  readonly sent: Millis;
  /** When the network means to hand it over; null when it will not. */
  readonly arrival: Millis | null;
  /** How it ended, once that is known at the moment shown. */
  readonly end: FlightEnd | null;
}

export interface FlightEnd {
  readonly time: Millis;
  readonly how: "received" | "lost" | "cut" | "down" | "disconnected";
}

/** The part of the logs that the panel asked for. */
export interface LedgerPicture {
  /** The first index of the window. */
  readonly first: LogIndex;
  /** The last index of the longest log. */
  readonly last: LogIndex;
  /** The terms of each node's entries from `first` on, up to the end of its log or the window. */
  readonly rows: Readonly<Record<NodeId, readonly Term[]>>;
  /** What the entry that counts says at each index, in at most 40 characters; `first` on. */
  readonly commands: readonly string[];
}

/** Rows that are different, whole; the window may have moved. */
export type LedgerChange = LedgerPicture;

/** The run as far as it is kept, from `start` to `end`. */
export interface TapePicture {
  readonly start: Millis;
  readonly end: Millis;
  /** Oldest first; a term lasts until the next begins. */
  readonly terms: readonly TermSpan[];
  /** Oldest first. Where there would be too many, commits stand for several. */
  readonly marks: readonly Mark[];
  /** For each node its stretches, oldest first; one lasts until the next begins. */
  readonly lanes: Readonly<Record<NodeId, readonly Stretch[]>>;
}

/** What came to the end of the tape; `start` may have moved on. */
export interface TapeChange {
  readonly start: Millis;
  readonly end: Millis;
  readonly terms?: readonly TermSpan[];
  readonly marks?: readonly Mark[];
  readonly lanes?: Readonly<Record<NodeId, readonly Stretch[]>>;
}

export interface TermSpan {
  readonly term: Term;
  readonly from: Millis;
}

export interface Stretch {
  readonly from: Millis;
  readonly what: Role["kind"] | "down";
  readonly term: Term;
}

export interface Mark {
  readonly kind: MarkKind;
  readonly time: Millis;
  /** Where to travel to see it: how many events have happened then. */
  readonly seq: number;
  /** A sentence. */
  readonly text: string;
}

export type MarkKind =
  "election" | "leader" | "crash" | "restart" | "submit" | "commit" | "cut" | "heal" | "violation";

export interface EventLine {
  /** How many events have happened once this one has. */
  readonly seq: number;
  readonly time: Millis;
  readonly icon: EventIcon;
  readonly text: string;
  /** `§5.2`, or empty. */
  readonly section: string;
}

export type EventIcon =
  | "crash"
  | "start"
  | "timeout"
  | "vote"
  | "leader"
  | "send"
  | "receive"
  | "lost"
  | "store"
  | "commit"
  | "apply"
  | "client"
  | "refuse"
  | "cut"
  | "clock"
  | "term"
  | "violation"
  | "note";

export interface FindingLine {
  /** The id of the check. */
  readonly check: string;
  readonly text: string;
  readonly section: string;
  /** The moment that showed it, and the earlier ones that prove it. */
  readonly seq: number;
  readonly because: readonly { readonly seq: number; readonly text: string }[];
}

/** What is selected. */
export type Selection =
  | { readonly kind: "node"; readonly node: NodeId }
  | { readonly kind: "entry"; readonly index: LogIndex }
  | { readonly kind: "message"; readonly id: number }
  | { readonly kind: "finding"; readonly seq: number; readonly check: string };

export type Detail =
  /** The end of a node's log and what its state machine holds; the rest stands in `nodes`. */
  | {
      readonly kind: "node";
      readonly node: NodeId;
      readonly entries: readonly EntryLine[];
      /** How many earlier entries are left out. */
      readonly earlier: number;
      /** Name and value, as JSON text; at most 50. */
      readonly state: readonly (readonly [string, string])[];
    }
  /** One index in every log. */
  | {
      readonly kind: "entry";
      readonly index: LogIndex;
      readonly copies: readonly EntryCopy[];
      /** Why it is committed or not, as sentences with their sections. */
      readonly why: readonly { readonly text: string; readonly section: string }[];
    }
  /** The fields of a message as Figure 2 names them. */
  | {
      readonly kind: "message";
      readonly flight: FlightPicture;
      readonly fields: readonly (readonly [string, string])[];
    };

export interface EntryLine {
  readonly index: LogIndex;
  readonly term: Term;
  readonly text: string;
}

export interface EntryCopy {
  readonly node: NodeId;
  /** Null where the log is too short. */
  readonly entry: EntryLine | null;
  readonly isSaved: boolean;
  readonly isCommitted: boolean;
  readonly isApplied: boolean;
}

/** The stop of the guided tour at which the panel stands. */
export interface TourPicture {
  /** From 0 to `count - 1`; the last is the end page. */
  readonly stop: number;
  readonly count: number;
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  readonly section: string;
  /** What to look at. */
  readonly focus: "ring" | "ledger" | "tape" | null;
  readonly isEnd: boolean;
}

/** The panel to the host. */
export type PanelRequest =
  /** The page has loaded, or was shown again, and needs everything. */
  | { readonly kind: "ready" }
  /** To the moment after `seq` events; past the end is live. */
  | { readonly kind: "seek"; readonly seq: number }
  | { readonly kind: "seekTime"; readonly time: Millis }
  /** What can also be done by a command, a key or a menu. */
  | { readonly kind: "run"; readonly command: PanelCommand; readonly node?: NodeId }
  /** Which columns of the ledger fit; `first` null follows the end of the logs. */
  | { readonly kind: "look"; readonly first: LogIndex | null; readonly columns: number }
  | { readonly kind: "select"; readonly selection: Selection | null }
  /** The page has the keyboard, or has it no longer: its keys are for it alone. */
  | { readonly kind: "focus"; readonly hasFocus: boolean };

/** Commands the panel may run, without their prefix `raftLab.`; nothing else is run for it. */
export const panelCommands = [
  "startCluster",
  "stopCluster",
  "crashNode",
  "restartNode",
  "transferLeadership",
  "submitEntry",
  "submitEntryToNode",
  "pauseCluster",
  "resumeCluster",
  "setSpeed",
  "openNodeAccount",
  "openReplicatedLog",
  "checkCluster",
  "showOutput",
  "playOrPause",
  "stepForward",
  "stepBack",
  "nextEvent",
  "previousEvent",
  "goLive",
  "startTour",
  "tourNext",
  "tourBack",
  "endTour",
  "addNode",
  "removeNode",
] as const;

export type PanelCommand = (typeof panelCommands)[number];
