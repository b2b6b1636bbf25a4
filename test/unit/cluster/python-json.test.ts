import assert from "node:assert/strict";
import { test } from "node:test";
import {
  depthLimit,
  isDeeperThan,
  lengthLimit,
  membersOf,
  objectText,
  reformat,
  stringText,
} from "../../../src/cluster/python-json.ts";

/** Text, and what `json.dumps(json.loads(text))` answered in Python 3.11. */
const fromPython: readonly (readonly [text: string, answer: string])[] = [
  // separators and white space
  ["{}", "{}"],
  ["[]", "[]"],
  ["[ ]", "[]"],
  ["{ }", "{}"],
  ['  {"a":1}\n', '{"a": 1}'],
  ['{"a":1,"b":[1,2,{"c":null}]}', '{"a": 1, "b": [1, 2, {"c": null}]}'],
  ["[true,false,null]", "[true, false, null]"],
  ["\t[1 ,\r\n2 ]", "[1, 2]"],
  ["[[],{},[[]]]", "[[], {}, [[]]]"],
  ['{"term":2,"command":{"data_id":2}}', '{"term": 2, "command": {"data_id": 2}}'],
  ['"x"', '"x"'],
  ["null", "null"],
  // keys
  ['{"b":1,"a":2}', '{"b": 1, "a": 2}'],
  ['{"2":1,"10":2,"1":3}', '{"2": 1, "10": 2, "1": 3}'],
  ['{"a":1,"b":2,"a":3}', '{"a": 3, "b": 2}'],
  ['{"a":1,"\\u0061":2}', '{"a": 2}'],
  ['{"a":{"x":1,"x":2},"b":0,"a":[1]}', '{"a": [1], "b": 0}'],
  ['{"":0}', '{"": 0}'],
  [
    '{"__proto__":1,"constructor":2,"toString":3}',
    '{"__proto__": 1, "constructor": 2, "toString": 3}',
  ],
  ['{"__proto__":{"__proto__":[]}}', '{"__proto__": {"__proto__": []}}'],
  ['{"a,b":1,"c:d":2,"{":3,"]":4}', '{"a,b": 1, "c:d": 2, "{": 3, "]": 4}'],
  ['{"\u00e9":1}', '{"\\u00e9": 1}'],
  // strings
  ['"\u00e9"', '"\\u00e9"'],
  ['"\u20ac"', '"\\u20ac"'],
  ['"\ud83d\ude00"', '"\\ud83d\\ude00"'],
  ['"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ['"\\uD83D\\uDE00"', '"\\ud83d\\ude00"'],
  ['"\\ud800"', '"\\ud800"'],
  ['"\\udc00\\ud800"', '"\\udc00\\ud800"'],
  ['"\\/"', '"/"'],
  ['"/"', '"/"'],
  ['"\\"\\\\"', '"\\"\\\\"'],
  ['"\\b\\f\\n\\r\\t"', '"\\b\\f\\n\\r\\t"'],
  ['"\\u0000\\u001F\\u000b"', '"\\u0000\\u001f\\u000b"'],
  ['"\\u0008\\u000A"', '"\\b\\n"'],
  ['"\u007f"', '"\\u007f"'],
  ['"\\u007f\\u0080\\u00FF"', '"\\u007f\\u0080\\u00ff"'],
  ['" ~"', '" ~"'],
  ['"\\u2028\u2029"', '"\\u2028\\u2029"'],
  ['"\ufeff"', '"\\ufeff"'],
  ['"\\u0041\\u005c\\u0022"', '"A\\\\\\""'],
  ['"[[{{ , : ]"', '"[[{{ , : ]"'],
  ['"\\\\"', '"\\\\"'],
  ['"a\\\\\\"b"', '"a\\\\\\"b"'],
  ['"1e400"', '"1e400"'],
  // integers
  ["0", "0"],
  ["-0", "0"],
  ["[-0]", "[0]"],
  ["-1", "-1"],
  ["42", "42"],
  ["9007199254740993", "9007199254740993"],
  ["-9007199254740993", "-9007199254740993"],
  ["123456789012345678901234567890", "123456789012345678901234567890"],
  [
    "[10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000]",
    "[10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000]",
  ],
  // floats
  ["0.0", "0.0"],
  ["-0.0", "-0.0"],
  ["0e5", "0.0"],
  ["-0e0", "-0.0"],
  ["1.0", "1.0"],
  ["100.0", "100.0"],
  ["1E2", "100.0"],
  ["1e2", "100.0"],
  ["1.50", "1.5"],
  ["-2.5", "-2.5"],
  ["1e+3", "1000.0"],
  ["0.1", "0.1"],
  ["0.10000000000000001", "0.1"],
  ["0.1e1", "1.0"],
  ["1e15", "1000000000000000.0"],
  ["1e16", "1e+16"],
  ["-1e16", "-1e+16"],
  ["1.5e16", "1.5e+16"],
  ["9999999999999998.0", "9999999999999998.0"],
  ["9007199254740993.0", "9007199254740992.0"],
  ["123456789012345680.0", "1.2345678901234568e+17"],
  ["1e20", "1e+20"],
  ["1e21", "1e+21"],
  ["1e22", "1e+22"],
  ["1e23", "1e+23"],
  ["1e100", "1e+100"],
  ["1e-4", "0.0001"],
  ["0.0001", "0.0001"],
  ["0.00012345", "0.00012345"],
  ["1e-5", "1e-05"],
  ["0.00001", "1e-05"],
  ["-1.25e-5", "-1.25e-05"],
  ["1e-6", "1e-06"],
  ["1e-7", "1e-07"],
  ["1.5e-10", "1.5e-10"],
  ["1e-100", "1e-100"],
  ["5e-324", "5e-324"],
  ["2.2250738585072014e-308", "2.2250738585072014e-308"],
  ["1.7976931348623157e308", "1.7976931348623157e+308"],
  ["1e-400", "0.0"],
  ["-1e-400", "-0.0"],
  ["0.30000000000000004", "0.30000000000000004"],
  ["3.141592653589793", "3.141592653589793"],
  ["1234567.125", "1234567.125"],
  ["4.35", "4.35"],
  ["2e-3", "0.002"],
  ["1E-05", "1e-05"],
  ["1E+016", "1e+16"],
  ["12345678901234567890.0", "1.2345678901234567e+19"],
  ["0.000123456789012345678", "0.00012345678901234567"],
];

test("JSON is written as Python writes it", () => {
  for (const [text, answer] of fromPython) assert.equal(reformat(text), answer, text);
});

test("what Python wrote stays as it is", () => {
  for (const [, answer] of fromPython) assert.equal(reformat(answer), answer);
});

test("what is not strict JSON is refused", () => {
  const texts = [
    "",
    " ",
    "x",
    "'a'",
    "{a: 1}",
    "[1,]",
    "[1 2]",
    '{"a" 1}',
    '{"a":1',
    "01",
    "1.",
    ".5",
  ];
  const more = [
    "+1",
    "-",
    "0x1",
    "1e",
    "NaN",
    "Infinity",
    "-Infinity",
    "tru",
    "// x\n1",
    "1 /* */",
  ];
  const strings = [
    '"',
    '"a',
    '"\\x41"',
    '"\\u12"',
    '"a\nb"',
    '"\t"',
    "\ufeff1",
    "\u00a01",
    "1\u2028",
    "1 1",
  ];
  for (const text of [...texts, ...more, ...strings]) assert.equal(reformat(text), undefined, text);
});

test("a float that Python would read as infinity is refused, wherever it stands", () => {
  for (const text of [
    "1e400",
    "-1e400",
    "[1, -1e309]",
    '{"a": {"b": 1e999}}',
    `${"9".repeat(400)}.0`,
  ]) {
    assert.equal(reformat(text), undefined, text);
    assert.equal(membersOf(`{"a": ${text}}`), undefined, text);
  }
});

test("nesting is read to 64 levels and no further", () => {
  assert.equal(depthLimit, 64);
  for (const [open, close] of [
    ["[", "]"],
    ['{"a": ', "}"],
  ] as const) {
    const nested = (levels: number) => `${open.repeat(levels - 1)}[]${close.repeat(levels - 1)}`;
    assert.equal(reformat(nested(64)), nested(64));
    assert.equal(reformat(nested(65)), undefined);
  }
});

test("brackets in strings and side by side do not nest", () => {
  const brackets = `"${"[{".repeat(200)}\\"${"[".repeat(200)}"`;
  assert.equal(reformat(brackets), brackets);
  const flat = `[${Array(200).fill("[]").join(", ")}]`;
  assert.equal(reformat(flat), flat);
  assert(!isDeeperThan(1, '["[", "\\"[", "\\\\"]'));
  assert(isDeeperThan(1, '["\\\\", [1]]'));
});

test("millions of brackets and quotes are refused without running out of stack", () => {
  // Half of the limit, so that it is not for their length that they are refused, and past it.
  for (const many of [lengthLimit / 2, 5_000_000]) {
    for (const text of [
      "[".repeat(many),
      `${"[".repeat(many)}${"]".repeat(many)}`,
      '{"a":'.repeat(many),
      "]".repeat(many),
      '"'.repeat(many),
      "\\".repeat(many),
    ]) {
      assert.equal(reformat(text), undefined);
      assert.equal(membersOf(text), undefined);
    }
  }
});

test("text past the length limit is refused, and up to it is read", () => {
  const longest = `"${"x".repeat(lengthLimit - 2)}"`;
  assert.equal(reformat(longest), longest);
  assert.equal(reformat(`${longest} `), undefined);
});

test("the members of an object are its values by key, in order of first appearance", () => {
  const members = membersOf('{"b":1E2,"a":{"x":[1,2]},"b":"\\u00E9","__proto__":-0}') ?? [];
  assert.deepEqual(
    [...members],
    [
      ["b", '"\\u00e9"'],
      ["a", '{"x": [1, 2]}'],
      ["__proto__", "0"],
    ],
  );
});

test("only an object has members", () => {
  for (const text of ["[]", "1", '"{}"', "null", "", "{", '{"a"}', '[{"a": 1}]']) {
    assert.equal(membersOf(text), undefined, text);
  }
  assert.deepEqual(membersOf(" {} "), new Map());
});

test("an object is written from the texts of its values", () => {
  assert.equal(objectText(new Map()), "{}");
  const members = new Map([
    ["é", "[1, 2]"],
    ['"', "{}"],
  ]);
  assert.equal(objectText(members), '{"\\u00e9": [1, 2], "\\"": {}}');
});

test("a string is written in ASCII, and half a character as its escape", () => {
  assert.equal(stringText("é\u{1f600}\ud800\u007f\n"), '"\\u00e9\\ud83d\\ude00\\ud800\\u007f\\n"');
});
