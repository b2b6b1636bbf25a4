import type { NodeId } from "../raft/index.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the nodes stand in a space of that size. */
export interface RingLayout {
  /** Of a node's circle. */
  readonly radius: number;
  /** `full` has words outside each node; `compact` only what fits inside. */
  readonly kind: "full" | "compact";
  readonly centre: Point;
  readonly places: ReadonlyMap<NodeId, Point>;
}

/** How many nodes still get words of their own. */
const mostInFull = 9;
/** How many nodes a ring can hold so that one can tell them apart. */
export const mostInRing = 31;
/** The least distance of two circles on the ring. */
const gap = 12;

/** Null where a ring would not fit: rows are used then. `hasHulls` leaves room for them. */
export function ringLayout(
  ids: readonly NodeId[],
  width: number,
  height: number,
  hasHulls = false,
): RingLayout | null {
  const count = ids.length;
  if (count === 0 || count > mostInRing || width < 120 || height < 110) return null;
  const kind = count <= mostInFull ? "full" : "compact";
  const isFull = kind === "full";
  let radius = isFull ? (count <= 5 ? 29 : 25) : 20;
  // Two lines of words above the topmost node and below the lowest, and ballots around candidates.
  const more = hasHulls ? 18 : 0;
  const around = isFull ? { x: 40 + more / 3, y: 56 + more } : { x: 10, y: 10 };
  const isFlat = isFull && width > height * 1.5;
  if (isFlat) radius = Math.min(radius, 23);
  const reachY = Math.min(height / 2 - radius - (isFlat ? 44 + more : around.y), 200);
  const round = Math.min(width / 2 - radius - around.x, reachY);
  const reachX = isFlat ? Math.min(width / 2 - radius - 70, reachY * 3.2) : round;
  const reach = { x: Math.max(reachX, 0), y: Math.max(isFlat ? reachY : round, 0) };
  const least = Math.min(reach.x, reach.y);
  /** How far apart two neighbours stand. */
  const apart = count > 1 ? 2 * least * Math.sin(Math.PI / count) : Infinity;
  while (radius > 9 && apart < 2 * radius + gap) radius--;
  if (apart < 2 * radius + 2) return null;
  // A ring of an odd number reaches higher than low.
  const sink =
    isFull && count % 2 === 1 && count > 1 ? (reach.y * (1 - Math.cos(Math.PI / count))) / 2 : 0;
  const centre = { x: width / 2, y: height / 2 + sink };
  const places = new Map(
    ids.map((id, at): [NodeId, Point] => {
      if (count === 1) return [id, centre];
      const angle = -Math.PI / 2 + (at * 2 * Math.PI) / count;
      return [
        id,
        { x: centre.x + reach.x * Math.cos(angle), y: centre.y + reach.y * Math.sin(angle) },
      ];
    }),
  );
  return { radius, kind, centre, places };
}

/** One direction of a link: a little to the right of travel, so that the two do not meet. */
export interface Lane {
  readonly from: Point;
  readonly to: Point;
  /** Of the direction, in degrees from the x axis, clockwise. */
  readonly degrees: number;
  readonly along: Point;
}

export function laneOf(from: Point, to: Point, radius: number, aside: number): Lane {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const along = { x: dx / length, y: dy / length };
  const start = radius + 9;
  const side = { x: -along.y * aside, y: along.x * aside };
  return {
    from: { x: from.x + along.x * start + side.x, y: from.y + along.y * start + side.y },
    to: { x: to.x - along.x * start + side.x, y: to.y - along.y * start + side.y },
    degrees: (Math.atan2(dy, dx) * 180) / Math.PI,
    along,
  };
}

export function pointOn({ from, to }: Lane, part: number): Point {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** A rectangle of words. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function overlaps(one: Box, other: Box): boolean {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}

/**
 * The first of the places for words beside a message at which they cover nothing; else null. It
 * begins with the side where they stood before.
 */
export function freePlace(
  at: Point,
  size: { readonly width: number; readonly height: number },
  taken: readonly Box[],
  space: { readonly width: number; readonly height: number },
  preferred = 0,
): { readonly box: Box; readonly side: number } | null {
  const { width, height } = size;
  const away = { x: 16, y: 11 };
  const places = [
    { left: at.x + away.x, top: at.y - height / 2 },
    { left: at.x - away.x - width, top: at.y - height / 2 },
    { left: at.x - width / 2, top: at.y - away.y - height },
    { left: at.x - width / 2, top: at.y + away.y },
  ];
  for (let turn = 0; turn < places.length; turn++) {
    const side = (preferred + turn) % places.length;
    const place = places[side] ?? { left: 0, top: 0 };
    const box = { ...place, width, height };
    const isInside =
      box.left >= 2 &&
      box.top >= 2 &&
      box.left + width <= space.width - 2 &&
      box.top + height <= space.height - 2;
    if (isInside && !taken.some((other) => overlaps(box, other))) return { box, side };
  }
  return null;
}
