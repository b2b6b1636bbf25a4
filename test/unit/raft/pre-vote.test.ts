import assert from "node:assert/strict";
import { test } from "node:test";
import { paperTiming, RaftNode, type Message } from "../../../src/raft/index.ts";
import {
  append,
  candidate,
  follower,
  leader,
  log,
  members,
  messagesIn,
  now,
  receive,
  replyIn,
  requestVote,
  saved,
  vote,
  wake,
} from "./cases.ts";

// Dissertation §9.6: who wants to stand asks first whether it could win.

const extensions = { preVote: true, checkQuorum: true };
const { min } = paperTiming.electionTimeoutMillis;

function preVote(from: string, term: number, written: string): Message {
  const terms = written.split(" ").filter(Boolean).map(Number);
  return {
    kind: "PreVote",
    from,
    to: "A",
    term,
    lastLogIndex: terms.length,
    lastLogTerm: terms.at(-1) ?? 0,
  };
}

function preVoteReply(from: string, term: number, voteGranted = true): Message {
  return { kind: "PreVoteReply", from, to: "A", term, voteGranted };
}

/** Whether the node would vote for B, and the term that it names. */
function answerTo(node: RaftNode, request: Message, at = now) {
  const { voteGranted, term } = replyIn(receive(node, request, at), "PreVoteReply");
  return { voteGranted, term };
}

/** A leader that was elected without being asked for it. */
function leading(): RaftNode {
  return RaftNode.at({ ...leader("1 2", 3).state, extensions });
}

/** A follower whose election timeout has passed. */
function asking(count = 3): RaftNode {
  const node = follower("1 2", 2, { extensions, members: members(count) });
  wake(node, node.nextDeadline);
  return node;
}

test("a node that hears no leader asks everyone, and stays in its term", () => {
  const node = follower("1 2", 2, { extensions });
  const asked = messagesIn(wake(node, node.nextDeadline));
  assert.deepEqual(
    asked.map(({ kind, to, term }) => [kind, to, term]),
    [
      ["PreVote", "B", 2],
      ["PreVote", "C", 2],
    ],
  );
  assert.deepEqual([node.state.currentTerm, node.state.votedFor], [2, null]);
  assert.equal(node.state.role.kind, "follower");
  assert(node.nextDeadline > now, "it asks again if nobody answers");
});

test("with a quorum that would vote for it, itself among them, it stands in the next term", () => {
  const node = asking(5);
  assert.deepEqual(receive(node, preVoteReply("B", 2)), []);
  receive(node, preVoteReply("B", 2));
  assert.equal(node.state.currentTerm, 2, "one that says so twice counts once");
  const asked = messagesIn(receive(node, preVoteReply("C", 2)));
  assert.deepEqual([node.state.role.kind, node.state.currentTerm], ["candidate", 3]);
  assert.deepEqual(
    asked.map(({ kind, term }) => [kind, term]),
    members(4).map(() => ["RequestVote", 3]),
  );
});

test("who would not vote, answered in another term or was not asked does not count", () => {
  const node = asking();
  receive(node, preVoteReply("B", 2, false));
  receive(node, preVoteReply("B", 1));
  assert.equal(node.state.role.kind, "follower");
  const idle = follower("1 2", 2, { extensions });
  receive(idle, preVoteReply("B", 2));
  assert.equal(idle.state.role.kind, "follower");
});

test("alone in its cluster a node asks nobody and stands at once", () => {
  const node = asking(1);
  assert.deepEqual([node.state.role.kind, node.state.currentTerm], ["candidate", 3]);
});

test("a node would vote for whoever's log is as up-to-date as its own, and commits to nothing", () => {
  for (const [written, granted] of [
    ["1 2 2", true],
    ["1 2", true],
    ["1 1 1", false],
    ["1", false],
  ] as const) {
    const node = follower("1 2", 2, { extensions });
    const deadline = node.nextDeadline;
    assert.equal(answerTo(node, preVote("B", 2, written)).voteGranted, granted, written);
    assert.deepEqual([node.state.votedFor, node.state.currentTerm], [null, 2]);
    assert.equal(node.nextDeadline, deadline, "what is not a vote puts nothing off");
  }
});

test("a vote that was given in this term does not matter: it would be for the next one", () => {
  const node = follower("1 2", 2, { extensions, votedFor: "C" });
  assert.equal(answerTo(node, preVote("B", 2, "1 2")).voteGranted, true);
  assert.equal(node.state.votedFor, "C");
});

test("a leader would vote for nobody, whatever the term, and keeps its own", () => {
  const node = leading();
  const { role } = node.state;
  for (const term of [2, 3, 9]) {
    const answer = answerTo(node, preVote("B", term, "1 2 3 9"));
    assert.deepEqual(answer, { voteGranted: false, term: 3 });
  }
  assert.equal(node.state.role, role);
});

test("who has heard a leader within the shortest election timeout would vote for nobody", () => {
  const node = follower("1 2", 3, { extensions });
  append(node, "1 2", "");
  const early = answerTo(node, preVote("C", 9, "1 2 3"), now + min - 1);
  assert.deepEqual(early, { voteGranted: false, term: 3 });
  const late = answerTo(node, preVote("C", 3, "1 2 3"), now + min);
  assert.deepEqual(late, { voteGranted: true, term: 3 });
});

test("of two that hear no leader the one in the older term learns of the newer one", () => {
  // Else a node with an old term, whose log alone is up-to-date, and one with a new term would
  // refuse each other for ever.
  const behind = asking();
  receive(behind, preVote("B", 7, "1"));
  assert.equal(behind.state.currentTerm, 7);
  const ahead = follower("1", 7, { extensions });
  const refused = replyIn(receive(ahead, preVote("B", 2, "1 2")), "PreVoteReply");
  assert.deepEqual([refused.voteGranted, refused.term], [false, 7]);
  const other = asking();
  receive(other, refused);
  assert.equal(other.state.currentTerm, 7);
  assert.equal(answerTo(ahead, preVote("B", 7, "1 2")).voteGranted, true);
});

test("a leader that lost its quorum asks, wins and leads again", () => {
  const node = leading();
  saved(node);
  wake(node, now + 10_000);
  assert.equal(node.state.role.kind, "follower");
  wake(node, node.nextDeadline);
  receive(node, preVoteReply("B", 3));
  assert.deepEqual([node.state.role.kind, node.state.currentTerm], ["candidate", 4]);
  saved(node);
  vote(node, "B");
  assert.equal(node.state.role.kind, "leader");
});

test("stepping down within a term keeps the vote: nobody votes twice in it", () => {
  const node = leading();
  wake(node, now + 10_000);
  assert.deepEqual([node.state.role.kind, node.state.votedFor], ["follower", "A"]);
  const { voteGranted } = requestVote(node, "B", 3, "1 2 3 3");
  assert.equal(voteGranted, false);
});

test("a leader, or a vote for another, ends the asking", () => {
  const heard = asking();
  append(heard, "1 2", "");
  receive(heard, preVoteReply("B", 2));
  assert.equal(heard.state.role.kind, "follower");
  const voted = asking();
  requestVote(voted, "C", 2, "1 2");
  assert.equal(voted.state.votedFor, "C");
  receive(voted, preVoteReply("B", 2));
  assert.equal(voted.state.role.kind, "follower");
});

test("a candidate whose election failed asks again before it stands again", () => {
  const node = candidate("1 2", 3);
  const extended = follower("1 2", 3, { ...node.state, extensions });
  const asked = messagesIn(wake(extended, extended.nextDeadline));
  assert(asked.every(({ kind, term }) => kind === "PreVote" && term === 3));
  assert.equal(asked.length, 2);
});

test("without the extension a node stands at once, and still answers who asks", () => {
  const node = follower("1 2", 2);
  assert.equal(answerTo(node, preVote("B", 2, "1 2")).voteGranted, true);
  wake(node, node.nextDeadline);
  assert.equal(node.state.role.kind, "candidate");
  assert.equal(node.state.log.length, log("1 2").length);
});
