import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lastIndex,
  paperTiming,
  type Effect,
  type LogIndex,
  type Message,
  type Millis,
  type NodeId,
  type RaftNode,
} from "../../../src/raft/index.ts";
import {
  acknowledge,
  append,
  candidate,
  follower,
  leader,
  leaderRole,
  members,
  messagesIn,
  now,
  propose,
  receive,
  refuse,
  saved,
  settledLeader,
  step,
  wake,
} from "./cases.ts";

// §8 and dissertation §6.4: reads that see all that was acknowledged, and write nothing.

const { max } = paperTiming.electionTimeoutMillis;
const { heartbeatMillis } = paperTiming;

function read(node: RaftNode, ...ids: readonly string[]): readonly Effect[] {
  return step(node, { kind: "read", ids });
}

/** What is told of reads: `a at 3` may be answered once so much is applied, `a refused` not. */
function toldIn(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "readReady") return [`${effect.id} at ${effect.index}`];
    return effect.kind === "readRefused" ? [`${effect.id} refused`] : [];
  });
}

/** The numbers of the rounds that were sent, by receiver. */
function roundsIn(effects: readonly Effect[]): readonly string[] {
  return messagesIn(effects).flatMap((message) =>
    message.kind === "AppendEntries" ? [`${message.to} ${message.round ?? "-"}`] : [],
  );
}

function repliesIn(effects: readonly Effect[]): readonly string[] {
  return messagesIn(effects).flatMap((message) =>
    message.kind === "ReadIndexReply" ? [`${message.id} to ${message.to}: ${message.index}`] : [],
  );
}

function inRound(from: NodeId, round: number, term = 2, matchIndex: LogIndex = 2): Message {
  const outcome = { success: true, matchIndex } as const;
  return { kind: "AppendEntriesReply", from, to: "A", term, outcome, round };
}

function answerRound(node: RaftNode, from: NodeId, round: number, at: Millis = now) {
  return receive(node, inRound(from, round), at);
}

function readIndex(id: string, term = 2, from = "B"): Message {
  return { kind: "ReadIndex", from, to: "A", term, id };
}

function readIndexReply(id: string, index: LogIndex | null, term = 2): Message {
  return { kind: "ReadIndexReply", from: "B", to: "A", term, id, index };
}

/** A follower of B in term 2. */
function following(): RaftNode {
  const node = follower("1", 2);
  append(node, "1", "");
  return node;
}

test("a leader answers once a quorum, with itself, has answered a round that was sent after the read came", () => {
  const node = settledLeader("1", 2);
  const asked = read(node, "a");
  assert.deepEqual(roundsIn(asked), ["B 1", "C 1"], "at once, not at the next heartbeat");
  assert.deepEqual(toldIn(asked), []);
  assert.deepEqual(toldIn(answerRound(node, "C", 1)), ["a at 2"]);
  assert.deepEqual(toldIn(answerRound(node, "B", 1)), [], "and once only");
});

test("of five nodes one answer is no quorum", () => {
  const node = settledLeader("1", 2, { members: members(5) });
  read(node, "a");
  assert.deepEqual(toldIn(answerRound(node, "B", 1)), []);
  assert.deepEqual(toldIn(answerRound(node, "B", 1)), [], "one node counts once");
  assert.deepEqual(toldIn(answerRound(node, "E", 1)), ["a at 2"]);
});

test("replies to what was sent before the read came confirm nothing", () => {
  const node = settledLeader("1", 2);
  wake(node, now + heartbeatMillis);
  read(node, "a");
  assert.deepEqual(toldIn(acknowledge(node, "B", 2)), []);
  assert.deepEqual(toldIn(acknowledge(node, "C", 2)), []);
  assert.deepEqual(toldIn(answerRound(node, "B", 1)), ["a at 2"]);
});

test("reads that come while a round is under way share the next one, which begins when that is confirmed", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  assert.deepEqual(roundsIn(read(node, "b")), []);
  assert.deepEqual(roundsIn(read(node, "c", "d")), []);
  const confirmed = answerRound(node, "B", 1);
  assert.deepEqual(toldIn(confirmed), ["a at 2"]);
  assert.deepEqual(roundsIn(confirmed), ["B 2", "C 2"]);
  assert.deepEqual(toldIn(answerRound(node, "C", 1)), [], "C has answered the round before");
  assert.deepEqual(toldIn(answerRound(node, "B", 2)), ["b at 2", "c at 2", "d at 2"]);
});

test("a heartbeat begins the next round for those who wait, and its answers count for the earlier one, too", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  read(node, "b");
  assert.deepEqual(roundsIn(wake(node, now + heartbeatMillis)), ["B 2", "C 2"]);
  assert.deepEqual(toldIn(answerRound(node, "C", 2)), ["a at 2", "b at 2"]);
});

test("a heartbeat asks again for a round that was lost", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  assert.deepEqual(roundsIn(wake(node, now + heartbeatMillis)), ["B 1", "C 1"]);
  assert.deepEqual(toldIn(answerRound(node, "C", 1)), ["a at 2"]);
});

test("a reply that comes late, twice or is replayed confirms no later read: numbers grow through a term", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  answerRound(node, "B", 1);
  const asked = read(node, "b");
  assert.deepEqual(roundsIn(asked), ["B 2", "C 2"]);
  for (const from of ["B", "C"]) assert.deepEqual(toldIn(answerRound(node, from, 1)), []);
  assert.deepEqual(toldIn(answerRound(node, "B", 2)), ["b at 2"]);
});

test("a reply of another term confirms nothing", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  assert.deepEqual(toldIn(receive(node, inRound("B", 1, 1))), []);
  assert.deepEqual(toldIn(receive(node, inRound("C", 9, 1))), []);
  assert.deepEqual(toldIn(answerRound(node, "B", 1)), ["a at 2"]);
});

test("a refusal in the term confirms as well: its sender follows", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  const outcome = {
    success: false,
    prevLogIndex: 9,
    conflictTerm: null,
    conflictIndex: 2,
  } as const;
  const refusal = { kind: "AppendEntriesReply", from: "C", to: "A", term: 2, outcome } as const;
  assert.deepEqual(toldIn(receive(node, { ...refusal, round: 1 })), ["a at 2"]);
});

test("a follower says which round it answers, whether it agrees or refuses", () => {
  const node = follower("1", 2);
  const request = {
    kind: "AppendEntries",
    from: "B",
    to: "A",
    term: 2,
    prevLogIndex: 1,
    prevLogTerm: 1,
    entries: [],
    leaderCommit: 0,
  } as const;
  const roundOf = (message: Message) =>
    messagesIn(receive(node, message)).map((reply) => "round" in reply && reply.round);
  assert.deepEqual(roundOf({ ...request, round: 7 }), [7]);
  assert.deepEqual(roundOf({ ...request, prevLogIndex: 5, round: 8 }), [8]);
  assert.deepEqual(roundOf(request), [false]);
  // The leader may lead again by then, and counts its rounds anew.
  const { term } = request;
  assert.deepEqual(roundOf({ ...request, term: term - 1, round: 7 }), [false], "an earlier term");
});

test("before an entry of its own term is committed a leader does not know what is: reads wait (§8)", () => {
  const node = leader("1 1", 2);
  assert.deepEqual(roundsIn(read(node, "a")), []);
  // They refuse in its term, so that its leadership is beyond doubt.
  for (const from of ["B", "C"]) {
    refuse(node, from, { prevLogIndex: 2, conflictTerm: null, conflictIndex: 1 });
  }
  assert.equal(node.state.commitIndex, 0);
  saved(node);
  const committed = acknowledge(node, "B", 3);
  assert.deepEqual(toldIn(committed), [], "and then they need a round like any other");
  assert.deepEqual(roundsIn(committed).slice(-2), ["B 1", "C 1"]);
  assert.deepEqual(toldIn(answerRound(node, "B", 1)), ["a at 3"]);
});

test("a read sees what was committed when it came, and need not see what comes after", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  propose(node, "x");
  saved(node);
  assert.deepEqual(toldIn(receive(node, inRound("B", 1, 2, 3))), ["a at 2"]);
  assert.equal(node.state.commitIndex, 3);
  read(node, "b");
  assert.deepEqual(toldIn(answerRound(node, "B", 2)), ["b at 3"]);
});

test("a cluster of one node reads at once, after its no-op is committed", () => {
  const node = candidate("1", 2, { members: ["A"] });
  saved(node, { index: 1, term: 1 });
  assert.equal(node.state.role.kind, "leader");
  assert.deepEqual(toldIn(read(node, "a")), []);
  assert.deepEqual(toldIn(saved(node)), ["a at 2"]);
  assert.deepEqual(toldIn(read(node, "b")), ["b at 2"]);
});

test("who loses the leadership refuses its own reads and forgets those of others", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  receive(node, readIndex("b"));
  const effects = append(node, "1 2", "", { from: "C", term: 3 });
  assert.equal(effects.kind, "AppendEntriesReply");
  const again = settledLeader("1", 2);
  read(again, "a");
  receive(again, readIndex("b"));
  assert.deepEqual(toldIn(receive(again, inRound("C", 1, 3))), ["a refused"]);
  assert.deepEqual(toldIn(answerRound(again, "B", 1)), []);
});

test("a leader without a quorum refuses its own reads after an election timeout, and with check-quorum when it steps down", () => {
  const node = settledLeader("1", 2);
  read(node, "a");
  receive(node, readIndex("b"));
  assert(node.nextDeadline <= now + max);
  assert.deepEqual(toldIn(wake(node, now + max - 1)), []);
  assert.equal(node.nextDeadline, now + max);
  const late = wake(node, now + max);
  assert.deepEqual(toldIn(late), ["a refused"]);
  assert.deepEqual(repliesIn(late), [], "the follower has given up by itself");
  assert.deepEqual(leaderRole(node).reading.pending, []);
  const checked = settledLeader("1", 2, { extensions: { preVote: false, checkQuorum: true } });
  step(checked, { kind: "read", ids: ["a"] }, now + max - 10);
  assert.deepEqual(toldIn(wake(checked, now + max + 1)), ["a refused"]);
  assert.equal(checked.state.role.kind, "follower");
});

test("a follower asks its leader, and may answer once it has applied as far as the leader says", () => {
  const node = following();
  const [request, ...more] = messagesIn(read(node, "a"));
  assert.deepEqual(request, { kind: "ReadIndex", from: "A", to: "B", term: 2, id: "a" });
  assert.deepEqual(more, []);
  assert.deepEqual(toldIn(receive(node, readIndexReply("a", 7))), ["a at 7"]);
  assert.deepEqual(
    toldIn(receive(node, readIndexReply("a", 9))),
    [],
    "a second copy is for nobody",
  );
  assert.deepEqual(node.state.forwarded, []);
});

test("a leader confirms a follower's read by a round as its own, and tells it how far to apply", () => {
  const node = settledLeader("1", 2);
  assert.deepEqual(roundsIn(receive(node, readIndex("a"))), ["B 1", "C 1"]);
  const confirmed = answerRound(node, "C", 1);
  assert.deepEqual(repliesIn(confirmed), ["a to B: 2"]);
  assert.deepEqual(toldIn(confirmed), []);
});

test("who does not lead cannot tell how far to apply", () => {
  assert.deepEqual(repliesIn(receive(following(), readIndex("a", 2, "C"))), ["a to C: null"]);
  assert.deepEqual(repliesIn(receive(candidate("1", 2), readIndex("a"))), ["a to B: null"]);
  assert.deepEqual(repliesIn(receive(settledLeader("1", 2), readIndex("a", 3))), ["a to B: null"]);
});

test("a follower refuses when it is told that nobody leads there, and when no word comes in an election timeout", () => {
  const node = following();
  read(node, "a", "b");
  assert.deepEqual(toldIn(receive(node, readIndexReply("a", null))), ["a refused"]);
  append(node, "1", "");
  assert(node.nextDeadline <= now + max);
  const { electionDeadline } = node.state;
  assert.deepEqual(toldIn(wake(node, Math.min(electionDeadline, now + max) - 1)), []);
  const heard = following();
  read(heard, "a");
  step(heard, { kind: "receive", message: heartbeat() }, now + max - 1);
  assert.equal(heard.nextDeadline, now + max, "sooner than its own election timeout");
  assert.deepEqual(toldIn(wake(heard, now + max)), ["a refused"]);
  assert.equal(heard.state.role.kind, "follower");
  assert.deepEqual(toldIn(receive(heard, readIndexReply("a", 2), now + max)), []);
});

test("who knows of no leader refuses at once, a candidate too", () => {
  assert.deepEqual(toldIn(read(follower("1", 2), "a", "b")), ["a refused", "b refused"]);
  assert.deepEqual(toldIn(read(candidate("1", 2), "a")), ["a refused"]);
});

test("a follower that stands, or learns of a newer term, gives up what it has asked the leader", () => {
  const standing = following();
  read(standing, "a");
  assert.deepEqual(toldIn(wake(standing, standing.state.electionDeadline)), ["a refused"]);
  const node = following();
  read(node, "a");
  assert.deepEqual(toldIn(receive(node, readIndexReply("a", 7, 3))), ["a refused"]);
  assert.equal(node.state.currentTerm, 3);
});

test("a leader's word of an earlier term is for nobody", () => {
  const node = following();
  read(node, "a");
  assert.deepEqual(toldIn(receive(node, readIndexReply("a", 7, 1))), []);
  assert.deepEqual(toldIn(receive(node, readIndexReply("a", 8))), ["a at 8"]);
});

test("while nobody reads no message is any different", () => {
  const node = settledLeader("1", 2);
  assert.deepEqual(roundsIn(wake(node, now + heartbeatMillis)), ["B -", "C -"]);
  read(node, "a");
  answerRound(node, "B", 1, now + heartbeatMillis);
  assert.deepEqual(roundsIn(wake(node, now + 2 * heartbeatMillis)), ["B -", "C -"]);
  assert.equal(lastIndex(node.state.log), 2, "and nothing is written");
});

function heartbeat(): Message {
  const rest = { prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0 };
  return { kind: "AppendEntries", from: "B", to: "A", term: 2, ...rest };
}
