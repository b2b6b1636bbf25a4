import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf, looksLike, nodeOf, type FileKind } from "../../../src/language/index.ts";
import { account, log } from "./lab.ts";

for (const [name, kind, node] of [
  ["127.0.0.1_8000.log", "log", "127.0.0.1_8000"],
  ["localhost_8000.log", "log", "localhost_8000"],
  ["__1_8000.log", "log", "__1_8000"],
  ["fe80__1_8000.log", "log", "fe80__1_8000"],
  ["any.raft.log", "log", "any.raft"],
  ["127.0.0.1_8000.storage", "storage", "127.0.0.1_8000"],
  ["127.0.0.1_8000.state_machine", "stateMachine", "127.0.0.1_8000"],
  ["node1.log", "account", "node1"],
  ["task2_node12.txt", "account", "node12"],
  ["stdout_node3.txt", "account", "node3"],
  ["node2_CUSTOMLOG.log", "account", "node2"],
  ["wire_8000.txt", "wire", null],
  ["trace_8000.jsonl", "wire", null],
  ["127.0.0.1_8000.wal", null, null],
  ["app.log", null, null],
  ["app_2026.log", null, null],
  ["error_500.log", null, null],
  ["2026_10.log", null, null],
  ["00_8002_lines020.log", null, null],
  ["127.0.0.1_8000.log.differs", null, null],
  ["nodes.log", null, null],
  ["README.txt", null, null],
  ["", null, null],
] as const satisfies readonly (readonly [string, FileKind | null, string | null])[]) {
  test(`by its name ${name} is ${kind ?? "no file of a lab"}`, () => {
    assert.equal(kindOf(name), kind);
    assert.equal(nodeOf(name), node);
  });
}

test("a text looks like what most of its first lines look like", () => {
  assert.equal(looksLike(log("1:1 1:2")), "log");
  assert.equal(looksLike('{"term":1,"command":{"x":1}}\r\n{"ter'), "log");
  assert.equal(looksLike(account("1 leader LEADER IS NOW NODE 1")), "account");
  assert.equal(looksLike("LEADER => None\nLEADER => 127.0.0.1:8001\n"), "account");
  assert.equal(
    looksLike("Leader is now: None\nDone writing x\n Check the .log and .state_machine files!"),
    "account",
  );
});

test("a text of which only some lines look like ours is of another program", () => {
  assert.equal(looksLike(""), null);
  assert.equal(looksLike("\n\n"), null);
  assert.equal(looksLike('{"level": "info", "term": 1}\n'), null);
  assert.equal(looksLike(`starting\nlistening\n${log("1:1")}`), null);
  assert.equal(looksLike("?".repeat(10_000_000)), null);
});
