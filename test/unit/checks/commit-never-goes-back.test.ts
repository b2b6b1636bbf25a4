import assert from "node:assert/strict";
import { test } from "node:test";
import { commitNeverGoesBack } from "../../../src/checks/commit-never-goes-back.ts";
import { findingsOf, n1, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(commitNeverGoesBack, ...lines);
}

test("a commitIndex that falls is found", () => {
  assert.deepEqual(findings(n1.starts({ log: "1 1 1" }), n1.commits(3), n1.commits(2)), [
    { text: "n1 took its commitIndex back from 3 to 2.", at: 2, because: [1] },
  ]);
});

test("a commitIndex past the end of the log is found", () => {
  assert.deepEqual(findings(n1.starts({ log: "1" }), n1.appends(2, "1"), n1.commits(3)), [
    { text: "n1 committed up to 3, but its log ends at 2.", at: 2, because: [1] },
  ]);
});

test("commitIndex may grow, up to the end of the log, and begins anew at a start", () => {
  assert.deepEqual(
    findings(
      n1.starts({ log: "1 1 1" }),
      n1.commits(2),
      n1.commits(3),
      n1.crashes(),
      n1.starts({ log: "1 1 1" }),
      n1.commits(1),
    ),
    [],
  );
});
