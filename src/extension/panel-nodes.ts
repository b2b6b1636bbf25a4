import type { Member } from "../cluster/index.ts";
import { ballotsOf, type Moment } from "../exploration/index.ts";
import type { MemberPicture, NodePicture, PeerPicture } from "../panel/index.ts";
import {
  emptyLog,
  lastIndex,
  lastTerm,
  type NodeId,
  type RaftState,
  simpleConfiguration,
} from "../raft/index.ts";
import type { NodeView } from "../trace/index.ts";
import { failureText } from "./texts.ts";

export function memberPicture({ id, name, address }: Member): MemberPicture {
  return { id, name, shortName: shortName(name), address };
}

/** `n1` of `node1`: what fits into a circle. */
export function shortName(name: string): string {
  return name.replace(/^node(?=\d)/, "n");
}

/** Whether a node may look different at another moment. */
export function isDifferent(id: NodeId, before: Moment, after: Moment): boolean {
  return (
    before.view.nodes.get(id) !== after.view.nodes.get(id) ||
    before.states.get(id) !== after.states.get(id) ||
    before.refusals.get(id) !== after.refusals.get(id)
  );
}

export function nodePicture(id: NodeId, moment: Moment): NodePicture {
  const seen = moment.view.nodes.get(id) ?? unborn(id);
  const state = moment.states.get(id);
  const ballots = ballotsOf(moment, id);
  const { life, role, leaderId, currentTerm, votedFor, log } = seen;
  return {
    id,
    life: life.kind,
    failure: life.kind === "failed" ? failureText(life.failure) : null,
    role,
    leaderId,
    currentTerm,
    votedFor,
    lastLogIndex: lastIndex(log),
    lastLogTerm: lastTerm(log),
    savedIndex: seen.savedIndex,
    commitIndex: seen.commitIndex,
    lastApplied: seen.lastApplied,
    ...deadlines(state),
    ballots: ballots === null ? null : Object.fromEntries(ballots),
    peers: peersOf(state),
    configuration: seen.configuration,
  };
}

/** A node that has not started yet is shown as one that is down and knows nothing. */
function unborn(id: NodeId): NodeView {
  return {
    id,
    life: { kind: "crashed" },
    role: "follower",
    leaderId: null,
    currentTerm: 0,
    votedFor: null,
    log: emptyLog,
    logStart: 0,
    savedIndex: 0,
    configuration: simpleConfiguration([]),
    commitIndex: 0,
    lastApplied: 0,
  };
}

function deadlines(
  state: RaftState | undefined,
): Pick<NodePicture, "electionDeadline" | "heartbeatDeadline"> {
  if (state === undefined) return { electionDeadline: null, heartbeatDeadline: null };
  const { role, electionDeadline } = state;
  return role.kind === "leader"
    ? { electionDeadline: null, heartbeatDeadline: role.heartbeatDeadline }
    : { electionDeadline, heartbeatDeadline: null };
}

function peersOf(state: RaftState | undefined): Readonly<Record<NodeId, PeerPicture>> | null {
  if (state?.role.kind !== "leader") return null;
  const { nextIndex, matchIndex } = state.role;
  return Object.fromEntries(
    [...nextIndex].map(([peer, next]): [NodeId, PeerPicture] => [
      peer,
      { nextIndex: next, matchIndex: matchIndex.get(peer) ?? 0 },
    ]),
  );
}
