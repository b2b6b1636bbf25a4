import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Throttle } from "../../../src/extension/throttle.ts";

function withMockedTime(body: (pass: (millis: number) => void) => void): void {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    body((millis) => mock.timers.tick(millis));
  } finally {
    mock.timers.reset();
  }
}

test("a throttle acts soon, and at most once in its time", () => {
  withMockedTime((pass) => {
    let count = 0;
    const throttle = new Throttle(100, () => count++);
    throttle.ask();
    throttle.ask();
    pass(1);
    assert.equal(count, 1);
    for (let i = 0; i < 50; i++) {
      throttle.ask();
      pass(1);
    }
    assert.equal(count, 1);
    pass(50);
    assert.equal(count, 2);
  });
});

test("a throttle that nobody asks does nothing", () => {
  withMockedTime((pass) => {
    let count = 0;
    const throttle = new Throttle(100, () => count++);
    throttle.ask();
    pass(1);
    pass(10_000);
    assert.equal(count, 1);
    throttle.ask();
    pass(1);
    assert.equal(count, 2);
    throttle.ask();
    throttle.dispose();
    pass(1000);
    assert.equal(count, 2);
  });
});
