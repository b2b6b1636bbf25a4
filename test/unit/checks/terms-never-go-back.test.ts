import assert from "node:assert/strict";
import { test } from "node:test";
import { termsNeverGoBack } from "../../../src/checks/terms-never-go-back.ts";
import { findingsOf, n1, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(termsNeverGoBack, ...lines);
}

test("a restart in an older term than one that was sent is found", () => {
  assert.deepEqual(
    findings(n1.starts(), n1.denies("n2", 5), n1.crashes(), n1.starts({ term: 3 })),
    [
      {
        text: "n1 restarted in term 3, but was in term 5 before: is currentTerm saved?",
        at: 3,
        because: [1],
      },
    ],
  );
});

test("a restart in an older term than one that was saved is found", () => {
  assert.deepEqual(
    findings(n1.starts(), n1.entersTerm(5), n1.saved(5), n1.crashes(), n1.starts({ term: 4 })).map(
      ({ because }) => because,
    ),
    [[2]],
  );
});

test("a term that falls while the node runs is found", () => {
  assert.deepEqual(findings(n1.starts(), n1.entersTerm(5), n1.entersTerm(4)), [
    { text: "n1 went from term 5 to term 4.", at: 2, because: [1] },
  ]);
});

test("a restart may take back a term of which nobody was told, or bring a later one", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 2 }),
      n1.denies("n2", 2),
      n1.entersTerm(5),
      n1.crashes(),
      n1.starts({ term: 2 }),
      n1.crashes(),
      n1.starts({ term: 5 }),
    ),
    [],
  );
});

test("a message of an older term may leave late", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n1.entersTerm(5),
      n1.entersTerm(6),
      n1.saved(6),
      n1.denies("n2", 6),
      n1.denies("n2", 5),
    ),
    [],
  );
});
