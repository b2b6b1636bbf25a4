import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { grammarOf, type Token } from "./tokens.ts";

const grammar = await grammarOf("raft-log");
const raftos = join(import.meta.dirname, "../../fixtures/raftos");

const head = [
  "{  punctuation.definition.entry.begin",
  '"  string.quoted.double support.type.property-name.json.term punctuation.support.type.property-name.begin',
  "term  string.quoted.double support.type.property-name.json.term",
  '"  string.quoted.double support.type.property-name.json.term punctuation.support.type.property-name.end',
  ":  punctuation.separator.key-value",
];
const command = [
  ",  punctuation.separator.pair",
  '"  string.quoted.double support.type.property-name.json.command punctuation.support.type.property-name.begin',
  "command  string.quoted.double support.type.property-name.json.command",
  '"  string.quoted.double support.type.property-name.json.command punctuation.support.type.property-name.end',
  ":  punctuation.separator.key-value",
];

function key(name: string): readonly string[] {
  const scopes = "string.quoted.double support.type.property-name.json";
  return [
    `"  ${scopes} punctuation.support.type.property-name.begin`,
    `${name}  ${scopes}`,
    `"  ${scopes} punctuation.support.type.property-name.end`,
    ":  punctuation.separator.key-value",
  ];
}

const entry = [
  ...head,
  "1  constant.numeric.term",
  ...command,
  "{  punctuation.definition.dictionary",
  ...key("data_id"),
  "244  constant.numeric",
  "}  punctuation.definition.dictionary",
  "}  punctuation.definition.entry.end",
];

const good = '{"term": 1, "command": {"data_id": 244}}';

test("an entry shows its term, its keys and its values", () => {
  assert.deepEqual(grammar.shown(good), entry);
});

test("white space between the parts, more of it or none, changes no colour", () => {
  const spaced = ' { "term" : 1 ,\t"command"  : { "data_id" : 244 } } ';
  for (const line of [spaced, '{"term":1,"command":{"data_id":244}}']) {
    assert.deepEqual(grammar.shown(line), entry, line);
  }
});

test("a no-op is told from a command", () => {
  const noOp = [...head, "7  constant.numeric.term", ...command, "{}  comment.block.no-op"];
  const end = "}  punctuation.definition.entry.end";
  assert.deepEqual(grammar.shown('{"term": 7, "command": {}}'), [...noOp, end]);
});

test("only the term of the entry is Raft's term", () => {
  const shown = grammar.shown('{"term": 1, "command": {"term": 4, "command": 5}}');
  assert.equal(shown.filter((each) => each.endsWith("constant.numeric.term")).length, 1);
  assert(shown.includes("4  constant.numeric"));
});

test("what is no whole number is no term", () => {
  for (const term of ["1.5", "1e3", '"1"', "-1", "null"]) {
    const shown = grammar.shown(`{"term": ${term}, "command": {"x": 1}}`);
    assert.deepEqual(
      shown.filter((each) => each.includes("numeric.term")),
      [],
      term,
    );
  }
});

test("values have the colours of their kinds, also those that only Python writes", () => {
  const shown = grammar.shown(
    '{"term":2,"command":{"a":[-2.5e-3,true,false,null,NaN,-Infinity,"\\u00eb\\n","\\q"]}}',
  );
  const values = shown
    .slice(shown.indexOf("[  punctuation.definition.array") + 1)
    .filter((each) => !each.includes("punctuation"));
  assert.deepEqual(values, [
    "-2.5e-3  constant.numeric",
    "true  constant.language",
    "false  constant.language",
    "null  constant.language",
    "NaN  constant.language",
    "-Infinity  constant.language",
    "\\u00eb  string.quoted.double constant.character.escape",
    "\\n  string.quoted.double constant.character.escape",
    "\\q  string.quoted.double invalid.illegal.escape",
  ]);
});

test("a key may hold quotes and colons, and a string what looks like a key", () => {
  const shown = grammar.shown('{"term": 1, "command": {"a\\": {": "\\"b\\": 1", "c": ["d", "e"]}}');
  const named = (scopes: string): readonly string[] =>
    shown.filter((each) => each.endsWith(`  ${scopes}`)).map((each) => each.split("  ")[0] ?? "");
  const name = "string.quoted.double support.type.property-name.json";
  assert.deepEqual(named(name), ["a", ": {", "c"]);
  assert.deepEqual(named("string.quoted.double"), ["b", ": 1", "d", "e"]);
});

test("what is no entry is marked from its first character to its last", () => {
  for (const line of [
    "[1, 2]",
    "LEADER => None",
    "\u0000\u0081\ufffdterm\u0001",
    "null",
    '"}',
    "}",
  ]) {
    assert.deepEqual(grammar.shown(line), [`${line}  invalid.illegal.entry`]);
  }
});

test("an empty line has no colour", () => {
  for (const line of ["", "   ", "\t"]) assert.deepEqual(grammar.shown(line), []);
});

test("what cannot stand in an entry is marked there", () => {
  const shown = grammar.shown('{"term": 1, "command": {"x": tru, \u0000\u202e}}');
  const marked = shown.filter((each) => each.endsWith("invalid.illegal.value"));
  assert.deepEqual(
    marked.map((each) => each.split("  ")[0]),
    ["tru", "\u0000\u202e"],
  );
});

test("every line that raftos wrote is coloured to its end, with nothing marked", () => {
  let lines = 0;
  for (const [set, file] of [
    ["a2_writes", "127.0.0.1_8000.log"],
    ["b2_crash", "127.0.0.1_8001.log"],
    ["b4_diverged", "127.0.0.1_8000.log"],
    ["b5_partitioned", "127.0.0.1_8004.log"],
    ["d1_kill9", "127.0.0.1_21002.log"],
  ] as const) {
    const text = readFileSync(join(raftos, set, file), "utf8");
    const tokens = grammar.lines(text.trimEnd());
    for (const line of tokens) {
      assert.deepEqual(faults(line), [], `${set}/${file}`);
      assert(hasScope(line.at(-1), "punctuation.definition.entry.end"), `${set}/${file}`);
      assert.equal(line.filter((each) => hasScope(each, "constant.numeric.term")).length, 1);
      lines++;
    }
  }
  assert(lines > 100, `only ${lines} lines`);
});

test("a line that is torn at any character, or in the middle of one, leaves the next as it is", () => {
  const whole =
    '{"term": 12, "command": {"näme\\"": [{"a": -1.5e2}, null, "\\u00eb😀", {}], "b": "c"}}';
  const bytes = Buffer.from(whole);
  const [expected] = grammar.lines(good);
  for (let length = 0; length <= bytes.length; length++) {
    const torn = bytes.subarray(0, length).toString("utf8");
    for (const separator of ["\n", "\r\n", "\r"]) {
      const [, next] = grammar.lines(`${torn}${separator}${good}`);
      assert.deepEqual(next, expected, JSON.stringify(torn));
    }
  }
});

test("a torn line is coloured as far as it goes", () => {
  const whole = grammar.shown(good);
  for (let length = 1; length < good.length; length++) {
    const shown = grammar.shown(good.slice(0, length));
    assert(shown[0] === whole[0] && !shown.some((each) => each.includes("invalid")), `${length}`);
  }
  assert.deepEqual(grammar.shown('{"term": 1, "command": {"data'), [
    ...entry.slice(0, 12),
    '"  string.quoted.double punctuation.definition.string.begin',
    "data  string.quoted.double",
  ]);
});

test("whatever stands in a line, the next is as it would be alone", () => {
  const hostile = [
    "\u0000\u0000\u0000",
    '{"term": 1, "command": {"x": "\u202e\u2066\u200f',
    '{"term": 1, "command": {"x": "\u2028\u2029\u0085"',
    // The log that raftos writes by default: a map of MessagePack.
    "\u0082\ufffdterm\u0001\ufffdcommand\u0081\ufffddata_id\u0002",
    '{"term": 1, "command": [[[[{{{{"',
    '{"term": 1, "command": {}} {"term": 1, "command": {',
    '{\\"',
    "\ud800{",
    '\ufeff{"term": 1, "command": {"x": "',
  ];
  const [expected] = grammar.lines(good);
  for (const line of hostile) {
    assert.deepEqual(grammar.lines(`${line}\n${good}`)[1], expected, JSON.stringify(line));
    assert.deepEqual(grammar.lines(`${good}\n${line}\n${good}`)[2], expected, JSON.stringify(line));
  }
});

test("a carriage return that a reader leaves at the end of a line is no part of the entry", () => {
  const shown = (line: readonly Token[] | undefined): readonly Token[] =>
    (line ?? []).filter(({ scopes }) => scopes.length > 1);
  const [line, next] = grammar.lines(`${good}\r\n${good}\r\n`, /\n/);
  const [expected] = grammar.lines(good);
  assert.deepEqual(shown(line), shown(expected));
  assert.deepEqual(shown(next), shown(expected));
});

function faults(line: readonly Token[]): readonly string[] {
  return line
    .filter(
      ({ text, scopes }) => /invalid/.test(scopes.join(" ")) || (scopes.length < 2 && text !== " "),
    )
    .map(({ text }) => text);
}

function hasScope(token: Token | undefined, scope: string): boolean {
  return token?.scopes.includes(scope) === true;
}
