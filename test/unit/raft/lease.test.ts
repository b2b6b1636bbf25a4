import assert from "node:assert/strict";
import { test } from "node:test";
import {
  paperTiming,
  RaftNode,
  type Effect,
  type Extensions,
  type Message,
  type Millis,
  type NodeId,
} from "../../../src/raft/index.ts";
import {
  acknowledgement,
  append,
  follower,
  leader,
  log,
  members,
  messagesIn,
  now,
  receive,
  replyIn,
  saved,
  settledLeader,
  step,
  voteRequest,
  wake,
} from "./cases.ts";

// Dissertation §6.4.1: for a while after a quorum has answered, nobody else can have been elected.

const extensions: Extensions = { preVote: false, checkQuorum: true, lease: { clockDrift: 0.1 } };
const { min } = paperTiming.electionTimeoutMillis;
const { heartbeatMillis } = paperTiming;
/** How long a lease lasts. */
const leaseMillis = 0.9 * min;

function read(node: RaftNode, at: Millis): readonly Effect[] {
  return step(node, { kind: "read", ids: ["a"] }, at);
}

function isAnswered(effects: readonly Effect[]): boolean {
  return effects.some(({ kind }) => kind === "readReady");
}

function answerRound(node: RaftNode, from: NodeId, round: number, at: Millis) {
  const outcome = { success: true, matchIndex: 2 } as const;
  const reply: Message = { kind: "AppendEntriesReply", from, to: "A", term: 2, outcome, round };
  return receive(node, reply, at);
}

/** A leader whose newest round was sent at `sent`, and answered by B at `answered`. */
function leasing(sent: Millis, answered: Millis, changes = {}): RaftNode {
  const node = settledLeader("1", 2, { extensions, ...changes });
  const [message] = messagesIn(wake(node, sent));
  assert(message?.kind === "AppendEntries" && message.round !== undefined);
  answerRound(node, "B", message.round, answered);
  return node;
}

test("with a lease a leader answers at once, without a message", () => {
  const effects = read(leasing(now + 100, now + 110), now + 120);
  assert.deepEqual(effects, [{ kind: "readReady", id: "a", index: 2 }]);
  const node = leasing(now + 100, now + 110);
  const asked: Message = { kind: "ReadIndex", from: "C", to: "A", term: 2, id: "b" };
  const reply = replyIn(receive(node, asked, now + 120), "ReadIndexReply");
  assert.equal(reply.index, 2, "a follower's read, too");
});

test("a lease lasts for the shortest election timeout less the drift of clocks, then reads need a round", () => {
  const node = leasing(now + 100, now + 110);
  assert(isAnswered(read(node, now + 100 + leaseMillis - 1)));
  const late = read(leasing(now + 100, now + 110), now + 100 + leaseMillis);
  assert(!isAnswered(late));
  assert.deepEqual(
    messagesIn(late).map(({ kind }) => kind),
    ["AppendEntries", "AppendEntries"],
  );
});

test("a lease counts from when the round was sent, however late the reply is", () => {
  const sent = now + 100;
  const node = leasing(sent, sent + leaseMillis - 10);
  assert(isAnswered(read(node, sent + leaseMillis - 1)));
  assert(
    !isAnswered(read(node, sent + leaseMillis + 5)),
    "long before a lease from the reply ends",
  );
  assert(!isAnswered(read(leasing(sent, sent + leaseMillis), sent + leaseMillis)));
});

test("a reply to an early round gives no lease of a later one", () => {
  const node = settledLeader("1", 2, { extensions });
  const first = roundIn(wake(node, now + heartbeatMillis));
  const second = roundIn(wake(node, now + 3 * heartbeatMillis));
  assert(second > first);
  answerRound(node, "B", first, now + 3 * heartbeatMillis + 10);
  assert(!isAnswered(read(node, now + heartbeatMillis + leaseMillis)));
});

test("less than a quorum gives no lease", () => {
  const node = leasing(now + 100, now + 110, { members: members(5) });
  assert(!isAnswered(read(node, now + 120)));
});

test("a leader has no lease before an entry of its own term is committed", () => {
  const node = leader("1", 2, { extensions });
  const round = roundIn(wake(node, now + heartbeatMillis));
  for (const from of ["B", "C"]) {
    const outcome = {
      success: false,
      prevLogIndex: 1,
      conflictTerm: null,
      conflictIndex: 1,
    } as const;
    receive(node, { kind: "AppendEntriesReply", from, to: "A", term: 2, outcome, round }, now + 60);
  }
  assert(!isAnswered(read(node, now + 61)));
  step(node, { kind: "saved", currentTerm: 2, index: 2, term: 2 }, now + 62);
  assert(isAnswered(receive(node, acknowledgement("B", 2, 2), now + 63)));
});

test("who has told another to stand uses no lease any more in its term", () => {
  const node = leasing(now + 100, now + 110);
  const told = step(node, { kind: "transfer", to: "B" }, now + 115);
  assert(messagesIn(told).some(({ kind }) => kind === "TimeoutNow"));
  assert(!isAnswered(read(node, now + 120)));
  // The other one has not stood, and the transfer is over; what was sent may yet arrive.
  const after = now + 2000;
  for (let at = now + 170; at <= after; at += heartbeatMillis) {
    answerRound(node, "B", roundIn(wake(node, at)), at);
  }
  assert(node.state.role.kind === "leader" && node.state.role.transfer === null);
  assert(!isAnswered(read(node, after + 1)));
});

test("a transfer that has not come to its TimeoutNow leaves the lease", () => {
  const node = leasing(now + 100, now + 110);
  step(node, { kind: "propose", commands: ["x"] }, now + 111);
  step(node, { kind: "transfer", to: "C" }, now + 112);
  assert(isAnswered(read(node, now + 120)));
});

test("a node that starts with leases on votes for nobody for the shortest election timeout: it may have forgotten a leader", () => {
  const started = startedWith(extensions);
  assert.deepEqual(receive(started, voteRequest("C", 3, "1"), now + min - 1), []);
  assert.equal(started.state.currentTerm, 2);
  const later = receive(started, voteRequest("C", 3, "1"), now + min);
  assert.equal(replyIn(later, "RequestVoteReply").voteGranted, true);
  const without = startedWith({ preVote: false, checkQuorum: true });
  const vote = receive(without, voteRequest("C", 3, "1"), now + 1);
  assert.equal(replyIn(vote, "RequestVoteReply").voteGranted, true);
});

test("a follower keeps its vote back through a newer term of which its leader may not know", () => {
  const node = follower("1", 2, { extensions });
  append(node, "1", "");
  // A late answer to what it had asked before it heard the leader.
  const late: Message = { kind: "PreVoteReply", from: "C", to: "A", term: 3, voteGranted: false };
  receive(node, late);
  assert.equal(node.state.currentTerm, 3);
  assert.deepEqual(receive(node, voteRequest("C", 3, "1"), now + min - 1), []);
  const later = receive(node, voteRequest("C", 3, "1"), now + min);
  assert.equal(replyIn(later, "RequestVoteReply").voteGranted, true);
});

test("leases rest on check-quorum: without it there are none", () => {
  const node = settledLeader("1", 2, { extensions: { ...extensions, checkQuorum: false } });
  const [message] = messagesIn(wake(node, now + 100));
  assert(message?.kind === "AppendEntries");
  assert.equal(message.round, undefined);
  for (const from of ["B", "C"]) answerRound(node, from, 1, now + 110);
  assert(!isAnswered(read(node, now + 120)));
});

test("what a leader keeps of its rounds does not grow with them", () => {
  const node = settledLeader("1", 2, { extensions });
  for (let at = now + 50; at < now + 5000; at += heartbeatMillis) {
    answerRound(node, "B", roundIn(wake(node, at)), at + 1);
    saved(node);
  }
  const { role } = node.state;
  assert(role.kind === "leader" && role.reading.sent.length <= 1 + min / heartbeatMillis);
});

function startedWith(given: Extensions): RaftNode {
  return new RaftNode({
    id: "A",
    members: members(3),
    timing: paperTiming,
    extensions: given,
    seed: 7,
    now,
    saved: { currentTerm: 2, votedFor: null, log: log("1") },
  });
}

function roundIn(effects: readonly Effect[]): number {
  const [message] = messagesIn(effects);
  assert(message?.kind === "AppendEntries" && message.round !== undefined);
  return message.round;
}
