import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Announcer, restMillis } from "../../../src/extension/announcer.ts";

function withMockedTime(body: (pass: (millis: number) => void) => void): void {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    body((millis) => mock.timers.tick(millis));
  } finally {
    mock.timers.reset();
  }
}

test("what happens together is one notification", () => {
  withMockedTime((pass) => {
    const shown: string[] = [];
    const announcer = new Announcer((severity, text, more) =>
      shown.push(`${severity}: ${text} +${more}`),
    );
    announcer.tell("warning", "node1 listens elsewhere");
    announcer.tell("warning", "node2 listens elsewhere");
    announcer.tell("error", "node3 stopped");
    pass(1000);
    assert.deepEqual(shown, ["warning: node1 listens elsewhere +1", "error: node3 stopped +0"]);
  });
});

test("a flood of findings is one notification at a time, and none is forgotten", () => {
  withMockedTime((pass) => {
    const shown: number[] = [];
    const announcer = new Announcer((_severity, _text, more) => shown.push(1 + more));
    for (let i = 0; i < 100; i++) {
      announcer.tell("error", `finding ${i}`);
      pass(restMillis / 50);
    }
    pass(2 * restMillis);
    assert(shown.length <= 4, `${shown.length} notifications`);
    assert.equal(
      shown.reduce((sum, count) => sum + count, 0),
      100,
    );
  });
});
