import assert from "node:assert/strict";
import { test } from "node:test";
import {
  entryArgument,
  isConfirmedArgument,
  isSelectedArgument,
  nodeArgument,
  speedArgument,
  standingArgument,
  startArgument,
  submitArgument,
  readArgument,
  uriArgument,
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
    assert.deepEqual(readArgument(raw), { name: undefined, node: null });
    assert.equal(speedArgument(raw), null);
    assert.equal(uriArgument(raw), null);
    assert.equal(entryArgument(raw), null);
    assert.equal(isSelectedArgument(raw), false);
    assert.equal(standingArgument(raw), null);
    assert.equal(isConfirmedArgument(raw), false);
  }
});

test("a node is given by name, by { node } or as an item of the tree", () => {
  assert.equal(nodeArgument("node2"), "node2");
  assert.equal(nodeArgument({ node: "n2" }), "n2");
  assert.equal(nodeArgument(treeItem), "n2");
});

test("a node is added as a voter or a learner, and the removal of one is asked about unless it says", () => {
  assert.equal(standingArgument("learner"), "learner");
  assert.equal(standingArgument({ as: "voter" }), "voter");
  assert.equal(standingArgument("leader"), null);
  assert.equal(standingArgument(treeItem), null);
  assert.equal(isConfirmedArgument(treeItem), false);
  assert.equal(isConfirmedArgument({ node: "n2", isConfirmed: true }), true);
});

test("a button above the tree does not choose the node that has the focus", () => {
  assert.deepEqual(submitArgument(treeItem), { text: null, node: null });
  assert.deepEqual(startArgument(treeItem), { size: null, startAnew: false });
});

test("a submission is text alone, or text and a node", () => {
  assert.deepEqual(submitArgument("x=1"), { text: "x=1", node: null });
  assert.deepEqual(submitArgument({ text: "x=1", node: "n1" }), { text: "x=1", node: "n1" });
});

test("a read is a name alone, or a name or all with a node, or at the node of the tree", () => {
  assert.deepEqual(readArgument("x"), { name: "x", node: null });
  assert.deepEqual(readArgument({ name: "x", node: "n1" }), { name: "x", node: "n1" });
  assert.deepEqual(readArgument({ name: null, node: "n1" }), { name: null, node: "n1" });
  assert.deepEqual(readArgument({ node: "n1" }), { name: undefined, node: "n1" });
  assert.deepEqual(readArgument(treeItem), { name: undefined, node: "n2" });
});

test("a start is asked for a size, and a speed is a number", () => {
  assert.deepEqual(startArgument({ size: 5, startAnew: true }), { size: 5, startAnew: true });
  assert.equal(speedArgument(0.5), 0.5);
  assert.equal(speedArgument({ speed: 2 }), 2);
});

test("a URI is given as text, or by its parts as VS Code does", () => {
  assert.equal(uriArgument("file:///a/b"), "file:///a/b");
  const parts = { scheme: "file", authority: "", path: "/a b/c#1?" };
  assert.equal(uriArgument(parts), "file:///a%20b/c%231%3F");
  assert.equal(uriArgument({ ...parts, authority: "host" }), "file://host/a%20b/c%231%3F");
});

test("a menu of the panel names a node, or an entry and the node in whose log it was opened on", () => {
  const common = { webview: "raftLab.panel", preventDefaultContextMenuItems: true };
  const node = { ...common, webviewSection: "node", node: "n2", nodeState: "running" };
  assert.equal(nodeArgument(node), "n2");
  assert.equal(entryArgument(node), null);
  const entry = { ...common, webviewSection: "entry", index: 7, node: "n3" };
  assert.equal(nodeArgument(entry), "n3");
  assert.equal(entryArgument(entry), 7);
  assert.equal(nodeArgument({ ...entry, node: undefined }), null);
});

test("an entry is named by an index that a log can have", () => {
  assert.equal(entryArgument(3), 3);
  for (const index of [0, -1, 1.5, NaN, Infinity, "2", null]) {
    assert.equal(entryArgument({ index }), null, String(index));
    assert.equal(entryArgument(index), null, String(index));
  }
});

test("a key of the panel means what is selected there, if it says so", () => {
  assert.equal(isSelectedArgument({ selected: true }), true);
  assert.equal(isSelectedArgument({ selected: "n1" }), false);
  assert.equal(isSelectedArgument("selected"), false);
});
