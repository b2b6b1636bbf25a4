import assert from "node:assert/strict";
import { test } from "node:test";
import { standInForVscode } from "./vscode-stand-in.ts";

standInForVscode();
const { sizeChoices, startsAnew } = await import("../../../src/extension/size-choices.ts");

test("an empty folder offers one to nine nodes, and says how many crashes each survives", () => {
  const choices = sizeChoices({ kind: "nothing" }, "raft-lab", false);
  assert.deepEqual(
    choices.map(({ size }) => size),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert(choices.every(({ startAnew }) => !startAnew));
  assert.equal(choices[0]?.description, "survives no crash");
  assert.equal(choices[1]?.description, "survives no crash");
  assert.equal(choices[3]?.description, "survives the crash of 1 node");
  assert.equal(choices[4]?.description, "survives the crash of 2 nodes");
});

test("a cluster that is there comes first; anything else moves its files, and says so", () => {
  const [first, ...others] = sizeChoices({ kind: "cluster", size: 3 }, "raft-lab", false);
  assert.equal(first?.label, "Continue with 3 nodes");
  assert.deepEqual([first?.size, first?.startAnew], [3, false]);
  assert.equal(others.length, 9);
  for (const { startAnew, description } of others) {
    assert.equal(startAnew, true);
    assert.match(description, /raft-lab\/earlier\//);
  }
});

test("files of raftos are offered for import", () => {
  const [first] = sizeChoices({ kind: "raftosFiles", size: 3 }, "raft-lab", false);
  assert.equal(first?.label, "Import 3 nodes");
  assert.equal(first?.startAnew, false);
});

test("who starts anew is not offered to go on", () => {
  const choices = sizeChoices({ kind: "cluster", size: 3 }, "raft-lab", true);
  assert.equal(choices.length, 9);
  assert(choices.every(({ startAnew }) => startAnew));
});

test("a size that is given goes on with a cluster of that size, and replaces another", () => {
  assert.equal(startsAnew({ kind: "cluster", size: 3 }, 3), false);
  assert.equal(startsAnew({ kind: "cluster", size: 3 }, 5), true);
  assert.equal(startsAnew({ kind: "raftosFiles", size: 3 }, 3), false);
  assert.equal(startsAnew({ kind: "nothing" }, 5), false);
  assert.equal(startsAnew({ kind: "unusable", problems: [] }, 5), false);
});
