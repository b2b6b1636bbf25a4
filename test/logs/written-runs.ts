import { runSeed } from "../../src/hunt/index.ts";
import { Chance } from "../../src/simulator/index.ts";
import type { TraceEvent } from "../../src/trace/index.ts";
import { WrittenCluster, type Files } from "./written-cluster.ts";

/** The folder of one seed's run, at several moments. */
export interface WrittenRun {
  /** After the storm, when all nodes have come to agree; null if it was given up before. */
  readonly end: Files | null;
  /** In the middle of the storm, at moments that the seed draws. */
  readonly middles: readonly Files[];
  /** Each of the moments in the middle with one file cut off, as by a crash in the middle of a write. */
  readonly torn: readonly Torn[];
}

export interface Torn {
  readonly file: string;
  readonly files: Files;
}

/** How many moments are looked at in a run, by the clock and by what has just happened. */
const times = 4;
const turns = 8;
/** As long as a storm lasts: see `drawClimate`. */
const stormMillis = 6000;

/** Runs a seed, and writes down what its nodes would have written. */
export function writeRun(seed: number): WrittenRun {
  // Not the seed itself: the storm draws from that.
  const chance = new Chance(seed ^ 0x10c5);
  const cluster = new WrittenCluster();
  const middles: Files[] = [];
  const moments = new Moments(chance);
  const hasEnded = run(seed, (event) => {
    if (moments.isBefore(event)) middles.push(cluster.files());
    cluster.take(event);
  });
  const torn = middles.map((files) => tear(files, chance)).filter((each) => each !== undefined);
  return { end: hasEnded ? cluster.files() : null, middles, torn };
}

/** A bug may make messages beget messages for ever. No seed without one comes near this. */
const eventLimit = 200_000;

/** False if there was no end to it. */
function run(seed: number, take: (event: TraceEvent) => void): boolean {
  let isEndless = false;
  try {
    const listener = (event: TraceEvent): void => {
      isEndless = event.seq >= eventLimit;
      if (isEndless) throw new Error(`more than ${eventLimit} events`);
      take(event);
    };
    // The files are written down by hand here, for nodes that keep whole logs.
    runSeed(seed, listener, { isFixed: true });
  } catch (error) {
    if (!isEndless) throw error;
  }
  return !isEndless;
}

/**
 * Moments in a storm. Half of what can be wrong about files that are being written is so for a few
 * milliseconds only, around a change of what they hold: so chance alone would not do.
 */
class Moments {
  readonly #chance: Chance;
  readonly #times: number[];
  #turns = turns;
  #isTurn = false;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#times = Array.from({ length: times }, () => chance.below(stormMillis)).toSorted(
      (one, other) => one - other,
    );
  }

  /** Whether the moment before this event is one of them. */
  isBefore({ kind, time }: TraceEvent): boolean {
    const [next] = this.#times;
    const isTime = next !== undefined && time >= next;
    if (isTime) this.#times.shift();
    const isTurn = this.#isTurn;
    this.#isTurn = time < stormMillis && this.#turns > 0 && turning.has(kind);
    this.#isTurn &&= this.#chance.happens(0.03);
    if (this.#isTurn) this.#turns--;
    return isTime || isTurn;
  }
}

/** After which an account says more than the other files hold, or they more than it. */
const turning: ReadonlySet<TraceEvent["kind"]> = new Set<TraceEvent["kind"]>([
  "truncated",
  "committed",
  "crashed",
  "started",
  "voted",
  "roleChanged",
  "applied",
]);

/** One of the files that a node writes, cut off at any character. */
function tear(files: Files, chance: Chance): Torn | undefined {
  const file = chance.pick([...files.keys()].filter((name) => !name.endsWith(".json")));
  const text = file === undefined ? "" : (files.get(file) ?? "");
  if (file === undefined || text === "") return undefined;
  // Most often near the end, where a writer is at work.
  const lost = chance.happens(0.5)
    ? chance.below(Math.min(60, text.length))
    : chance.below(text.length);
  return { file, files: new Map([...files, [file, text.slice(0, text.length - 1 - lost)]]) };
}
