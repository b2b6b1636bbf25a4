import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledgedIsCommitted } from "../../../src/checks/acknowledged-is-committed.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(acknowledgedIsCommitted, ...lines);
}

const starts = [n1.starts({ log: "1 1:x" }), n1.isAsked("a1", "x")];

test("an answer about an entry that nobody has committed is found", () => {
  assert.deepEqual(findings(...starts, n1.commits(1), n1.answersCommitted("a1", 2, 1)), [
    {
      text: "n1 told a client that entry 2 is committed, but the cluster has committed only up to 1.",
      at: 3,
      because: [1, 2],
    },
  ]);
});

test("an answer is found that names another term than that of the committed entry", () => {
  assert.deepEqual(findings(...starts, n1.commits(2), n1.answersCommitted("a1", 2, 3)), [
    {
      text: "n1 told a client that “x” is committed at 2 in term 3, but “x” of term 1 is.",
      at: 3,
      because: [1, 2],
    },
  ]);
});

test("an answer is found that names the place of another client's command", () => {
  assert.deepEqual(
    findings(
      ...starts,
      n1.isAsked("a2", "y"),
      n1.commits(2),
      n1.answersCommitted("a1", 2, 1),
      n1.answersCommitted("a2", 2, 1),
    ),
    [
      {
        text: "n1 told a client that “y” is committed at 2 in term 1, but “x” of term 1 is.",
        at: 5,
        because: [2, 3],
      },
    ],
  );
});

test("a client must not be told that its command is superseded while all is open", () => {
  assert.equal(findings(...starts, n1.commits(1), n1.answersSuperseded("a1", 2)).length, 1);
});

test("an answer about what is committed is true, whoever committed it", () => {
  assert.deepEqual(
    findings(
      ...starts,
      n2.starts({ log: "1 1:x" }),
      n2.commits(2),
      n1.answersCommitted("a1", 2, 1),
      n1.isAsked("a2", "y"),
      n1.answersSuperseded("a2", 2),
      n1.isAsked("a3", "z"),
      n1.answersNotLeader("a3"),
    ),
    [],
  );
});

test("of a request that the trace does not hold, only the place is judged", () => {
  const known = [n1.starts({ log: "1 1:x" }), n1.commits(2)];
  assert.deepEqual(findings(...known, n1.answersCommitted("a1", 2, 1)), []);
  assert.equal(findings(...known, n1.answersCommitted("a1", 1, 1)).length, 1);
});
