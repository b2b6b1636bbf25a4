import { unreachable, type NodeId, type RaftState } from "../raft/index.ts";
import type { ActionId, ClusterHappening, Refusal } from "../trace/index.ts";
import { memberLimit, speedRange, type Action } from "./action.ts";
import { commandLimit, isCommand } from "./command.ts";

/** What an action is judged by: the cluster as it is now. */
export interface Situation {
  /** Undefined for who is no member. A node that is being started is neither up nor down. */
  lifeOf(node: NodeId): "up" | "starting" | "down" | undefined;
  leader(): NodeId | null;
  isCut(from: NodeId, to: NodeId): boolean;
  isPaused(): boolean;
  /** How many nodes there are. */
  size(): number;
}

/** Why nothing can come of the action, whoever runs the cluster; null if something can. */
export function refusalOf(action: Action, situation: Situation): Refusal | null {
  switch (action.kind) {
    case "submit":
      return submissionRefusal(action, situation);
    case "crash":
    case "compact":
      return lifeRefusal(action.node, "up", situation);
    case "restart":
      return lifeRefusal(action.node, "down", situation);
    case "transfer":
      if (situation.leader() === null) return { kind: "noLeader" };
      return lifeRefusal(action.to, "up", situation);
    case "addNode":
      if (situation.size() >= memberLimit) return { kind: "tooMany", limit: memberLimit };
      return situation.leader() === null ? { kind: "noLeader" } : null;
    case "removeNode":
      if (situation.lifeOf(action.node) === undefined) {
        return { kind: "unknownNode", node: action.node };
      }
      return situation.leader() === null ? { kind: "noLeader" } : null;
    case "cutLink":
    case "healLink":
      return linkRefusal(action, situation);
    case "pause":
      return situation.isPaused() ? { kind: "alreadyPaused" } : null;
    case "resume":
      return situation.isPaused() ? null : { kind: "notPaused" };
    case "setSpeed": {
      const { slowest, fastest } = speedRange;
      // Written so that what is no number is refused, too.
      const isInRange = action.speed >= slowest && action.speed <= fastest;
      return isInRange ? null : { kind: "badSpeed", slowest, fastest };
    }
    case "read":
      if ((action.name?.length ?? 0) > commandLimit)
        return { kind: "tooLong", limit: commandLimit };
      return receiverRefusal(action.node, situation);
    default:
      return unreachable(action);
  }
}

/** An action on the clock or on a link: it needs no node to come about. */
export type ClusterAction = Exclude<
  Action,
  {
    kind:
      "submit" | "crash" | "restart" | "transfer" | "addNode" | "removeNode" | "read" | "compact";
  }
>;

/** What has happened once the action is done. */
export function happeningOf(id: ActionId, action: ClusterAction): ClusterHappening {
  switch (action.kind) {
    case "cutLink":
      return { kind: "linkCut", from: action.from, to: action.to, action: id };
    case "healLink":
      return { kind: "linkHealed", from: action.from, to: action.to, action: id };
    case "pause":
      return { kind: "paused", action: id };
    case "resume":
      return { kind: "resumed", action: id };
    case "setSpeed":
      return { kind: "speedSet", speed: action.speed, action: id };
    default:
      return unreachable(action);
  }
}

/** Of those that say they lead, the one in the newest term: an older one may not know better. */
export function newestLeader(states: readonly (RaftState | undefined)[]): NodeId | null {
  let newest: RaftState | undefined;
  for (const state of states) {
    if (state?.role.kind !== "leader") continue;
    if (newest === undefined || state.currentTerm > newest.currentTerm) newest = state;
  }
  return newest?.id ?? null;
}

function submissionRefusal(
  { node, command }: Extract<Action, { kind: "submit" }>,
  situation: Situation,
): Refusal | null {
  if (command.length > commandLimit) return { kind: "tooLong", limit: commandLimit };
  if (!isCommand(command)) return { kind: "badCommand" };
  return receiverRefusal(node, situation);
}

/** Null stands for whoever leads. */
function receiverRefusal(node: NodeId | null, situation: Situation): Refusal | null {
  if (node !== null) return lifeRefusal(node, "up", situation);
  return situation.leader() === null ? { kind: "noLeader" } : null;
}

function lifeRefusal(node: NodeId, wanted: "up" | "down", situation: Situation): Refusal | null {
  const life = situation.lifeOf(node);
  if (life === undefined) return { kind: "unknownNode", node };
  if (life === wanted) return null;
  return { kind: wanted === "up" ? "notRunning" : "alreadyRunning", node };
}

function linkRefusal(
  { kind, from, to }: Extract<Action, { kind: "cutLink" | "healLink" }>,
  situation: Situation,
): Refusal | null {
  for (const node of [from, to]) {
    if (situation.lifeOf(node) === undefined) return { kind: "unknownNode", node };
  }
  const isCut = situation.isCut(from, to);
  if (kind === "cutLink") return isCut ? { kind: "linkIsCut", from, to } : null;
  return isCut ? null : { kind: "linkIsWhole", from, to };
}
