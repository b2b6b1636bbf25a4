import {
  membersIn,
  newestConfiguration,
  type Millis,
  type NodeId,
  type RaftState,
  type Term,
  type Timing,
} from "../raft/index.ts";
import {
  emptyView,
  type ClusterView,
  type DropReason,
  type Flight,
  type MessageId,
} from "../trace/index.ts";

/**
 * All that is known once some events have happened. A value: moments share what they have in
 * common, and what follows can be rebuilt from any of them.
 */
export interface Moment {
  /** How many events have happened; it names the moment. */
  readonly seq: number;
  /** When the last of them did. */
  readonly time: Millis;
  readonly view: ClusterView;
  /** The whole state of every node that is up. */
  readonly states: ReadonlyMap<NodeId, RaftState>;
  readonly inFlight: ReadonlyMap<MessageId, Flight>;
  /** Messages that were lost less than `lostShownMillis` ago. */
  readonly lost: ReadonlyMap<MessageId, LostFlight>;
  /** Who refused a candidate its vote; who granted it stands in the candidate's role. */
  readonly refusals: ReadonlyMap<NodeId, Refusals>;
  /** The timing by which the nodes run; null before the first has started. */
  readonly timing: Timing | null;
}

/** A message that will not arrive. */
export interface LostFlight extends Flight {
  readonly lost: { readonly time: Millis; readonly reason: DropReason };
}

/** Who refused a candidate its vote in a term. */
export interface Refusals {
  readonly term: Term;
  readonly by: ReadonlySet<NodeId>;
}

/** How long a lost message is still told of. */
export const lostShownMillis = 700;

export const beginning: Moment = {
  seq: 0,
  time: 0,
  view: emptyView,
  states: new Map(),
  inFlight: new Map(),
  lost: new Map(),
  refusals: new Map(),
  timing: null,
};

export type Ballot = "granted" | "refused" | "none";

/** What each member has answered a candidate in its term, itself included; null of no candidate. */
export function ballotsOf(moment: Moment, node: NodeId): ReadonlyMap<NodeId, Ballot> | null {
  const state = moment.states.get(node);
  if (state?.role.kind !== "candidate") return null;
  const { votes } = state.role;
  const refusals = moment.refusals.get(node);
  const refused = refusals?.term === state.currentTerm ? refusals.by : new Set<NodeId>();
  return new Map(
    membersIn(newestConfiguration(state)).map((member) => {
      if (votes.has(member)) return [member, "granted"];
      return [member, refused.has(member) ? "refused" : "none"];
    }),
  );
}
