/**
 * How soon does a cluster elect its first leader when a message takes as long as in the preset
 * *watch*? In the simulator, from many seeds, because each start takes seconds.
 */
import { presets } from "../src/runtime/index.ts";
import { fairWeather, Simulator } from "../src/simulator/index.ts";

export interface ElectionFigure {
  readonly size: number;
  /** How many of a hundred starts had a leader within six seconds. */
  readonly inTime: number;
  /** How many elected one in the first term, so that no votes had split. */
  readonly inFirstTerm: number;
}

const starts = 1000;
const timeMillis = 6000;

export function measureElections(): readonly ElectionFigure[] {
  return [1, 2, 3, 4, 5, 7, 9].map((size) => {
    const first = Array.from({ length: starts }, (_, seed) => firstLeader(size, seed));
    const share = (count: number): number => (count * 100) / starts;
    return {
      size,
      inTime: share(first.filter(({ time }) => time <= timeMillis).length),
      inFirstTerm: share(first.filter(({ term }) => term === 1).length),
    };
  });
}

function firstLeader(size: number, seed: number): { time: number; term: number } {
  const { timing, delayMillis } = presets.watch;
  const weather = { ...fairWeather, delay: delayMillis ?? fairWeather.delay };
  const simulator = new Simulator({ seed, size, timing, weather });
  let found = { time: Number.POSITIVE_INFINITY, term: 0 };
  simulator.subscribe(({ time, ...event }) => {
    if (event.kind === "roleChanged" && event.role === "leader" && found.term === 0) {
      found = { time, term: event.term };
    }
  });
  simulator.runUntil(60_000, () => found.term > 0);
  return found;
}
