import assert from "node:assert/strict";
import { test } from "node:test";
import { problemLimit } from "../../../src/language/index.ts";
import { lab, log, one, only, told, toldOf } from "./lab.ts";

const entry = '{"term": 1, "command": {"x": 1}}';

test("a log as raftos writes it has nothing wrong, whatever library it was written with", () => {
  assert.deepEqual(toldOf(""), []);
  assert.deepEqual(toldOf(log("1:1 1:2 3:3")), []);
  assert.deepEqual(toldOf('{"term":2,"command":{"a\\/b":"\\u00eb"}}\n'), []);
  assert.deepEqual(toldOf(`${entry}\r\n${entry}\r\n`), []);
  assert.deepEqual(toldOf(`\ufeff${entry}\n`), []);
  assert.deepEqual(toldOf('{"command": {}, "term": 1}\n'), []);
});

test("a gap in terms is nothing wrong", () => {
  assert.deepEqual(toldOf(log("1:1 48:2 9007199254740991:3")), []);
});

test("a term that falls is told where it falls", () => {
  const folder = lab({ [one.log]: log("1:1 3:2 2:3 2:4") });
  const problem = only(folder, one.log, "term-decreases");
  assert.deepEqual(problem.range, {
    start: { line: 2, character: 9 },
    end: { line: 2, character: 10 },
  });
  assert.equal(problem.related[0]?.range.start.line, 1);
  assert.equal(problem.section, "5.3");
});

test("a last line is torn wherever it is cut", () => {
  for (let length = 1; length < entry.length; length++) {
    assert.deepEqual(
      toldOf(`${entry}\n${entry.slice(0, length)}`),
      ["2 torn-line error"],
      entry.slice(0, length),
    );
  }
  assert.deepEqual(toldOf(`${entry}\n${entry}`), ["2 missing-final-newline information"]);
  assert.deepEqual(toldOf('{"term": 1, "command": {"x": "\\u00'), ["1 torn-line error"]);
  assert.deepEqual(toldOf('{"term": 1, "command": {"x": tr'), ["1 torn-line error"]);
  assert.deepEqual(toldOf('{"term": 1, "command": {"x": -'), ["1 torn-line error"]);
});

test("a line that is cut in the middle of the log is malformed, and so is a blank one", () => {
  assert.deepEqual(toldOf(`${entry.slice(0, 9)}\n${entry}\n`), ["1 malformed-line error"]);
  assert.deepEqual(toldOf(`${entry}\n\n${entry}\n`), ["2 malformed-line error"]);
  assert.deepEqual(toldOf("\n"), ["1 malformed-line error"]);
});

for (const [name, line] of [
  ["two records", `${entry}${entry}`],
  ["no term", '{"command": {}}'],
  ["no command", '{"term": 1}'],
  ["a term of 0", '{"term": 0, "command": {}}'],
  ["a negative term", '{"term": -1, "command": {}}'],
  ["a term with a point", '{"term": 1.0, "command": {}}'],
  ["a term in quotes", '{"term": "1", "command": {}}'],
  ["a term past what is exact", '{"term": 9007199254740993, "command": {}}'],
  ["a command that is no object", '{"term": 1, "command": [1]}'],
  ["an array", "[1]"],
  ["a number", "1"],
  ["words", "hello"],
  ["a comma too many", '{"term": 1, "command": {},}'],
  ["single quotes", "{'term': 1, 'command': {}}"],
  ["a number with a leading zero", '{"term": 01, "command": {}}'],
  ["a control character in a string", '{"term": 1, "command": {"a\u0000": 1}}'],
  ["an escape that is none", '{"term": 1, "command": {"\\x": 1}}'],
  ["what comes after", `${entry} # comment`],
] as const) {
  test(`a line is malformed: ${name}`, () => {
    assert.deepEqual(toldOf(`${line}\n`), ["1 malformed-line error"]);
    assert.deepEqual(toldOf(`${line}\r\n${entry}\n`), ["1 malformed-line error"]);
  });
}

test("what is told of a line shows control characters escaped", () => {
  const folder = lab({
    [one.log]: '{"term": "\u202e\u001b[2J", "command": {}}\n{"term": 1 \u0000\n',
  });
  for (const { message } of folder.problems(one.log)) {
    assert.doesNotMatch(message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});

test("of a key that stands there twice the last counts", () => {
  assert.deepEqual(toldOf('{"term": 0, "command": 1, "term": 1, "command": {}}\n'), []);
});

test("NaN and Infinity are information", () => {
  const line = '{"term": 1, "command": {"x": [NaN, Infinity, -Infinity]}}\n';
  assert.deepEqual(toldOf(line), ["1 odd-number information"]);
});

test("a log of MessagePack is told once, with what to do", () => {
  const packed = Buffer.from("82a47465726d01a7636f6d6d616e6481a17801", "hex");
  const text = `${packed.toString("utf8")}\n${packed.toString("utf8")}\n`;
  assert.deepEqual(toldOf(text), ["1 messagepack error"]);
  assert.deepEqual(toldOf(packed.toString("latin1")), ["1 messagepack error"]);
  const { message } = only(lab({ [one.log]: text }), one.log, "messagepack");
  assert.match(message, /JSONSerializer/);
});

test("indexes, where a log has them, have no gap", () => {
  const line = (index: number) => `{"index": ${index}, "term": 1, "command": {}}\n`;
  assert.deepEqual(toldOf([5, 6, 7].map(line).join("")), []);
  assert.deepEqual(toldOf([1, 2, 4, 5].map(line).join("")), ["3 index-gap error"]);
  assert.deepEqual(toldOf([1, 2, 2].map(line).join("")), ["3 index-gap error"]);
});

test("a line too long to be read is information, and is not read", () => {
  const line = `{"term": 1, "command": {"x": "${"a".repeat(1024 * 1024)}"}}\n`;
  assert.deepEqual(toldOf(`${line}${entry}\n`), ["1 long-line information"]);
});

test("of very many problems the errors are told first, and the rest is summed up", () => {
  const bad = "?\n".repeat(1_500);
  const odd = '{"term": 1, "command": {"x": NaN}}\n'.repeat(1_500);
  const problems = lab({ [one.log]: `${odd}${bad}` }).problems(one.log);
  assert.equal(problems.length, problemLimit);
  assert.equal(problems[0]?.code, "too-many-problems");
  assert.match(problems[0]?.message ?? "", /2001 more/);
  assert(problems.slice(1).every(({ code }) => code === "malformed-line"));
});

test("problems come in order of place", () => {
  const text = `${log("2:1")}${log("1:2")}?\n{"term": 1, "command": {"x": NaN}}`;
  assert.deepEqual(
    told(lab({ [one.log]: text }).problems(one.log)),
    [
      "2 term-decreases error",
      "3 malformed-line error",
      "4 odd-number information",
      "4 missing-final-newline information",
    ].toSorted((first, second) => Number(first[0]) - Number(second[0])),
  );
});
