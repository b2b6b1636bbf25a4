import assert from "node:assert/strict";
import { test } from "node:test";
import { paperTiming } from "../../../src/raft/index.ts";
import {
  acknowledge,
  append,
  follower,
  leader,
  members,
  messagesIn,
  now,
  receive,
  refuse,
  replyIn,
  saved,
  settledLeader,
  step,
  voteRequest,
  wake,
} from "./cases.ts";

// Dissertation §6.2 and the end of the paper's §6: a leader without a quorum leads nobody, and who
// hears a leader votes for nobody else.

const extensions = { preVote: false, checkQuorum: true };
const { min, max } = paperTiming.electionTimeoutMillis;

test("a leader that hears no quorum for an election timeout steps down in its term", () => {
  const node = settledLeader("1", 2, { extensions });
  wake(node, now + max);
  assert.equal(node.state.role.kind, "leader");
  assert.deepEqual(wake(node, now + max + 1), []);
  assert.deepEqual(node.state.role, { kind: "follower", leaderId: null });
  assert.equal(node.state.currentTerm, 2);
  assert(node.nextDeadline > now + max, "it waits like any other follower");
});

test("a quorum that replies, refusals included, keeps a leader; less does not", () => {
  const five = { extensions, members: members(5) };
  const node = settledLeader("1", 2, five);
  step(node, { kind: "receive", message: ackOf("B") }, now + max);
  step(node, { kind: "receive", message: ackOf("C") }, now + max);
  wake(node, now + max + 1);
  assert.equal(node.state.role.kind, "leader", "itself, B and C are three of five");
  const fewer = settledLeader("1", 2, five);
  step(fewer, { kind: "receive", message: ackOf("B") }, now + max);
  wake(fewer, now + max + 1);
  assert.equal(fewer.state.role.kind, "follower");
  const refused = leader("1", 2, { extensions });
  refuse(refused, "B", { prevLogIndex: 1, conflictTerm: null, conflictIndex: 1 });
  wake(refused, now + max);
  assert.equal(refused.state.role.kind, "leader");
});

test("replies of an earlier term are not heard", () => {
  const node = settledLeader("1", 2, { extensions });
  step(node, { kind: "receive", message: { ...ackOf("B"), term: 1 } }, now + max);
  wake(node, now + max + 1);
  assert.equal(node.state.role.kind, "follower");
});

test("alone in its cluster a leader is its own quorum", () => {
  const node = leader("1", 2, { extensions, members: members(1) });
  wake(node, now + 10 * max);
  assert.equal(node.state.role.kind, "leader");
});

test("without the extension a leader that hears nobody goes on", () => {
  const node = settledLeader("1", 2);
  wake(node, now + 10 * max);
  assert.equal(node.state.role.kind, "leader");
});

test("who hears a leader neither votes nor takes over the newer term (end of §6)", () => {
  const node = follower("1", 2, { extensions });
  append(node, "1", "");
  assert.deepEqual(receive(node, voteRequest("C", 5, "1 1"), now + min - 1), []);
  assert.deepEqual([node.state.currentTerm, node.state.votedFor], [2, null]);
  const reply = replyIn(receive(node, voteRequest("C", 5, "1 1"), now + min), "RequestVoteReply");
  assert.deepEqual([reply.voteGranted, node.state.currentTerm], [true, 5]);
});

test("a leader is not deposed by who asks for votes, but by a newer term in a reply", () => {
  const node = settledLeader("1", 2, { extensions });
  assert.deepEqual(receive(node, voteRequest("C", 5, "1 1 1")), []);
  assert.equal(node.state.role.kind, "leader");
  // So a node that was cut off with a newer term is not locked out: its refusal tells of it.
  const outcome = {
    success: false,
    prevLogIndex: 2,
    conflictTerm: null,
    conflictIndex: 2,
  } as const;
  receive(node, { kind: "AppendEntriesReply", from: "C", to: "A", term: 5, outcome });
  assert.deepEqual([node.state.role.kind, node.state.currentTerm], ["follower", 5]);
});

test("a node that starts has heard nobody, and one whose leader fell silent no longer does", () => {
  const started = follower("1", 2, { extensions });
  const reply = replyIn(receive(started, voteRequest("C", 3, "1")), "RequestVoteReply");
  assert.equal(reply.voteGranted, true);
  const stepped = settledLeader("1", 2, { extensions });
  wake(stepped, now + max + 1);
  const later = receive(stepped, voteRequest("C", 3, "1 2"), now + max + 1);
  assert.equal(replyIn(later, "RequestVoteReply").voteGranted, true);
});

test("a follower that is told of a newer term has heard nobody in it yet", () => {
  const node = follower("1", 2, { extensions });
  append(node, "1", "");
  append(node, "1", "", { from: "C", term: 1 });
  receive(node, ackOf("B", 6));
  assert.equal(node.state.currentTerm, 6);
  const reply = replyIn(receive(node, voteRequest("C", 6, "1")), "RequestVoteReply");
  assert.equal(reply.voteGranted, true);
});

test("what a leader hears from whom costs nothing without the extension", () => {
  const node = settledLeader("1", 2);
  const before = node.state.role;
  acknowledge(node, "B", 2);
  assert(before.kind === "leader" && node.state.role.kind === "leader");
  assert.equal(node.state.role.heardFrom, before.heardFrom);
  saved(node);
  assert.deepEqual(messagesIn(wake(node, now + 1)), []);
});

function ackOf(from: string, term = 2) {
  const outcome = { success: true, matchIndex: 2 } as const;
  return { kind: "AppendEntriesReply", from, to: "A", term, outcome } as const;
}
