import { Exploration } from "../../../src/exploration/index.ts";
import { drawClimate } from "../../../src/hunt/index.ts";
import { paperOnly, paperTiming, type Millis, type RaftState } from "../../../src/raft/index.ts";
import { Chance, fairWeather, Simulator } from "../../../src/simulator/index.ts";
import type { TraceEvent } from "../../../src/trace/index.ts";

// Clusters that had a hard time, and what they were at each moment of it.

export interface Run {
  readonly simulator: Simulator;
  readonly events: readonly TraceEvent[];
  /** The cluster between two things that happened to it, in order. */
  readonly stops: readonly Stop[];
}

/** A cluster whose members have changed. */
export interface Grown {
  readonly simulator: Simulator;
  /** Who belonged to it before the first event. */
  readonly first: Simulator["members"];
  readonly events: readonly TraceEvent[];
  /** Who was removed at the end. */
  readonly removed: string;
}

export interface Stop {
  readonly seq: number;
  readonly time: Millis;
  readonly states: ReadonlyMap<string, RaftState>;
}

/** The run of a seed: its weather, with crashes, cut links and commands; `turns` of 40 ms each. */
export function runOf(seed: number, turns = 60): Run {
  const chance = new Chance(seed ^ 0xe49);
  const { options } = drawClimate(seed, chance);
  const simulator = new Simulator({ ...options, extensions: paperOnly });
  const events: TraceEvent[] = [];
  const stops: Stop[] = [];
  simulator.subscribe((event) => events.push(event));
  const look = () => {
    stops.push({ seq: simulator.eventCount, time: simulator.now, states: statesOf(simulator) });
    return false;
  };
  const nodes = simulator.members.map(({ id }) => id);
  for (let turn = 0; turn < turns; turn++) {
    simulator.runUntil(simulator.now + chance.below(80), look);
    const [node = "n1", other = "n1"] = [chance.pick(nodes), chance.pick(nodes)];
    const isUp = simulator.stateOf(node) !== undefined;
    const kind = isUp ? (chance.happens(0.3) ? "crash" : null) : "restart";
    if (kind !== null) simulator.act(`c${turn}`, { kind, node });
    if (chance.happens(0.1)) simulator.act(`l${turn}`, { kind: "cutLink", from: node, to: other });
    if (chance.happens(0.2)) simulator.act(`h${turn}`, { kind: "healLink", from: node, to: other });
    const command = `{"x${chance.below(5)}": ${turn}, "y": "${turn}"}`;
    simulator.act(`s${turn}`, { kind: "submit", node: null, command });
    simulator.runUntil(simulator.now, look);
  }
  return { simulator, events, stops };
}

/** Three nodes, then n4 as a voter and n5 as a learner, then without the first leader. */
export function grown(): Grown {
  const simulator = new Simulator({ seed: 7, size: 3, timing: paperTiming, weather: fairWeather });
  const first = simulator.members;
  const events: TraceEvent[] = [];
  simulator.subscribe((event) => events.push(event));
  const until = (kind: TraceEvent["kind"], action: string) =>
    simulator.runUntil(simulator.now + 20_000, () =>
      events.some((event) => event.kind === kind && "action" in event && event.action === action),
    );
  simulator.runUntil(20_000, () =>
    events.some((event) => event.kind === "roleChanged" && event.role === "leader"),
  );
  const leader = events.find((event) => event.kind === "roleChanged" && event.role === "leader");
  const removed = leader?.node ?? "";
  simulator.act("a", { kind: "addNode", as: "voter" });
  until("membershipEnded", "a");
  simulator.act("b", { kind: "addNode", as: "learner" });
  until("membershipEnded", "b");
  simulator.act("c", { kind: "removeNode", node: removed });
  until("nodeRemoved", "c");
  simulator.runUntil(simulator.now + 2000);
  return { simulator, first, events, removed };
}

export function explorationOf(events: readonly TraceEvent[], keep?: number): Exploration {
  const exploration = new Exploration(keep === undefined ? {} : { keep });
  for (const event of events) exploration.take(event);
  return exploration;
}

export function pick<Item>(items: readonly Item[], chance: Chance): Item {
  const item = chance.pick(items);
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

function statesOf(simulator: Simulator): ReadonlyMap<string, RaftState> {
  return new Map(
    simulator.members.flatMap(({ id }) => {
      const state = simulator.stateOf(id);
      return state === undefined ? [] : [[id, state] as const];
    }),
  );
}
