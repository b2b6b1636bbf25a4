import assert from "node:assert/strict";
import { test } from "node:test";
import type { LabFolder, TokenKind } from "../../../src/language/index.ts";
import { JsonScanner } from "../../../src/language/json-scanner.ts";
import { account, lab, log, one, told, toldOfAll, two } from "./lab.ts";

// What looks like one thing and need not be it.

const noOp = '{"term": 1, "command": {}}\n';

function kindsIn(folder: LabFolder, file: string): readonly TokenKind[] {
  return folder
    .tokens(file, 0, 100)
    .map(({ kind }) => kind)
    .filter((kind) => kind !== "term");
}

test("what comes after a gap in indexes is not compared", () => {
  const line = (index: number, value: number) =>
    `{"index": ${index}, "term": 1, "command": {"x": ${value}}}\n`;
  const folder = lab({
    [one.log]: line(1, 1) + line(2, 2) + line(4, 4),
    [two.log]: line(1, 1) + line(2, 2) + line(3, 3),
  });
  assert.deepEqual(toldOfAll(folder), [`${one.log}:3 index-gap`]);
});

test("an empty command sets nothing, whatever the next one sets", () => {
  const folder = lab({ [one.log]: noOp + log("1:1 1:2"), [one.state]: '{"x": 1}' });
  assert.deepEqual(kindsIn(folder, one.log), ["committed", "committed", "uncommitted"]);
});

test("the least that explains a state is what is known to be committed", () => {
  const folder = lab({ [one.log]: log("1:1 1:2 1:1"), [one.state]: '{"x": 1}' });
  assert.deepEqual(kindsIn(folder, one.log), ["committed", "uncommitted", "uncommitted"]);
});

test("no name ever leaves a state", () => {
  const text = '{"term": 1, "command": {"a": 1}}\n{"term": 1, "command": {"b": 2}}\n';
  assert.deepEqual(told(lab({ [one.log]: text, [one.state]: '{"b": 2}' }).problems(one.state)), [
    "1 state-not-from-log error",
  ]);
});

test("an account without its log makes no other log's entries committed", () => {
  const says = account("1 follower knows to be committed: all up to 2");
  const whole = lab({ "node1.log": says, [one.log]: log("1:1 1:2") });
  assert.deepEqual(kindsIn(whole, one.log), ["committed", "committed"]);
  const part = lab({
    "node1.log": says,
    "node2.log": account("1 leader x"),
    [one.log]: log("1:1 1:2"),
  });
  assert.deepEqual(kindsIn(part, one.log), []);
});

test("a majority of logs does not make an entry committed", () => {
  const folder = lab({ [one.log]: log("1:1"), [two.log]: log("1:1") });
  assert.deepEqual(kindsIn(folder, one.log), []);
});

test("two accounts of one node are of one leader", () => {
  const leads = account("3 leader LEADER IS NOW NODE 1");
  assert.deepEqual(toldOfAll(lab({ "node1.log": leads, "task3_node1.txt": leads })), []);
});

test("two names for one address are believed neither", () => {
  const files = {
    "node1.log": account(
      "2 leader LEADER => 127.0.0.1:8000",
      "2 leader knows to be committed: all up to 2",
    ),
    [one.log]: log("1:1 2:2"),
    [two.log]: log("1:1 3:3"),
  };
  assert.equal(told(lab(files).problems(two.log)).at(-1), "2 committed-overwritten error");
  const both = lab({ ...files, "node2.log": account("3 leader LEADER => 127.0.0.1:8000") });
  assert.deepEqual(told(both.problems(two.log)), ["2 logs-diverge warning"]);
});

test("zero is zero, whatever its sign", () => {
  const [plain, negative, float] = ["0", "-0", "-0.0"].map((text) =>
    new JsonScanner(() => {}).scan(text, 0, text.length),
  );
  assert.deepEqual(
    [negative, float].map((each) => each?.kind === "value" && each.hash),
    [plain?.kind === "value" && plain.hash, plain?.kind === "value" && plain.hash],
  );
});
