import assert from "node:assert/strict";
import { test } from "node:test";
import { logMatching } from "../../../src/checks/log-matching.ts";
import { findingsOf, n1, n2, n3, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(logMatching, ...lines);
}

test("two commands at one index and term are found, with the event that appended the first", () => {
  assert.deepEqual(
    findings(n1.starts(), n2.starts(), n1.appends(1, "1 1:x"), n2.appends(1, "1 1:y")),
    [
      {
        text: "Entry 2 is “x” of term 1 on n1, but “y” of term 1 on n2.",
        at: 3,
        because: [2],
      },
    ],
  );
});

test("an entry that follows different terms is found: the logs differ before it", () => {
  assert.deepEqual(
    findings(n1.starts(), n2.starts(), n1.appends(1, "1 3:x"), n2.appends(1, "2 3:x")),
    [
      {
        text: "Entry 2 of term 3 follows one of term 1 on n1, but one of term 2 on n2.",
        at: 3,
        because: [2],
      },
    ],
  );
});

test("what a restart brings back is compared, too", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n1.appends(1, "1 1:x 1:y"),
      n1.crashes(),
      n1.starts({ log: "1 1:x 1:z" }),
    ),
    [
      {
        text: "Entry 3 is “y” of term 1 on n1, but “z” of term 1 on n1.",
        at: 3,
        because: [1],
      },
    ],
  );
});

test("logs may differ where their terms differ, and be overwritten", () => {
  assert.deepEqual(
    findings(
      n1.starts({ log: "1 1:x" }),
      n2.starts({ log: "1" }),
      n2.appends(2, "2:y"),
      n3.starts({ log: "1 1:x 3:z" }),
      n1.truncates(2),
      n1.appends(2, "2:y"),
      n1.crashes(),
      n1.starts({ log: "1" }),
      n1.appends(2, "2:y 4"),
    ),
    [],
  );
});
