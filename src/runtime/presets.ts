import { paperTiming, type Timing } from "../raft/index.ts";

/** How fast a live cluster is, for whom. */
export interface Preset {
  readonly timing: Timing;
  /**
   * How long a message is held back where it arrives, so that what is seen to fly has truly not
   * arrived. Null: no longer than it takes.
   */
  readonly delayMillis: { readonly min: number; readonly max: number } | null;
}

export type PresetName = "watch" | "raftos" | "paper";

export const presets: Readonly<Record<PresetName, Preset>> = {
  /**
   * Slow enough to follow with the eye; a first leader within six seconds unless votes split. The
   * range is as wide as that allows, for a wide one is what keeps votes from splitting (§9.3).
   * `npm run bench -- --only elections` tells how often they do.
   */
  watch: {
    timing: { electionTimeoutMillis: { min: 1200, max: 4800 }, heartbeatMillis: 600 },
    delayMillis: { min: 300, max: 600 },
  },
  /** heartbeat_interval 0.3, step_down_missed_heartbeats 5, election_interval_spread 3. */
  raftos: {
    timing: { electionTimeoutMillis: { min: 1500, max: 4500 }, heartbeatMillis: 300 },
    delayMillis: null,
  },
  paper: { timing: paperTiming, delayMillis: null },
};
