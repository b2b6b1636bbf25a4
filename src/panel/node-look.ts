import { unreachable, type NodeId } from "../raft/index.ts";
import type { NodePicture, Picture } from "./protocol.ts";
import type { Say } from "./texts.ts";
import { configurationOf, ownConfiguration, standingIn, talliesOf, type Tally } from "./voting.ts";

/** It leads in its own eyes, but a newer term has begun elsewhere. */
export function isStaleLeader(node: NodePicture, { nodes }: Pick<Picture, "nodes">): boolean {
  return (
    node.life === "running" &&
    node.role === "leader" &&
    nodes.some((other) => other.life === "running" && other.currentTerm > node.currentTerm)
  );
}

/** The votes of a candidate, by the configuration in its log. */
export function ballotTallies(
  node: NodePicture,
  picture: Pick<Picture, "members" | "nodes">,
): readonly [Tally, ...Tally[]] {
  const configuration = ownConfiguration(node, picture);
  return talliesOf(configuration, (voter) => node.ballots?.[voter] === "granted");
}

export function shortNameIn({ members }: Pick<Picture, "members">): (id: NodeId) => string {
  const names = new Map(members.map(({ id, shortName }) => [id, shortName]));
  return (id) => names.get(id) ?? id;
}

/** How much of its timer a node has left at a time: a part of the longest timeout. */
export function timerOf(
  node: NodePicture,
  { timing }: Pick<Picture, "timing">,
  time: number,
): { readonly part: number; readonly millis: number } | null {
  if (node.life !== "running") return null;
  const isLeader = node.heartbeatDeadline !== null;
  const deadline = node.heartbeatDeadline ?? node.electionDeadline;
  if (deadline === null) return null;
  const whole = isLeader ? timing.heartbeatMillis : timing.electionTimeoutMillis.max;
  const millis = Math.max(0, deadline - time);
  return { part: Math.min(1, millis / Math.max(1, whole)), millis };
}

export function roleText(node: NodePicture, picture: Picture, say: Say): string {
  if (node.life === "failed") return say("failed");
  if (node.life === "crashed") return say("crashed");
  if (node.role === "candidate") {
    return candidateText(node, picture, say);
  }
  if (node.role === "leader") {
    return isStaleLeader(node, picture) ? say("leader (stale)") : say("leader");
  }
  const standing = standingIn(configurationOf(picture), node.id);
  switch (standing) {
    case "voter":
      return say("follower");
    case "learner":
      return say("learner");
    case "outside":
      return say("not a member");
    default:
      return unreachable(standing);
  }
}

function candidateText(node: NodePicture, picture: Picture, say: Say): string {
  const [now, old] = ballotTallies(node, picture);
  if (old === undefined) return say("candidate · {0}/{1} votes", now.counted, now.needed);
  const { counted, needed } = old;
  return say("candidate · {0}/{1} and {2}/{3} votes", now.counted, now.needed, counted, needed);
}

/** The second line of words beside a node. */
export function timerText(node: NodePicture, picture: Picture, time: number, say: Say): string {
  if (node.life !== "running") {
    return say("disk: t{0}, {1} entries", node.currentTerm, node.lastLogIndex);
  }
  const timer = timerOf(node, picture, time);
  if (timer === null) return "";
  const left = roundedMillis(timer.millis);
  return node.role === "leader" ? say("heartbeat {0}", left) : say("{0} left", left);
}

/** Tens of milliseconds: single ones flicker and cannot be read. */
export function roundedMillis(millis: number): string {
  const rounded = Math.ceil(millis / 10) * 10;
  return rounded >= 1000 ? `${(rounded / 1000).toFixed(1)} s` : `${rounded} ms`;
}

/** What a screen reader says of a node. */
export function nodeLabel(node: NodePicture, picture: Picture, say: Say): string {
  const name = shortNameIn(picture)(node.id);
  const role = roleText(node, picture, say);
  return say(
    "{0}, {1}, term {2}, log up to {3}, committed up to {4}",
    name,
    role,
    node.currentTerm,
    node.lastLogIndex,
    node.commitIndex,
  );
}
