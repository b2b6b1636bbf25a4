import assert from "node:assert/strict";
import { test } from "node:test";
import { nextMember } from "../../../src/cluster/index.ts";

const at = (number: number, port: number) => ({ id: `n${number}`, address: `127.0.0.1:${port}` });

test("a node that is added is called and lives behind all that there ever were", () => {
  assert.deepEqual(nextMember([at(1, 8000), at(7, 8004), at(3, 8009)]), {
    id: "n8",
    name: "node8",
    address: "127.0.0.1:8010",
  });
  assert.deepEqual(nextMember([]), { id: "n1", name: "node1", address: "127.0.0.1:8000" });
});

test("behind the last port comes the highest that nobody has", () => {
  const known = [at(1, 65_535), at(2, 65_534), at(3, 8000)];
  assert.equal(nextMember(known).address, "127.0.0.1:65533");
});
