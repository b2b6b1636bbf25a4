export {
  configurationAt,
  isJoint,
  isQuorum,
  isVoter,
  membersIn,
  newestConfiguration,
  openConfigurations,
  sameConfiguration,
  sameNodes,
  simpleConfiguration,
  type Configuration,
  type PlacedConfiguration,
} from "./configuration.ts";
export { configurationAtStart } from "./configurations-at-start.ts";
export { InvariantViolation, invariant, unreachable } from "./assert.ts";
export {
  append,
  compacted,
  emptyLog,
  entryAt,
  firstDifference,
  lastIndex,
  lastTerm,
  logAfter,
  logOf,
  sameEntry,
  slice,
  termAt,
  truncateFrom,
  type Entry,
  type Log,
} from "./log.ts";
export { chunkCharacters } from "./chunks.ts";
export { logWithSnapshot } from "./snapshot.ts";
export type { AppendOutcome, Message } from "./messages.ts";
export { nothingSaved, RaftNode, type NodeOptions } from "./node.ts";
export { draw } from "./random.ts";
export { messageLimit } from "./replication.ts";
export {
  leaderOf,
  paperOnly,
  paperTiming,
  type Extensions,
  type Persistent,
  type RaftState,
  type Role,
  type Snapshot,
  type Timing,
} from "./state.ts";
export type {
  Change,
  Compaction,
  Effect,
  Input,
  MembershipOutcome,
  MembershipRequest,
  SavedUpTo,
  SnapshotChange,
  TransferOutcome,
} from "./step.ts";
export type { LogIndex, Millis, NodeId, Term } from "./units.ts";
