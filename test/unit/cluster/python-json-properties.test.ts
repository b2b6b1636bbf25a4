import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { membersOf, reformat } from "../../../src/cluster/python-json.ts";
import { codePoint } from "../../support/code-point.ts";

test("every JSON value keeps its meaning", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: codePoint }), fc.nat(2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      assert.equal(meaning(reformat(text) ?? "refused"), meaning(text));
    }),
  );
});

test("every float keeps its value", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = reformat(Object.is(value, -0) ? "-0e0" : value.toExponential());
      assert(Object.is(Number(text), value), `${value} became ${text}`);
    }),
  );
});

test("to reformat twice is to reformat once, and the result is ASCII on one line", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: codePoint }), (text) => {
      const once = reformat(text) ?? "refused";
      assert.equal(reformat(once), once);
      assert.match(once, /^[ -~]*$/);
    }),
  );
});

test("no text at all makes it throw, and it reads exactly what JSON.parse reads", () => {
  const pieces = fc.constantFrom(
    ...Array.from('[]{}",:\\ \n\t0-1.eE+u'),
    "true",
    "null",
    '"a"',
    "\\ud800",
    "é",
  );
  const almost = fc.array(pieces, { maxLength: 12 }).map((found) => found.join(""));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: codePoint }), almost), (text) => {
      const answer = reformat(text);
      if (answer === undefined) {
        // A number of a few characters may be too large for a float: 1e1000.
        assert(!isRead(text) || /\de/i.test(text), text);
      } else {
        assert.equal(meaning(answer), meaning(text));
      }
      assert.equal(membersOf(text) !== undefined, answer?.startsWith("{") ?? false);
    }),
    { numRuns: 3_000 },
  );
});

function isRead(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What JavaScript reads in it, the order of keys included; the sign of a zero is not. */
function meaning(text: string): string {
  return JSON.stringify(JSON.parse(text));
}
