import type { Millis } from "../raft/index.ts";
import type { Range } from "./chance.ts";

/** How bad a world is to its nodes. Probabilities are for each message or each write. */
export interface Weather {
  readonly delay: Range;
  readonly loss: number;
  /** The network delivers a second copy. */
  readonly duplication: number;
  /** The network delivers a copy of an old message, long after it, even across restarts. */
  readonly replay: number;
  readonly replayDelay: Range;
  /** A message takes `spikeDelay` more than the others, and so is overtaken by many. */
  readonly spike: number;
  readonly spikeDelay: Range;
  readonly disk: Range;
  /** A write takes `stallDelay` more. */
  readonly stall: number;
  readonly stallDelay: Range;
}

/** A network and a disk that do nothing wrong. */
export const fairWeather: Weather = {
  delay: { min: 5, max: 15 },
  loss: 0,
  duplication: 0,
  replay: 0,
  replayDelay: { min: 0, max: 0 },
  spike: 0,
  spikeDelay: { min: 0, max: 0 },
  disk: { min: 1, max: 3 },
  stall: 0,
  stallDelay: { min: 0, max: 0 },
};

/** How long a message or write takes: mostly what is usual, sometimes far more. */
export interface Delay {
  readonly usual: Range;
  readonly rare: number;
  readonly more: Range;
}

export function messageDelay({ delay, spike, spikeDelay }: Weather): Delay {
  return { usual: delay, rare: spike, more: spikeDelay };
}

export function diskDelay({ disk, stall, stallDelay }: Weather): Delay {
  return { usual: disk, rare: stall, more: stallDelay };
}

export function drawDelay(
  { usual, rare, more }: Delay,
  chance: { within(range: Range): Millis; happens(probability: number): boolean },
): Millis {
  return chance.within(usual) + (chance.happens(rare) ? chance.within(more) : 0);
}
