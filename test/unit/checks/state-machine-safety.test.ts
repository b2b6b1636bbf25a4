import assert from "node:assert/strict";
import { test } from "node:test";
import { stateMachineSafety } from "../../../src/checks/state-machine-safety.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(stateMachineSafety, ...lines);
}

const committed = [n1.starts({ log: "1 1:x 1:y" }), n1.commits(3)];

test("two entries applied at one index are found, whatever differs", () => {
  const starts = [n2.starts({ log: "1 1:z" }), n2.commits(2)];
  assert.deepEqual(
    findings(...committed, ...starts, n1.applies(1, "1 1:x"), n2.applies(1, "1 1:z")),
    [
      {
        text: "n2 applied “z” of term 1 at index 2, where n1 applied “x” of term 1.",
        at: 5,
        because: [4],
      },
    ],
  );
});

test("a gap is found", () => {
  assert.deepEqual(findings(...committed, n1.applies(1, "1"), n1.applies(3, "1:y")), [
    { text: "n1 applied entry 3 next after entry 1.", at: 3, because: [2] },
  ]);
});

test("an entry applied twice is found", () => {
  assert.deepEqual(findings(...committed, n1.applies(1, "1 1:x"), n1.applies(2, "1:x")), [
    { text: "n1 applied entry 2 next after entry 2.", at: 3, because: [2] },
  ]);
});

test("an entry applied before it is committed is found", () => {
  assert.deepEqual(findings(n1.starts({ log: "1 1" }), n1.commits(1), n1.applies(1, "1 1")), [
    {
      text: "n1 applied entry 2, but it has committed only up to 1.",
      at: 2,
      because: [1],
    },
  ]);
});

test("each node may apply at its own pace, and all of it again after a start", () => {
  assert.deepEqual(
    findings(
      ...committed,
      n2.starts({ log: "1 1:x 1:y" }),
      n1.applies(1, "1 1:x 1:y"),
      n2.commits(1),
      n2.applies(1, "1"),
      n1.crashes(),
      n1.starts({ log: "1 1:x 1:y" }),
      n1.commits(2),
      n1.applies(1, "1 1:x"),
    ),
    [],
  );
});
