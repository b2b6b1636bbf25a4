import type { Check } from "../../../src/checks/index.ts";
import { Checker } from "../../../src/checks/index.ts";
import {
  logOf,
  paperTiming,
  type Entry,
  type LogIndex,
  type Message,
  type NodeId,
  type Term,
} from "../../../src/raft/index.ts";
import type { ActionId, NodeHappening, TraceEvent } from "../../../src/trace/index.ts";

// A trace is written as what its nodes do, one line each; the line's number, from 0, is its `seq`.

export interface Line {
  readonly node: NodeId;
  readonly happening: NodeHappening;
}

const members: readonly NodeId[] = ["n1", "n2", "n3"];

/** What one of the three nodes of a trace can do. Entries are written as by `entriesOf`. */
export function node(id: NodeId) {
  const line = (happening: NodeHappening): Line => ({ node: id, happening });
  const sends = (message: Message) => line({ kind: "sent", id: 0, message, arrival: null });
  return {
    /** With what its disk held. */
    starts: (disk: Partial<Disk> = {}) => {
      const { term = 0, vote = null, log = "" } = disk;
      return line({
        kind: "started",
        members,
        timing: paperTiming,
        seed: 1,
        saved: { currentTerm: term, votedFor: vote, log: logOf(entriesOf(log)) },
        action: null,
      });
    },
    crashes: () => line({ kind: "crashed", unsaved: 0, action: null }),
    entersTerm: (term: Term) => line({ kind: "termChanged", term }),
    votes: (candidate: NodeId, term: Term) => line({ kind: "voted", candidate, term }),
    leads: (term: Term) => line({ kind: "roleChanged", role: "leader", term }),
    follows: (term: Term) => line({ kind: "roleChanged", role: "follower", term }),
    appends: (first: LogIndex, entries: string) =>
      line({ kind: "appended", first, entries: entriesOf(entries) }),
    truncates: (from: LogIndex) => line({ kind: "truncated", from }),
    commits: (index: LogIndex) => line({ kind: "committed", index }),
    applies: (first: LogIndex, entries: string) =>
      line({ kind: "applied", first, entries: entriesOf(entries) }),

    /** Hands its disk entries to write at `from`. */
    saving: (from: LogIndex, entries: string) =>
      line({
        kind: "saving",
        changes: [{ vote: null, log: { from, entries: entriesOf(entries) } }],
      }),
    /** Hands its disk a term and a vote. */
    savingVote: (currentTerm: Term, votedFor: NodeId | null) =>
      line({ kind: "saving", changes: [{ vote: { currentTerm, votedFor }, log: null }] }),
    /** Its disk is done, up to the entry at `index` of `entryTerm`. */
    saved: (currentTerm: Term, index: LogIndex = 0, entryTerm: Term = 0) =>
      line({ kind: "saved", currentTerm, index, term: entryTerm }),

    asksForVote: (to: NodeId, term: Term) =>
      sends({ kind: "RequestVote", from: id, to, term, lastLogIndex: 0, lastLogTerm: 0 }),
    grants: (to: NodeId, term: Term) =>
      sends({ kind: "RequestVoteReply", from: id, to, term, voteGranted: true }),
    denies: (to: NodeId, term: Term) =>
      sends({ kind: "RequestVoteReply", from: id, to, term, voteGranted: false }),
    replicates: (to: NodeId, term: Term) =>
      sends({
        kind: "AppendEntries",
        from: id,
        to,
        term,
        prevLogIndex: 0,
        prevLogTerm: 0,
        entries: [],
        leaderCommit: 0,
      }),
    acknowledges: (to: NodeId, term: Term, matchIndex: LogIndex) =>
      sends({
        kind: "AppendEntriesReply",
        from: id,
        to,
        term,
        outcome: { success: true, matchIndex },
      }),

    isAsked: (action: ActionId, command: string) =>
      line({ kind: "requested", requests: [{ id: action, command }] }),
    answersCommitted: (action: ActionId, index: LogIndex, term: Term) =>
      line({ kind: "answered", action, answer: { kind: "committed", index, term } }),
    answersSuperseded: (action: ActionId, index: LogIndex) =>
      line({ kind: "answered", action, answer: { kind: "superseded", index } }),
    isAskedToRead: (action: ActionId) =>
      line({ kind: "readRequested", reads: [{ id: action, name: "x" }] }),
    answersRead: (action: ActionId, index: LogIndex) =>
      line({ kind: "answered", action, answer: { kind: "read", index, value: null } }),
    answersNotLeader: (action: ActionId) =>
      line({ kind: "answered", action, answer: { kind: "notLeader", leaderId: null } }),
  };
}

interface Disk {
  readonly term: Term;
  readonly vote: NodeId | null;
  readonly log: string;
}

export const n1 = node("n1");
export const n2 = node("n2");
export const n3 = node("n3");

/** `1 2:x`: the no-op of term 1, then the command x of term 2. */
export function entriesOf(text: string): readonly Entry[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => {
      const [term, command] = word.split(":");
      return command === undefined
        ? { kind: "noOp", term: Number(term) }
        : { kind: "command", term: Number(term), command };
    });
}

export function trace(...lines: readonly Line[]): readonly TraceEvent[] {
  return lines.map(({ node: id, happening }, seq) => ({ seq, time: seq, node: id, ...happening }));
}

/** What the check finds: the text, the line that showed it, and the lines that prove it. */
export function findingsOf(check: Check, ...lines: readonly Line[]) {
  const checker = new Checker([check]);
  for (const event of trace(...lines)) checker.take(frozen(event));
  return checker.findings.map(({ text, at, because }) => ({
    text,
    at: at.seq,
    because: because.map(({ seq }) => seq),
  }));
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(frozen);
  return value;
}
