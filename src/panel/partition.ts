import type { NodeId } from "../raft/index.ts";
import { quorumOf } from "./node-look.ts";
import type { Picture } from "./protocol.ts";

/** The nodes that can still reach each other, when the cluster has come apart. */
export interface Side {
  /** In the order of the members. */
  readonly nodes: readonly NodeId[];
  readonly isMajority: boolean;
}

type Linked = Pick<Picture, "members" | "cutLinks">;

/** The sides of a partition; none while every node can still be reached, on whatever way. */
export function sidesOf({ members, cutLinks }: Linked): readonly Side[] {
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
    sides.push({ nodes, isMajority: side.length >= quorumOf(members.length) });
  }
  return sides.length < 2 ? [] : sides;
}

/** How many running nodes the best placed of them can talk with both ways, itself among them. */
export function bestReach({ nodes, cutLinks }: Pick<Picture, "nodes" | "cutLinks">): number {
  const running = nodes.filter(({ life }) => life === "running").map(({ id }) => id);
  if (cutLinks.length === 0) return running.length;
  const cut = new Set(cutLinks.map(({ from, to }) => `${from} ${to}`));
  const reached = running.map(
    (here) =>
      running.filter((there) => !cut.has(`${here} ${there}`) && !cut.has(`${there} ${here}`))
        .length,
  );
  return Math.max(0, ...reached);
}
