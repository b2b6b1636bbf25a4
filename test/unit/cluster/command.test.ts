import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { commandLimit, commandOf, isCommand, nameOf } from "../../../src/cluster/command.ts";
import { codePoint } from "../../support/code-point.ts";

test("NAME=VALUE sets NAME to VALUE, read as JSON", () => {
  is("data_id=1", '{"data_id": 1}');
  is("x=true", '{"x": true}');
  is("x=null", '{"x": null}');
  is('x="5"', '{"x": "5"}');
  is('x={"a":[1,2.50]}', '{"x": {"a": [1, 2.5]}}');
  is("x=123456789012345678901234567890", '{"x": 123456789012345678901234567890}');
});

test("a VALUE that is no JSON is a string as it stands", () => {
  is("x=hello world", '{"x": "hello world"}');
  is("x=007", '{"x": "007"}');
  is("x=NaN", '{"x": "NaN"}');
  is("x=1e400", '{"x": "1e400"}');
  is("x='a'", `{"x": "'a'"}`);
  is("x=[1,", '{"x": "[1,"}');
  is("x=1 2", '{"x": "1 2"}');
  is("x=", '{"x": ""}');
  is("x=é", '{"x": "\\u00e9"}');
});

test("the first = ends the name", () => {
  is("a=b=c", '{"a": "b=c"}');
  is("a==1", '{"a": "=1"}');
});

test("text that names nothing sets data", () => {
  is("hello", '{"data": "hello"}');
  is("5", '{"data": "5"}');
  is("=5", '{"data": "=5"}');
  is(" = 5", '{"data": "= 5"}');
  is('{"a": 1}', '{"data": "{\\"a\\": 1}"}');
});

test("white space outside is not meant, inside it is", () => {
  is("  my name \t=\n [1 ,2]  ", '{"my name": [1, 2]}');
  is(" x =  a  b\nc ", '{"x": "a  b\\nc"}');
  is("  a  b  ", '{"data": "a  b"}');
});

test("any name is a name", () => {
  is("__proto__=1", '{"__proto__": 1}');
  is('"a\\b"=1', '{"\\"a\\\\b\\"": 1}');
});

test("nothing is no command", () => {
  for (const text of ["", " ", "\n\t "]) assert.deepEqual(commandOf(text), { kind: "empty" });
});

test("a command has up to 64 KiB of characters, as it is written", () => {
  const tooLong = { kind: "tooLong", limit: commandLimit };
  const room = commandLimit - '{"x": ""}'.length;
  assert.equal(commandLimit, 65_536);
  is(`x=${"v".repeat(room)}`, `{"x": "${"v".repeat(room)}"}`);
  assert.deepEqual(commandOf(`x=${"v".repeat(room + 1)}`), tooLong);
  // Six characters each, once escaped.
  assert.deepEqual(commandOf(`x=${"é".repeat(room / 5)}`), tooLong);
  assert.deepEqual(commandOf(`x=[${"1,".repeat(room / 2)}1]`), tooLong);
  assert.deepEqual(commandOf(`${"n".repeat(commandLimit)}=1`), tooLong);
  assert.deepEqual(commandOf("v".repeat(commandLimit)), tooLong);
  is(`x=[${" ".repeat(commandLimit)}]`, '{"x": []}');
});

test("text too long for any escaped string is told to be too long", () => {
  const huge = "é".repeat(10_000_000);
  for (const text of [`x=${huge}`, `${huge}=1`]) assert.equal(commandOf(text).kind, "tooLong");
});

test("a value is nested to 63 levels, so that its command has 64", () => {
  is(`x=${nested(63)}`, `{"x": ${nested(63)}}`);
  assert.deepEqual(commandOf(`x=${nested(64)}`), { kind: "tooDeep" });
  assert.deepEqual(commandOf(`x=${"[".repeat(5_000_000)}`), { kind: "tooDeep" });
});

test("text that does not begin as JSON may hold any number of brackets", () => {
  const text = `a${"[".repeat(100)}`;
  is(`x=${text}`, `{"x": "${text}"}`);
  is(text, `{"data": "${text}"}`);
  is(`x="${"[".repeat(100)}"`, `{"x": "${"[".repeat(100)}"}`);
});

test("whatever is typed, a command can be read again and names one thing", () => {
  const text = fc.oneof(
    fc.string({ unit: codePoint }),
    fc.tuple(fc.string(), fc.oneof(fc.json(), fc.string())).map((parts) => parts.join("=")),
  );
  fc.assert(
    fc.property(text, (typed) => {
      const answer = commandOf(typed);
      if (answer.kind !== "command") return;
      assert(isCommand(answer.command), answer.command);
      const read: unknown = JSON.parse(answer.command);
      assert(typeof read === "object" && read !== null);
      assert.equal(Object.keys(read).length, 1);
    }),
    { numRuns: 1_000 },
  );
});

test("every JSON object can be a command, and nothing else", () => {
  for (const text of ['{"a": 1}', '{"a":1}', '{"a":1,"b":2}', "{}", ' {"a": 1}\r\n']) {
    assert(isCommand(text), text);
  }
  for (const text of [
    "",
    "1",
    "[]",
    "null",
    '"a"',
    "a=1",
    '{"a": NaN}',
    '{"a": 1e400}',
    '{"a": 1',
  ]) {
    assert(!isCommand(text), text);
  }
});

test("a command is called by the name it sets", () => {
  assert.equal(nameOf('{"data_id": 1}'), "data_id");
  assert.equal(nameOf('{"donn\\u00e9e": {"inner": 1}}'), "donnée");
  assert.equal(nameOf('{"__proto__": 1}'), "__proto__");
});

test("a command that sets several names is called by all, as they stand", () => {
  assert.equal(nameOf('{"b": 1, "2": 1, "1": 1, "b": 2}'), "b, 2, 1");
  assert.equal(nameOf("{}"), "");
});

test("no name breaks the line it is told in", () => {
  const names = "a\nLEADER => None\u001b[2K\u007f\u2028\u202e\ud800\u200bz";
  const shown = String.raw`a\nLEADER => None\u001b[2K\u007f\u2028\u202e\ud800\u200bz`;
  assert.equal(nameOf(JSON.stringify({ [names]: 1 })), shown);
});

test("what is no command has no name", () => {
  assert.throws(() => nameOf("[]"), /every command is a JSON object/);
});

function is(typed: string, command: string): void {
  assert.deepEqual(commandOf(typed), { kind: "command", command });
}

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}
