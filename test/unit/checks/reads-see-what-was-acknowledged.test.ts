import assert from "node:assert/strict";
import { test } from "node:test";
import { readsSeeWhatWasAcknowledged } from "../../../src/checks/reads-see-what-was-acknowledged.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(readsSeeWhatWasAcknowledged, ...lines);
}

const acknowledged = [
  n1.starts(),
  n2.starts(),
  n1.isAsked("a1", "x"),
  n1.answersCommitted("a1", 5, 1),
];

test("a read is found that does not see what was acknowledged before it was asked for (§8)", () => {
  assert.deepEqual(findings(...acknowledged, n2.isAskedToRead("r"), n2.answersRead("r", 4)), [
    {
      text: "n2 answered a read as of entry 4, but when it was asked a client knew of entry 5.",
      at: 5,
      because: [3, 4],
    },
  ]);
});

test("a read that goes back behind what another one saw is found", () => {
  const lines = [
    n1.starts(),
    n2.starts(),
    n1.isAskedToRead("r1"),
    n1.answersRead("r1", 7),
    n2.isAskedToRead("r2"),
    n2.answersRead("r2", 6),
  ];
  assert.equal(findings(...lines).length, 1);
});

test("a read may miss what was acknowledged only after it was asked for", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n2.starts(),
      n2.isAskedToRead("r"),
      n1.answersCommitted("a1", 5, 1),
      n2.answersRead("r", 4),
    ),
    [],
  );
});

test("a read that sees as much, or more, is right", () => {
  assert.deepEqual(
    findings(
      ...acknowledged,
      n2.isAskedToRead("r1"),
      n2.isAskedToRead("r2"),
      n2.answersRead("r1", 5),
      n2.answersRead("r2", 6),
    ),
    [],
  );
});

test("a read whose begin the trace does not hold, or that began in an earlier life, cannot be judged", () => {
  assert.deepEqual(findings(...acknowledged, n2.answersRead("r", 1)), []);
  const restarted = [n2.isAskedToRead("r"), n2.crashes(), n2.starts(), n2.answersRead("r", 1)];
  assert.deepEqual(findings(...acknowledged, ...restarted), []);
});
