import assert from "node:assert/strict";
import { test } from "node:test";
import { leaderAppendOnly } from "../../../src/checks/leader-append-only.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(leaderAppendOnly, ...lines);
}

test("a leader that truncates its log is found", () => {
  assert.deepEqual(findings(n1.starts({ term: 2, log: "1 1 2" }), n1.leads(2), n1.truncates(3)), [
    {
      text: "n1 removed its entries from 3 on while it led term 2.",
      at: 2,
      because: [1],
    },
  ]);
});

test("a leader that first became a follower may truncate, and so may any follower", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 2, log: "1 1 2" }),
      n2.starts({ term: 2, log: "1 2" }),
      n1.leads(2),
      n2.truncates(2),
      n1.entersTerm(3),
      n1.follows(3),
      n1.truncates(3),
    ),
    [],
  );
});

test("a leader that crashed is none when it starts again", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 2, log: "1 2" }),
      n1.leads(2),
      n1.crashes(),
      n1.starts({ term: 2, log: "1 2" }),
      n1.truncates(2),
    ),
    [],
  );
});
