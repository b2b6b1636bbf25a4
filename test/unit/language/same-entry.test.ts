import assert from "node:assert/strict";
import { test } from "node:test";
import type { Place } from "../../../src/language/index.ts";
import { account, lab, log, one, three, two } from "./lab.ts";

function text(place: Place | null): string {
  return place === null ? "nowhere" : `${place.file}:${place.range.start.line + 1}`;
}

const at = (line: number) => ({ line: line - 1, character: 3 });

test("the same entry is looked for in the next node's log, in a circle", () => {
  const folder = lab({
    [three.log]: log("1:1 1:2"),
    [one.log]: log("1:1 1:2 1:3"),
    [two.log]: log("1:1"),
  });
  assert.equal(text(folder.sameEntry(one.log, at(1))), `${two.log}:1`);
  assert.equal(text(folder.sameEntry(two.log, at(1))), `${three.log}:1`);
  assert.equal(text(folder.sameEntry(three.log, at(1))), `${one.log}:1`);
  assert.equal(text(folder.sameEntry(one.log, at(2))), `${three.log}:2`);
  assert.equal(text(folder.sameEntry(one.log, at(3))), "nowhere");
  assert.equal(text(folder.sameEntry(one.log, at(9))), "nowhere");
});

test("all places of an entry are those of its index, whatever stands there", () => {
  const folder = lab({
    [one.log]: log("1:1 1:2"),
    [two.log]: log("1:1 2:9"),
    [three.log]: log("1:1"),
  });
  assert.deepEqual(folder.allPlaces(one.log, at(2)).map(text), [`${one.log}:2`, `${two.log}:2`]);
});

test("where a log has indexes, the entry is found by its index", () => {
  const line = (index: number) => `{"index": ${index}, "term": 1, "command": {}}\n`;
  const folder = lab({ [one.log]: line(4) + line(5), [two.log]: line(5) + line(6) });
  assert.equal(text(folder.sameEntry(one.log, at(2))), `${two.log}:1`);
  assert.equal(text(folder.sameEntry(one.log, at(1))), "nowhere");
});

test("an account leads to the entry that it tells of", () => {
  const folder = lab({
    "node1.log": account(
      "1 leader knows to be committed: all up to 2",
      "1 leader stores entries 1 to 3",
      "1 leader drops its entries from 1 on",
      "1 leader votes for itself",
    ),
    [one.log]: log("1:1 1:2 1:3"),
  });
  const places = [1, 2, 3, 4].map((line) => text(folder.sameEntry("node1.log", at(line))));
  assert.deepEqual(places, [`${one.log}:2`, `${one.log}:3`, `${one.log}:1`, "nowhere"]);
});
