export {
  encodeEvent,
  traceHeader,
  decodeTrace,
  TraceDecoder,
  type DecodedTrace,
  type TraceProblem,
} from "./codec.ts";
export type {
  ActionId,
  Answer,
  ClientRead,
  ClientRequest,
  ClusterEvent,
  ClusterHappening,
  DropReason,
  Failure,
  MessageId,
  NodeEvent,
  NodeHappening,
  Notice,
  Refusal,
  TraceEvent,
} from "./event.ts";
export {
  Flights,
  rememberedLandings,
  type Flight,
  type FlightsOptions,
  type MessageOf,
} from "./flights.ts";
export { readJson } from "./json.ts";
export { observe } from "./observe.ts";
export { Recorder } from "./recorder.ts";
export { Replay, type ReplayOptions } from "./replay.ts";
export {
  answerSchema,
  messageIdSchema,
  messageSchema,
  millisSchema,
  refusalSchema,
} from "./schema.ts";
export {
  emptyView,
  leaderIn,
  linkName,
  viewAfter,
  type ClusterView,
  type Life,
  type NodeView,
} from "./view.ts";
