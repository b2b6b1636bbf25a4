import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mark, MarkKind } from "../../../src/panel/protocol.ts";
import { placeOn, strandOf } from "../../../src/panel/strand-paths.ts";
import { markBeside, markOrder, thinned } from "../../../src/panel/tape-marks.ts";
import {
  firstZoom,
  lanePieces,
  roundStep,
  scaleOf,
  spanOf,
  termBands,
  ticksIn,
  timeText,
  wholeSpan,
  zoomAfter,
  zoomedBy,
  zoomedTo,
  zoomReleased,
} from "../../../src/panel/tape-model.ts";
import { flight } from "./pictures.ts";

const whole = { from: 0, to: 60_000 };
const held = { length: 10_000, to: 20_000, isHeld: true };

test("the lanes follow the moment in leaps and stand still in between", () => {
  let zoom = firstZoom(600);
  let leaps = 0;
  for (let time = 0; time <= 60_000; time += 50) {
    const next = zoomAfter(zoom, time, "live", whole);
    if (next !== zoom) leaps++;
    zoom = next;
    const { from, to } = spanOf(zoom);
    assert(from <= time && time <= to, `${time} is outside of ${from} to ${to}`);
  }
  assert(leaps > 5 && leaps < 60, `${leaps} leaps in a minute`);
});

test("at the start of a run the lanes begin with it", () => {
  assert.equal(spanOf(zoomAfter(firstZoom(600), 10, "live", whole)).from, 0);
});

test("what the user has put somewhere stays there", () => {
  assert.equal(zoomAfter(held, 55_000, "live", whole), held);
});

test("it is let go of on the way back to live, and by a journey to a moment outside", () => {
  const [live, past] = [
    { position: "live", time: 50_000 },
    { position: "past", time: 15_000 },
  ] as const;
  assert.equal(zoomReleased(held, past, live).isHeld, false);
  assert.equal(zoomReleased(held, past, { ...past, time: 40_000 }).isHeld, false);
  assert.equal(zoomReleased(held, past, { ...past, time: 16_000 }).isHeld, true);
  assert.equal(zoomReleased(held, past, past).isHeld, true);
});

test("zooming keeps the time below the pointer in its place", () => {
  const zoom = { length: 10_000, to: 30_000, isHeld: false };
  const near = zoomedBy(zoom, 0.5, 22_000);
  const part = (z: typeof zoom) => (22_000 - spanOf(z).from) / z.length;
  assert.equal(near.length, 5000);
  assert(Math.abs(part(near) - part(zoom)) < 1e-9);
});

test("the lanes cannot be dragged out of the run", () => {
  assert.equal(spanOf(zoomedTo(held, -5000, whole)).from, 0);
  assert.equal(spanOf(zoomedTo(held, 99_000, whole)).to, 60_000);
});

test("while a run goes on its end is a round time ahead, which it seldom leaves", () => {
  const source = { kind: "live", paused: false } as const;
  const ends = new Set<number>();
  for (let end = 30_000; end < 40_000; end += 100) {
    const { to } = wholeSpan(tape(end), { clock: clock(end), source });
    assert(to >= end);
    ends.add(to);
  }
  assert(ends.size <= 3, `${ends.size} different ends in ten seconds`);
});

test("a run that is over ends where it ended", () => {
  const span = wholeSpan(tape(12_345), { clock: clock(12_345), source: { kind: "stopped" } });
  assert.deepEqual(span, { from: 0, to: 12_345 });
});

test("a place on the scale and the time there are each other's inverse", () => {
  const scale = scaleOf({ from: 1000, to: 3000 }, 58, 700);
  assert.equal(scale.at(1000), 58);
  assert.equal(scale.at(3000), 700);
  assert(Math.abs(scale.timeAt(scale.at(1234)) - 1234) < 1e-6);
});

test("steps are 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([1, 3, 7, 12, 60, 450].map(roundStep), [1, 5, 10, 20, 100, 500]);
});

test("ticks are round, within the span and as far apart as asked", () => {
  const ticks = ticksIn({ from: 2140, to: 2620 }, 1300, 90);
  assert.deepEqual(ticks, [2150, 2200, 2250, 2300, 2350, 2400, 2450, 2500, 2550, 2600]);
});

test("a time is as exact as its neighbours are near", () => {
  assert.equal(timeText(12_480, 1000), "12 s");
  assert.equal(timeText(12_480, 200), "12.5 s");
  assert.equal(timeText(12_480, 1), "12.480 s");
});

test("a lane is cut to the window, with what it was when that began", () => {
  const lane = [
    { from: 0, what: "follower", term: 1 },
    { from: 500, what: "candidate", term: 2 },
    { from: 700, what: "leader", term: 2 },
    { from: 1500, what: "down", term: 2 },
  ] as const;
  const pieces = lanePieces(lane, { from: 600, to: 1200 });
  assert.deepEqual(
    pieces.map(({ what, from, to, hasStart }) => [what, from, to, hasStart]),
    [
      ["candidate", 600, 700, false],
      ["leader", 700, 1200, true],
    ],
  );
});

test("only the first stretch of a term is said to be of a new one", () => {
  const lane = [
    { from: 0, what: "follower", term: 1 },
    { from: 500, what: "candidate", term: 2 },
    { from: 700, what: "leader", term: 2 },
  ] as const;
  const pieces = lanePieces(lane, { from: 100, to: 1200 });
  assert.deepEqual(
    pieces.map(({ isNewTerm }) => isNewTerm),
    [false, true, false],
  );
});

test("a term lasts until the next, and those outside are left out", () => {
  const terms = [1, 2, 3].map((term) => ({ term, from: (term - 1) * 1000 }));
  assert.deepEqual(termBands(terms, { from: 1500, to: 2500 }), [
    { term: 2, from: 1500, to: 2000 },
    { term: 3, from: 2000, to: 2500 },
  ]);
});

test("where marks are dense, a violation is kept before a crash, and a crash before a commit", () => {
  const marks = [mark("commit", 100), mark("crash", 101), mark("violation", 102)];
  const kept = thinned(marks, (time) => time, { left: 0, right: 1000, apart: 12 });
  assert.deepEqual(
    kept.map((each) => each.mark.kind),
    ["violation"],
  );
});

test("marks that are kept stand apart, in order, and every kind has its place in it", () => {
  const kinds: readonly MarkKind[] = [...markOrder];
  const marks = Array.from({ length: 3000 }, (_, at) =>
    mark(kinds[at % kinds.length] ?? "commit", at * 0.7),
  );
  const kept = thinned(marks, (time) => time, { left: 0, right: 2100, apart: 12 });
  for (let at = 1; at < kept.length; at++) {
    assert((kept[at]?.x ?? 0) - (kept[at - 1]?.x ?? 0) >= 11, `mark ${at} is too near`);
  }
  assert(kept.length > 100);
  assert.equal(new Set(markOrder).size, 9);
});

test("from mark to mark one goes past the moment one is at", () => {
  const marks = [mark("election", 1, 10), mark("leader", 2, 20), mark("crash", 3, 30)];
  assert.equal(markBeside(marks, 20, 1)?.seq, 30);
  assert.equal(markBeside(marks, 20, -1)?.seq, 10);
  assert.equal(markBeside(marks, 30, 1), undefined);
});

test("a strand begins at the sender's lane when it is sent and ends at the receiver's on arrival", () => {
  const strand = strandOf(flight(1, way), scene);
  assert.deepEqual(
    [strand?.start, strand?.end],
    [
      { x: 100, y: 15 },
      { x: 200, y: 44 },
    ],
  );
  assert.equal(strand?.isLost, false);
});

test("what was lost ends on its way", () => {
  const strand = strandOf(flight(1, { ...way, end: { time: 150, how: "lost" } }), scene);
  assert.equal(strand?.isLost, true);
  assert.equal(strand?.end.x, 150);
  assert((strand?.end.y ?? 0) > 15 && (strand?.end.y ?? 0) < 44);
});

test("strands outside the window or from nobody known are not drawn", () => {
  assert.equal(strandOf(flight(1, { sent: 2000, arrival: 2100 }), scene), null);
  assert.equal(strandOf(flight(1, { ...way, from: "n7" }), scene), null);
});

test("a message crosses the playhead as far along as time has gone", () => {
  const strand = strandOf(flight(1, way), scene);
  assert(strand !== null);
  assert.equal(placeOn(strand, 150)?.x, 150);
  assert.equal(placeOn(strand, 250), null);
  const lost = strandOf(flight(1, { ...way, end: { time: 180, how: "lost" } }), scene);
  assert(lost !== null);
  assert.equal(placeOn(lost, 150), null, "what was lost is marked where it ended");
});

const way = { sent: 100, arrival: 200 };

const scene = {
  scale: { at: (time: number) => time, timeAt: (x: number) => x },
  window: { from: 0, to: 1000 },
  time: 150,
  laneOf: (id: string) => ({ n1: 10, n2: 50 })[id],
};

function mark(kind: MarkKind, time: number, seq = Math.round(time)): Mark {
  return { kind, time, seq, text: kind };
}

function tape(end: number) {
  return { start: 0, end, terms: [], marks: [], lanes: {} };
}

function clock(end: number) {
  return { position: "live", time: end, seq: 1, count: 1, end, runs: true, speed: 1 } as const;
}
