import assert from "node:assert/strict";
import { test } from "node:test";
import { drawClimate } from "../../../src/hunt/index.ts";
import { runSeed } from "../../../src/hunt/index.ts";
import {
  compacted,
  newestConfiguration,
  type Message,
  type RaftState,
} from "../../../src/raft/index.ts";
import { Chance, Simulator } from "../../../src/simulator/index.ts";
import {
  emptyView,
  linkName,
  Replay,
  viewAfter,
  type ClusterView,
  type TraceEvent,
} from "../../../src/trace/index.ts";
import { drawn } from "../../support/drawn.ts";

const seeds = Array.from({ length: drawn(50) }, (_, i) => i + 1);

function tracedBy(seed: number): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  runSeed(seed, (event) => events.push(event));
  return events;
}

test("the same seed gives the same trace", () => {
  for (const seed of seeds.slice(0, 20)) {
    assert.deepEqual(tracedBy(seed), tracedBy(seed), `seed ${seed}`);
  }
});

test("another seed gives another trace", () => {
  assert.notDeepEqual(tracedBy(1), tracedBy(2));
});

/** A cluster in the weather of a seed, that is disturbed a little between looks at it. */
function* moments(seed: number): Generator<{ simulator: Simulator; events: TraceEvent[] }> {
  const chance = new Chance(seed ^ 0x100c);
  const simulator = new Simulator(drawClimate(seed, chance).options);
  const events: TraceEvent[] = [];
  simulator.subscribe((event) => events.push(event));
  const nodes = simulator.members.map(({ id }) => id);
  for (let turn = 0; turn < 60; turn++) {
    simulator.runUntil(simulator.now + chance.below(80));
    const [node = "n1", other = "n1"] = [chance.pick(nodes), chance.pick(nodes)];
    const up = simulator.stateOf(node) !== undefined;
    if (chance.happens(0.2)) simulator.act(`c${turn}`, { kind: up ? "crash" : "restart", node });
    if (chance.happens(0.1)) simulator.act(`l${turn}`, { kind: "cutLink", from: node, to: other });
    if (chance.happens(0.2)) simulator.act(`h${turn}`, { kind: "healLink", from: node, to: other });
    if (turn % 3 === 1) simulator.act(`r${turn}`, { kind: "read", node: other, name: "x" });
    if (turn % 20 === 13) simulator.act(`t${turn}`, { kind: "transfer", to: other });
    simulator.act(`s${turn}`, { kind: "submit", node: null, command: `{"x": ${turn}}` });
    simulator.runUntil(simulator.now);
    yield { simulator, events };
  }
}

test("the trace alone rebuilds the whole state of every node, at any moment", () => {
  for (const seed of seeds) {
    const replay = new Replay();
    let read = 0;
    for (const { simulator, events } of moments(seed)) {
      for (; read < events.length; read++) replay.take(at(events, read));
      const states = new Map<string, RaftState>();
      for (const { id } of simulator.members) {
        const state = simulator.stateOf(id);
        if (state !== undefined) states.set(id, state);
      }
      assert.deepEqual(replay.states, states, `seed ${seed} at ${simulator.now}`);
    }
    assert(read > 100, `seed ${seed} had ${read} events only`);
  }
});

test("the trace alone tells which messages are in flight, at any moment", () => {
  for (const seed of seeds) {
    const replay = new Replay();
    const flying = new Map<number, { due: number; message: unknown }>();
    const all = new Map<number, unknown>();
    let read = 0;
    for (const { simulator, events } of moments(seed)) {
      for (; read < events.length; read++) {
        const event = at(events, read);
        replay.take(event);
        // The same told another way: a message flies from its sending until it is due.
        if (event.kind === "sent") {
          all.set(event.id, event.message);
          if (event.arrival !== null) {
            flying.set(event.id, { due: event.arrival, message: event.message });
          }
        } else if (event.kind === "duplicated") {
          all.set(event.copy, all.get(event.id));
          flying.set(event.copy, { due: event.arrival, message: all.get(event.id) });
        }
      }
      for (const [id, { due }] of flying) if (due <= simulator.now) flying.delete(id);
      const rebuilt = [...replay.inFlight].map(([id, { message }]) => [id, message]);
      const expected = [...flying].map(([id, { message }]) => [id, message]);
      assert.deepEqual(rebuilt, expected, `seed ${seed} at ${simulator.now}`);
    }
  }
});

test("a replay that goes on from the middle of a trace comes to the same end", () => {
  for (const seed of seeds) {
    const { events } = [...moments(seed)].at(-1) ?? { events: [] };
    const whole = new Replay();
    const messages = new Map<number, Message>();
    const messageOf = (id: number) => messages.get(id);
    let resumed: Replay | undefined;
    for (const event of events) {
      whole.take(event);
      const id = event.kind === "duplicated" ? event.copy : event.kind === "sent" ? event.id : null;
      const message = id === null ? undefined : whole.message(id);
      if (id !== null && message !== undefined) messages.set(id, message);
      resumed?.take(event);
      if (event.seq % 100 !== 50) continue;
      // The older of the messages that have landed are not needed to go on.
      const { states, inFlight } = whole;
      for (const known of messages.keys()) if (!inFlight.has(known)) messages.delete(known);
      resumed = new Replay({ states, inFlight, messageOf });
    }
    assert.deepEqual(resumed?.states, whole.states, `seed ${seed}`);
    assert.deepEqual([...resumed.inFlight], [...whole.inFlight], `seed ${seed}`);
  }
});

test("where a replay goes on from is left as it was", () => {
  const [first, second] = [tracedBy(1).slice(0, 400), tracedBy(1).slice(400, 600)];
  const before = new Replay();
  for (const event of first) before.take(event);
  const { states, inFlight } = before;
  const [statesThen, inFlightThen] = [new Map(states), new Map(inFlight)];
  const after = new Replay({ states, inFlight });
  for (const event of second) after.take(event);
  assert.notDeepEqual(after.states, statesThen);
  assert.deepEqual([before.states, [...before.inFlight]], [statesThen, [...inFlightThen]]);
});

test("the observed events tell the same of a node as its state, at any moment", () => {
  for (const seed of seeds) {
    let view = emptyView;
    let read = 0;
    for (const { simulator, events } of moments(seed)) {
      for (; read < events.length; read++) view = viewAfter(view, at(events, read));
      for (const { id } of simulator.members) {
        const state = simulator.stateOf(id);
        const seen = view.nodes.get(id);
        assert.equal(seen?.life.kind, state === undefined ? "crashed" : "running");
        if (state !== undefined) assert.deepEqual(seenOf(view, id), statedOf(state));
      }
    }
  }
});

test("the view tells of links, of the clock and of who is down", () => {
  const happened: readonly TraceEvent[] = [
    { seq: 0, time: 0, node: null, kind: "linkCut", from: "n1", to: "n2", action: "a" },
    { seq: 1, time: 0, node: null, kind: "paused", action: "b" },
    { seq: 2, time: 0, node: null, kind: "speedSet", speed: 0.5, action: "c" },
    {
      seq: 3,
      time: 0,
      node: "n1",
      kind: "failed",
      action: null,
      failure: { kind: "invariant", claim: "one leader per term" },
    },
  ];
  const view = happened.reduce(viewAfter, emptyView);
  assert.deepEqual([...view.cutLinks], [linkName("n1", "n2")]);
  assert.deepEqual([view.paused, view.speed], [true, 0.5]);
  assert.equal(view.nodes.get("n1")?.life.kind, "failed");
});

function seenOf(view: ClusterView, id: string): unknown {
  const node = view.nodes.get(id);
  if (node === undefined) return undefined;
  const { currentTerm, votedFor, role, leaderId, savedIndex, commitIndex, configuration } = node;
  // The view also shows what a snapshot stands for, as long as anybody's log told it.
  const log = compacted(node.log, node.logStart);
  return { currentTerm, votedFor, role, leaderId, log, savedIndex, commitIndex, configuration };
}

function statedOf(state: RaftState): unknown {
  const { id, currentTerm, votedFor, log, savedIndex, commitIndex } = state;
  const { role } = state;
  const configuration = newestConfiguration(state);
  const leaderId = role.kind === "leader" ? id : role.kind === "follower" ? role.leaderId : null;
  const told = { currentTerm, votedFor, role: role.kind, leaderId, log, savedIndex, commitIndex };
  return { ...told, configuration };
}

function at(events: readonly TraceEvent[], index: number): TraceEvent {
  const event = events[index];
  assert(event);
  return event;
}
