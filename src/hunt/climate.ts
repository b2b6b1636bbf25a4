import { paperTiming } from "../raft/index.ts";
import { Chance, type Range, type SimulatorOptions, type Weather } from "../simulator/index.ts";

/** All that a seed decides about its run. */
export interface Climate {
  readonly options: SimulatorOptions;
  readonly storm: Storm;
}

/** How often things are done to the cluster; probabilities are for each turn of the storm. */
export interface Storm {
  /** How long it lasts. */
  readonly millis: number;
  /** From one turn to the next. */
  readonly turn: Range;
  readonly submit: number;
  readonly crash: number;
  /** Of the crashes, how many are aimed at a leader. */
  readonly aimed: number;
  readonly restart: number;
  /** Everybody goes down, and comes back in any order. */
  readonly blackout: number;
  readonly partition: number;
  /** A leader is asked to hand over. */
  readonly transfer: number;
  /** A node is added, or another removed. */
  readonly membership: number;
  readonly partitionMillis: Range;
  /** A client reads, at a leader or at anyone. */
  readonly read: number;
}

const sizes = [1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 7, 9];

/**
 * Draws the weather from the seed. Each kind of fault is absent from a quarter of the seeds:
 * some bugs show only where one fault does not hide them behind another (swarm testing).
 */
export function drawClimate(seed: number, chance: Chance): Climate {
  const at = (most: number): number => (chance.happens(0.25) ? 0 : most * chance.next() ** 2);
  // A chance of their own, so that what a seed meant before there were extensions, it means still.
  const beyond = new Chance(seed ^ 0xbe70);
  const isExtended = beyond.happens(0.5);
  const slow = chance.happens(0.3);
  const weather: Weather = {
    delay: slow ? { min: 10, max: 80 } : { min: 1, max: 20 },
    loss: at(0.3),
    duplication: at(0.3),
    replay: at(0.1),
    replayDelay: { min: 50, max: 3000 },
    spike: at(0.1),
    spikeDelay: { min: 50, max: 2000 },
    disk: chance.happens(0.3) ? { min: 5, max: 40 } : { min: 1, max: 5 },
    stall: at(0.05),
    stallDelay: { min: 50, max: 800 },
  };
  const storm: Omit<Storm, "membership"> = {
    millis: 6000,
    turn: { min: 5, max: 60 },
    submit: 0.2 + 0.6 * chance.next(),
    crash: at(0.08),
    aimed: chance.next(),
    restart: 0.05 + 0.3 * chance.next(),
    blackout: chance.happens(0.1) ? 0.01 : 0,
    partition: at(0.08),
    partitionMillis: { min: 100, max: 2000 },
    transfer: beyond.happens(0.5) ? 0.05 * beyond.next() ** 2 : 0,
    read: beyond.happens(0.7) ? 0.5 * beyond.next() : 0,
  };
  // Leases rest on check-quorum. All clocks here go alike, so that no drift need be allowed for.
  const hasLease = isExtended && beyond.happens(0.5);
  const size = chance.pick(sizes) ?? 3;
  const extensions = {
    preVote: isExtended,
    checkQuorum: isExtended,
    ...(hasLease ? { lease: { clockDrift: 0 } } : {}),
  };
  const changing = new Chance(seed ^ 0x6e6f);
  const membership = changing.happens(0.3) ? 0.05 * changing.next() : 0;
  const cutting = new Chance(seed ^ 0x5a4b);
  const snapshots = cutting.happens(0.4)
    ? {
        snapshots: { entries: 1 + cutting.below(30), keep: cutting.below(8) },
        chunkCharacters: 4 + cutting.below(20),
      }
    : {};
  return {
    options: { seed, size, timing: paperTiming, extensions, weather, ...snapshots },
    storm: { ...storm, membership },
  };
}
