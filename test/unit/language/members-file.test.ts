import assert from "node:assert/strict";
import { test } from "node:test";
import { readMembers } from "../../../src/language/members-file.ts";

const node = (number: number) => ({ name: `node${number}`, address: `127.0.0.1:${7999 + number}` });

test("the file names those that belong to the cluster and those that have left it", () => {
  const text = JSON.stringify({ members: [node(2), node(3)], departed: [node(1)] });
  assert.deepEqual(Object.fromEntries(readMembers(text)), {
    node1: "127.0.0.1:8000",
    node2: "127.0.0.1:8001",
    node3: "127.0.0.1:8002",
  });
});

test("a file that says something else names nobody more", () => {
  for (const departed of [null, "node1", { name: "node1" }, [7, null, {}]]) {
    const text = JSON.stringify({ members: [node(2)], departed });
    assert.deepEqual([...readMembers(text).keys()], ["node2"]);
  }
});
