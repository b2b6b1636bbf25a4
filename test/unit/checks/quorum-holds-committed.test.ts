import assert from "node:assert/strict";
import { test } from "node:test";
import { quorumHoldsCommitted } from "../../../src/checks/quorum-holds-committed.ts";
import { findingsOf, n1, n2, n3, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(quorumHoldsCommitted, ...lines);
}

const starts = [n1.starts({ term: 1 }), n2.starts({ term: 1 }), n3.starts({ term: 1 })];
const appended = [...starts, n1.leads(1), n1.appends(1, "1"), n2.appends(1, "1")];

test("a commit that too few have saved is found, with what the others had saved", () => {
  assert.deepEqual(findings(...appended, n1.saved(1, 1, 1), n1.commits(1)), [
    {
      text: "n1 committed entry 1 when 2 of 3 members had not saved it.",
      at: 7,
      because: [1, 2],
    },
  ]);
});

test("what is on its way to the disk is not saved: a leader may not count itself early", () => {
  assert.deepEqual(
    findings(
      ...appended,
      n1.saving(1, "1"),
      n2.saving(1, "1"),
      n2.saved(1, 1, 1),
      n1.commits(1),
    ).map(({ because }) => because),
    [[0, 2]],
  );
});

test("another entry at the same index does not count", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 2, log: "2" }),
      n2.starts({ term: 1, log: "1" }),
      n3.starts(),
      n1.leads(2),
      n1.saved(2, 1, 2),
      n1.commits(1),
    ).length,
    1,
  );
});

test("two of three that have saved it are enough, even if one of them is down", () => {
  assert.deepEqual(
    findings(...appended, n1.saved(1, 1, 1), n2.saved(1, 1, 1), n2.crashes(), n1.commits(1)),
    [],
  );
});

test("what was on the disks at the start is saved", () => {
  const log = "1 1:x";
  assert.deepEqual(
    findings(
      n1.starts({ term: 2, log }),
      n2.starts({ term: 2, log }),
      n3.starts(),
      n1.saved(2, 2, 1),
      n1.commits(2),
    ),
    [],
  );
});

test("a trace that does not tell of the disks, or of the other nodes, is not judged", () => {
  assert.deepEqual(findings(...appended, n1.commits(1)), []);
  assert.deepEqual(
    findings(n1.starts({ log: "1" }), n2.starts(), n1.saved(1, 1, 1), n1.commits(1)),
    [],
  );
});
