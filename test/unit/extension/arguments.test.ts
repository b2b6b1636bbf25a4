import assert from "node:assert/strict";
import { test } from "node:test";
import {
  nodeArgument,
  speedArgument,
  startArgument,
  submitArgument,
} from "../../../src/extension/arguments.ts";

const treeItem = { id: "n2", name: "node2", address: "127.0.0.1:8001" };
const nonsense = [
  undefined,
  null,
  5n,
  [],
  {},
  { node: 1, size: "3", text: null, speed: "1" },
  true,
];

test("what is not understood counts as not given", () => {
  for (const raw of nonsense) {
    assert.deepEqual(startArgument(raw), { size: null, startAnew: false });
    assert.equal(nodeArgument(raw), null);
    assert.deepEqual(submitArgument(raw), { text: null, node: null });
    assert.equal(speedArgument(raw), null);
  }
});

test("a node is given by name, by { node } or as an item of the tree", () => {
  assert.equal(nodeArgument("node2"), "node2");
  assert.equal(nodeArgument({ node: "n2" }), "n2");
  assert.equal(nodeArgument(treeItem), "n2");
});

test("a button above the tree does not choose the node that has the focus", () => {
  assert.deepEqual(submitArgument(treeItem), { text: null, node: null });
  assert.deepEqual(startArgument(treeItem), { size: null, startAnew: false });
});

test("a submission is text alone, or text and a node", () => {
  assert.deepEqual(submitArgument("x=1"), { text: "x=1", node: null });
  assert.deepEqual(submitArgument({ text: "x=1", node: "n1" }), { text: "x=1", node: "n1" });
});

test("a start is asked for a size, and a speed is a number", () => {
  assert.deepEqual(startArgument({ size: 5, startAnew: true }), { size: 5, startAnew: true });
  assert.equal(speedArgument(0.5), 0.5);
  assert.equal(speedArgument({ speed: 2 }), 2);
});
