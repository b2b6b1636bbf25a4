import type { NodeId } from "../raft/index.ts";
import type { Side } from "./partition.ts";
import type { Box, Point, RingLayout } from "./ring-layout.ts";

/** The outline around the nodes of one side of a partition. */
export interface Hull {
  readonly side: Side;
  readonly path: string;
  /** Where its name stands, by its middle. */
  readonly name: Point;
}

/** How far around its nodes a hull runs. */
export function hullReach(radius: number): number {
  return radius + 24;
}

/**
 * The hulls of the sides. None when the nodes of a side do not stand next to each other on the
 * ring: a hull would then go around others too.
 */
export function hullsOf(
  sides: readonly Side[],
  { places, radius }: RingLayout,
  members: readonly NodeId[],
): readonly Hull[] {
  const arcs = sides.map(({ nodes }) => arcOf(nodes, members));
  const reach = hullReach(radius);
  return sides.flatMap((side, at) => {
    const arc = arcs[at];
    if (arc === undefined || arcs.includes(undefined)) return [];
    const points = arc.flatMap((id) => places.get(id) ?? []);
    return [{ side, path: around(points, reach), name: nameAt(points, reach) }];
  });
}

/** The nodes in their order along the ring; undefined if another stands between them. */
function arcOf(
  nodes: readonly NodeId[],
  members: readonly NodeId[],
): readonly NodeId[] | undefined {
  const count = members.length;
  const isIn = (at: number) => nodes.includes(members[(at + count) % count] ?? "");
  const starts = members.flatMap((_, at) => (isIn(at) && !isIn(at - 1) ? [at] : []));
  const [start] = starts;
  if (starts.length !== 1 || start === undefined) return undefined;
  return nodes.map((_, at) => members[(start + at) % count] ?? "");
}

/** A path around points that are the corners of a convex shape, in clockwise order. */
function around(points: readonly Point[], reach: number): string {
  const [first] = points;
  if (first === undefined) return "";
  if (points.length === 1) {
    return `M${first.x - reach} ${first.y}a${reach} ${reach} 0 1 1 ${2 * reach} 0a${reach} ${reach} 0 1 1 ${-2 * reach} 0Z`;
  }
  const sides = points.map((from, at) => {
    const to = points[(at + 1) % points.length] ?? first;
    const out = outward(from, to, reach);
    const start = `${round(from.x + out.x)} ${round(from.y + out.y)}`;
    return { start, end: `${round(to.x + out.x)} ${round(to.y + out.y)}` };
  });
  const [begin] = sides;
  const lines = sides.map(({ start, end }, at) =>
    at === 0 ? `M${start}L${end}` : `A${reach} ${reach} 0 0 1 ${start}L${end}`,
  );
  return `${lines.join("")}A${reach} ${reach} 0 0 1 ${begin?.start ?? ""}Z`;
}

/** On the outer edge, between the two nodes in the middle; of a single node, inwards of it. */
function nameAt(points: readonly Point[], reach: number): Point {
  const at = Math.floor((points.length - 1) / 2);
  const from = points[at] ?? { x: 0, y: 0 };
  const to = points[at + 1];
  if (to === undefined) return { x: from.x, y: from.y + reach };
  const out = outward(from, to, reach);
  return { x: (from.x + to.x) / 2 + out.x, y: (from.y + to.y) / 2 + out.y };
}

/** To the left of the way from one to the other, which is outwards along a clockwise ring. */
function outward(from: Point, to: Point, reach: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: ((to.y - from.y) / length) * reach, y: (-(to.x - from.x) / length) * reach };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The space that a name takes. */
export function nameBox({ x, y }: Point, width: number): Box {
  return { left: x - width / 2 - 8, top: y - 10, width: width + 16, height: 20 };
}
