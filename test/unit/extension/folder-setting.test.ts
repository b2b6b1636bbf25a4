import assert from "node:assert/strict";
import { test } from "node:test";
import { folderWithin } from "../../../src/extension/folder-setting.ts";

const workspace = "/home/ana/lab";

test("a folder is meant from the workspace on", () => {
  assert.deepEqual(folderWithin(workspace, "raft-lab"), ["raft-lab"]);
  assert.deepEqual(folderWithin(workspace, " ./labs/raft/ "), ["labs", "raft"]);
  assert.deepEqual(folderWithin(workspace, "work\\raft"), ["work", "raft"]);
});

test("an absolute folder is good if it is inside the workspace", () => {
  assert.deepEqual(folderWithin(workspace, "/home/ana/lab/raft"), ["raft"]);
  assert.deepEqual(folderWithin("c:\\Users\\ana", "C:/Users/ana/raft"), ["raft"]);
});

test("a folder outside the workspace is refused", () => {
  for (const folder of [
    "..",
    "../other",
    "raft/../../other",
    "a/../b",
    "..\\other",
    "/etc",
    "/home/ana/laboratory",
    "/home/ana",
    "C:\\Windows",
    "//server/share",
  ]) {
    assert.equal(folderWithin(workspace, folder), undefined, folder);
  }
});

test("the workspace itself is refused, because starting anew moves files", () => {
  for (const folder of ["", "  ", ".", "./", "/home/ana/lab", "/"]) {
    assert.equal(folderWithin(workspace, folder), undefined, folder);
  }
});

test("what only a shell would understand is refused", () => {
  for (const folder of ["~/raft", "${workspaceFolder}/raft", "${env:HOME}"]) {
    assert.equal(folderWithin(workspace, folder), undefined, folder);
  }
});
