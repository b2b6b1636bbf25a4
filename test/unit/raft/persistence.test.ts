import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  append as appended,
  nothingSaved,
  paperOnly,
  chunkCharacters,
  paperTiming,
  simpleConfiguration,
  RaftNode,
  truncateFrom,
  type Change,
  type Effect,
  type Persistent,
} from "../../../src/raft/index.ts";
import {
  acknowledge,
  append,
  appendRequest,
  candidate,
  entries,
  follower,
  leader,
  log,
  members,
  now,
  propose,
  receive,
  requestVote,
  saved,
  settledLeader,
  step,
  terms,
  vote,
  voteReply,
  voteRequest,
  wake,
} from "./cases.ts";
import { happen, happenings } from "./happenings.ts";

// Figure 2: currentTerm, votedFor and log are saved before anything that depends on them.

function kinds(effects: readonly Effect[]): string {
  return effects.map(({ kind }) => kind).join(" ");
}

function changeIn([first]: readonly Effect[]): Change {
  assert(first?.kind === "save", "the first effect is a save");
  return first.change;
}

test("a vote is saved before it is sent (Figure 2)", () => {
  const effects = receive(follower("1", 1), voteRequest("B", 2, "1"));
  assert.equal(kinds(effects), "save send");
  assert.deepEqual(changeIn(effects), { vote: { currentTerm: 2, votedFor: "B" }, log: null });
});

test("a vote in a term that is known already is saved with that term (Figure 2)", () => {
  const effects = receive(follower("1", 2), voteRequest("B", 2, "1"));
  assert.equal(kinds(effects), "save send");
  assert.deepEqual(changeIn(effects).vote, { currentTerm: 2, votedFor: "B" });
});

test("a candidate's term and own vote are saved before it asks for others (Figure 2)", () => {
  const node = follower("1", 1);
  const effects = wake(node, node.nextDeadline);
  assert.equal(kinds(effects), "save send send");
  assert.deepEqual(changeIn(effects), { vote: { currentTerm: 2, votedFor: "A" }, log: null });
});

test("entries are saved before they are acknowledged (Figure 2)", () => {
  const details = { from: "B", term: 2, leaderCommit: 0 };
  const effects = receive(follower("1 1 1", 2), appendRequest("1", "2 2", details));
  assert.equal(kinds(effects), "save send");
  assert.deepEqual(changeIn(effects), { vote: null, log: { from: 2, entries: entries("2 2", 2) } });
});

test("entries are saved before they are applied (Figure 2)", () => {
  const details = { from: "B", term: 2, leaderCommit: 2 };
  const effects = receive(follower("1", 2), appendRequest("1", "2", details));
  assert.equal(kinds(effects), "save apply send");
});

test("a newer term is saved before it is told to anyone (Figure 2)", () => {
  const effects = receive(follower("1 2", 2), voteRequest("B", 3, "1"));
  assert.equal(kinds(effects), "save send");
  assert.deepEqual(changeIn(effects).vote, { currentTerm: 3, votedFor: null });
});

test("a newer term and entries that come together are saved together (Figure 2)", () => {
  const details = { from: "B", term: 2, leaderCommit: 0 };
  const effects = receive(follower("1", 1, { votedFor: "C" }), appendRequest("1", "2", details));
  assert.deepEqual(changeIn(effects), {
    vote: { currentTerm: 2, votedFor: null },
    log: { from: 2, entries: entries("2", 2) },
  });
});

test("a leader's no-op and its commands are saved before they are sent or accepted (Figure 2)", () => {
  const node = candidate("1", 2);
  saved(node);
  const elected = vote(node, "B");
  assert.equal(kinds(elected), "save send send");
  assert.deepEqual(changeIn(elected).log, { from: 2, entries: [{ kind: "noOp", term: 2 }] });

  const proposed = propose(settledLeader("1", 2), "x");
  assert.equal(kinds(proposed), "save accept send send");
  const command = { kind: "command", term: 2, command: "x" };
  assert.deepEqual(changeIn(proposed), { vote: null, log: { from: 3, entries: [command] } });
});

test("a step that changes nothing persistent saves nothing (Figure 2)", () => {
  const details = { from: "B", term: 2, leaderCommit: 1 };
  const node = follower("1 2", 2, { votedFor: "B" });
  assert.equal(kinds(receive(node, appendRequest("1 2", "", details))), "apply send");
  assert.equal(kinds(receive(node, appendRequest("1", "2", details))), "send");
  assert.equal(kinds(receive(node, voteRequest("B", 2, "1 2"))), "send");
  assert.equal(kinds(receive(node, voteRequest("C", 2, "1 2"))), "send");
  assert.equal(kinds(propose(node, "x")), "reject");
  const leading = settledLeader("1", 2);
  assert.equal(kinds(wake(leading, leading.nextDeadline)), "send send");
});

test("a node that starts again has its term, its vote and its log, and nothing else (Figure 2)", () => {
  const persistent = { currentTerm: 5, votedFor: "C", log: log("1 1 4") };
  const node = restarted(persistent);
  assert.deepEqual(node.state, {
    ...persistent,
    id: "A",
    configurations: [{ index: 0, configuration: simpleConfiguration(members(3)) }],
    timing: paperTiming,
    extensions: paperOnly,
    role: { kind: "follower", leaderId: null },
    commitIndex: 0,
    savedIndex: 3,
    snapshot: null,
    chunkCharacters,
    electionDeadline: node.nextDeadline,
    leaderHeard: null,
    forwarded: [],
    random: node.state.random,
  });
});

test("a node that never ran starts in term 0, with no vote and no entry (Figure 2)", () => {
  const { currentTerm, votedFor } = restarted(nothingSaved).state;
  assert.deepEqual([currentTerm, votedFor, terms(restarted(nothingSaved))], [0, null, ""]);
});

test("a node that has voted, and starts again, refuses another in that term (§5.2)", () => {
  const node = restarted({ currentTerm: 5, votedFor: "C", log: log("1") });
  assert.equal(requestVote(node, "B", 5, "1").voteGranted, false);
  assert.equal(requestVote(node, "C", 5, "1").voteGranted, true);
});

test("a node that had voted for itself, and starts again, does not count that vote (§5.2)", () => {
  const node = restarted({ currentTerm: 5, votedFor: "A", log: log("1") });
  saved(node);
  receive(node, voteReply("B", 5));
  assert.equal(node.state.role.kind, "follower");
});

test("savedIndex follows what the disk says, and does not fall when that comes late", () => {
  const node = settledLeader("1", 2);
  propose(node, "x");
  propose(node, "y");
  assert.equal(node.state.savedIndex, 2);
  saved(node, { index: 4 });
  assert.equal(node.state.savedIndex, 4);
  assert.deepEqual(saved(node, { index: 3 }), []);
  assert.equal(node.state.savedIndex, 4);
});

test("entries that are replaced are no longer saved (§5.3)", () => {
  const node = follower("1 1 2 2", 3);
  append(node, "1 1", "3 3 3");
  assert.equal(node.state.savedIndex, 2);
  assert.equal(terms(node), "1 1 3 3 3");
});

test("what the disk says of an entry since replaced does not count (§5.3)", () => {
  const node = follower("1", 2);
  append(node, "1", "2 2");
  append(node, "1", "3 3", { term: 3 });
  // The disk was still at work on the entries of term 2.
  saved(node, { currentTerm: 2, index: 3, term: 2 });
  assert.equal(node.state.savedIndex, 1);
  saved(node, { currentTerm: 3, index: 3, term: 3 });
  assert.equal(node.state.savedIndex, 3);
});

test("what the disk says of an entry past the end of the log does not count (§5.3)", () => {
  const node = follower("1", 2);
  append(node, "1", "2 2 2");
  append(node, "1", "3", { term: 3 });
  saved(node, { currentTerm: 2, index: 4, term: 2 });
  assert.equal(node.state.savedIndex, 1);
});

test("a leader does not count itself for entries that its disk had to replace (§5.3)", () => {
  // Of "1 2 3" only the first is saved; the disk was still at work on "1 1".
  const node = RaftNode.at({ ...leader("1 2", 3).state, savedIndex: 1 });
  acknowledge(node, "B", 3);
  saved(node, { currentTerm: 1, index: 2, term: 1 });
  assert.equal(node.state.savedIndex, 1);
  saved(node, { index: 2 });
  assert.deepEqual([node.state.savedIndex, node.state.commitIndex], [2, 0]);
  saved(node);
  assert.deepEqual([node.state.savedIndex, node.state.commitIndex], [3, 3]);
});

test("the changes saved, one after the other, give what the node holds (Figure 2)", () => {
  fc.assert(
    fc.property(happenings, (list) => {
      const disks = new Map<string, Persistent>();
      const nodes = happen(list, (node, input, at) => {
        const { id } = node.state;
        const effects = step(node, input, at);
        for (const effect of effects.filter((each) => each.kind === "save")) {
          disks.set(id, changed(disks.get(id) ?? nothingSaved, effect.change));
        }
        assert(
          effects.slice(1).every(({ kind }) => kind !== "save"),
          "a save comes first",
        );
        return effects;
      });
      for (const { state } of nodes) {
        const { currentTerm, votedFor, log: held } = state;
        const disk = disks.get(state.id) ?? nothingSaved;
        assert.deepEqual(disk, { currentTerm, votedFor, log: held });
      }
    }),
  );
});

function restarted(persistent: Persistent): RaftNode {
  const options = { id: "A", members: members(3), timing: paperTiming, seed: 3, now };
  return new RaftNode({ ...options, saved: persistent });
}

function changed(disk: Persistent, { vote: term, log: written }: Change): Persistent {
  const held =
    written === null ? disk.log : appended(truncateFrom(disk.log, written.from), written.entries);
  return { ...disk, ...term, log: held };
}
