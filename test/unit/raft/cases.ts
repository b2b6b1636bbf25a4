import assert from "node:assert/strict";
import {
  lastIndex,
  lastTerm,
  logOf,
  membersIn,
  newestConfiguration,
  paperTiming,
  RaftNode,
  slice,
  termAt,
  type Effect,
  type Entry,
  type Input,
  type Log,
  type LogIndex,
  type Message,
  type Millis,
  type NodeId,
  type RaftState,
  type Role,
  type SavedUpTo,
  type Term,
} from "../../../src/raft/index.ts";

// How the tests of the algorithm write things down.
//
// A log is written as its terms, "1 1 2". An entry's command is named after its place and its
// term, so logs that agree as written agree as data. The node under test is A, its peers are B,
// C and so on. Time stands still at `now` unless a test says otherwise.

export const now: Millis = 1000;

export function entries(written: string, first: LogIndex = 1): readonly Entry[] {
  return numbers(written).map((term, i) => ({
    kind: "command",
    term,
    command: `${first + i} in ${term}`,
  }));
}

export function log(written: string): Log {
  return logOf(entries(written));
}

/** The log of a node, written as its terms. */
export function terms(node: RaftNode): string {
  return termsOf(slice(node.state.log, 1));
}

export function termsOf(list: readonly Entry[]): string {
  return list.map(({ term }) => term).join(" ");
}

/** `count` entries of one term, written down. */
export function many(term: Term, count: number): string {
  return Array.from({ length: count }, () => term).join(" ");
}

export function members(count: number): readonly NodeId[] {
  return "ABCDEFGHI".slice(0, count).split("");
}

/** `members` are those of a simple configuration. */
type Changes = Partial<RaftState> & { readonly members?: readonly NodeId[] };

/** A follower whose whole log is saved, one of three unless `changes` says otherwise. */
export function follower(written = "", currentTerm?: Term, changes: Changes = {}): RaftNode {
  const held = log(written);
  const { members: all = members(3), ...others } = changes;
  const node = new RaftNode({
    id: "A",
    members: all,
    timing: paperTiming,
    seed: 7,
    now,
    saved: { currentTerm: currentTerm ?? lastTerm(held), votedFor: null, log: held },
  });
  return RaftNode.at({ ...node.state, ...others });
}

/** The others of a node's newest configuration. */
export function peersOf({ state }: RaftNode): readonly NodeId[] {
  return membersIn(newestConfiguration(state)).filter((member) => member !== state.id);
}

/** A candidate in `currentTerm` that has asked for votes; its own is not saved yet. */
export function candidate(written: string, currentTerm: Term, changes: Changes = {}): RaftNode {
  const node = follower(written, currentTerm - 1, { ...changes, electionDeadline: now });
  step(node, { kind: "wake" });
  return node;
}

/** A leader whose no-op is on its way to its own disk and to its peers. */
export function leader(written: string, currentTerm: Term, changes: Changes = {}): RaftNode {
  const node = candidate(written, currentTerm, changes);
  saved(node);
  for (const peer of peersOf(node)) vote(node, peer);
  assert.equal(node.state.role.kind, "leader");
  return node;
}

/** A leader to whom every peer has acknowledged the whole log, the no-op included. */
export function settledLeader(written: string, currentTerm: Term, changes: Changes = {}): RaftNode {
  const node = leader(written, currentTerm, changes);
  saved(node);
  for (const peer of peersOf(node)) {
    acknowledge(node, peer, lastIndex(node.state.log));
  }
  return node;
}

/** One step, with everything frozen that the node was given or had handed out. */
export function step(node: RaftNode, input: Input, at: Millis = now): readonly Effect[] {
  freeze(node.state);
  return freeze(node.step(freeze(input), at));
}

export function receive(node: RaftNode, message: Message, at: Millis = now): readonly Effect[] {
  return step(node, { kind: "receive", message }, at);
}

export function wake(node: RaftNode, at: Millis): readonly Effect[] {
  return step(node, { kind: "wake" }, at);
}

/** The disk is done: with all that the node holds, unless `upTo` says otherwise. */
export function saved(node: RaftNode, upTo: Partial<SavedUpTo> = {}): readonly Effect[] {
  const { currentTerm, log: held } = node.state;
  const index = upTo.index ?? lastIndex(held);
  const all = { currentTerm, index, term: termAt(held, index) ?? 0 };
  return step(node, { kind: "saved", ...all, ...upTo });
}

export function propose(node: RaftNode, ...commands: readonly string[]): readonly Effect[] {
  return step(node, { kind: "propose", commands });
}

/** Proposes `count` commands of no interest. */
export function proposeMany(node: RaftNode, count: number): readonly Effect[] {
  return propose(node, ...Array.from({ length: count }, (_, i) => `command ${i}`));
}

/** A candidate's request, its log written as its terms. */
export function voteRequest(from: NodeId, term: Term, written: string): Message {
  const theirs = log(written);
  return {
    kind: "RequestVote",
    from,
    to: "A",
    term,
    lastLogIndex: lastIndex(theirs),
    lastLogTerm: lastTerm(theirs),
  };
}

/** Lets `from` ask for the node's vote; answers with the node's reply. */
export function requestVote(node: RaftNode, from: NodeId, term: Term, written: string) {
  return replyIn(receive(node, voteRequest(from, term, written)), "RequestVoteReply");
}

export function voteReply(from: NodeId, term: Term, voteGranted = true): Message {
  return { kind: "RequestVoteReply", from, to: "A", term, voteGranted };
}

/** `from` votes for the node in its present term. */
export function vote(node: RaftNode, from: NodeId): readonly Effect[] {
  return receive(node, voteReply(from, node.state.currentTerm));
}

interface AppendDetails {
  readonly from: NodeId;
  readonly term: Term;
  readonly leaderCommit: LogIndex;
}

/** A leader's request: after `previous`, all of it, stands `added`. */
export function appendRequest(previous: string, added: string, details: AppendDetails): Message {
  const before = log(previous);
  return {
    kind: "AppendEntries",
    to: "A",
    prevLogIndex: lastIndex(before),
    prevLogTerm: lastTerm(before),
    entries: entries(added, lastIndex(before) + 1),
    ...details,
  };
}

/** Lets B, leader of the node's term, append to the node's log; answers with the reply. */
export function append(
  node: RaftNode,
  previous: string,
  added: string,
  details: Partial<AppendDetails> = {},
) {
  const all = { from: "B", term: node.state.currentTerm, leaderCommit: 0, ...details };
  return replyIn(receive(node, appendRequest(previous, added, all)), "AppendEntriesReply");
}

export function acknowledgement(from: NodeId, term: Term, matchIndex: LogIndex): Message {
  const outcome = { success: true, matchIndex } as const;
  return { kind: "AppendEntriesReply", from, to: "A", term, outcome };
}

export function acknowledge(node: RaftNode, from: NodeId, matchIndex: LogIndex) {
  return receive(node, acknowledgement(from, node.state.currentTerm, matchIndex));
}

interface Refusal {
  readonly prevLogIndex: LogIndex;
  readonly conflictTerm: Term | null;
  readonly conflictIndex: LogIndex;
}

export function refuse(node: RaftNode, from: NodeId, refusal: Refusal): readonly Effect[] {
  const { currentTerm: term } = node.state;
  const outcome = { success: false, ...refusal } as const;
  return receive(node, { kind: "AppendEntriesReply", from, to: "A", term, outcome });
}

export function messagesIn(effects: readonly Effect[]): readonly Message[] {
  return effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
}

/** The one message that was sent, which is a `kind`. */
export function replyIn<Kind extends Message["kind"]>(effects: readonly Effect[], kind: Kind) {
  const [message, ...more] = messagesIn(effects);
  assert.equal(more.length, 0, "one message is answered by one");
  assert(message !== undefined && isOf(message, kind), `a ${kind} is sent`);
  return message;
}

/** What was sent to `to` in AppendEntries, entries written as their terms. */
export function appendsTo(to: NodeId, effects: readonly Effect[]) {
  return messagesIn(effects)
    .filter((message) => isOf(message, "AppendEntries"))
    .filter((message) => message.to === to)
    .map(({ prevLogIndex, prevLogTerm, entries: sent, leaderCommit }) => ({
      after: prevLogIndex,
      of: prevLogTerm,
      entries: termsOf(sent),
      leaderCommit,
    }));
}

/** What was applied, as the indices of the entries. */
export function appliedIn(effects: readonly Effect[]): readonly LogIndex[] {
  return effects.flatMap((effect) =>
    effect.kind === "apply" ? effect.entries.map((_, i) => effect.first + i) : [],
  );
}

export function leaderRole(node: RaftNode): Extract<Role, { kind: "leader" }> {
  const { role } = node.state;
  assert(role.kind === "leader", "the node leads");
  return role;
}

/**
 * Lets A, which leads, and B talk until nothing is left to say.
 * Answers how many requests it took; every message arrives, in order.
 */
export function talk(a: RaftNode, b: RaftNode, first: readonly Message[]): number {
  const underWay = first.filter(({ to }) => to === b.state.id);
  let requests = 0;
  for (let message = underWay.shift(); message !== undefined; message = underWay.shift()) {
    if (message.kind === "AppendEntries") requests++;
    const receiver = message.to === a.state.id ? a : b;
    const answers = messagesIn(receive(receiver, message));
    underWay.push(...answers.filter(({ to }) => to === a.state.id || to === b.state.id));
    assert(requests < 1000, "the two come to an end");
  }
  return requests;
}

/** Makes any later change of `value`, or of what it holds, throw. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map || value instanceof Set) {
    for (const name of ["set", "add", "delete", "clear"]) {
      Object.defineProperty(value, name, { value: () => assert.fail(`${name} on what is shared`) });
    }
    for (const member of value) freeze(member);
  }
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}

function isOf<Kind extends Message["kind"]>(
  message: Message,
  kind: Kind,
): message is Extract<Message, { kind: Kind }> {
  return message.kind === kind;
}

function numbers(written: string): readonly number[] {
  return written.split(" ").filter(Boolean).map(Number);
}
