import assert from "node:assert/strict";
import { test } from "node:test";
import { Checker } from "../../../src/checks/index.ts";
import {
  rememberedSnapshots,
  snapshotIsCommitted,
} from "../../../src/checks/snapshot-is-committed.ts";

function found(...taken: readonly (readonly [node: string, index: number, data: string])[]) {
  const checker = new Checker([snapshotIsCommitted]);
  taken.forEach(([node, index, data], seq) => {
    const keep = 0;
    checker.take({ seq, time: seq, kind: "snapshotTaken", node, index, data, keep, action: null });
  });
  return checker.findings.map(({ text }) => text);
}

test("two snapshots of one index that are not the same are found", () => {
  assert.deepEqual(found(["n1", 3, "a"], ["n2", 3, "a"], ["n3", 3, "b"]), [
    "n3 wrote another state machine down at 3 than n1 had.",
  ]);
});

test("only the newest snapshots are remembered, for each is as large as a state machine", () => {
  const many = Array.from({ length: rememberedSnapshots }, (_, at) => {
    return ["n1", at + 2, "a"] as const;
  });
  assert.deepEqual(found(["n1", 1, "a"], ...many, ["n2", 1, "b"]), []);
  assert.equal(found(...many, ["n2", 2, "b"]).length, 1);
});
