export type { Commit } from "./commits.ts";
export { Exploration, type ExplorationOptions } from "./exploration.ts";
export type { Journey, JourneyEnd } from "./journeys.ts";
export {
  ballotsOf,
  lostShownMillis,
  type Ballot,
  type LostFlight,
  type Moment,
  type Refusals,
} from "./moment.ts";
export {
  clusterCommit,
  entriesThatCount,
  type Copy,
  type CopyKind,
  type HowCommitted,
  type Majority,
  type Standing,
  type Verdict,
} from "./standing.ts";
export type { Mark, MarkKind, Stretch, Tape, TermSpan } from "./tape.ts";
