import assert from "node:assert/strict";
import { test } from "node:test";
import { leaderElectedByQuorum } from "../../../src/checks/leader-elected-by-quorum.ts";
import { findingsOf, n1, n2, n3, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(leaderElectedByQuorum, ...lines);
}

const started = [n1.starts(), n2.starts(), n3.starts()];
const standing = [n1.entersTerm(2), n1.votes("n1", 2), n1.savingVote(2, "n1"), n1.saved(2)];

test("a leader with its own vote and one more of three has won", () => {
  assert.deepEqual(findings(...started, ...standing, n2.grants("n1", 2), n1.leads(2)), []);
});

test("a vote of another term does not count", () => {
  assert.deepEqual(findings(...started, ...standing, n2.grants("n1", 1), n1.leads(2)), [
    { text: "n1 leads term 2 without the votes of n2, n3.", at: 8, because: [3] },
  ]);
});

test("a vote for somebody else, or one that was denied, does not count", () => {
  const given = [n2.grants("n3", 2), n3.denies("n1", 2)];
  assert.deepEqual(findings(...started, ...standing, ...given, n1.leads(2)), [
    { text: "n1 leads term 2 without the votes of n2, n3.", at: 9, because: [3] },
  ]);
});

test("a candidate's own vote does not count before it is saved", () => {
  const lines = [...started, n1.entersTerm(2), n1.votes("n1", 2), n1.savingVote(2, "n1")];
  assert.deepEqual(findings(...lines, n2.grants("n1", 2), n1.leads(2)), [
    { text: "n1 leads term 2 without the votes of n1, n3.", at: 7, because: [3, 6] },
  ]);
});

test("a member of whom the trace knows nothing may have voted", () => {
  assert.deepEqual(findings(n1.starts(), ...standing, n1.leads(2)), []);
});
