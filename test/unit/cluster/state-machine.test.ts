import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { StateMachine } from "../../../src/cluster/state-machine.ts";

test("it is written as raftos writes its file", () => {
  assert.equal(after('{"data_id": 1}', '{"data_id": 3}'), '{"data_id": 3}');
  assert.equal(after('{"a":1}', '{"b":"x"}'), '{"a": 1, "b": "x"}');
});

test("before the first command it is an empty object", () => {
  assert.equal(after(), "{}");
});

test("a name keeps the place of its first value", () => {
  assert.equal(
    after('{"b": 1}', '{"10": 2}', '{"a": 3}', '{"9": 4}', '{"b": 5}'),
    '{"b": 5, "10": 2, "a": 3, "9": 4}',
  );
});

test("a value replaces the earlier one, it is not merged into it", () => {
  assert.equal(after('{"d": {"x": 1, "y": 2}}', '{"d": {"z": 3}}'), '{"d": {"z": 3}}');
});

test("values stay the texts they were", () => {
  const command = '{"n": 123456789012345678901234567890, "f": 100.0, "e": "\\u00e9"}';
  assert.equal(after(command), command);
});

test("one name is one name, however it was escaped", () => {
  assert.equal(after('{"a": 1}', '{"\\u0061": 2}'), '{"a": 2}');
});

test("names of an object's own members are names like any other", () => {
  const machine = new StateMachine();
  machine.apply('{"__proto__": {"polluted": 1}}');
  machine.apply('{"constructor": 2, "toString": 3}');
  assert.equal(machine.text(), '{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}');
  assert.equal(machine.values.get("__proto__"), '{"polluted": 1}');
  assert.equal(machine.values.get("hasOwnProperty"), undefined);
  assert(!("polluted" in {}));
});

test("an empty command changes nothing", () => {
  assert.equal(after('{"a": 1}', "{}"), '{"a": 1}');
});

test("what is no command changes nothing, on whatever node it is applied", () => {
  const machine = new StateMachine();
  machine.apply('{"a": 1}');
  for (const text of ["[1]", "x", '{"b": 1, "a": 1e400}']) {
    machine.apply(text);
  }
  assert.equal(machine.text(), '{"a": 1}');
});

test("it holds what merging the commands one by one gives", () => {
  const command = fc.dictionary(fc.constantFrom("a", "b", "é", "1", "2"), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(command), (commands) => {
      const merged = new Map(commands.flatMap((each) => Object.entries(each)));
      const read: unknown = JSON.parse(after(...commands.map((each) => JSON.stringify(each))));
      assert.equal(JSON.stringify(read), JSON.stringify(Object.fromEntries(merged)));
    }),
  );
});

test(
  "a hundred thousand commands take a moment, with one name or with as many",
  { timeout: 20_000 },
  () => {
    const one = new StateMachine();
    const many = new StateMachine();
    for (let i = 1; i <= 100_000; i += 1) {
      one.apply(`{"data_id": ${i}}`);
      many.apply(`{"key${i}": ${i}}`);
    }
    assert.equal(one.text(), '{"data_id": 100000}');
    assert.equal(many.values.size, 100_000);
    assert(many.text().endsWith('"key99999": 99999, "key100000": 100000}'));
  },
);

function after(...commands: readonly string[]): string {
  const machine = new StateMachine();
  for (const command of commands) machine.apply(command);
  return machine.text();
}

test("a state is restored from its snapshot, however long, and not from what is none", () => {
  const machine = new StateMachine();
  for (let i = 0; i < 60_000; i++) machine.apply(`{"key${i}": ["${"x".repeat(80)}", {"y": "}"}]}`);
  const data = machine.snapshot();
  assert(data.length > 5_000_000);
  const restored = new StateMachine();
  restored.apply('{"other": 1}');
  assert.equal(restored.restore(data), true);
  assert.deepEqual([...restored.values], [...machine.values]);
  for (const none of ["", "{", "[]", "1", '{"a" 1}', '{"a": 1, "a": 2}', '{"a": }']) {
    assert.equal(restored.restore(none), false, none);
  }
  assert.equal(restored.values.size, 60_000);
});
