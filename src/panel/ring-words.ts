import type { NodeId } from "../raft/index.ts";
import { overlaps, type Box, type Point, type RingLayout } from "./ring-layout.ts";

/** What a node wants to have written beside it. */
export interface WordWish {
  readonly id: NodeId;
  /** How wide both lines are, and the first alone. */
  readonly width: number;
  readonly titleWidth: number;
  /** Those with the most get their place first. */
  readonly weight: number;
  /** How far from its middle they may begin. */
  readonly away: number;
}

export interface WordPlace {
  /** Of the middle of the first line's baseline. */
  readonly at: Point;
  readonly lines: 1 | 2;
  readonly box: Box;
}

const lineHeight = 14;
const margin = 4;

/**
 * Places the words of the nodes so that they cover neither nodes nor each other. A node for whose
 * words there is no room has only its first line, or none.
 */
export function placeWords(
  wishes: readonly WordWish[],
  { places, radius, centre }: RingLayout,
  taken: readonly Box[],
  space: { readonly width: number; readonly height: number },
): ReadonlyMap<NodeId, WordPlace> {
  const reach = radius + 9;
  const covered = [...taken];
  for (const { x, y } of places.values()) {
    covered.push({ left: x - reach, top: y - reach, width: 2 * reach, height: 2 * reach });
  }
  const found = new Map<NodeId, WordPlace>();
  for (const wish of wishes.toSorted((one, other) => other.weight - one.weight)) {
    const node = places.get(wish.id);
    if (node === undefined) continue;
    const place = ([2, 1] as const)
      .flatMap((lines) => candidates(wish, node, centre, lines))
      .find(({ box }) => isInside(box, space) && !covered.some((other) => overlaps(box, other)));
    if (place === undefined) continue;
    found.set(wish.id, place);
    covered.push(place.box);
  }
  return found;
}

/** Outwards first: above the upper nodes and below the lower, then aside, then inwards. */
function candidates(
  { width, titleWidth, away }: WordWish,
  node: Point,
  centre: Point,
  lines: 1 | 2,
): readonly WordPlace[] {
  const wide = lines === 2 ? width : titleWidth;
  const height = lines * lineHeight;
  const [dx, dy] = [node.x - centre.x, node.y - centre.y];
  const right = dx < -1 ? -1 : 1;
  const out = dy <= away * 0.4 ? -1 : 1;
  const top = (side: number) => (side < 0 ? node.y - away - height : node.y + away);
  const slides = Math.abs(dx) < 1 ? [0] : [0, 12, 24, 36, 48].map((by) => by * right);
  const beside = { x: node.x + right * (away + wide / 2), top: node.y - height / 2 };
  return [
    ...slides.map((by) => ({ x: node.x + by, top: top(out) })),
    beside,
    { ...beside, top: beside.top + out * 16 },
    ...slides.map((by) => ({ x: node.x + by, top: top(-out) })),
  ].map(({ x, top: upper }) => ({
    at: { x, y: upper + 11 },
    lines,
    box: { left: x - wide / 2 - margin, top: upper, width: wide + 2 * margin, height },
  }));
}

function isInside(
  { left, top, width, height }: Box,
  space: { readonly width: number; readonly height: number },
): boolean {
  return left >= 0 && top >= 0 && left + width <= space.width && top + height <= space.height;
}
