import assert from "node:assert/strict";
import { test } from "node:test";
import { committedStays } from "../../../src/checks/committed-stays.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(committedStays, ...lines);
}

test("a node that removes an entry which another committed is found", () => {
  assert.deepEqual(
    findings(
      n1.starts({ log: "1 1:x" }),
      n2.starts({ log: "1 1:x 1:y" }),
      n1.commits(1),
      n1.commits(2),
      n2.truncates(2),
    ),
    [{ text: "n2 removed entry 2, which n1 had committed.", at: 4, because: [3] }],
  );
});

test("a committed entry that was saved and is gone after a restart is found", () => {
  assert.deepEqual(
    findings(
      n1.starts({ log: "1 1:x" }),
      n2.starts({ log: "1" }),
      n2.appends(2, "1:x"),
      n2.saved(0, 2, 1),
      n1.commits(2),
      n2.crashes(),
      n2.starts({ log: "1" }),
    ),
    [
      {
        text: "n2 restarted without entry 2, which it had saved and n1 had committed.",
        at: 6,
        because: [3, 4],
      },
    ],
  );
});

test("a crash may take a committed entry that the node had not saved", () => {
  assert.deepEqual(
    findings(
      n1.starts({ log: "1 1:x" }),
      n2.starts({ log: "1" }),
      n2.appends(2, "1:x"),
      n1.commits(2),
      n2.crashes(),
      n2.starts({ log: "1" }),
    ),
    [],
  );
});

test("entries that are not committed may go, even where others are committed in their place", () => {
  assert.deepEqual(
    findings(
      n1.starts({ log: "1 2:x" }),
      n2.starts({ log: "1 1:y 1:z" }),
      n1.commits(2),
      n2.truncates(2),
      n2.appends(2, "2:x 2"),
      n2.truncates(3),
    ),
    [],
  );
});
