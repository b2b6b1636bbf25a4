import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { messageLimit, type RaftNode } from "../../../src/raft/index.ts";
import {
  acknowledge,
  acknowledgement,
  append,
  appendsTo,
  candidate,
  entries,
  follower,
  leader,
  leaderRole,
  many,
  members,
  messagesIn,
  now,
  propose,
  proposeMany,
  receive,
  refuse,
  settledLeader,
  talk,
  terms,
  vote,
  saved,
  wake,
} from "./cases.ts";

// §5.3: how a leader brings the logs of its followers in line with its own.

// At the follower.

test("entries that follow on are appended, and acknowledged up to the last (§5.3)", () => {
  const node = follower("1 1", 3);
  assert.deepEqual(append(node, "1 1", "3 3").outcome, { success: true, matchIndex: 4 });
  assert.equal(terms(node), "1 1 3 3");
});

test("what precedes the first entry always agrees (§5.3)", () => {
  for (const held of ["", "1 1"]) {
    const node = follower(held, 2);
    assert.deepEqual(append(node, "", "1 2").outcome, { success: true, matchIndex: 2 });
    assert.equal(terms(node), "1 2");
  }
});

test("a leader of an older term is refused and told the newer term (§5.1)", () => {
  const node = follower("1 1", 3);
  const reply = append(node, "1 1", "2", { term: 2 });
  assert.deepEqual([reply.outcome.success, reply.term], [false, 3]);
  assert.equal(terms(node), "1 1");
});

test("a log that is too short refuses and says where it ends (§5.3)", () => {
  const node = follower("1 1", 3);
  assert.deepEqual(append(node, "1 1 3 3", "3").outcome, {
    success: false,
    prevLogIndex: 4,
    conflictTerm: null,
    conflictIndex: 3,
  });
  assert.equal(terms(node), "1 1");
});

test("a log that disagrees refuses and names the term in the way, and its first index (§5.3)", () => {
  const node = follower("1 2 2 2", 3);
  assert.deepEqual(append(node, "1 3 3 3", "3").outcome, {
    success: false,
    prevLogIndex: 4,
    conflictTerm: 2,
    conflictIndex: 2,
  });
});

test("a refused request leaves the log alone, even where it disagrees (§5.3)", () => {
  const node = follower("1 2 2 2", 3);
  append(node, "1 3 3 3", "3");
  append(node, "1 3 3", "3");
  assert.equal(terms(node), "1 2 2 2");
});

test("entries of another leader are replaced from the first that conflicts (§5.3)", () => {
  const node = follower("1 1 2 2 2", 3);
  assert.deepEqual(append(node, "1 1", "2 3").outcome, { success: true, matchIndex: 4 });
  assert.equal(terms(node), "1 1 2 3");
  assert.deepEqual(node.state.log, follower("1 1 2 3").state.log);
});

test("a delayed request does not shorten the log (§5.3)", () => {
  const node = follower("1 1 3 3", 3);
  assert.deepEqual(append(node, "1", "1").outcome, { success: true, matchIndex: 2 });
  assert.equal(terms(node), "1 1 3 3");
});

test("a request that comes twice changes the log once (§5.3)", () => {
  const node = follower("1", 3);
  append(node, "1", "3 3");
  const once = node.state.log;
  assert.deepEqual(append(node, "1", "3 3").outcome, { success: true, matchIndex: 3 });
  assert.equal(node.state.log, once);
});

test("a request that overlaps the log adds what is missing (§5.3)", () => {
  const node = follower("1 3", 3);
  append(node, "1", "3 3 3");
  assert.equal(terms(node), "1 3 3 3");
});

test("a heartbeat leaves the log alone, also what stands past its place (§5.3)", () => {
  const node = follower("1 2 2", 3);
  const held = node.state.log;
  append(node, "1", "");
  assert.equal(node.state.log, held);
});

test("what stands past a request is not acknowledged: it may be another leader's (§5.3)", () => {
  const node = follower("1 1 2 2", 3);
  assert.deepEqual(append(node, "1", "1").outcome, { success: true, matchIndex: 2 });
  assert.deepEqual(append(node, "1", "").outcome, { success: true, matchIndex: 1 });
});

// At the leader.

test("a new leader supposes that its peers hold its log, and knows nothing (Figure 2)", () => {
  const { nextIndex, matchIndex } = leaderRole(leader("1 1 2", 3));
  assert.deepEqual(
    [...nextIndex],
    [
      ["B", 4],
      ["C", 4],
    ],
  );
  assert.deepEqual(
    [...matchIndex],
    [
      ["B", 0],
      ["C", 0],
    ],
  );
});

test("a new leader's first request carries its no-op after its last entry (§5.2, §8)", () => {
  const node = candidate("1 1 2", 3);
  saved(node);
  const first = { after: 3, of: 2, entries: "3", leaderCommit: 0 };
  assert.deepEqual(appendsTo("C", vote(node, "B")), [first]);
});

test("commands are appended in order, in the leader's term, and their place is named (§5.3)", () => {
  const node = settledLeader("1", 2);
  const effects = propose(node, "x", "y");
  assert.equal(terms(node), "1 2 2 2");
  assert.deepEqual(
    effects.filter(({ kind }) => kind === "accept"),
    [{ kind: "accept", first: 3, term: 2 }],
  );
  const [request] = messagesIn(effects);
  assert(request?.kind === "AppendEntries");
  assert.deepEqual(request.entries, [
    { kind: "command", term: 2, command: "x" },
    { kind: "command", term: 2, command: "y" },
  ]);
});

test("a follower rejects commands and names the leader (§8)", () => {
  const node = follower("1", 2);
  append(node, "1", "", { from: "C" });
  assert.deepEqual(propose(node, "x"), [{ kind: "reject", leaderId: "C" }]);
  assert.equal(terms(node), "1");
});

test("who knows no leader rejects commands and names nobody (§8)", () => {
  for (const node of [follower("1", 2), candidate("1", 2)]) {
    assert.deepEqual(propose(node, "x"), [{ kind: "reject", leaderId: null }]);
    assert.equal(terms(node), "1");
  }
});

test("until a peer has answered it gets one request at a time (§5.3)", () => {
  const node = leader("1", 2);
  assert.deepEqual(messagesIn(propose(node, "x")), []);
  const answer = acknowledge(node, "B", 2);
  assert.deepEqual(appendsTo("B", answer), [{ after: 2, of: 2, entries: "2", leaderCommit: 0 }]);
  assert.deepEqual(appendsTo("C", answer), []);
});

test("a peer that keeps up gets entries as they come, ahead of its acknowledgements (§5.3)", () => {
  const node = settledLeader("1", 2);
  for (const after of [2, 3, 4]) {
    const effects = propose(node, "x");
    for (const peer of ["B", "C"]) {
      const request = { after, of: 2, entries: "2", leaderCommit: 2 };
      assert.deepEqual(appendsTo(peer, effects), [request]);
    }
  }
});

test("no more than 1024 entries are on their way to a peer that does not answer (§5.3)", () => {
  const node = settledLeader("1", 2);
  const sent: number[] = [];
  for (let times = 0; times < 6; times++) {
    const effects = proposeMany(node, 256);
    sent.push(...appendsTo("B", effects).map(({ after }) => after));
    // C answers at once and is not held up by B.
    assert.equal(appendsTo("C", effects).length, 1);
    acknowledge(node, "C", node.state.log.length);
  }
  assert.deepEqual(sent, [2, 258, 514, 770]);
  assert.deepEqual(
    appendsTo("B", acknowledge(node, "B", 258)).map(({ after }) => after),
    [1026],
  );
});

test("the window of 1024 entries is filled to the last (§5.3)", () => {
  const node = settledLeader("1", 2);
  for (let times = 0; times < 1024; times++) {
    assert.equal(appendsTo("B", propose(node, "x")).length, 1);
  }
  assert.deepEqual(appendsTo("B", propose(node, "x")), []);
  assert.equal(appendsTo("B", acknowledge(node, "B", 3)).length, 1);
});

test("one request carries at most as many entries as the limit says (§5.3)", () => {
  const node = settledLeader("1", 2);
  const [request] = appendsTo("B", proposeMany(node, messageLimit.entries + 1));
  assert.equal(request?.entries, many(2, messageLimit.entries));
  const [rest] = appendsTo("B", acknowledge(node, "B", 2 + messageLimit.entries));
  assert.deepEqual([rest?.after, rest?.entries], [2 + messageLimit.entries, "2"]);
});

test("one request carries at most as many characters as the limit says (§5.3)", () => {
  const half = "x".repeat(messageLimit.characters / 2);
  const full = settledLeader("1", 2);
  assert.equal(appendsTo("B", propose(full, half, half))[0]?.entries, "2 2");
  const over = settledLeader("1", 2);
  assert.equal(appendsTo("B", propose(over, half, half, "y"))[0]?.entries, "2 2");
});

test("an entry larger than the limit goes alone (§5.3)", () => {
  const large = "x".repeat(messageLimit.characters + 1);
  const node = settledLeader("1", 2);
  assert.equal(appendsTo("B", propose(node, large, "y"))[0]?.entries, "2");
  assert.equal(appendsTo("B", acknowledge(node, "B", 3))[0]?.entries, "2");
});

test("heartbeats go to every peer when they are due, and not before (§5.2)", () => {
  const node = settledLeader("1", 2);
  const due = node.nextDeadline;
  assert.equal(due, now + node.state.timing.heartbeatMillis);
  assert.deepEqual(wake(node, due - 1), []);
  const effects = wake(node, due);
  for (const peer of ["B", "C"]) {
    assert.deepEqual(appendsTo(peer, effects), [{ after: 2, of: 2, entries: "", leaderCommit: 2 }]);
  }
  assert.equal(node.nextDeadline, due + node.state.timing.heartbeatMillis);
});

test("a heartbeat repeats to a silent peer what it was asked before (§5.3)", () => {
  const node = leader("1 1", 2);
  propose(node, "x");
  for (let times = 0; times < 2; times++) {
    const effects = wake(node, node.nextDeadline);
    assert.deepEqual(appendsTo("B", effects), [
      { after: 2, of: 1, entries: "2 2", leaderCommit: 0 },
    ]);
  }
});

test("a heartbeat carries to a peer that keeps up what was not sent yet, once (§5.3)", () => {
  const node = settledLeader("1", 2);
  proposeMany(node, 300);
  const [heartbeat] = appendsTo("B", wake(node, node.nextDeadline));
  assert.deepEqual([heartbeat?.after, heartbeat?.entries], [258, many(2, 44)]);
  const [next] = appendsTo("B", propose(node, "x"));
  assert.deepEqual([next?.after, next?.entries], [302, "2"]);
});

test("a request that was lost is noticed by the next, and sent again (§5.3)", () => {
  const node = settledLeader("1", 2);
  propose(node, "lost");
  const [next] = appendsTo("B", propose(node, "x"));
  assert.equal(next?.after, 3);
  const again = refuse(node, "B", { prevLogIndex: 3, conflictTerm: null, conflictIndex: 3 });
  assert.deepEqual(appendsTo("B", again), [{ after: 2, of: 2, entries: "2 2", leaderCommit: 2 }]);
});

test("an acknowledgement moves matchIndex to what it names, and nextIndex past it (§5.3)", () => {
  const node = leader("1 1", 2);
  propose(node, "x");
  acknowledge(node, "B", 3);
  assert.deepEqual(progress(node, "B"), { matchIndex: 3, nextIndex: 5 });
  assert.deepEqual(progress(node, "C"), { matchIndex: 0, nextIndex: 3 });
});

test("an acknowledgement that is late or comes twice lowers nothing (§5.3)", () => {
  const node = settledLeader("1 1", 2);
  const before = node.state;
  for (const matchIndex of [2, 3, 0]) {
    assert.deepEqual(acknowledge(node, "B", matchIndex), []);
    assert.deepEqual(node.state, before);
  }
});

test("an acknowledgement or a refusal of an older term changes nothing (§5.1)", () => {
  const node = leader("1 1 2", 4);
  const before = node.state;
  receive(node, acknowledgement("B", 3, 3));
  assert.equal(node.state, before);
});

test("a follower that once led does not care for late acknowledgements (§5.3)", () => {
  const node = leader("1", 2);
  append(node, "1 2", "", { term: 3 });
  const before = node.state;
  assert.deepEqual(acknowledge(node, "B", 2), []);
  assert.equal(node.state, before);
});

test("a refusal is answered at once with an earlier place to agree on (§5.3)", () => {
  const node = leader("1 1 2 2", 3);
  const effects = refuse(node, "B", { prevLogIndex: 4, conflictTerm: null, conflictIndex: 3 });
  assert.deepEqual(appendsTo("B", effects), [
    { after: 2, of: 1, entries: "2 2 3", leaderCommit: 0 },
  ]);
  assert.deepEqual(appendsTo("C", effects), []);
});

test("after a refusal for a term that we hold, our last entry of it is tried (§5.3)", () => {
  const node = leader("1 2 2 4 4 4", 5);
  const effects = refuse(node, "B", { prevLogIndex: 6, conflictTerm: 2, conflictIndex: 2 });
  assert.equal(appendsTo("B", effects)[0]?.after, 3);
});

test("after a refusal for a term that we do not hold, what stands before it is tried (§5.3)", () => {
  const node = leader("1 2 2 4 4 4", 5);
  const effects = refuse(node, "B", { prevLogIndex: 6, conflictTerm: 3, conflictIndex: 4 });
  assert.equal(appendsTo("B", effects)[0]?.after, 3);
});

test("a refusal that comes late or twice does not undo progress (§5.3)", () => {
  const node = leader("1 1 2 2", 3);
  const late = { prevLogIndex: 4, conflictTerm: null, conflictIndex: 2 };
  refuse(node, "B", late);
  assert.deepEqual(progress(node, "B"), { matchIndex: 0, nextIndex: 2 });
  const probing = node.state;
  assert.deepEqual(refuse(node, "B", late), []);
  assert.equal(node.state, probing);

  acknowledge(node, "B", 5);
  const inLine = node.state;
  assert.deepEqual(refuse(node, "B", late), []);
  assert.equal(node.state, inLine);
});

test("a refusal never leads back behind what was acknowledged (§5.3)", () => {
  const node = settledLeader("1 1", 2);
  propose(node, "lost");
  propose(node, "x");
  const effects = refuse(node, "B", { prevLogIndex: 4, conflictTerm: 1, conflictIndex: 1 });
  assert.equal(appendsTo("B", effects)[0]?.after, 3);
  assert.deepEqual(progress(node, "B"), { matchIndex: 3, nextIndex: 4 });
});

test("a peer that refused gets one request at a time again (§5.3)", () => {
  const node = settledLeader("1", 2);
  propose(node, "lost");
  propose(node, "x");
  refuse(node, "B", { prevLogIndex: 3, conflictTerm: null, conflictIndex: 3 });
  assert.deepEqual(appendsTo("B", propose(node, "y")), []);
  assert.deepEqual(appendsTo("B", acknowledge(node, "B", 4)), [
    { after: 4, of: 2, entries: "2", leaderCommit: 2 },
  ]);
});

test("each round trip skips a whole term that is in the way (§5.3)", () => {
  // Forty entries of four terms are in the way: a step back for each would take forty requests.
  const foreign = [2, 3, 4, 5].map((term) => many(term, 10)).join(" ");
  const peer = follower(`1 ${foreign}`, 6, { id: "B" });
  const node = candidate(`1 ${many(6, 40)}`, 7);
  saved(node);
  assert.equal(talk(node, peer, messagesIn(vote(node, "C"))), 5);
  assert.equal(terms(peer), terms(node));
});

test("where the follower's log is longer in a term, one round trip finds the place (§5.3)", () => {
  const peer = follower(`1 ${many(2, 50)}`, 4, { id: "B" });
  const node = candidate(`1 ${many(2, 10)} ${many(4, 30)}`, 5);
  saved(node);
  assert.equal(talk(node, peer, messagesIn(vote(node, "C"))), 2);
  assert.equal(terms(peer), terms(node));
});

test("a follower that lacks thousands of entries gets them, a full request at a time (§5.3)", () => {
  const peer = follower("", 0, { id: "B" });
  const node = candidate(many(1, 5000), 2);
  saved(node);
  // One is refused; 5,001 entries, 256 at a time, take twenty more.
  assert.equal(talk(node, peer, messagesIn(vote(node, "C"))), 21);
  assert(isDeepStrictEqual(peer.state.log, node.state.log), "the logs are the same");
});

for (const [name, written] of [
  ["(a)", "1 1 1 4 4 5 5 6 6"],
  ["(b)", "1 1 1 4"],
  ["(c)", "1 1 1 4 4 5 5 6 6 6 6"],
  ["(d)", "1 1 1 4 4 5 5 6 6 6 7 7"],
  ["(e)", "1 1 1 4 4 4 4"],
  ["(f)", "1 1 1 2 2 2 3 3 3 3 3"],
] as const) {
  test(`follower ${name} of Figure 7 ends with the log of the leader (§5.3)`, () => {
    const peer = follower(written, 7, { id: "B" });
    const node = candidate("1 1 1 4 4 5 5 6 6 6", 8, { members: members(7) });
    saved(node);
    const first = ["C", "D", "E"].flatMap((voter) => messagesIn(vote(node, voter)));
    talk(node, peer, first);
    assert.equal(terms(peer), "1 1 1 4 4 5 5 6 6 6 8");
    assert.deepEqual(peer.state.log, node.state.log);
    assert.deepEqual(progress(node, "B"), { matchIndex: 11, nextIndex: 12 });
  });
}

test("entries written the same way are the same entries", () => {
  assert.deepEqual(entries("2 2", 3), entries("1 1 2 2").slice(2));
});

function progress(node: RaftNode, peer: string) {
  const { matchIndex, nextIndex } = leaderRole(node);
  return { matchIndex: matchIndex.get(peer), nextIndex: nextIndex.get(peer) };
}
