import {
  isQuorum,
  isVoter,
  simpleConfiguration,
  type Configuration,
  type NodeId,
} from "../raft/index.ts";
import type { Picture } from "./protocol.ts";
import { talliesOf } from "./voting.ts";

/** The nodes that can still reach each other, when the cluster has come apart. */
export interface Side {
  /** In the order of the members. */
  readonly nodes: readonly NodeId[];
  readonly isMajority: boolean;
}

type Linked = Pick<Picture, "members" | "cutLinks">;

/** The sides of a partition; none while every node can still be reached, on whatever way. */
export function sidesOf(
  { members, cutLinks }: Linked,
  configuration: Configuration = simpleConfiguration(members.map(({ id }) => id)),
): readonly Side[] {
  if (cutLinks.length === 0) return [];
  const cut = new Set(cutLinks.map(({ from, to }) => `${from} ${to}`));
  const left = new Set(members.map(({ id }) => id));
  const sides: Side[] = [];
  for (const { id } of members) {
    if (!left.delete(id)) continue;
    const side = [id];
    // The list grows while it is walked, until nobody new is reached.
    for (const here of side) {
      for (const there of left) {
        if (cut.has(`${here} ${there}`) && cut.has(`${there} ${here}`)) continue;
        left.delete(there);
        side.push(there);
      }
    }
    const nodes = members.map((member) => member.id).filter((each) => side.includes(each));
    sides.push({ nodes, isMajority: isQuorum(configuration, (voter) => side.includes(voter)) });
  }
  return sides.length < 2 ? [] : sides;
}

/**
 * How many more nodes may be lost, at the least, before no voter that runs can talk both ways with
 * what makes a quorum, itself among them. Below 0 none can.
 */
export function spareNodes(
  { nodes, cutLinks }: Pick<Picture, "nodes" | "cutLinks">,
  configuration: Configuration,
): number {
  const running = nodes.filter(({ life }) => life === "running").map(({ id }) => id);
  const cut = new Set(cutLinks.map(({ from, to }) => `${from} ${to}`));
  const reached = running
    .filter((here) => isVoter(configuration, here))
    .map((here) => {
      const isReached = (there: NodeId): boolean =>
        running.includes(there) && !cut.has(`${here} ${there}`) && !cut.has(`${there} ${here}`);
      const tallies = talliesOf(configuration, isReached);
      return Math.min(...tallies.map(({ counted, needed }) => counted - needed));
    });
  return Math.max(-1, ...reached);
}
