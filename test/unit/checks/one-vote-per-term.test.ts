import assert from "node:assert/strict";
import { test } from "node:test";
import { oneVotePerTerm } from "../../../src/checks/one-vote-per-term.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(oneVotePerTerm, ...lines);
}

test("two votes in one term are found, with the first", () => {
  assert.deepEqual(findings(n1.starts(), n1.grants("n2", 3), n1.grants("n3", 3)), [
    { text: "n1 voted for n2 and for n3 in term 3.", at: 2, because: [1] },
  ]);
});

test("a candidate that grants its vote to another has voted twice", () => {
  assert.deepEqual(findings(n1.starts(), n1.asksForVote("n2", 3), n1.grants("n3", 3)), [
    { text: "n1 voted for n1 and for n3 in term 3.", at: 2, because: [1] },
  ]);
});

test("a restart between two votes is part of the proof", () => {
  assert.deepEqual(
    findings(n1.starts(), n1.grants("n2", 3), n1.crashes(), n1.starts(), n1.grants("n3", 3)),
    [
      {
        text: "n1 voted for n2 and for n3 in term 3, with a restart in between: is votedFor saved before the vote is sent?",
        at: 4,
        because: [1, 3],
      },
    ],
  );
});

test("a vote may be repeated, and given anew in another term", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n1.grants("n2", 3),
      n1.crashes(),
      n1.starts({ term: 3, vote: "n2" }),
      n1.grants("n2", 3),
      n1.denies("n3", 3),
      n1.grants("n3", 4),
      n2.grants("n3", 3),
    ),
    [],
  );
});

test("a vote that did not leave the node before it crashed binds nobody", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n1.entersTerm(3),
      n1.votes("n2", 3),
      n1.crashes(),
      n1.starts(),
      n1.grants("n3", 3),
    ),
    [],
  );
});
