import assert from "node:assert/strict";
import { test } from "node:test";
import { Settling, type Text } from "../../../../src/language/server/settling.ts";

const patience = 1_000;

/** How long each text has to wait, one after the other, `text at time`. */
function waits(whole: Text, ...seen: readonly (readonly [Text, number])[]): readonly number[] {
  const settling = new Settling(whole, patience);
  return seen.map(([text, now]) => settling.see(text, now));
}

const one = '{"term": 1, "command": {}}\n';
const two = '{"term": 2, "command": {}}\n';

test("what ends as it did counts at once", () => {
  assert.deepEqual(waits(one, [one + two, 0], [two + one, 1], [one, 2]), [0, 0, 0]);
  assert.deepEqual(waits('{"a": 12}', ['{"b": 1}', 0]), [0]);
  assert.deepEqual(waits("any words", ["other words", 0]), [0]);
});

test("an emptied file counts once it has stayed empty", () => {
  assert.deepEqual(waits(one, ["", 0], ["", 999], ["", 1_000], ["", 1_001]), [1_000, 1, 0, 0]);
});

test("a file that is gone counts once it has stayed away", () => {
  assert.deepEqual(waits(one, [null, 0], [null, 400], [null, 1_000]), [1_000, 600, 0]);
});

test("a cut file counts once it has stayed so", () => {
  assert.deepEqual(waits(one + two, [one, 0], [one, 1_000]), [1_000, 0]);
  assert.deepEqual(waits(one + two, [one.slice(0, 9), 0]), [1_000]);
});

test("a line that is still being written counts once it has stayed so", () => {
  assert.deepEqual(waits(one, [one + two.slice(0, 9), 0], [one + two, 10]), [1_000, 0]);
  assert.deepEqual(waits("", [one.slice(0, 9), 0], [one, 10]), [1_000, 0]);
  // It ends with a brace, and is torn all the same.
  assert.deepEqual(waits(one, [one + two.slice(0, -2), 0]), [1_000]);
});

test("a state that is still being written counts once it has stayed so", () => {
  assert.deepEqual(waits('{"a": 1}', ['{"b": 2, "c', 0], ['{"b": 2, "c": 3}', 5]), [1_000, 0]);
});

test("a file that is whole again starts anew", () => {
  assert.deepEqual(waits(one, ["", 0], [one, 900], ["", 1_000]), [1_000, 0, 1_000]);
});

test("what was written long ago is not waited for", () => {
  const settling = new Settling(null, patience);
  assert.equal(settling.see("", 5_000, 4_500), 1_000);
  assert.equal(settling.see("", 5_500, 4_500), 0);
});
