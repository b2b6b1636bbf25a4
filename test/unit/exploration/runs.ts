import { Exploration } from "../../../src/exploration/index.ts";
import { drawClimate } from "../../../src/hunt/index.ts";
import { paperOnly, type Millis, type RaftState } from "../../../src/raft/index.ts";
import { Chance, Simulator } from "../../../src/simulator/index.ts";
import type { TraceEvent } from "../../../src/trace/index.ts";

// Clusters that had a hard time, and what they were at each moment of it.

export interface Run {
  readonly simulator: Simulator;
  readonly events: readonly TraceEvent[];
  /** The cluster between two things that happened to it, in order. */
  readonly stops: readonly Stop[];
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
