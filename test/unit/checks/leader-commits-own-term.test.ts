import assert from "node:assert/strict";
import { test } from "node:test";
import { leaderCommitsOwnTerm } from "../../../src/checks/leader-commits-own-term.ts";
import { findingsOf, n1, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(leaderCommitsOwnTerm, ...lines);
}

test("a leader that commits an entry of an earlier term by itself is found: Figure 8", () => {
  assert.deepEqual(
    findings(n1.starts({ term: 4, log: "1 2:x" }), n1.leads(4), n1.appends(3, "4"), n1.commits(2)),
    [
      {
        text: "n1 leads term 4 and committed up to entry 2, which is of term 2.",
        at: 3,
        because: [1],
      },
    ],
  );
});

test("entries of earlier terms commit with one of the leader's own", () => {
  assert.deepEqual(
    findings(n1.starts({ term: 4, log: "1 2:x" }), n1.leads(4), n1.appends(3, "4"), n1.commits(3)),
    [],
  );
});

test("a follower commits whatever its leader has", () => {
  assert.deepEqual(findings(n1.starts({ term: 4, log: "1 2:x" }), n1.commits(2)), []);
});
