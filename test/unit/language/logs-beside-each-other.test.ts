import assert from "node:assert/strict";
import { test } from "node:test";
import { lab, log, one, only, three, told, toldOfAll, two } from "./lab.ts";

test("logs of which one is the beginning of the other have nothing wrong", () => {
  const folder = lab({ [one.log]: log("1:1 1:2 2:3"), [two.log]: log("1:1"), [three.log]: "" });
  assert.deepEqual(toldOfAll(folder), []);
});

test("the same entries are the same however they are written", () => {
  const folder = lab({
    [one.log]: '{"term": 1, "command": {"a": {"x": "\\u00eb/", "y": [1.0, 2]}}}\n',
    [two.log]: '{"term":1,"command":{"a":{"y":[1,2.0],"x":"\u00eb\\/"}}}\r\n',
    [three.log]: '\ufeff{ "command" : {"a":{"x":0,"x":"\\u00EB/","y":[1e0,2]}} , "term" : 1 }\n',
  });
  assert.deepEqual(toldOfAll(folder), []);
});

for (const [name, first, second] of [
  ["a number", "1", "2"],
  ["a number and a string", "1", '"1"'],
  ["the last digit of a long integer", "9007199254740992", "9007199254740993"],
  ["the order of a list", "[1, 2]", "[2, 1]"],
  ["how a list is nested", "[[1], 2]", "[[1, 2]]"],
  ["a member of an object", '{"a": 1}', '{"a": 1, "b": null}'],
  ["values changed over", '{"a": 1, "b": 2}', '{"a": 2, "b": 1}'],
  ["an object and a list that are empty", "{}", "[]"],
  ["null and false", "null", "false"],
  ["the sign of infinity", "Infinity", "-Infinity"],
  ["the unit of a lone surrogate", '"\\ud800"', '"\\ud801"'],
  ["a key of a prototype", '{"__proto__": 1}', "{}"],
] as const) {
  test(`another command at the same index and term is told in both logs: ${name}`, () => {
    const line = (value: string) => `{"term": 1, "command": {"x": ${value}}}\n`;
    const folder = lab({ [one.log]: line(first), [two.log]: line(second) });
    assert.deepEqual(toldOfAll(folder), [`${one.log}:1 log-matching`, `${two.log}:1 log-matching`]);
    const problem = only(folder, one.log, "log-matching");
    assert.deepEqual(problem.related[0]?.file, two.log);
    assert.equal(problem.section, "5.3");
  });
}

test("another term at the same index is a warning, and it says which nodes agree", () => {
  const folder = lab({
    [one.log]: log("1:1 3:2"),
    [two.log]: log("1:1 2:2"),
    [three.log]: log("1:1 3:2"),
  });
  assert.deepEqual(told(folder.problems(two.log)), ["2 logs-diverge warning"]);
  const problem = only(folder, two.log, "logs-diverge");
  assert.match(
    problem.message,
    /of term 2 here, but of term 3 on 127\.0\.0\.1_8000 and 127\.0\.0\.1_8002/,
  );
  assert.deepEqual(
    problem.related.map(({ file, range }) => `${file}:${range.start.line + 1}`),
    [`${one.log}:2`, `${three.log}:2`],
  );
});

test("logs that meet again after they differed contradict the property of log matching", () => {
  const folder = lab({ [one.log]: log("1:1 2:2 4:4 4:5"), [two.log]: log("1:1 3:2 4:4 4:5") });
  assert.deepEqual(told(folder.problems(one.log)), [
    "2 logs-diverge warning",
    "3 log-matching error",
  ]);
  const { message } = only(folder, one.log, "log-matching");
  assert.match(message, /both hold entry 3 of term 4, yet their entries 2 differ/);
});

test("what follows from another command in the same term is not told again, however many logs", () => {
  const four = "127.0.0.1_8003.log";
  const rest = log("1:1 1:9 1:3 2:4");
  const folder = lab({
    [one.log]: log("1:1 1:2 1:3 2:4"),
    [two.log]: rest,
    [three.log]: rest,
    [four]: rest,
  });
  assert.deepEqual(
    toldOfAll(folder),
    [one.log, two.log, three.log, four].map((file) => `${file}:2 log-matching`),
  );
  const { message, related } = only(folder, one.log, "log-matching");
  assert.match(message, /on 127\.0\.0\.1_8001, 127\.0\.0\.1_8002 and 127\.0\.0\.1_8003,/);
  assert.equal(related.length, 3);
});

test("a log that begins later is not said to have differed before", () => {
  const line = (index: number, term: number) =>
    `{"index": ${index}, "term": ${term}, "command": {"x": ${term}}}\n`;
  const folder = lab({
    [one.log]: line(1, 1) + line(2, 3) + line(3, 4),
    [two.log]: line(1, 1) + line(2, 2),
    [three.log]: line(3, 4),
  });
  assert.deepEqual(toldOfAll(folder), [`${one.log}:2 logs-diverge`, `${two.log}:2 logs-diverge`]);
});

test("what comes after a line that cannot be read is not compared", () => {
  const folder = lab({
    [one.log]: `${log("1:1")}?\n${log("1:2 1:3")}`,
    [two.log]: log("1:1 1:2 1:3"),
  });
  assert.deepEqual(toldOfAll(folder), [`${one.log}:2 malformed-line`]);
});

test("logs are compared by index where they have one, however far apart they begin", () => {
  const line = (index: number, value: number) =>
    `{"index": ${index}, "term": 1, "command": {"x": ${value}}}\n`;
  const folder = lab({
    [one.log]: line(5, 5) + line(6, 6),
    [two.log]: line(6, 7),
    [three.log]: line(9_007_199_254_740_000, 1),
  });
  assert.deepEqual(toldOfAll(folder), [`${one.log}:2 log-matching`, `${two.log}:1 log-matching`]);
});

test("a storage of an earlier term than the log's last entry is told", () => {
  const storage = '{"term": 2, "voted_for": null}';
  const folder = lab({ [one.log]: log("1:1 3:2"), [one.storage]: storage });
  assert.deepEqual(toldOfAll(folder), [`${one.storage}:1 storage-behind-log`]);
  const problem = only(folder, one.storage, "storage-behind-log");
  assert.deepEqual(problem.range.start, { line: 0, character: 9 });
  assert.equal(problem.related[0]?.range.start.line, 1);
});

test("a storage of another node's earlier term, or without a vote, is nothing wrong", () => {
  const folder = lab({
    [one.log]: log("1:1"),
    [one.storage]: '{"term": 1, "voted_for": "127.0.0.1:8002"}',
    [two.log]: log("1:1 7:2"),
    [two.storage]: '{"term": 9, "voted_for": null}',
    [three.storage]: '{"term": 0}',
  });
  assert.deepEqual(toldOfAll(folder), []);
});

for (const [name, text, code] of [
  ["empty", "", "empty-file"],
  ["white space", " \r\n", "empty-file"],
  ["cut off", '{"term": 1, "vo', "malformed-file"],
  ["words", "hello", "malformed-file"],
  ["a list", "[]", "malformed-file"],
  ["no term", '{"voted_for": null}', "malformed-file"],
  ["a term with a point", '{"term": 1.5, "voted_for": null}', "malformed-file"],
  ["a vote for a number", '{"term": 1, "voted_for": 5}', "malformed-file"],
  ["more after it", '{"term": 1, "voted_for": null}{"term": 2}', "malformed-file"],
  ["MessagePack", "\ufffd\ufffdterm\u0001", "messagepack"],
] as const) {
  test(`a storage that says nothing is told: ${name}`, () => {
    assert.deepEqual(toldOfAll(lab({ [one.storage]: text })), [`${one.storage}:1 ${code}`]);
  });
}

test("an empty state is told if something was applied, as far as can be known", () => {
  assert.deepEqual(toldOfAll(lab({ [one.log]: "", [one.state]: "" })), []);
  assert.deepEqual(toldOfAll(lab({ [one.state]: "" })), []);
  const asked = lab({ [one.log]: log("1:1"), [one.state]: "" });
  assert.deepEqual(told(asked.problems(one.state)), ["1 empty-file information"]);
  const lost = lab({ [one.log]: log("1:1 1:2"), [one.state]: "" });
  assert.deepEqual(told(lost.problems(one.state)), ["1 empty-file error"]);
});

test("a state that some first entries of the log come to has nothing wrong", () => {
  const text = log("1:1 1:2 1:3");
  for (const value of [1, 2, 3]) {
    assert.deepEqual(toldOfAll(lab({ [one.log]: text, [one.state]: `{"x":${value}}` })), []);
  }
  assert.deepEqual(toldOfAll(lab({ [one.log]: text, [one.state]: "{}" })), []);
  const noOp = `{"term": 1, "command": {}}\n${text}`;
  assert.deepEqual(toldOfAll(lab({ [one.log]: noOp, [one.state]: '{"x": 3}' })), []);
});

test("a state that no first entries of the log come to is told, with whose log explains it", () => {
  const folder = lab({
    [one.log]: log("1:1 1:2"),
    [one.state]: '{"x": 4}',
    [two.log]: log("1:1 1:2 1:3 1:4"),
    [three.log]: log("1:1 1:2 1:3"),
  });
  assert.deepEqual(toldOfAll(folder), [`${one.state}:1 state-not-from-log`]);
  const problem = only(folder, one.state, "state-not-from-log");
  assert.deepEqual(
    problem.related.map(({ file, range }) => `${file}:${range.start.line + 1}`),
    [`${two.log}:4`],
  );
});

test("a state is not judged by a log that is not there, or cannot be read to its end", () => {
  assert.deepEqual(toldOfAll(lab({ [one.state]: '{"x": 4}', [two.log]: log("1:1") })), []);
  const folder = lab({ [one.log]: `${log("1:1")}?\n${log("1:4")}`, [one.state]: '{"x": 4}' });
  assert.deepEqual(toldOfAll(folder), [`${one.log}:2 malformed-line`]);
});

test("a state on the way of a node of raftos that starts anew is information", () => {
  const line = (name: string, value: number) => `{"term": 1, "command": {"${name}": ${value}}}\n`;
  const text = line("a", 1) + line("b", 1) + line("a", 2) + line("b", 2);
  const folder = lab({ [one.log]: text, [one.state]: '{"a": 1, "b": 2}' });
  assert.deepEqual(told(folder.problems(one.state)), ["1 state-not-from-log information"]);
  const wrong = lab({ [one.log]: text, [one.state]: '{"a": 1, "b": 3}' });
  assert.deepEqual(told(wrong.problems(one.state)), ["1 state-not-from-log error"]);
});

test("a state is judged by the files as they are now, whatever they were", () => {
  const folder = lab({ [one.log]: log("1:1 1:2"), [one.state]: '{"x": 2}' });
  assert.deepEqual(toldOfAll(folder), []);
  folder.set(one.log, log("1:1 1:3"));
  assert.deepEqual(toldOfAll(folder), [`${one.state}:1 state-not-from-log`]);
  folder.set(two.log, log("1:1"));
  assert.deepEqual(toldOfAll(folder), [`${one.state}:1 state-not-from-log`]);
  folder.set(one.state, '{"x": 3}');
  assert.deepEqual(toldOfAll(folder), []);
  folder.delete(one.log);
  folder.set(one.state, '{"x": 4}');
  assert.deepEqual(toldOfAll(folder), []);
  folder.set(one.log, log("1:1 1:2"));
  assert.deepEqual(toldOfAll(folder), [`${one.state}:1 state-not-from-log`]);
});

test("two nodes that applied different entries contradict each other", () => {
  const folder = lab({
    [one.log]: log("1:1 2:2"),
    [one.state]: '{"x": 2}',
    [two.log]: log("1:1 3:3"),
    [two.state]: '{"x": 3}',
  });
  assert.deepEqual(told(folder.problems(one.log)), [
    "2 logs-diverge warning",
    "2 committed-overwritten error",
  ]);
});

test("an entry in the place of a committed one is wrong if a later leader made it", () => {
  const files = (term: number) => ({
    [one.log]: log("1:1 1:2"),
    [one.state]: '{"x": 2}',
    [one.storage]: '{"term": 2, "voted_for": null}',
    [two.log]: log(`1:1 ${term}:3`),
  });
  assert.deepEqual(told(lab(files(2)).problems(two.log)), ["2 logs-diverge warning"]);
  assert.deepEqual(told(lab(files(3)).problems(two.log)), [
    "2 logs-diverge warning",
    "2 committed-overwritten error",
  ]);
});
