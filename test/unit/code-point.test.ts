import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { codePoint } from "../support/code-point.ts";

// What the properties of other tests draw: were it poorer, they would go on passing.

test("any character is drawn, and half a surrogate pair is none", () => {
  for (const character of ["\0", "a", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"]) {
    assert(codePoint.canShrinkWithoutContext(character), JSON.stringify(character));
  }
  for (const other of ["\ud800", "\udfff", "", "ab", 1]) {
    assert(!codePoint.canShrinkWithoutContext(other), JSON.stringify(other));
  }
  const drawn = fc.sample(codePoint, { numRuns: 2000, seed: 1 });
  assert(!drawn.some((character) => /^[\ud800-\udfff]$/u.test(character)));
  for (const [from, to] of [
    ["\0", "~"],
    ["\ue000", "\uffff"],
    ["\u{10000}", "\u{10ffff}"],
  ] as const) {
    assert(
      drawn.some((character) => character >= from && character <= to),
      JSON.stringify(from),
    );
  }
});

test("texts of them are now and then a name that every object has", () => {
  const texts = fc.sample(fc.string({ unit: codePoint }), { numRuns: 20_000, seed: 1 });
  assert(texts.includes("__proto__"));
});
