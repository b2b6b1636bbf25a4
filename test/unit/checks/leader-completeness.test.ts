import assert from "node:assert/strict";
import { test } from "node:test";
import { leaderCompleteness } from "../../../src/checks/leader-completeness.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(leaderCompleteness, ...lines);
}

test("a leader without an entry that was committed before is found", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 1, log: "1 1:x" }),
      n2.starts({ term: 1, log: "1" }),
      n1.leads(1),
      n1.commits(1),
      n1.commits(2),
      n2.entersTerm(2),
      n2.leads(2),
    ),
    [
      {
        text: "n2 was elected in term 2 without entry 2, which n1 committed in term 1.",
        at: 6,
        because: [4],
      },
    ],
  );
});

test("a commit is found that a later leader, elected before it, does not have", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 1, log: "1 1:x" }),
      n2.starts({ term: 1, log: "1" }),
      n1.leads(1),
      n2.entersTerm(2),
      n2.leads(2),
      n1.commits(2),
    ),
    [
      {
        text: "n2 was elected in term 2 without entry 2, which n1 committed in term 1.",
        at: 5,
        because: [4],
      },
    ],
  );
});

test("another entry in the place of the committed one is as bad as none", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 2, log: "1 2:x" }),
      n2.starts({ term: 2, log: "1 1:y" }),
      n1.leads(2),
      n1.commits(2),
      n2.entersTerm(3),
      n2.leads(3),
    ).map(({ because }) => because),
    [[3]],
  );
});

test("a leader needs no entry that was not committed", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 1, log: "1 1:x" }),
      n2.starts({ term: 1, log: "1" }),
      n1.leads(1),
      n1.commits(1),
      n2.entersTerm(2),
      n2.leads(2),
    ),
    [],
  );
});

test("a late leader of an old term owes nothing to what a newer term committed", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 5, log: "1 5:x" }),
      n2.starts({ term: 4, log: "1" }),
      n1.leads(5),
      n1.commits(2),
      n2.leads(4),
    ),
    [],
  );
});
