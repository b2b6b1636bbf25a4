import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lastIndex,
  newestConfiguration,
  RaftNode,
  simpleConfiguration,
  termAt,
  type Effect,
  type Message,
  type Snapshot,
  type Term,
} from "../../../src/raft/index.ts";
import {
  acknowledge,
  append,
  appendRequest,
  appendsTo,
  appliedIn,
  entries,
  follower,
  leaderRole,
  members,
  messagesIn,
  now,
  proposeMany,
  receive,
  refuse,
  replyIn,
  saved,
  settledLeader,
  step,
  terms,
  wake,
} from "./cases.ts";

// §7 and Figure 13. The data of a snapshot is "abcdefgh" unless a test says otherwise, and a chunk
// carries three characters of it.

test("what a snapshot stands for is dropped from the log, but for a few entries (§7)", () => {
  const node = committed("1 1 1 2 2", 5);
  step(node, { kind: "compact", index: 4, data: "abcdefgh", keep: 1 });
  const { log, snapshot } = node.state;
  assert.deepEqual([log.start, log.startTerm, terms(node)], [3, 1, "2 2"]);
  assert.deepEqual([snapshot?.index, snapshot?.term, snapshot?.data], [4, 2, "abcdefgh"]);
  assert.deepEqual([lastIndex(log), termAt(log, 2), termAt(log, 4)], [5, undefined, 2]);
});

test("the snapshot goes to the disk with what is dropped for it", () => {
  const node = committed("1 1 1", 3);
  const [effect] = step(node, { kind: "compact", index: 2, data: "abcdefgh", keep: 0 });
  const configuration = simpleConfiguration(members(3));
  const snapshot = { index: 2, term: 1, configuration, data: "abcdefgh" };
  const change = { vote: null, log: null, snapshot: { snapshot, logStart: 2 } };
  assert.deepEqual(effect, { kind: "save", change });
});

test("a snapshot that is no newer than the one before says nothing", () => {
  const node = committed("1 1 1", 3);
  step(node, { kind: "compact", index: 2, data: "abcdefgh", keep: 0 });
  assert.deepEqual(step(node, { kind: "compact", index: 2, data: "other", keep: 0 }), []);
  assert.equal(node.state.snapshot?.data, "abcdefgh");
});

test("nothing is written down that is not committed", () => {
  const node = committed("1 1 1", 2);
  assert.throws(() => step(node, { kind: "compact", index: 3, data: "abcdefgh", keep: 0 }));
});

test("who lacks what is gone from the log is sent the snapshot, a chunk at a time (Figure 13)", () => {
  const node = compactedLeader();
  const first = refuse(node, "C", { prevLogIndex: 6, conflictTerm: null, conflictIndex: 1 });
  assert.deepEqual(chunksTo("C", first), ["0 abc"]);
  assert.deepEqual(chunksTo("C", wants(node, "C", 3)), ["3 def"]);
  assert.deepEqual(chunksTo("C", wants(node, "C", 6)), ["6 gh done"]);
  const end = installed(node, "C", 5);
  assert.deepEqual(
    appendsTo("C", end).map(({ after }) => after),
    [5],
  );
  assert.equal(leaderRole(node).matchIndex.get("C"), 5);
});

test("a chunk that is lost goes again with the heartbeat, and from where the follower is", () => {
  const node = compactedLeader();
  refuse(node, "C", { prevLogIndex: 6, conflictTerm: null, conflictIndex: 1 });
  wants(node, "C", 3);
  assert.deepEqual(chunksTo("C", wake(node, node.nextDeadline)), ["3 def"]);
  assert.deepEqual(chunksTo("C", wants(node, "C", 0)), [], "it has started anew");
  assert.deepEqual(chunksTo("C", wake(node, node.nextDeadline)), ["0 abc"]);
});

test("a late answer about a chunk begets no other chunk", () => {
  const node = compactedLeader();
  refuse(node, "C", { prevLogIndex: 6, conflictTerm: null, conflictIndex: 1 });
  wants(node, "C", 3);
  assert.deepEqual(wants(node, "C", 3), []);
});

test("the leader goes on with the others while one is sent a snapshot (§7)", () => {
  const node = compactedLeader();
  refuse(node, "C", { prevLogIndex: 6, conflictTerm: null, conflictIndex: 1 });
  const sent = proposeMany(node, 1);
  assert.deepEqual(
    messagesIn(sent).map(({ kind, to }) => `${kind} to ${to}`),
    ["AppendEntries to B"],
  );
  saved(node);
  acknowledge(node, "B", 7);
  assert.equal(node.state.commitIndex, 7);
});

test("a newer snapshot does not take the place of the one that is being sent", () => {
  const node = compactedLeader();
  refuse(node, "C", { prevLogIndex: 6, conflictTerm: null, conflictIndex: 1 });
  step(node, { kind: "compact", index: 6, data: "newer", keep: 0 });
  assert.deepEqual(chunksTo("C", wants(node, "C", 3)), ["3 def"]);
  const end = installed(node, "C", 5);
  assert.deepEqual(chunksTo("C", end), ["0 new"], "and then it needs that one");
});

test("whoever has nothing of a snapshot yet is sent the same one, so that its late reply counts", () => {
  const node = compactedLeader();
  refuse(node, "C", { prevLogIndex: 6, conflictTerm: null, conflictIndex: 1 });
  step(node, { kind: "compact", index: 6, data: "newer", keep: 0 });
  assert.deepEqual(chunksTo("C", wake(node, node.nextDeadline)), ["0 abc"]);
  assert.deepEqual(chunksTo("C", wants(node, "C", 3)), ["3 def"]);
});

test("a follower puts the chunks together and becomes what they say (Figure 13)", () => {
  const node = follower("1 1", 1, { chunkCharacters: 3 });
  assert.deepEqual(outcome(chunk(node, 0, "abc")), { kind: "wanted", offset: 3 });
  assert.deepEqual(outcome(chunk(node, 3, "def")), { kind: "wanted", offset: 6 });
  const effects = chunk(node, 6, "gh", true);
  assert.deepEqual(outcome(effects), { kind: "installed" });
  const { log, snapshot, commitIndex } = node.state;
  assert.deepEqual([log.start, log.startTerm, log.length, commitIndex], [5, 2, 0, 5]);
  assert.equal(snapshot?.data, "abcdefgh");
  assert.deepEqual(
    effects.map(({ kind }) => kind),
    ["save", "restore", "send"],
  );
});

test("chunks that come twice, or behind a lost one, are not put in", () => {
  const node = follower("1 1", 1);
  chunk(node, 0, "abc");
  assert.deepEqual(outcome(chunk(node, 0, "abc")), { kind: "wanted", offset: 3 });
  assert.deepEqual(outcome(chunk(node, 6, "gh", true)), { kind: "wanted", offset: 3 });
  chunk(node, 3, "defgh", true);
  assert.equal(node.state.snapshot?.data, "abcdefgh");
});

test("what has come of a snapshot from an earlier leader is dropped", () => {
  const node = follower("1 1", 1);
  chunk(node, 0, "abc");
  append(node, "1 1", "", { from: "C", term: 3 });
  assert.deepEqual(outcome(chunk(node, 3, "def", false, { from: "C", term: 3 })), {
    kind: "wanted",
    offset: 0,
  });
});

test("what follows the snapshot's last entry stays if that entry is here in its term (§7)", () => {
  const node = follower("1 1 1 1 2 2", 2);
  chunk(node, 0, "abcdefgh", true);
  assert.deepEqual([node.state.log.start, terms(node)], [5, "2"]);
});

test("another term's entry there means that all of the log is discarded (§7)", () => {
  const node = follower("1 1 1 1 1 1", 2);
  chunk(node, 0, "abcdefgh", true);
  assert.deepEqual([node.state.log.start, terms(node)], [5, ""]);
  assert.equal(node.state.savedIndex, 0, "nothing of it is durable before the snapshot is");
  saved(node);
  assert.equal(node.state.savedIndex, 5);
});

test("a snapshot of what is committed here is ignored, for it would take things back", () => {
  const node = committed("1 1 1 1 2 2", 6);
  const effects = chunk(node, 0, "abcdefgh", true);
  assert.deepEqual(outcome(effects), { kind: "installed" });
  assert.deepEqual(
    effects.map(({ kind }) => kind),
    ["send"],
  );
  assert.deepEqual([node.state.log.start, node.state.commitIndex], [0, 6]);
});

test("a snapshot of an earlier term's leader is refused in the newer term", () => {
  const node = follower("1 1", 4);
  const reply = replyIn(chunk(node, 0, "abcdefgh", true), "InstallSnapshotReply");
  assert.deepEqual([reply.term, reply.outcome.kind], [4, "wanted"]);
  assert.equal(node.state.snapshot, null);
});

test("one that leads contradicts a snapshot of its own term: there is one leader per term (§5.2)", () => {
  const node = settledLeader("1", 2);
  assert.throws(() => chunk(node, 0, "abc"), /one leader per term/);
});

test("who gets a snapshot follows its sender: its answer confirms a read (dissertation §6.4)", () => {
  const node = compactedLeader();
  refuse(node, "C", { prevLogIndex: 6, conflictTerm: null, conflictIndex: 1 });
  const asked = step(node, { kind: "read", ids: ["a"] });
  const sent = messagesIn(asked).find(({ kind }) => kind === "InstallSnapshot");
  assert(sent?.kind === "InstallSnapshot" && sent.round === 1);
  const reply = { kind: "InstallSnapshotReply", from: "C", to: "A", term: 3 } as const;
  const told = { kind: "wanted", offset: 3 } as const;
  const answered = receive(node, { ...reply, lastIncludedIndex: 5, outcome: told, round: 1 });
  assert(answered.some(({ kind }) => kind === "readReady"));
});

test("who sends a snapshot leads, and is followed (§5.2)", () => {
  const node = follower("1 1", 1);
  const before = node.nextDeadline;
  chunk(node, 0, "abc", false, {}, now + 100);
  assert.deepEqual(node.state.role.kind === "follower" && node.state.role.leaderId, "B");
  assert(node.nextDeadline !== before);
});

test("the configuration in a snapshot counts, for the log that told it is gone (§7)", () => {
  const node = follower("1 1", 1);
  const configuration = { voters: ["B", "C", "D"], outgoing: [], learners: ["A"] };
  chunk(node, 0, "abcdefgh", true, { configuration });
  assert.deepEqual(newestConfiguration(node.state), configuration);
  const { id, timing, currentTerm, votedFor, log, snapshot } = node.state;
  const disk = { currentTerm, votedFor, log, ...(snapshot === null ? {} : { snapshot }) };
  const again = new RaftNode({ id, members: members(3), timing, seed: 1, now, saved: disk });
  assert.deepEqual(newestConfiguration(again.state), configuration);
  assert.equal(again.state.commitIndex, 5, "what a snapshot holds is committed");
});

test("entries that the snapshot stands for are taken for agreed (§7)", () => {
  const node = follower("1 1", 1);
  chunk(node, 0, "abcdefgh", true);
  const details = { from: "B", term: 2, leaderCommit: 0 };
  const effects = receive(node, appendRequest("1 1", "1 1 2 2 2", details));
  const reply = replyIn(effects, "AppendEntriesReply");
  assert.deepEqual(reply.outcome, { success: true, matchIndex: 7 });
  assert.equal(terms(node), "2 2");
});

test("behind a snapshot entries are matched by its last entry's term", () => {
  const node = follower("1 1", 1);
  chunk(node, 0, "abcdefgh", true);
  const request = (prevLogTerm: Term): Message => ({
    kind: "AppendEntries",
    from: "B",
    to: "A",
    term: 2,
    prevLogIndex: 5,
    prevLogTerm,
    entries: entries("2", 6),
    leaderCommit: 6,
  });
  const effects = receive(node, request(2));
  assert.deepEqual(appliedIn(effects), [6]);
});

/** A follower that knows its first `index` entries to be committed. */
function committed(written: string, index: number): RaftNode {
  const node = follower(written);
  return RaftNode.at({ ...node.state, commitIndex: index });
}

/** A leads B and C in term 2 with six entries, the first five of which are in a snapshot. */
function compactedLeader(): RaftNode {
  const node = settledLeader("1 1 1 1 2", 3, { chunkCharacters: 3 });
  step(node, { kind: "compact", index: 5, data: "abcdefgh", keep: 0 });
  saved(node);
  const role = leaderRole(node);
  // C has lost all, as if it had been made anew: nothing but this test does that to a follower.
  const matchIndex = new Map(role.matchIndex).set("C", 0);
  return RaftNode.at({ ...node.state, role: { ...role, matchIndex } });
}

function chunksTo(peer: string, effects: readonly Effect[]): readonly string[] {
  return messagesIn(effects).flatMap((message) => {
    if (message.kind !== "InstallSnapshot" || message.to !== peer) return [];
    const { offset, data, done } = message;
    return [`${offset} ${data}${done ? " done" : ""}`];
  });
}

function wants(node: RaftNode, from: string, offset: number): readonly Effect[] {
  return answer(node, from, 5, { kind: "wanted", offset });
}

function installed(node: RaftNode, from: string, index: number): readonly Effect[] {
  return answer(node, from, index, { kind: "installed" });
}

function answer(
  node: RaftNode,
  from: string,
  lastIncludedIndex: number,
  told: Extract<Message, { kind: "InstallSnapshotReply" }>["outcome"],
): readonly Effect[] {
  const { currentTerm: term } = node.state;
  const reply = { kind: "InstallSnapshotReply", from, to: "A", term } as const;
  return receive(node, { ...reply, lastIncludedIndex, outcome: told });
}

/** A part of a snapshot up to entry 5 of term 2 comes from B, which leads term 2. */
function chunk(
  node: RaftNode,
  offset: number,
  data: string,
  done = false,
  { from = "B", term = 2, configuration = simpleConfiguration(members(3)) }: Details = {},
  at = now,
): readonly Effect[] {
  const message: Message = {
    kind: "InstallSnapshot",
    from,
    to: "A",
    term,
    lastIncludedIndex: 5,
    lastIncludedTerm: 2,
    configuration,
    offset,
    data,
    done,
  };
  return receive(node, message, at);
}

interface Details {
  readonly from?: string;
  readonly term?: number;
  readonly configuration?: Snapshot["configuration"];
}

function outcome(effects: readonly Effect[]) {
  return replyIn(effects, "InstallSnapshotReply").outcome;
}
