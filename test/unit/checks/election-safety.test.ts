import assert from "node:assert/strict";
import { test } from "node:test";
import { electionSafety } from "../../../src/checks/election-safety.ts";
import { findingsOf, n1, n2, n3, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(electionSafety, ...lines);
}

test("two nodes that become leader in one term are found, with the first", () => {
  assert.deepEqual(findings(n1.starts(), n2.starts(), n1.leads(4), n2.leads(4)), [
    { text: "n1 and n2 both lead term 4.", at: 3, because: [2] },
  ]);
});

test("a node that sends AppendEntries leads, whatever it says of itself", () => {
  assert.deepEqual(findings(n1.starts(), n1.leads(4), n3.replicates("n2", 4)), [
    { text: "n1 and n3 both lead term 4.", at: 2, because: [1] },
  ]);
});

test("each node may lead a term of its own, and an old leader may not know yet", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n2.starts(),
      n1.leads(4),
      n1.replicates("n2", 4),
      n2.leads(5),
      n1.replicates("n2", 4),
      n2.replicates("n1", 5),
      n1.leads(6),
    ),
    [],
  );
});
