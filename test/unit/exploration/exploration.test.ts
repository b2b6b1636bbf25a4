import assert from "node:assert/strict";
import { test } from "node:test";
import type { Exploration, Moment } from "../../../src/exploration/index.ts";
import { Scene } from "../../../src/exploration/scene.ts";
import { InvariantViolation } from "../../../src/raft/index.ts";
import { Chance } from "../../../src/simulator/index.ts";
import { emptyView, viewAfter, type TraceEvent } from "../../../src/trace/index.ts";
import { explorationOf, pick, runOf } from "./runs.ts";

// Travelling in time: any moment is what the cluster was then, whichever way one comes to it.

const seeds = Array.from({ length: 25 }, (_, i) => i + 1);
const repeat = (seed: number) => `seed ${seed}: repeat with runOf(${seed})`;

test("any moment is what the simulator was then, in whichever order one looks", () => {
  for (const seed of seeds) {
    const { events, stops } = runOf(seed);
    const exploration = explorationOf(events);
    const chance = new Chance(seed);
    for (let look = 0; look < 60; look++) {
      const { seq, states } = pick(stops, chance);
      assert.deepEqual(exploration.moment(seq).states, states, `${repeat(seed)}, at ${seq}`);
    }
  }
});

test("a moment that is looked at while time goes on is the same as later", () => {
  const { events } = runOf(3, 300);
  const exploration = explorationOf([]);
  const seen = new Map<number, Moment>();
  for (const [at, event] of events.entries()) {
    exploration.take(event);
    if (at % 97 === 0) seen.set(at + 1, exploration.moment(at + 1));
    if (at % 211 === 0) exploration.moment(at >> 1);
  }
  assert(seen.size > 20);
  for (const [seq, moment] of seen) assert.deepEqual(exploration.moment(seq), moment);
});

test("a moment tells the view, and the messages in flight with when they were sent", () => {
  for (const seed of seeds) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    const chance = new Chance(seed);
    for (let look = 0; look < 10; look++) {
      const seq = chance.below(events.length + 1);
      const moment = exploration.moment(seq);
      const past = events.slice(0, seq);
      assert.deepEqual(moment.view, past.reduce(viewAfter, emptyView), repeat(seed));
      const flying = [...moment.inFlight].map(([id, { sent, arrival }]) => ({ id, sent, arrival }));
      assert.deepEqual(flying, flyingAfter(past), `${repeat(seed)}, at ${seq}`);
    }
  }
});

test("lost messages are told for 700 ms, with when and why", () => {
  let told = 0;
  for (const seed of seeds) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    for (let seq = 0; seq <= events.length; seq += 101) {
      const { time, lost } = exploration.moment(seq);
      const expected = events
        .slice(0, seq)
        .flatMap((event) => (event.kind === "dropped" && event.time >= time - 700 ? [event] : []));
      assert.deepEqual(
        [...lost].map(([id, flight]) => ({ id, ...flight.lost })),
        expected.map(({ id, time: at, reason }) => ({ id, time: at, reason })),
        repeat(seed),
      );
      told += lost.size;
    }
  }
  assert(told > 100, `only ${told} lost messages were seen`);
});

test("old events are let go of in whole chunks, and the rest stays true", () => {
  let travelled = 0;
  for (const seed of seeds) {
    const { events, stops } = runOf(seed, 120);
    const keep = 1500;
    const exploration = explorationOf([]);
    const bounded = explorationOf([], keep);
    for (const event of events) {
      exploration.take(event);
      bounded.take(event);
      assert(bounded.count - bounded.start.seq <= keep + 1024);
    }
    if (events.length < keep + 1024) continue;
    assert(bounded.start.seq > 0);
    assert(bounded.count - bounded.start.seq >= keep);
    const chance = new Chance(seed);
    for (let look = 0; look < 30; look++) {
      const { seq, states } = pick(stops, chance);
      const moment = bounded.moment(seq);
      if (seq < bounded.start.seq) {
        assert.equal(moment.seq, bounded.start.seq);
      } else {
        assert.deepEqual(moment.states, states, repeat(seed));
        assert.deepEqual(moment, exploration.moment(seq), repeat(seed));
        travelled++;
      }
    }
  }
  assert(travelled > 50, `only ${travelled} moments were compared`);
});

test("an exploration that forgets keeps no message longer than it is needed", () => {
  const { events } = runOf(7, 400);
  const bounded = explorationOf(events, 512);
  const flying = bounded.moment(bounded.start.seq).inFlight;
  const known = new Set<number>();
  for (const event of events) {
    if (event.kind === "sent" && bounded.journey(event.id) !== undefined) known.add(event.id);
    if (event.kind === "duplicated" && bounded.journey(event.copy) !== undefined) {
      known.add(event.copy);
    }
  }
  const after = events.slice(bounded.start.seq);
  const expected = new Set(flying.keys());
  for (const event of after) {
    if (event.kind === "sent") expected.add(event.id);
    if (event.kind === "duplicated") expected.add(event.copy);
  }
  assert.deepEqual(known, expected);
});

test("a time leads to the moment after all that happened until then", () => {
  for (const seed of seeds.slice(0, 5)) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    const chance = new Chance(seed);
    const last = events.at(-1)?.time ?? 0;
    for (let look = 0; look < 100; look++) {
      const time = chance.below(last + 20) - 5;
      const expected = events.filter((event) => event.time <= time).length;
      assert.equal(exploration.seqAt(time), expected, `${repeat(seed)}, time ${time}`);
    }
    for (const event of events) {
      assert(exploration.seqAt(event.time) > event.seq);
      assert.equal(exploration.timeAt(event.seq + 1), event.time);
    }
  }
});

test("the events between two moments are those, whatever chunk they are in", () => {
  const { events } = runOf(5, 300);
  assert(events.length > 1500);
  const exploration = explorationOf(events);
  for (const [from, to] of [
    [0, 0],
    [0, 3],
    [510, 515],
    [500, 1600],
    [512, 1024],
    [9, 8],
    [-5, 2],
  ]) {
    assert(from !== undefined && to !== undefined);
    assert.deepEqual(exploration.events(from, to), events.slice(Math.max(from, 0), to));
  }
  assert.deepEqual(exploration.events(events.length - 2, Infinity), events.slice(-2));
});

test("what is interesting comes in order, forth and back", () => {
  const { events } = runOf(11);
  const exploration = explorationOf(events);
  const forth: number[] = [];
  for (let seq = interesting(exploration, 0, 1); seq !== undefined;) {
    forth.push(seq);
    seq = interesting(exploration, seq, 1);
  }
  const back: number[] = [];
  for (let seq = interesting(exploration, events.length + 1, -1); seq !== undefined;) {
    back.push(seq);
    seq = interesting(exploration, seq, -1);
  }
  assert(forth.length > 10);
  assert.deepEqual(back.toReversed(), forth);
  assert.deepEqual(new Set(forth), new Set(exploration.tape.marks.items.map(({ seq }) => seq)));
});

test("strands are the messages nearest to a time, and not more than asked for", () => {
  const { events } = runOf(13);
  const exploration = explorationOf(events);
  const time = events[events.length >> 1]?.time ?? 0;
  const all = exploration.strands({ from: 0, time, to: Infinity, limit: Infinity });
  assert.equal(
    all.length,
    events.filter(({ kind }) => kind === "sent" || kind === "duplicated").length,
  );
  const few = exploration.strands({ from: 0, time, to: Infinity, limit: 50 });
  assert.equal(few.length, 50);
  const farthest = Math.max(...few.map(({ sent }) => Math.abs(sent - time)));
  const nearer = all.filter(({ sent }) => Math.abs(sent - time) < farthest);
  assert(nearer.every((journey) => few.includes(journey)));
  const around = exploration.strands({ from: time - 50, time, to: time + 50, limit: Infinity });
  const crossing = all.filter(
    ({ sent, end }) => sent <= time + 50 && (end === null || end.time >= time - 50),
  );
  assert.deepEqual(around, crossing);
});

test("what follows from any moment on is the same as from the beginning", () => {
  for (const seed of seeds.slice(0, 10)) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    const messageOf = (id: number) => exploration.journey(id)?.message;
    for (let from = 10; from + 80 < events.length; from += 80) {
      const scene = new Scene(exploration.moment(from), messageOf);
      for (const event of events.slice(from, from + 80)) {
        scene.take(event);
        if (event.seq % 16 !== 0) continue;
        const whole = exploration.moment(event.seq + 1);
        assert.deepEqual(scene.moment(), whole, `${repeat(seed)}, from ${from} to ${event.seq}`);
      }
    }
  }
});

test("how an entry was committed is known for the part of the trace that is kept", () => {
  const { events } = runOf(4, 300);
  const [whole, bounded] = [explorationOf(events), explorationOf(events, 512)];
  const last = events.findLast((event) => event.kind === "committed");
  assert(last?.kind === "committed");
  let known = 0;
  for (let index = 1; index <= last.index; index++) {
    const commit = bounded.commitOf(index);
    if (commit === undefined) continue;
    known++;
    assert.deepEqual(commit, whole.commitOf(index));
    assert(commit.seq > bounded.start.seq);
  }
  assert(known > 3 && known < last.index / 2, `${known} of ${last.index}`);
  assert.equal(bounded.commitOf(1), undefined);
  const first = events.find((event) => event.kind === "committed");
  assert.equal(whole.commitOf(1)?.seq, first && first.seq + 1);
});

test("a trace with a gap is not taken", () => {
  const [first, , third] = runOf(1, 2).events;
  assert(first && third);
  const exploration = explorationOf([first]);
  assert.throws(() => exploration.take(third), InvariantViolation);
});

function interesting(exploration: Exploration, seq: number, direction: 1 | -1) {
  return exploration.nextInteresting(seq, direction);
}

/** The messages in flight, told the simplest way. */
function flyingAfter(events: readonly TraceEvent[]): unknown {
  const flying = new Map<number, { sent: number; arrival: number | null }>();
  for (const event of events) {
    const { time: sent } = event;
    if (event.kind === "sent") flying.set(event.id, { sent, arrival: event.arrival });
    if (event.kind === "duplicated") flying.set(event.copy, { sent, arrival: event.arrival });
    if (event.kind === "received" || event.kind === "dropped") flying.delete(event.id);
  }
  return [...flying].map(([id, flight]) => ({ id, ...flight }));
}
