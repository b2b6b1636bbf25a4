import assert from "node:assert/strict";
import { test } from "node:test";
import { ClusterClock } from "../../../src/runtime/cluster-clock.ts";

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Keeps the process from everything, as when its machine sleeps. */
function block(millis: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

function clockFor(context: { after(act: () => void): void }): ClusterClock {
  const clock = new ClusterClock();
  context.after(() => clock.close());
  return clock;
}

test("what is due comes in order, none of it before its time", async (context) => {
  const clock = clockFor(context);
  const seen: { due: number; at: number }[] = [];
  for (const due of [30, 10, 20, 10]) clock.at(due, () => seen.push({ due, at: clock.now }));
  await sleep(100);
  assert.deepEqual(
    seen.map(({ due }) => due),
    [10, 10, 20, 30],
  );
  for (const { due, at } of seen) assert(at >= due, `${due} came at ${at}`);
});

test("time stands still within a turn", async (context) => {
  const clock = clockFor(context);
  const times: number[] = [];
  await new Promise<void>((resolve) =>
    clock.soon(() => {
      times.push(clock.now);
      block(20);
      clock.act(() => times.push(clock.now));
      resolve();
    }),
  );
  assert.equal(times[0], times[1]);
});

test("while it is paused nothing is due, but what a user does is done", async (context) => {
  const clock = clockFor(context);
  let due = 0;
  clock.at(10, () => due++);
  clock.pause();
  const { now } = clock;
  await sleep(50);
  let done = 0;
  clock.act(() => done++);
  assert.deepEqual([due, done, clock.now], [0, 1, now]);
  clock.resume();
  await sleep(50);
  assert.equal(due, 1);
});

test("a gap in which the machine slept does not count", async (context) => {
  const clock = clockFor(context);
  let due = 0;
  const next = (): void => {
    due++;
    clock.at(clock.now + 20, next);
  };
  next();
  await sleep(100);
  const before = clock.now;
  block(1500);
  await sleep(30);
  assert(clock.now - before < 700, `${clock.now - before} ms passed in a sleep of 1500`);
  const count = due;
  await sleep(200);
  assert(due > count, "the clock stood still after it");
});

test("a frame that comes right after a sleep does not hide the sleep", async (context) => {
  const clock = clockFor(context);
  clock.at(20, () => {});
  const before = clock.now;
  block(1500);
  clock.soon(() => {});
  await sleep(30);
  assert(clock.now - before < 700, `${clock.now - before} ms passed`);
});

test("at twice the speed twice as much time passes", async (context) => {
  const clock = clockFor(context);
  clock.act(() => clock.setSpeed(2));
  const [from, real] = [clock.now, performance.now()];
  await sleep(200);
  clock.act(() => {});
  const ratio = (clock.now - from) / (performance.now() - real);
  assert(ratio > 1.9 && ratio < 2.1, `the ratio is ${ratio}`);
});

test("a turn ends before it keeps the process from its other work, and the rest comes later", async (context) => {
  const clock = clockFor(context);
  let done = 0;
  let others = 0;
  for (let i = 0; i < 20; i++) {
    clock.soon(() => {
      block(2);
      done++;
    });
  }
  const other = (): void => {
    others++;
    if (done < 20) setImmediate(other);
  };
  setImmediate(other);
  await sleep(300);
  assert.equal(done, 20);
  assert(others > 3, `the others had ${others} turns`);
});

test("once it is closed nothing is due any more", async (context) => {
  const clock = clockFor(context);
  let due = 0;
  clock.at(5, () => due++);
  clock.close();
  clock.soon(() => due++);
  clock.act(() => due++);
  await sleep(30);
  assert.equal(due, 0);
});
