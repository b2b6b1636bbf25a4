import assert from "node:assert/strict";
import { test } from "node:test";
import {
  leaderOf,
  nothingSaved,
  paperTiming,
  RaftNode,
  type Message,
  type RaftState,
} from "../../../src/raft/index.ts";
import {
  acknowledgement,
  append,
  appendRequest,
  candidate,
  follower,
  leader,
  members,
  messagesIn,
  now,
  receive,
  requestVote,
  saved,
  step,
  terms,
  vote,
  voteReply,
  voteRequest,
  wake,
} from "./cases.ts";

// §5.1, §5.2 and §5.4.1: terms, roles and votes.

/** One message of each kind, none of which could succeed with a node whose log is "1 2". */
function messagesOf(term: number): readonly Message[] {
  return [
    voteRequest("B", term, "1"),
    voteReply("B", term, false),
    appendRequest("1 3", "3", { from: "B", term, leaderCommit: 0 }),
    acknowledgement("B", term, 2),
  ];
}

const roles = {
  follower: () => follower("1 2", 3),
  candidate: () => candidate("1 2", 3),
  leader: () => leader("1 2", 3),
};

test("a node starts as a follower that knows no leader (§5.2)", () => {
  const node = follower("1 1", 2);
  assert.deepEqual(node.state.role, { kind: "follower", leaderId: null });
  assert.equal(node.state.commitIndex, 0);
});

test("election timeouts are drawn from the range, and differ between nodes (§5.2)", () => {
  const { min, max } = paperTiming.electionTimeoutMillis;
  const timeouts = Array.from({ length: 500 }, (_, seed) => {
    const options = { id: "A", members: members(3), timing: paperTiming, seed, now };
    return new RaftNode({ ...options, saved: nothingSaved }).nextDeadline - now;
  });
  assert(timeouts.every((timeout) => timeout >= min && timeout < max));
  assert(new Set(timeouts).size > 100, "nearly every length of the range is drawn");
});

test("waking before the election deadline does nothing (§5.2)", () => {
  for (const node of [follower("1", 1), candidate("1", 1)]) {
    const before = node.state;
    assert.deepEqual(wake(node, node.nextDeadline - 1), []);
    assert.equal(node.state, before);
  }
});

test("a follower that hears from nobody asks for votes in the next term (§5.2)", () => {
  const node = follower("1 1", 4);
  wake(node, node.nextDeadline);
  const { role, currentTerm, votedFor } = node.state;
  assert.deepEqual([role.kind, currentTerm, votedFor], ["candidate", 5, "A"]);
});

test("a candidate asks each of its peers once, and shows how its log ends (§5.2)", () => {
  const node = follower("1 1 3", 4);
  const request = { kind: "RequestVote", from: "A", term: 5, lastLogIndex: 3, lastLogTerm: 3 };
  assert.deepEqual(messagesIn(wake(node, node.nextDeadline)), [
    { ...request, to: "B" },
    { ...request, to: "C" },
  ]);
});

test("a candidate with an empty log shows index 0 and term 0 (§5.2)", () => {
  const node = follower("", 0);
  const [request] = messagesIn(wake(node, node.nextDeadline));
  assert(request?.kind === "RequestVote");
  assert.deepEqual([request.lastLogIndex, request.lastLogTerm], [0, 0]);
});

test("an election that nobody wins is followed by another, a fresh timeout later (§5.2)", () => {
  const node = candidate("1", 2);
  saved(node);
  const deadline = node.nextDeadline;
  assert(deadline >= now + 150 && deadline < now + 300);
  assert.equal(messagesIn(wake(node, deadline)).length, 2);
  assert.equal(node.state.currentTerm, 3);
  assert.deepEqual(node.state.role, { kind: "candidate", votes: new Set() });
  assert(node.nextDeadline >= deadline + 150);
});

test("a candidate's own vote counts once it is saved, and not before (§5.2, Figure 2)", () => {
  const node = candidate("1", 2);
  vote(node, "B");
  assert.equal(node.state.role.kind, "candidate");
  saved(node);
  assert.equal(node.state.role.kind, "leader");
});

test("a candidate's own vote does not count when an older term is what was saved (Figure 2)", () => {
  const node = candidate("1", 2);
  vote(node, "B");
  saved(node, { currentTerm: 1 });
  assert.equal(node.state.role.kind, "candidate");
});

test("a follower that saves a vote for another does not elect itself (§5.2)", () => {
  const node = follower("1", 1, { members: members(1) });
  requestVote(node, "B", 2, "1");
  saved(node);
  assert.equal(node.state.role.kind, "follower");
});

test("a quorum of votes makes a leader, which tells every peer at once (§5.2)", () => {
  const node = candidate("1", 2);
  saved(node);
  const sent = messagesIn(vote(node, "C"));
  assert.equal(leaderOf(node.state), "A");
  assert.deepEqual(
    sent.map(({ kind, to, term }) => [kind, to, term]),
    [
      ["AppendEntries", "B", 2],
      ["AppendEntries", "C", 2],
    ],
  );
});

test("a refusal is not a vote (§5.2)", () => {
  const node = candidate("1", 2);
  saved(node);
  for (const peer of ["B", "C"]) receive(node, voteReply(peer, 2, false));
  assert.equal(node.state.role.kind, "candidate");
});

test("a vote of an older term does not count (§5.2)", () => {
  const node = candidate("1", 4);
  saved(node);
  for (const peer of ["B", "C"]) receive(node, voteReply(peer, 3));
  assert.equal(node.state.role.kind, "candidate");
});

test("votes won in one election are not carried into the next (§5.2)", () => {
  const node = candidate("1", 2, { members: members(5) });
  saved(node);
  vote(node, "B");
  wake(node, node.nextDeadline);
  saved(node);
  vote(node, "C");
  assert.equal(node.state.role.kind, "candidate");
});

test("a vote that arrives twice counts once (§5.2)", () => {
  const node = candidate("1", 2, { members: members(5) });
  saved(node);
  for (let times = 0; times < 3; times++) vote(node, "B");
  saved(node);
  assert.equal(node.state.role.kind, "candidate");
  vote(node, "C");
  assert.equal(node.state.role.kind, "leader");
});

test("a vote that arrives after the election changes nothing (§5.2)", () => {
  for (const node of [leader("1", 2), follower("1", 2)]) {
    const before = node.state;
    assert.deepEqual(vote(node, "C"), []);
    assert.equal(node.state, before);
  }
});

test("a node votes for one candidate in a term (§5.2)", () => {
  const node = follower("1", 1);
  assert.equal(requestVote(node, "B", 2, "1").voteGranted, true);
  assert.equal(requestVote(node, "C", 2, "1 1").voteGranted, false);
  assert.equal(node.state.votedFor, "B");
});

test("a candidate that asks again in the same term is granted its vote again (§5.2)", () => {
  const node = follower("1", 1);
  requestVote(node, "B", 2, "1");
  assert.equal(requestVote(node, "B", 2, "1").voteGranted, true);
});

test("in the next term the vote is free again (§5.2)", () => {
  const node = follower("1", 2, { votedFor: "B" });
  assert.equal(requestVote(node, "C", 3, "1").voteGranted, true);
  assert.equal(node.state.votedFor, "C");
});

test("candidates and leaders have voted for themselves (§5.2)", () => {
  for (const node of [candidate("1", 2), leader("1", 2)]) {
    const before = node.state;
    assert.equal(requestVote(node, "B", 2, "1 2 2").voteGranted, false);
    assert.equal(node.state, before);
  }
});

test("a candidate of an older term is refused and told the newer term (§5.1)", () => {
  const node = follower("1", 3);
  assert.deepEqual(requestVote(node, "B", 2, "1 2"), {
    kind: "RequestVoteReply",
    from: "A",
    to: "B",
    term: 3,
    voteGranted: false,
  });
  assert.equal(node.state.votedFor, null);
});

test("a vote goes only to a log that is at least as up to date (§5.4.1)", () => {
  for (const [mine, theirs, voteGranted] of [
    ["", "", true],
    ["1 2", "1 2", true],
    ["1 2", "1 2 2", true],
    ["1 2 2", "1 2", false],
    ["1 2 2 2", "1 3", true],
    ["1 3", "1 2 2 2", false],
    ["1", "", false],
  ] as const) {
    const node = follower(mine, 3);
    const reply = requestVote(node, "B", 4, theirs);
    assert.deepEqual([reply.voteGranted, reply.term], [voteGranted, 4], `"${theirs}" at "${mine}"`);
    assert.equal(node.state.votedFor, voteGranted ? "B" : null);
  }
});

test("granting a vote starts a fresh election timeout (§5.2)", () => {
  const node = follower("1", 1);
  const later = node.nextDeadline - 1;
  receive(node, voteRequest("B", 2, "1"), later);
  assert(node.nextDeadline >= later + 150);
});

test("refusing a vote leaves the election deadline where it was (§5.2)", () => {
  const node = follower("1 2", 2);
  const deadline = node.nextDeadline;
  receive(node, voteRequest("B", 3, "1"), deadline - 1);
  receive(node, voteRequest("B", 2, "1 2"), deadline - 1);
  assert.equal(node.nextDeadline, deadline);
});

for (const [name, made] of Object.entries(roles)) {
  test(`a newer term in any message makes a ${name} a follower that has not voted (§5.1)`, () => {
    for (const message of messagesOf(7)) {
      const node = made();
      receive(node, message);
      const { role, currentTerm, votedFor } = node.state;
      assert.deepEqual([role.kind, currentTerm, votedFor], ["follower", 7, null], message.kind);
    }
  });

  test(`an older term in any message leaves a ${name} as it was (§5.1)`, () => {
    for (const message of messagesOf(2)) {
      const node = made();
      const before = node.state;
      const answers = messagesIn(receive(node, message));
      assert.equal(node.state, before, message.kind);
      const isRequest = message.kind === "RequestVote" || message.kind === "AppendEntries";
      assert.deepEqual(
        answers.map(({ to, term }) => [to, term]),
        isRequest ? [["B", 3]] : [],
      );
    }
  });
}

test("a candidate yields to the leader of its term, and its vote stands (§5.2)", () => {
  const node = candidate("1 1", 2);
  assert.equal(append(node, "1 1", "2").outcome.success, true);
  assert.deepEqual(node.state.role, { kind: "follower", leaderId: "B" });
  assert.equal(node.state.votedFor, "A");
  assert.equal(terms(node), "1 1 2");
});

test("a candidate that has yielded does not lead when its votes come late (§5.2)", () => {
  const node = candidate("1", 2);
  append(node, "1", "");
  saved(node);
  vote(node, "C");
  assert.equal(leaderOf(node.state), "B");
});

test("a follower knows the leader from its AppendEntries, until the next term (§5.2)", () => {
  const node = follower("1", 2);
  assert.equal(leaderOf(node.state), null);
  append(node, "1", "");
  assert.equal(leaderOf(node.state), "B");
  requestVote(node, "C", 3, "1");
  assert.equal(leaderOf(node.state), null);
});

test("two leaders in one term would be a contradiction (§5.2)", () => {
  const node = leader("1", 2);
  assert.throws(() => append(node, "1", "2"), /one leader per term/);
});

test("the leader's AppendEntries starts a fresh election timeout, even when refused (§5.2)", () => {
  for (const previous of ["1", "1 2"]) {
    const node = follower("1", 2);
    const later = node.nextDeadline - 1;
    receive(node, appendRequest(previous, "", { from: "B", term: 2, leaderCommit: 0 }), later);
    assert(node.nextDeadline >= later + 150, previous);
  }
});

test("the AppendEntries of a leader of an older term does not put off an election (§5.2)", () => {
  const node = follower("1", 3);
  const before = node.state;
  receive(node, appendRequest("1", "", { from: "B", term: 2, leaderCommit: 0 }), now + 100);
  assert.equal(node.state, before);
});

test("a leader does not call an election; waking it past its deadline sends heartbeats (§5.2)", () => {
  const node = leader("1", 2);
  const { electionDeadline } = node.state;
  const sent = messagesIn(wake(node, electionDeadline + 1));
  assert.deepEqual(
    sent.map(({ kind }) => kind),
    ["AppendEntries", "AppendEntries"],
  );
  assert.equal(leaderOf(node.state), "A");
});

test("a leader that steps down waits a whole election timeout before it asks for votes (§5.2)", () => {
  for (const message of messagesOf(7)) {
    const node = leader("1 2", 3);
    const muchLater = now + 10_000;
    receive(node, message, muchLater);
    assert(node.nextDeadline >= muchLater + 150, message.kind);
    assert(node.nextDeadline < muchLater + 300, message.kind);
  }
});

test("chance is part of the state: the same state draws the same timeout (§5.2)", () => {
  const { state } = follower("1", 1);
  const deadlineOf = (changes: Partial<RaftState>) => {
    const node = RaftNode.at({ ...state, ...changes });
    step(node, { kind: "wake" }, state.electionDeadline);
    return node.nextDeadline;
  };
  assert.equal(deadlineOf({}), deadlineOf({}));
  const drawn = Array.from({ length: 20 }, (_, random) => deadlineOf({ random }));
  assert(new Set(drawn).size > 10);
});
