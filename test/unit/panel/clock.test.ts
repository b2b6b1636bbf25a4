import assert from "node:assert/strict";
import { test } from "node:test";
import { DisplayClock, drawnBehindMillis } from "../../../src/panel/clock.ts";
import type { ClockPicture } from "../../../src/panel/protocol.ts";
import { Chance } from "../../../src/simulator/index.ts";

const told = (time: number, more: Partial<ClockPicture> = {}): ClockPicture => ({
  position: "live",
  time,
  seq: 0,
  count: 0,
  end: time,
  runs: true,
  speed: 1,
  ...more,
});

test("time goes on between two updates, a little behind the host", () => {
  const clock = new DisplayClock();
  clock.tell(told(1000), 0);
  assert.equal(clock.at(100), 1100 - drawnBehindMillis);
  assert.equal(clock.at(250), 1250 - drawnBehindMillis);
});

test("at half the speed half as much time passes", () => {
  const clock = new DisplayClock();
  clock.tell(told(1000, { speed: 0.5 }), 0);
  assert.equal(clock.at(drawnBehindMillis + 200), 1100);
});

test("a clock that stands shows the time it was told", () => {
  const clock = new DisplayClock();
  clock.tell(told(1000, { runs: false }), 0);
  assert.equal(clock.at(500), 1000);
});

test("time never goes back while it runs, however late updates come", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const chance = new Chance(seed);
    const clock = new DisplayClock();
    let [now, last] = [0, Number.NEGATIVE_INFINITY];
    clock.tell(told(0), 0);
    for (let turn = 0; turn < 300; turn++) {
      now += chance.below(60);
      // The host tells the time of the last event, which may be a while ago, and late at that.
      if (chance.happens(0.4)) clock.tell(told(Math.max(0, now - chance.below(120))), now);
      const shown = clock.at(now);
      assert(shown >= last, `seed ${seed}: ${shown} after ${last}`);
      last = shown;
    }
  }
});

test("what is shown stays near the host's time, however updates jitter", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const chance = new Chance(seed);
    const clock = new DisplayClock();
    for (let now = 0; now < 20_000; now += 33) {
      clock.tell(told(now - chance.below(30)), now);
      const off = now - clock.at(now);
      assert(off >= drawnBehindMillis - 31 && off < drawnBehindMillis + 60, `seed ${seed}: ${off}`);
    }
  }
});

test("a jump into the past is followed at once", () => {
  const clock = new DisplayClock();
  clock.tell(told(9000), 0);
  clock.at(100);
  clock.tell(told(2000, { position: "past", runs: false }), 200);
  assert.equal(clock.at(210), 2000);
  clock.tell(told(9300), 300);
  assert.equal(clock.at(300), 9300 - drawnBehindMillis);
});

test("played backwards to an earlier past it goes there", () => {
  const clock = new DisplayClock();
  clock.tell(told(5000, { position: "past", runs: true }), 0);
  clock.at(100);
  clock.tell(told(1000, { position: "past", runs: true }), 200);
  assert.equal(clock.at(200), 1000 - drawnBehindMillis);
});
