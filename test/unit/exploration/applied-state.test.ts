import assert from "node:assert/strict";
import { test } from "node:test";
import { StateMachine } from "../../../src/cluster/index.ts";
import type { Exploration, Moment } from "../../../src/exploration/index.ts";
import { AppliedState } from "../../../src/exploration/applied-state.ts";
import { logOf, slice, type Log } from "../../../src/raft/index.ts";
import { Chance } from "../../../src/simulator/index.ts";
import { explorationOf, runOf } from "./runs.ts";

// The state machine of a node at any moment, without applying everything again each time.

test("a state machine holds at any moment what one would that applied the log up to there", () => {
  let values = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { events, simulator } = runOf(seed);
    const exploration = explorationOf(events);
    const chance = new Chance(seed);
    for (let look = 0; look < 20; look++) {
      const moment = exploration.moment(chance.below(events.length + 1));
      for (const { id } of simulator.members) {
        const found = [...exploration.stateMachine(id, moment)];
        assert.deepEqual(found, [...applied(id, moment)], `seed ${seed}, ${id} at ${moment.seq}`);
        values += found.length;
      }
    }
  }
  assert(values > 1000, `only ${values} values`);
});

test("only the first names are told if that is asked for", () => {
  const { events } = runOf(4);
  const exploration = explorationOf(events);
  const moment = exploration.moment(events.length);
  const [first, second] = [...applied("n1", moment)];
  assert(first && second);
  assert.deepEqual([...exploration.stateMachine("n1", moment, 2)], [first, second]);
});

test("a node that was never started holds nothing", () => {
  const exploration: Exploration = explorationOf([]);
  assert.equal(exploration.stateMachine("n9", exploration.moment(0)).size, 0);
});

test("logs that differ where they should not are told apart", () => {
  const state = new AppliedState();
  const valuesAt = (log: Log, index: number) => Object.fromEntries(state.valuesAt(log, index, 9));
  const [one, other] = [logOfSettings(1, "a", "b", "c"), logOfSettings(2, "a", "z")];
  assert.deepEqual(valuesAt(one, 3), { a: "1", b: "1", c: "1" });
  assert.deepEqual(valuesAt(one, 1), { a: "1" });
  assert.deepEqual(valuesAt(other, 2), { a: "2", z: "2" });
  assert.deepEqual(valuesAt(one, 2), { a: "1", b: "1" });
});

test("a command that no state machine can apply sets nothing", () => {
  const log = logOf([{ kind: "command", term: 1, command: "no JSON" }]);
  assert.equal(new AppliedState().valuesAt(log, 1, 9).size, 0);
});

/** Each command sets a name to the term. */
function logOfSettings(term: number, ...names: readonly string[]): Log {
  return logOf(names.map((name) => ({ kind: "command", term, command: `{"${name}": ${term}}` })));
}

function applied(id: string, moment: Moment): ReadonlyMap<string, string> {
  const machine = new StateMachine();
  const node = moment.view.nodes.get(id);
  for (const entry of node === undefined ? [] : slice(node.log, 1, node.lastApplied)) {
    if (entry.kind === "command") machine.apply(entry.command);
  }
  return machine.values;
}
