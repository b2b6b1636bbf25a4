import assert from "node:assert/strict";
import { test } from "node:test";
import { flightCaption, flightPlace, steppedPart } from "../../../src/panel/flight-place.ts";
import {
  freePlace,
  laneOf,
  overlaps,
  pointOn,
  ringLayout,
} from "../../../src/panel/ring-layout.ts";
import { flight } from "./pictures.ts";

const ids = (count: number) => Array.from({ length: count }, (_, at) => `n${at + 1}`);

test("no two nodes of a ring touch, and none reaches out of its space", () => {
  for (let count = 1; count <= 31; count++) {
    for (const [width, height] of [
      [360, 300],
      [420, 560],
      [560, 420],
      [820, 300],
      [300, 220],
    ] as const) {
      const layout = ringLayout(ids(count), width, height);
      if (layout === null) continue;
      const places = [...layout.places.values()];
      assert.equal(places.length, count);
      for (const [at, one] of places.entries()) {
        assert(
          one.x - layout.radius >= 0 && one.x + layout.radius <= width,
          `${count} in ${width}`,
        );
        assert(
          one.y - layout.radius >= 0 && one.y + layout.radius <= height,
          `${count} in ${height}`,
        );
        for (const other of places.slice(at + 1)) {
          const distance = Math.hypot(one.x - other.x, one.y - other.y);
          assert(distance > 2 * layout.radius, `${count} nodes in ${width} × ${height}`);
        }
      }
    }
  }
});

test("up to nine nodes have words beside them where there is room; more than 31 have no ring", () => {
  assert.equal(ringLayout(ids(9), 460, 560)?.kind, "full");
  assert.equal(ringLayout(ids(10), 460, 560)?.kind, "compact");
  assert.equal(ringLayout(ids(25), 460, 560)?.kind, "compact");
  assert.equal(ringLayout(ids(32), 1000, 1000), null);
  assert.equal(ringLayout([], 400, 400), null);
  assert.equal(ringLayout(ids(3), 60, 400), null);
});

test("the first node stands at the top, the others follow clockwise", () => {
  const places = [...(ringLayout(ids(4), 500, 500)?.places.values() ?? [])];
  const [top, right, bottom, left] = places;
  assert(top && right && bottom && left);
  assert(top.y < right.y && right.y < bottom.y && left.x < top.x && right.x > top.x);
});

test("the two directions of a link run beside each other", () => {
  const [a, b] = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  const [there, back] = [laneOf(a, b, 10, 5), laneOf(b, a, 10, 5)];
  assert.equal(there.from.y, 5);
  assert.equal(Math.round(back.from.y), -5);
  assert.equal(there.degrees, 0);
  assert.deepEqual(pointOn(there, 0.5), { x: 50, y: 5 });
});

test("words beside a message cover neither nodes nor other words, or are left out", () => {
  const space = { width: 200, height: 200 };
  const size = { width: 40, height: 12 };
  const first = freePlace({ x: 100, y: 100 }, size, [], space);
  assert(first !== null);
  const second = freePlace({ x: 100, y: 100 }, size, [first.box], space);
  assert(second !== null && !overlaps(first.box, second.box));
  const all = [{ left: 0, top: 0, width: 200, height: 200 }];
  assert.equal(freePlace({ x: 100, y: 100 }, size, all, space), null);
  assert.equal(freePlace({ x: 5, y: 5 }, { width: 199, height: 12 }, [], space), null);
});

test("a message moves evenly from when it was sent to when it arrives", () => {
  const sent = flight(1, { sent: 100, arrival: 300 });
  assert.equal(flightPlace(sent, 99), null);
  assert.equal(flightPlace(sent, 100)?.part, 0);
  assert.equal(flightPlace(sent, 200)?.part, 0.5);
  assert.equal(flightPlace(sent, 299)?.part, 0.995);
  assert.equal(flightPlace(sent, 300), null);
});

test("it arrives when it was received, even if that is not when it was meant to", () => {
  const early = flight(1, { sent: 0, arrival: 300, end: { time: 200, how: "received" } });
  assert.equal(flightPlace(early, 100)?.part, 0.5);
  assert.equal(flightPlace(early, 200), null);
});

test("a lost message stays where it was lost, and fades", () => {
  const lost = flight(1, { sent: 0, arrival: 200, end: { time: 100, how: "cut" } });
  assert.deepEqual(flightPlace(lost, 50), { part: 0.25, isLost: false, strength: 1 });
  const place = flightPlace(lost, 450);
  assert.equal(place?.part, 0.5);
  assert.equal(place.isLost, true);
  assert(place.strength > 0.4 && place.strength < 0.6);
  assert.equal(flightPlace(lost, 900), null);
});

test("a caption names what flies by its term", () => {
  assert.equal(
    flightCaption(flight(1, { entries: 1, label: "entry 14", term: 4 })),
    "AE t4 entry 14",
  );
  assert.equal(flightCaption(flight(1, { kind: "RequestVote", term: 5 })), "RV t5");
  assert.equal(
    flightCaption(flight(1, { kind: "RequestVoteReply", term: 5, success: false })),
    "✗ t5",
  );
  assert.equal(
    flightCaption(flight(1, { kind: "AppendEntriesReply", success: true, label: "match 3" })),
    "✓ match 3",
  );
});

test("where motion is reduced a message stands at three places of its way, never going back", () => {
  const parts = Array.from({ length: 101 }, (_, at) => steppedPart(at / 100));
  assert.equal(new Set(parts).size, 3);
  assert.deepEqual(
    parts,
    parts.toSorted((one, other) => one - other),
  );
  assert.equal(steppedPart(0.5), 0.5);
});
