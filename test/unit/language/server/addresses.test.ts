import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressOfDocument,
  folderUri,
  pathOf,
  uriIn,
} from "../../../../src/language/server/addresses.ts";

test("documents of one folder belong together", () => {
  const one = addressOfDocument("file:///lab/127.0.0.1_8000.log");
  assert.deepEqual(one, { folder: "file:///lab", file: "127.0.0.1_8000.log" });
  assert.equal(addressOfDocument("file:///lab/node1.log").folder, one.folder);
  assert.notEqual(addressOfDocument("file:///lab/b/node1.log").folder, one.folder);
});

test("names are decoded, and any name can be", () => {
  assert.equal(addressOfDocument("file:///lab/a%20b%23.log").file, "a b#.log");
  assert.equal(addressOfDocument("file:///lab/100%.log").file, "100%.log");
  assert.equal(uriIn("file:///lab", "a b#.log"), "file:///lab/a%20b%23.log");
});

test("what was never saved stands alone", () => {
  for (const uri of ["untitled:Untitled-1", "untitled:/lab/node1.log"]) {
    assert.equal(addressOfDocument(uri).folder, uri);
  }
  assert.equal(addressOfDocument("untitled:Untitled-1").file, "Untitled-1");
  assert.equal(addressOfDocument("").folder, "");
});

test("only a folder on disk has a path", () => {
  assert.match(pathOf("file:///lab%20one") ?? "", /lab one[/\\]$/);
  assert.equal(pathOf("vscode-vfs://github/a/b"), null);
  assert.equal(pathOf("untitled:Untitled-1"), null);
  assert.equal(pathOf("file:///a%2Fb"), null);
  assert.equal(folderUri("file:///lab/"), "file:///lab");
});
