import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { reformat } from "../../../src/cluster/index.ts";
import { JsonScanner, type Scan } from "../../../src/language/json-scanner.ts";
import { codePoint } from "../../support/code-point.ts";
import { drawn } from "../../support/drawn.ts";

function scan(text: string): Scan {
  return new JsonScanner(() => {}).scan(text, 0, text.length);
}

function hashOf(text: string): number | undefined {
  const found = scan(text);
  return found.kind === "value" && !/[^ \t\r\n]/.test(text.slice(found.end))
    ? found.hash
    : undefined;
}

test("it reads exactly what JSON.parse reads, and NaN and Infinity", () => {
  const pieces = fc.constantFrom(
    ...Array.from('[]{}",:\\ \n\t0-1.eE+u/'),
    "true",
    "null",
    '"a"',
    "\\ud800",
    "\u00e9",
    "\u00a0",
  );
  const almost = fc.array(pieces, { maxLength: 12 }).map((found) => found.join(""));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: codePoint }), almost, fc.json()), (text) => {
      assert.equal(hashOf(text) !== undefined, isJson(text), text);
    }),
    { numRuns: drawn(5_000) },
  );
  for (const odd of ["NaN", "[Infinity]", '{"a": -Infinity}']) {
    const found = scan(odd);
    assert(found.kind === "value" && !found.isStrict, odd);
  }
});

test("values have the same hash exactly if Python writes them the same, but for 1.0 and 1", () => {
  const small = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(small, small, (one, other) => {
      const [first, second] = [JSON.stringify(one), JSON.stringify(other)];
      assert.equal(hashOf(first) === hashOf(second), canonical(one) === canonical(other));
    }),
    { numRuns: drawn(2_000) },
  );
});

test("white space, escapes and the order of keys make no difference", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: codePoint }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value);
      assert.equal(hashOf(JSON.stringify(value, undefined, indent)), hashOf(text));
      assert.equal(hashOf(JSON.stringify(turned(value))), hashOf(text));
      const asPython = reformat(text);
      if (asPython !== undefined) assert.equal(hashOf(asPython), hashOf(text));
    }),
  );
});

test("of a key that stands there twice the last value counts, among few and among many", () => {
  for (const many of [2, 40]) {
    const keys = Array.from({ length: many }, (_, at) => `"k${at}": ${at}`);
    const doubled = [...keys.map((key) => key.replace(/\d+$/, "[0]")), ...keys];
    assert.equal(hashOf(`{${doubled.join(",")}}`), hashOf(`{${keys.join(",")}}`));
    assert.notEqual(hashOf(`{${keys.join(",")}, "k1": 2}`), hashOf(`{${keys.join(",")}}`));
  }
});

test("a text that is cut anywhere is cut, and not wrong", () => {
  const text = '{"a\\u00e9\\n": [1.5e+3, -0.1, true, null, {}, [], ""], "b": Infinity}';
  for (let length = 0; length < text.length; length++) {
    assert.equal(scan(text.slice(0, length)).kind, "cut", text.slice(0, length));
  }
  assert.equal(scan(text).kind, "value");
});

test("brackets may nest as deep as the text is long", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    const deep = open.repeat(300_000);
    assert.equal(scan(deep).kind, "cut");
    assert.equal(scan(`${deep}0${close.repeat(300_000)}`).kind, "value");
  }
});

test("members are told of the outermost object and of objects that are its values", () => {
  const text = '{"a": {"b": {"c": 1}}, "d": [{"e": 2}]}';
  const members: string[] = [];
  const scanner = new JsonScanner((depth, { keyStart, keyEnd, valueStart, valueEnd }) => {
    members.push(`${depth} ${text.slice(keyStart, keyEnd)} ${text.slice(valueStart, valueEnd)}`);
  });
  scanner.scan(text, 0, text.length);
  assert.deepEqual(members, ['2 "b" {"c": 1}', '1 "a" {"b": {"c": 1}}', '1 "d" [{"e": 2}]']);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The value with its keys in order; numbers as JavaScript writes them, for which 1.0 is 1. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`,
  );
  return `{${members.toSorted().join()}}`;
}

/** The same value with the keys of its objects in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  // Built from entries, which makes `__proto__` a key like any other.
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, turned(each)] as const)
      .toReversed(),
  );
}
