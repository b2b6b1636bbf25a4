import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Schedule } from "../../../src/driver/index.ts";

test("what is due comes in the order of its time, and of its making where times are equal", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.boolean())), (planned) => {
      const schedule = new Schedule();
      const done: number[] = [];
      planned.forEach(([time, cancelled], i) => {
        const appointment = schedule.add(time, () => done.push(i));
        appointment.cancelled = cancelled;
      });
      for (let due = schedule.take(20); due !== undefined; due = schedule.take(20)) due.act();
      const expected = planned
        .map(([time, cancelled], i) => ({ time, cancelled, i }))
        .filter(({ cancelled }) => !cancelled)
        .toSorted((one, other) => one.time - other.time || one.i - other.i)
        .map(({ i }) => i);
      assert.deepEqual(done, expected);
    }),
  );
});

test("nothing comes before its time", () => {
  const schedule = new Schedule();
  schedule.add(10, () => {});
  assert.equal(schedule.take(9), undefined);
  assert.equal(schedule.nextTime, 10);
  assert.equal(schedule.take(10)?.time, 10);
  assert.equal(schedule.nextTime, undefined);
});
