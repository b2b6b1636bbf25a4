import { unreachable, type NodeId } from "../raft/index.ts";
import type { Chance } from "../simulator/index.ts";

export const shapes = ["isolated", "halves", "bridge", "ring", "oneWay"] as const;

/** How a network falls apart. */
export type Shape = (typeof shapes)[number];

export interface Link {
  readonly from: NodeId;
  readonly to: NodeId;
}

export interface Partition {
  readonly shape: Shape;
  /** The links that are cut. */
  readonly links: readonly Link[];
}

/** Draws a partition of the members; it may be one that cuts nothing in a very small cluster. */
export function drawPartition(members: readonly NodeId[], chance: Chance): Partition {
  const shape = chance.pick(shapes) ?? "isolated";
  const order = shuffled(members, chance);
  const place = new Map(order.map((node, i) => [node, i]));
  const half = Math.floor(order.length / 2);
  const isCut = (from: NodeId, to: NodeId): boolean => {
    const [a, b] = [place.get(from) ?? 0, place.get(to) ?? 0];
    switch (shape) {
      case "isolated":
        return a === 0 || b === 0;
      case "halves":
        return a < half !== b < half;
      // One node sees both sides, which do not see each other.
      case "bridge":
        return a !== half && b !== half && a < half !== b < half;
      // Everyone sees its two neighbours only.
      case "ring":
        return Math.abs(a - b) !== 1 && Math.abs(a - b) !== order.length - 1;
      // What the first sends arrives; what is sent to it does not.
      case "oneWay":
        return b === 0;
      default:
        return unreachable(shape);
    }
  };
  const links = members.flatMap((from) =>
    members.filter((to) => to !== from && isCut(from, to)).map((to) => ({ from, to })),
  );
  return { shape, links };
}

export function shuffled<T>(items: readonly T[], chance: Chance): readonly T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = chance.below(last + 1);
    const [a, b] = [order[last], order[other]];
    if (a === undefined || b === undefined) continue;
    order[last] = b;
    order[other] = a;
  }
  return order;
}
