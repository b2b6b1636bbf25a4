import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { entryAt, type Entry } from "../../../src/raft/index.ts";
import {
  acknowledge,
  append,
  appendRequest,
  appendsTo,
  appliedIn,
  entries,
  follower,
  leader,
  members,
  propose,
  receive,
  saved,
  settledLeader,
  step,
  terms,
  wake,
} from "./cases.ts";
import { happen, happenings } from "./happenings.ts";

// §5.3, §5.4.2 and §8: when an entry is committed, and what is applied.

// At the follower.

test("a follower commits what the leader has committed (§5.3)", () => {
  const node = follower("1 1 2", 2);
  append(node, "1 1 2", "", { leaderCommit: 2 });
  assert.equal(node.state.commitIndex, 2);
});

test("a follower commits no further than the last new entry (Figure 2)", () => {
  const node = follower("1 1", 2);
  append(node, "1 1", "2", { leaderCommit: 9 });
  assert.equal(node.state.commitIndex, 3);
});

test("entries past the last new one do not commit: they may be another leader's (Figure 2)", () => {
  const node = follower("1 1 2 2", 3);
  append(node, "1", "1", { leaderCommit: 4 });
  assert.equal(node.state.commitIndex, 2);
  append(node, "1 1", "", { leaderCommit: 4 });
  assert.equal(node.state.commitIndex, 2);
});

test("commitIndex never falls (Figure 2)", () => {
  const node = follower("1 1 2", 2);
  append(node, "1 1 2", "", { leaderCommit: 3 });
  for (const [previous, leaderCommit] of [
    ["1 1 2", 1],
    ["1", 3],
    ["", 0],
  ] as const) {
    const details = { from: "B", term: 2, leaderCommit };
    assert.deepEqual(appliedIn(receive(node, appendRequest(previous, "", details))), []);
    assert.equal(node.state.commitIndex, 3);
  }
});

test("a request that is refused commits nothing (§5.3)", () => {
  const node = follower("1 1", 2);
  append(node, "1 1", "", { term: 1, leaderCommit: 2 });
  append(node, "1 2", "2", { leaderCommit: 2 });
  append(node, "1 1 2", "2", { leaderCommit: 2 });
  assert.equal(node.state.commitIndex, 0);
});

test("what commits is applied, in order, and once (§5.3)", () => {
  const node = follower("1 1", 2);
  const details = { from: "B", term: 2 };
  const first = receive(node, appendRequest("1 1", "2 2", { ...details, leaderCommit: 1 }));
  const second = receive(node, appendRequest("1 1", "2 2", { ...details, leaderCommit: 4 }));
  const third = receive(node, appendRequest("1 1", "2 2", { ...details, leaderCommit: 4 }));
  assert.deepEqual([first, second, third].map(appliedIn), [[1], [2, 3, 4], []]);
  const applied = second.find(({ kind }) => kind === "apply");
  assert(applied?.kind === "apply");
  assert.deepEqual(applied.entries, entries("1 1 2 2").slice(1));
});

test("replacing a committed entry would be a contradiction (§5.4)", () => {
  const node = follower("1 1 2", 2, { commitIndex: 2 });
  assert.throws(() => append(node, "1", "3", { term: 3 }), /a committed entry is never replaced/);
});

// At the leader.

test("a new leader's term starts with a no-op, whatever its log holds (§8)", () => {
  for (const written of ["", "1 1"]) {
    const node = leader(written, 2);
    const { log } = node.state;
    assert.deepEqual(entryAt(log, log.length), { kind: "noOp", term: 2 });
    assert.equal(terms(node), `${written} 2`.trim());
  }
});

test("an entry of the leader's term commits on a quorum, and is applied (§5.3)", () => {
  const node = settledLeader("1", 2);
  propose(node, "x");
  saved(node);
  assert.deepEqual(appliedIn(acknowledge(node, "B", 3)), [3]);
  assert.equal(node.state.commitIndex, 3);
  assert.deepEqual(appliedIn(acknowledge(node, "C", 3)), []);
});

test("the leader counts itself for what it has saved, and no more (§5.3, Figure 2)", () => {
  const node = settledLeader("1", 2);
  propose(node, "x");
  propose(node, "y");
  acknowledge(node, "B", 4);
  assert.equal(node.state.commitIndex, 2);
  assert.deepEqual(appliedIn(saved(node, { index: 3 })), [3]);
  assert.deepEqual(appliedIn(saved(node, { index: 4 })), [4]);
});

test("a quorum of others commits what the leader itself has not saved yet (§5.3)", () => {
  const node = settledLeader("1", 2);
  propose(node, "x");
  acknowledge(node, "B", 3);
  assert.deepEqual(appliedIn(acknowledge(node, "C", 3)), [3]);
});

test("what commits is what a quorum holds, not what the furthest holds (§5.3)", () => {
  const node = settledLeader("1", 2, { members: members(5) });
  for (const command of ["w", "x", "y", "z"]) propose(node, command);
  saved(node, { index: 3 });
  for (const [peer, matchIndex] of [
    ["B", 6],
    ["C", 5],
    ["D", 4],
  ] as const) {
    acknowledge(node, peer, matchIndex);
  }
  // 6, 5, 4, 3 and 2 are held: three of the five hold the fourth entry.
  assert.equal(node.state.commitIndex, 4);
});

test("the same peer acknowledging twice is one holder (§5.3)", () => {
  const node = settledLeader("1", 2, { members: members(5) });
  propose(node, "x");
  saved(node);
  for (let times = 0; times < 3; times++) acknowledge(node, "B", 3);
  assert.equal(node.state.commitIndex, 2);
});

test("an entry of an earlier term does not commit by being on a quorum (§5.4.2, Figure 8)", () => {
  // S1 of Figure 8 (c): back in term 4, it spreads its entry of term 2 to a quorum.
  const node = leader("1 2", 4, { members: members(5) });
  for (const peer of ["B", "C", "D", "E"]) acknowledge(node, peer, 2);
  assert.equal(node.state.commitIndex, 0);
});

test("an entry of an earlier term commits with one of the leader's own (§5.4.2, Figure 8)", () => {
  // Figure 8 (e): once the entry of term 4 is on a quorum, what precedes it is safe.
  const node = leader("1 2", 4, { members: members(5) });
  saved(node);
  acknowledge(node, "B", 3);
  assert.deepEqual(appliedIn(acknowledge(node, "C", 3)), [1, 2, 3]);
});

test("the leader tells its peers what has committed (§5.3)", () => {
  const node = settledLeader("1", 2);
  propose(node, "x");
  saved(node);
  acknowledge(node, "B", 3);
  const [request] = appendsTo("C", wake(node, node.nextDeadline));
  assert.equal(request?.leaderCommit, 3);
});

test("what a node knows to be committed stays so when it comes to lead (§5.4)", () => {
  const node = leader("1 1", 2, { commitIndex: 2 });
  assert.equal(node.state.commitIndex, 2);
  saved(node);
  assert.deepEqual(appliedIn(acknowledge(node, "B", 3)), [3]);
});

test("an index is applied once at a node, and as the same entry at every node (§5.4.3)", () => {
  let applied = 0;
  fc.assert(
    fc.property(happenings, (list) => {
      const machine: Entry[] = [];
      happen(list, (node, input, at) => {
        const { commitIndex } = node.state;
        const effects = step(node, input, at);
        for (const effect of effects.filter((each) => each.kind === "apply")) {
          assert.equal(effect.first, commitIndex + 1);
          for (const [i, entry] of effect.entries.entries()) {
            machine[effect.first - 1 + i] ??= entry;
            assert.deepEqual(entry, machine[effect.first - 1 + i]);
          }
          assert.equal(node.state.commitIndex, commitIndex + effect.entries.length);
        }
        return effects;
      });
      applied += machine.length;
    }),
  );
  assert(applied > 100, "the happenings include some that commit");
});
