import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import type { PanelUpdate } from "../../../src/panel/index.ts";
import { PanelPump, type Pumped } from "../../../src/extension/panel-pump.ts";

/** A page that takes updates, a session that has some, and a clock that is moved by hand. */
function pumped(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const state = {
    now: 0,
    isVisible: true,
    pending: 0,
    isPlaying: false,
    ticks: [] as number[],
    posted: [] as { at: number; update: PanelUpdate }[],
    hasSession: true,
    isBroken: false,
    failures: 0,
    /** While it is true, what was posted is not yet taken. */
    isSlow: false,
    release: () => {},
  };
  const session: Pumped = {
    get isPlaying() {
      return state.isPlaying;
    },
    tick: (millis) => void state.ticks.push(millis),
    nextUpdate() {
      if (state.isBroken) throw new Error("broken");
      if (state.pending === 0) return undefined;
      state.pending = 0;
      return { kind: "changed", change: {} };
    },
  };
  const pump = new PanelPump({
    session: () => (state.hasSession ? session : undefined),
    closed: () => ({ kind: "closed", why: "noCluster", strings: {} }),
    post: (update) => {
      state.posted.push({ at: state.now, update });
      if (!state.isSlow) return Promise.resolve(true);
      return new Promise<void>((resolve) => {
        state.release = resolve;
      });
    },
    isVisible: () => state.isVisible,
    failed: () => void state.failures++,
    now: () => state.now,
  });
  const pass = async (millis: number) => {
    for (let at = 0; at < millis; at++) {
      state.now++;
      t.mock.timers.tick(1);
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    }
  };
  const happen = () => {
    state.pending++;
    pump.ask();
  };
  return { state, pump, pass, happen };
}

test("however much happens, there are at most thirty updates a second", async (t) => {
  const { state, pass, happen } = pumped(t);
  for (let at = 0; at < 1000; at++) {
    happen();
    await pass(1);
  }
  assert(state.posted.length >= 28 && state.posted.length <= 31, `${state.posted.length}`);
  for (const [at, { at: time }] of state.posted.entries()) {
    if (at > 0) assert(time - (state.posted[at - 1]?.at ?? 0) >= 33);
  }
});

test("a first change after a rest is told at once", async (t) => {
  const { state, pass, happen } = pumped(t);
  await pass(500);
  happen();
  await pass(2);
  assert.equal(state.posted.length, 1);
});

test("when nothing happens nothing is told, and no timer runs", async (t) => {
  const { state, pass, happen } = pumped(t);
  happen();
  await pass(2000);
  assert.equal(state.posted.length, 1);
});

test("no update is sent before the page has taken the one before", async (t) => {
  const { state, pass, happen } = pumped(t);
  state.isSlow = true;
  happen();
  await pass(5);
  happen();
  await pass(500);
  assert.equal(state.posted.length, 1);
  state.release();
  await pass(40);
  assert.equal(state.posted.length, 2);
});

test("nothing is told while nobody sees it, and everything once somebody does", async (t) => {
  const { state, pump, pass, happen } = pumped(t);
  state.isVisible = false;
  happen();
  await pass(200);
  assert.equal(state.posted.length, 0);
  state.isVisible = true;
  pump.reset();
  await pass(2);
  assert.equal(state.posted.length, 1);
});

test("a past that is played is told on and on, by the time that passed", async (t) => {
  const { state, pump, pass } = pumped(t);
  state.isPlaying = true;
  pump.ask();
  await pass(1000);
  const sum = state.ticks.reduce((total, tick) => total + tick, 0);
  assert(state.ticks.length >= 28 && state.ticks.length <= 32, `${state.ticks.length} ticks`);
  assert(sum > 900 && sum <= 1000, `${sum} ms`);
  state.isPlaying = false;
  await pass(100);
  const { length } = state.ticks;
  await pass(500);
  assert.equal(state.ticks.length, length);
});

test("that there is nothing to see is told once, and again to a page that forgot", async (t) => {
  const { state, pump, pass } = pumped(t);
  state.hasSession = false;
  pump.ask();
  await pass(50);
  pump.ask();
  await pass(50);
  assert.deepEqual(
    state.posted.map(({ update }) => update.kind),
    ["closed"],
  );
  pump.reset();
  await pass(50);
  assert.equal(state.posted.length, 2);
});

test("a page that was closed before it took an update does not keep the next page waiting", async (t) => {
  const { state, pump, pass, happen } = pumped(t);
  state.isSlow = true;
  happen();
  await pass(50);
  pump.reset();
  happen();
  await pass(50);
  assert.equal(state.posted.length, 2);
});

test("a session that fails is told of once, and tried again by a page that begins anew", async (t) => {
  const { state, pump, pass, happen } = pumped(t);
  state.isBroken = true;
  for (let at = 0; at < 10; at++) {
    happen();
    await pass(50);
  }
  assert.equal(state.failures, 1);
  assert.equal(state.posted.length, 0);
  state.isBroken = false;
  pump.reset();
  await pass(50);
  assert.equal(state.posted.length, 1);
});

test("what is disposed of tells nothing more", async (t) => {
  const { state, pump, pass, happen } = pumped(t);
  happen();
  pump.dispose();
  await pass(100);
  happen();
  await pass(100);
  assert.equal(state.posted.length, 0);
});

test.after(() => mock.reset());
