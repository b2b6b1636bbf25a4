import assert from "node:assert/strict";
import { test } from "node:test";
import { leaderOf, paperTiming, slice, type Message } from "../../../src/raft/index.ts";
import { fairWeather, Simulator } from "../../../src/simulator/index.ts";
import type { TraceEvent } from "../../../src/trace/index.ts";

interface Run {
  readonly simulator: Simulator;
  readonly events: TraceEvent[];
}

function started(size: number, seed = 1): Run {
  const simulator = new Simulator({ seed, size, timing: paperTiming, weather: fairWeather });
  const events: TraceEvent[] = [];
  simulator.subscribe((event) => events.push(event));
  return { simulator, events };
}

/** Runs until somebody leads whom everyone that is up believes to. */
function elect({ simulator }: Run): string {
  const believed = (): string | undefined => {
    const states = simulator.members.flatMap(({ id }) => simulator.stateOf(id) ?? []);
    const leader = states.find(({ role }) => role.kind === "leader")?.id;
    return states.every((state) => leaderOf(state) === leader) ? leader : undefined;
  };
  simulator.runUntil(simulator.now + 20_000, () => believed() !== undefined);
  const leader = believed();
  assert(leader, "nobody was elected");
  return leader;
}

function last<K extends TraceEvent["kind"]>({ events }: Run, kind: K): TraceEvent & { kind: K } {
  const found = events.findLast((event): event is TraceEvent & { kind: K } => event.kind === kind);
  assert(found, `nothing was ${kind}`);
  return found;
}

function commands(run: Run, node: string): readonly string[] {
  const state = run.simulator.stateOf(node);
  assert(state, `${node} is down`);
  return slice(state.log, 1).flatMap((entry) => (entry.kind === "command" ? [entry.command] : []));
}

for (const size of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
  test(`a cluster of ${size} elects a leader and stores on every node what it is given`, () => {
    const run = started(size);
    elect(run);
    for (const x of [1, 2, 3]) {
      run.simulator.act(`a${x}`, { kind: "submit", node: null, command: `{"x": ${x}}` });
    }
    run.simulator.runUntil(run.simulator.now + 2000);
    assert.equal(run.events.filter(({ kind }) => kind === "answered").length, 3);
    for (const { id } of run.simulator.members) {
      assert.deepEqual(commands(run, id), ['{"x": 1}', '{"x": 2}', '{"x": 3}']);
    }
  });
}

test("when the leader crashes, another is elected, and the first catches up when it is back", () => {
  const run = started(3);
  const first = elect(run);
  run.simulator.act("crash", { kind: "crash", node: first });
  const second = elect(run);
  assert.notEqual(second, first);
  run.simulator.act("a", { kind: "submit", node: null, command: '{"x": 1}' });
  run.simulator.act("back", { kind: "restart", node: first });
  run.simulator.runUntil(run.simulator.now + 2000);
  assert.deepEqual(commands(run, first), ['{"x": 1}']);
  assert.equal(run.simulator.stateOf(first)?.role.kind, "follower");
});

test("a leader that nobody hears loses its entry to the one that the others elect", () => {
  const run = started(3);
  const first = elect(run);
  const others = run.simulator.members.map(({ id }) => id).filter((id) => id !== first);
  for (const other of others) {
    run.simulator.act("cut", { kind: "cutLink", from: first, to: other });
    run.simulator.act("cut", { kind: "cutLink", from: other, to: first });
  }
  run.simulator.act("lost", { kind: "submit", node: first, command: '{"x": "lost"}' });
  run.simulator.runUntil(run.simulator.now + 1000);
  const second = run.simulator.members.find(
    ({ id }) => id !== first && run.simulator.stateOf(id)?.role.kind === "leader",
  )?.id;
  assert(second, "the others elected nobody");
  run.simulator.act("kept", { kind: "submit", node: second, command: '{"x": "kept"}' });
  run.simulator.runUntil(run.simulator.now + 500);
  for (const other of others) {
    run.simulator.act("heal", { kind: "healLink", from: first, to: other });
    run.simulator.act("heal", { kind: "healLink", from: other, to: first });
  }
  run.simulator.runUntil(run.simulator.now + 1000);
  assert.deepEqual(commands(run, first), ['{"x": "kept"}']);
  const answers = run.events.flatMap((event) =>
    event.kind === "answered" ? [[event.action, event.answer.kind]] : [],
  );
  assert.deepEqual(Object.fromEntries(answers), { lost: "superseded", kept: "committed" });
});

test("an action that is refused says why, with the action's id", () => {
  const run = started(3);
  const refusals: readonly [Parameters<Simulator["act"]>[1], string][] = [
    [{ kind: "submit", node: null, command: "{}" }, "noLeader"],
    [{ kind: "crash", node: "n9" }, "unknownNode"],
    [{ kind: "restart", node: "n1" }, "alreadyRunning"],
    [{ kind: "healLink", from: "n1", to: "n2" }, "linkIsWhole"],
    [{ kind: "resume" }, "notPaused"],
    [{ kind: "setSpeed", speed: Number.NaN }, "badSpeed"],
    [{ kind: "setSpeed", speed: 0 }, "badSpeed"],
  ];
  run.simulator.runUntil(0);
  for (const [action, reason] of refusals) {
    run.simulator.act(`no ${reason}`, action);
    run.simulator.runUntil(0);
    const refused = last(run, "refused");
    assert.equal(refused.reason.kind, reason);
    assert.equal(refused.action, `no ${reason}`);
  }
  run.simulator.act("a", { kind: "crash", node: "n1" });
  run.simulator.act("b", { kind: "crash", node: "n1" });
  run.simulator.act("c", { kind: "cutLink", from: "n2", to: "n3" });
  run.simulator.act("d", { kind: "cutLink", from: "n2", to: "n3" });
  run.simulator.runUntil(0);
  const kinds = run.events.flatMap((event) =>
    event.kind === "refused" ? [event.reason.kind] : [],
  );
  assert.deepEqual(kinds.slice(-2), ["notRunning", "linkIsCut"]);
});

test("while the simulation is paused no time passes and nothing arrives", () => {
  const run = started(3);
  elect(run);
  run.simulator.act("p", { kind: "pause" });
  const { now } = run.simulator;
  run.simulator.runUntil(now + 1000);
  assert.equal(last(run, "paused").action, "p");
  assert.equal(run.events.at(-1)?.kind, "paused");
  assert.equal(run.simulator.now, now);
  run.simulator.act("r", { kind: "resume" });
  run.simulator.runUntil(now + 1000);
  assert.equal(run.simulator.now, now + 1000);
});

test("nothing arrives over a cut link, the other way round it does", () => {
  const run = started(2);
  elect(run);
  run.simulator.act("cut", { kind: "cutLink", from: "n1", to: "n2" });
  run.simulator.runUntil(run.simulator.now + 20);
  const from = run.events.length;
  run.simulator.runUntil(run.simulator.now + 5000);
  const sent = new Map<number, Message>();
  for (const event of run.events) if (event.kind === "sent") sent.set(event.id, event.message);
  const arrived = run.events
    .slice(from)
    .flatMap((event) => (event.kind === "received" ? [sent.get(event.id)?.from] : []));
  assert.deepEqual([...new Set(arrived)], ["n2"]);
  assert.equal(last(run, "dropped").reason, "cut");
});

test("a crash takes what was not synced, but never what was", () => {
  // A slow disk, so that a crash finds much under way.
  const weather = { ...fairWeather, disk: { min: 20, max: 60 } };
  const run = new Simulator({ seed: 3, size: 3, timing: paperTiming, weather });
  const saved = new Map<string, number>();
  let lost = 0;
  let unsaved = 0;
  run.subscribe((event) => {
    if (event.kind === "saved") saved.set(event.node, event.index);
    // What a newer leader overwrote was saved and is rightly gone.
    if (event.kind === "truncated") {
      saved.set(event.node, Math.min(saved.get(event.node) ?? 0, event.from - 1));
    }
    if (event.kind === "crashed") unsaved += event.unsaved;
    if (event.kind === "started") {
      assert(event.saved.log.length >= (saved.get(event.node) ?? 0), "a synced entry is gone");
      if (event.saved.log.length > (saved.get(event.node) ?? 0)) lost++;
    }
  });
  for (let turn = 0; turn < 200; turn++) {
    run.runUntil(run.now + 150);
    run.act(`s${turn}`, { kind: "submit", node: null, command: `{"x": ${turn}}` });
    run.runUntil(run.now + 30);
    const node = `n${1 + (turn % 3)}`;
    run.act(`c${turn}`, { kind: "crash", node });
    run.act(`r${turn}`, { kind: "restart", node });
  }
  assert(unsaved > 0, "no crash came while the disk was at work");
  assert(lost > 0, "no crash kept a part of what was under way");
});
