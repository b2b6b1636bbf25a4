import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isQuorum,
  lastIndex,
  newestConfiguration,
  RaftNode,
  type Configuration,
  type Effect,
  type MembershipOutcome,
} from "../../../src/raft/index.ts";
import {
  acknowledge,
  append,
  appendsTo,
  candidate,
  follower,
  leaderRole,
  members,
  messagesIn,
  now,
  peersOf,
  propose,
  proposeMany,
  receive,
  requestVote,
  saved,
  settledLeader,
  step,
  vote,
  voteRequest,
  wake,
} from "./cases.ts";

// §6: clusters change their members by joint consensus. A configuration is written as its voters,
// its old voters before an arrow while it is joint, and behind a plus those who only learn.

test("a joint configuration needs a majority of the old voters and one of the new (§6)", () => {
  const joint = { voters: ["D", "E", "F"], outgoing: ["A", "B", "C"], learners: ["G"] };
  const holds = (some: string) => isQuorum(joint, (node) => some.includes(node));
  assert.equal(holds("ABCD"), false, "one of the new");
  assert.equal(holds("ADEF"), false, "one of the old");
  assert.equal(holds("DEFG"), false, "a learner is none of the old");
  assert.equal(holds("ABDE"), true);
});

test("nobody makes up the quorum of no voters", () => {
  assert.equal(
    isQuorum({ voters: [], outgoing: [], learners: ["A"] }, () => true),
    false,
  );
});

test("who is added learns first, then old and new count together, then the new alone (§6)", () => {
  const node = settledLeader("1", 2);
  const asked = change(node, { add: ["D"] });
  assert.equal(written(node), "ABC +D");
  assert.deepEqual(appendsTo("D", asked), [], "what it lacks is asked for with the next heartbeat");

  commit(node);
  assert.equal(written(node), "ABC +D", "D has not answered yet");
  acknowledge(node, "D", lastIndex(node.state.log));
  assert.equal(written(node), "ABC → ABCD");
  commit(node, "B", "C", "D");
  assert.equal(written(node), "ABCD");
  const end = commit(node, "B", "C", "D");
  assert.deepEqual(outcomesIn(end), [{ kind: "done" }]);
});

test("a node that is far behind is no voter before it has nearly all (dissertation §4.2.1)", () => {
  const node = settledLeader("1", 2);
  proposeMany(node, 300);
  commit(node);
  change(node, { add: ["D"] });
  commit(node);
  acknowledge(node, "D", lastIndex(node.state.log) - 257);
  assert.equal(written(node), "ABC +D");
  acknowledge(node, "D", lastIndex(node.state.log) - 256);
  assert.equal(written(node), "ABC → ABCD");
});

test("while two configurations are joint an entry commits with a majority of each (§6)", () => {
  for (const [some, last] of [
    ["BCD", "E"],
    ["DEF", "B"],
  ] as const) {
    const node = settledLeader("1", 2);
    enterJoint(node, ["D", "E", "F"], ["B", "C"]);
    assert.equal(written(node), "ABC → ADEF");
    const index = lastIndex(node.state.log);
    saved(node);
    for (const peer of some) acknowledge(node, peer, index);
    assert(node.state.commitIndex < index, `A and ${some} are a majority of one only`);
    acknowledge(node, last, index);
    assert(node.state.commitIndex >= index);
  }
});

test("a candidate in a joint configuration needs a majority of each (§6)", () => {
  const node = candidate("1", 2, placed(["B", "C", "D"], ["A", "B", "C"]));
  saved(node);
  vote(node, "B");
  assert.equal(node.state.role.kind, "candidate", "A and B of the old, B of the new");
  vote(node, "D");
  assert.equal(node.state.role.kind, "leader");
  const other = candidate("1", 2, placed(["A", "D", "E"], ["A", "B", "C"]));
  saved(other);
  vote(other, "D");
  assert.equal(other.state.role.kind, "candidate", "A and D of the new, A of the old");
});

test("votes of learners and of strangers count for nothing (dissertation §4.2.1)", () => {
  const node = candidate("1", 2, placed(["A", "B", "C"], [], ["D"]));
  saved(node);
  vote(node, "D");
  vote(node, "X");
  assert.equal(node.state.role.kind, "candidate");
});

test("what a learner holds commits nothing (dissertation §4.2.1)", () => {
  const node = settledLeader("1", 2);
  change(node, { add: ["D"], as: "learners" });
  commit(node);
  propose(node, "x");
  saved(node);
  const index = lastIndex(node.state.log);
  acknowledge(node, "D", index);
  assert(node.state.commitIndex < index);
  acknowledge(node, "B", index);
  assert.equal(node.state.commitIndex, index);
});

test("a learner votes when it is asked: who asks may know of a newer configuration", () => {
  const node = follower("1", 1, placed(["B", "C"], [], ["A"]));
  assert.equal(requestVote(node, "B", 2, "1").voteGranted, true);
});

test("only one change is under way at a time (§6)", () => {
  const node = settledLeader("1", 2);
  change(node, { add: ["D"] });
  assert.deepEqual(outcomesIn(change(node, { add: ["E"] })), [{ kind: "busy" }]);
  assert.equal(written(node), "ABC +D");
});

test("a new leader changes nothing before the newest configuration is committed (2015)", () => {
  const node = follower("1", 1);
  appendConfiguration(node, { voters: ["A", "B", "C", "D"], outgoing: [], learners: [] }, 2);
  elect(node, "B", "C");
  assert.deepEqual(outcomesIn(change(node, { remove: ["D"] })), [{ kind: "busy" }]);
});

test("a configuration counts from when it stands in the log, and goes with its entry (§6)", () => {
  const node = follower("1", 1);
  appendConfiguration(node, { voters: ["A", "B", "C", "D"], outgoing: [], learners: [] }, 2);
  assert.equal(written(node), "ABCD");
  append(node, "1", "3", { term: 3 });
  assert.equal(written(node), "ABC", "another leader's entry stands in its place");
});

test("a node that starts again goes by the newest configuration in its log", () => {
  const node = follower("1", 1);
  appendConfiguration(node, { voters: ["A", "D"], outgoing: [], learners: ["B"] }, 2);
  const { id, timing, currentTerm, votedFor, log } = node.state;
  const disk = { currentTerm, votedFor, log };
  const again = new RaftNode({ id, members: members(3), timing, seed: 1, now, saved: disk });
  assert.equal(written(again), "AD +B");
});

test("a new leader leaves a joint configuration that another has entered (§6)", () => {
  const node = follower("1", 1);
  appendConfiguration(
    node,
    { voters: ["A", "B", "D"], outgoing: ["A", "B", "C"], learners: [] },
    2,
  );
  elect(node, "B", "C", "D");
  assert.equal(written(node), "ABC → ABD");
  commit(node, "B", "C");
  assert.equal(written(node), "ABD");
});

test("a leader that is to go counts itself for nothing and goes once that is committed (§6)", () => {
  const node = settledLeader("1", 2);
  change(node, { remove: ["A"] });
  assert.equal(written(node), "ABC → BC");
  commit(node, "B", "C");
  assert.equal(written(node), "BC");
  saved(node);
  const index = lastIndex(node.state.log);
  acknowledge(node, "B", index);
  assert.equal(node.state.role.kind, "leader", "A and B are no majority of B and C");
  const end = acknowledge(node, "C", index);
  assert.equal(node.state.role.kind, "follower");
  assert.deepEqual(outcomesIn(end), [{ kind: "done" }]);
  const told = messagesIn(end);
  assert(told.some((message) => message.kind === "TimeoutNow" && message.to === "B"));
});

test("who leaves is told that it is committed, and then sent nothing more", () => {
  const node = settledLeader("1", 2);
  change(node, { remove: ["C"] });
  commit(node, "B", "C");
  assert.deepEqual(peersOf(node), ["B"]);
  const end = commit(node, "B", "C");
  assert.equal(appendsTo("C", end).at(-1)?.leaderCommit, lastIndex(node.state.log));
  const beat = wake(node, node.nextDeadline);
  assert.deepEqual(
    messagesIn(beat).map(({ to }) => to),
    ["B"],
  );
});

test("outside its newest configuration a node stands as long as that is not committed (dissertation §4.2.2)", () => {
  const node = follower("1", 1);
  appendConfiguration(node, { voters: ["B", "C"], outgoing: [], learners: [] }, 2);
  wake(node, node.nextDeadline);
  assert.equal(node.state.role.kind, "candidate");
  saved(node);
  vote(node, "B");
  assert.equal(node.state.role.kind, "candidate", "its own vote is none there");
  vote(node, "C");
  assert.equal(node.state.role.kind, "leader");
});

test("once it is committed the node stands no more, whatever it is told", () => {
  const node = follower("1", 1);
  appendConfiguration(node, { voters: ["B", "C"], outgoing: [], learners: [] }, 2, 2);
  const before = node.nextDeadline;
  assert.deepEqual(wake(node, before), []);
  assert(node.nextDeadline > before, "and waits on");
  const told = { kind: "TimeoutNow", from: "B", to: "A", term: 2 } as const;
  assert.deepEqual(receive(node, told), []);
  assert.equal(node.state.role.kind, "follower");
});

test("who waits to be added knows of nobody, and never stands", () => {
  const node = follower("", 0, { members: [] });
  assert.deepEqual(wake(node, node.nextDeadline), []);
  assert.equal(append(node, "", "1 1", { term: 1 }).outcome.success, true);
});

test("who has left and does not know deposes nobody that others hear (end of §6)", () => {
  const node = follower("1", 1);
  appendConfiguration(node, { voters: ["A", "B"], outgoing: [], learners: [] }, 2, 2);
  assert.deepEqual(receive(node, voteRequest("C", 9, "1 2")), []);
  assert.equal(node.state.currentTerm, 2);
  const later = now + node.state.timing.electionTimeoutMillis.min;
  const heeded = receive(node, voteRequest("C", 9, "1 2"), later);
  assert.equal(messagesIn(heeded).length, 1, "with no leader about, it may be needed");
});

test("a node of which nothing is heard is left out again", () => {
  const node = settledLeader("1", 2);
  change(node, { add: ["D"] });
  commit(node);
  const patience = 10 * node.state.timing.electionTimeoutMillis.max;
  wake(node, now + patience);
  assert.equal(written(node), "ABC +D");
  const end = wake(node, now + patience + 1);
  assert.deepEqual(outcomesIn(end), [{ kind: "timedOut", node: "D" }]);
  assert.equal(written(node), "ABC");
});

test("a node that answers is waited for, however long it takes", () => {
  const node = settledLeader("1", 2);
  proposeMany(node, 300);
  commit(node);
  change(node, { add: ["D"] });
  commit(node);
  const patience = 10 * node.state.timing.electionTimeoutMillis.max;
  const outcome = {
    success: false,
    prevLogIndex: 300,
    conflictTerm: null,
    conflictIndex: 1,
  } as const;
  const answer = { kind: "AppendEntriesReply", from: "D", to: "A", term: 2, outcome } as const;
  receive(node, answer, now + patience);
  wake(node, now + patience + 1);
  assert.equal(written(node), "ABC +D");
});

test("whoever does not lead says who does", () => {
  const node = follower("1", 1);
  append(node, "1", "", { from: "B" });
  assert.deepEqual(outcomesIn(change(node, { add: ["D"] })), [
    { kind: "notLeader", leaderId: "B" },
  ]);
});

test("somebody is left to vote", () => {
  const node = settledLeader("1", 2, { members: members(1) });
  assert.deepEqual(outcomesIn(change(node, { remove: ["A"] })), [{ kind: "noVoters" }]);
});

test("what is so already is done at once", () => {
  const node = settledLeader("1", 2);
  assert.deepEqual(outcomesIn(change(node, { add: ["B"], remove: ["X"] })), [{ kind: "done" }]);
  assert.equal(written(node), "ABC");
});

test("the leader tells who had asked for the change that it leads no more", () => {
  const node = settledLeader("1", 2);
  change(node, { add: ["D"] });
  const end = receive(node, voteRequest("B", 3, "1 2"));
  assert.deepEqual(outcomesIn(end), [{ kind: "steppedDown" }]);
});

test("a change waits for a transfer of the leadership, and a transfer goes to voters only", () => {
  const node = settledLeader("1", 2);
  change(node, { add: ["D"], as: "learners" });
  commit(node);
  assert.equal(written(node), "ABC +D");
  const refused = step(node, { kind: "transfer", to: "D" });
  assert.deepEqual(refused, [{ kind: "transferEnded", outcome: { kind: "noPeer", to: "D" } }]);
  step(node, { kind: "transfer", to: "B" });
  assert.deepEqual(outcomesIn(change(node, { remove: ["C"] })), [{ kind: "busy" }]);
});

function change(
  node: RaftNode,
  { add = [], remove = [], as = "voters" }: Asked,
): readonly Effect[] {
  return step(node, { kind: "changeMembership", add, remove, as });
}

interface Asked {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly as?: "voters" | "learners";
}

/** All that the leader has now is saved, and on these; B and C unless others are named. */
function commit(node: RaftNode, ...on: readonly string[]): readonly Effect[] {
  const index = lastIndex(node.state.log);
  const effects = [...saved(node)];
  for (const peer of on.length > 0 ? on : ["B", "C"]) {
    if (node.state.role.kind === "leader") effects.push(...acknowledge(node, peer, index));
  }
  return effects.filter(({ kind }) => kind === "membershipEnded" || kind === "send");
}

function outcomesIn(effects: readonly Effect[]): readonly MembershipOutcome[] {
  return effects.flatMap((effect) => (effect.kind === "membershipEnded" ? [effect.outcome] : []));
}

function written(node: RaftNode): string {
  const { voters, outgoing, learners } = newestConfiguration(node.state);
  const old = outgoing.length === 0 ? "" : `${outgoing.join("")} → `;
  const learning = learners.length === 0 ? "" : ` +${learners.join("")}`;
  return `${old}${voters.join("")}${learning}`;
}

/** B, leader of `term`, puts a configuration behind A's log. */
function appendConfiguration(
  node: RaftNode,
  configuration: Configuration,
  term: number,
  leaderCommit = 0,
): void {
  const { log } = node.state;
  receive(node, {
    kind: "AppendEntries",
    from: "B",
    to: "A",
    term,
    prevLogIndex: lastIndex(log),
    prevLogTerm: 1,
    entries: [{ kind: "configuration", term, configuration }],
    leaderCommit,
  });
  saved(node);
}

/** The state of a node that goes by this configuration, committed or not. */
function placed(
  voters: readonly string[],
  outgoing: readonly string[],
  learners: readonly string[] = [],
) {
  return { configurations: [{ index: 1, configuration: { voters, outgoing, learners } }] };
}

/** A, which leads B and C, takes these in and is about to do without those. */
function enterJoint(node: RaftNode, add: readonly string[], remove: readonly string[]): void {
  change(node, { add, remove });
  commit(node);
  for (const newcomer of add) acknowledge(node, newcomer, lastIndex(node.state.log));
}

function elect(node: RaftNode, ...voters: readonly string[]): void {
  wake(node, node.nextDeadline);
  saved(node);
  for (const voter of voters) vote(node, voter);
  leaderRole(node);
}
