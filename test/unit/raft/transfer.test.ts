import assert from "node:assert/strict";
import { test } from "node:test";
import {
  paperTiming,
  type Effect,
  type Message,
  type RaftNode,
  type TransferOutcome,
} from "../../../src/raft/index.ts";
import {
  acknowledge,
  append,
  candidate,
  follower,
  leader,
  messagesIn,
  now,
  propose,
  receive,
  replyIn,
  settledLeader,
  step,
  voteRequest,
  wake,
} from "./cases.ts";

// Dissertation §3.10: the leader brings another node up to date and has it stand at once.

const { max } = paperTiming.electionTimeoutMillis;
const extensions = { preVote: true, checkQuorum: true };

function transfer(node: RaftNode, to: string): readonly Effect[] {
  return step(node, { kind: "transfer", to });
}

function outcomesIn(effects: readonly Effect[]): readonly TransferOutcome[] {
  return effects.flatMap((effect) => (effect.kind === "transferEnded" ? [effect.outcome] : []));
}

/** A request for votes in an election that the leader has asked for. */
function asked(from: string, term: number, written: string): Message {
  const request = voteRequest(from, term, written);
  return request.kind === "RequestVote" ? { ...request, isTransfer: true } : request;
}

function timeoutNow(term: number): Message {
  return { kind: "TimeoutNow", from: "B", to: "A", term };
}

function toldToStand(effects: readonly Effect[]): readonly string[] {
  return messagesIn(effects).flatMap(({ kind, to }) => (kind === "TimeoutNow" ? [to] : []));
}

test("a peer that has the whole log is told to stand at once", () => {
  const node = settledLeader("1", 2);
  const effects = transfer(node, "C");
  assert.deepEqual(toldToStand(effects), ["C"]);
  assert.equal(node.state.role.kind, "leader", "it leads until a newer term begins");
});

test("a peer that lags is told once it has acknowledged the last entry", () => {
  const node = leader("1 1", 2);
  assert.deepEqual(toldToStand(transfer(node, "B")), []);
  assert.deepEqual(toldToStand(acknowledge(node, "B", 2)), []);
  assert.deepEqual(toldToStand(acknowledge(node, "C", 3)), []);
  assert.deepEqual(toldToStand(acknowledge(node, "B", 3)), ["B"]);
});

test("meanwhile no command is taken, so that the log comes to an end", () => {
  const node = settledLeader("1", 2);
  transfer(node, "B");
  assert.deepEqual(propose(node, "x"), [{ kind: "reject", leaderId: null }]);
});

test("after an election timeout the leader gives up, tells so and takes commands again", () => {
  const node = settledLeader("1", 2);
  transfer(node, "B");
  assert.equal(outcomesIn(wake(node, now + max - 1)).length, 0);
  assert(node.nextDeadline <= now + max);
  assert.deepEqual(outcomesIn(wake(node, now + max)), [{ kind: "timedOut", to: "B" }]);
  assert.equal(propose(node, "x")[1]?.kind, "accept");
});

test("a newer term ends the transfer as was wanted", () => {
  const node = settledLeader("1", 2);
  transfer(node, "B");
  const effects = receive(node, asked("B", 3, "1 2"));
  assert.deepEqual(outcomesIn(effects), [{ kind: "steppedDown", to: "B" }]);
  assert.equal(node.state.role.kind, "follower");
});

test("of two transfers the later one counts", () => {
  const node = settledLeader("1", 2);
  transfer(node, "B");
  const effects = transfer(node, "C");
  assert.deepEqual(outcomesIn(effects), [{ kind: "replaced", to: "B" }]);
  assert.deepEqual(toldToStand(effects), ["C"]);
});

test("only a leader hands over, and only to another member", () => {
  const known = follower("1", 1);
  append(known, "1", "");
  for (const [node, to, outcome] of [
    [known, "C", { kind: "notLeader", leaderId: "B" }],
    [candidate("1", 2), "B", { kind: "notLeader", leaderId: null }],
    [settledLeader("1", 2), "A", { kind: "noPeer", to: "A" }],
    [settledLeader("1", 2), "Z", { kind: "noPeer", to: "Z" }],
  ] as const) {
    assert.deepEqual(transfer(node, to), [{ kind: "transferEnded", outcome }]);
  }
});

test("who is told to stand does so without asking, and says who asked for it", () => {
  const node = follower("1", 2, { extensions });
  append(node, "1", "");
  const sent = messagesIn(receive(node, timeoutNow(2)));
  assert.deepEqual([node.state.role.kind, node.state.currentTerm], ["candidate", 3]);
  assert.equal(sent.length, 2);
  assert(sent.every((message) => message.kind === "RequestVote" && message.isTransfer === true));
});

test("who hears the leader votes all the same when the leader has asked for the election", () => {
  const node = follower("1", 2, { extensions });
  append(node, "1", "");
  const request = asked("C", 3, "1");
  assert.equal(replyIn(receive(node, request), "RequestVoteReply").voteGranted, true);
});

test("a TimeoutNow of an earlier term, or to who stands already, is too late", () => {
  const node = follower("1", 3);
  assert.deepEqual(receive(node, timeoutNow(2)), []);
  const standing = candidate("1", 3);
  assert.deepEqual(receive(standing, timeoutNow(3)), []);
  assert.equal(standing.state.currentTerm, 3);
});

test("an election that nobody asked for carries no such mark", () => {
  const node = follower("1", 2);
  const sent = messagesIn(wake(node, node.nextDeadline));
  assert(sent.every((message) => !("isTransfer" in message)));
});
