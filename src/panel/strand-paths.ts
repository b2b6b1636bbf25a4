import { unreachable } from "../raft/index.ts";
import type { FlightPicture } from "./protocol.ts";
import type { Scale, Span } from "./tape-model.ts";

/** A message between two lanes, as a line with a sign at its end. */
export interface Strand {
  readonly flight: FlightPicture;
  readonly start: { readonly x: number; readonly y: number };
  readonly end: { readonly x: number; readonly y: number };
  readonly look: StrandLook;
  readonly isLost: boolean;
}

export type StrandLook = "entries" | "heartbeat" | "request" | "reply";

interface StrandScene {
  readonly scale: Scale;
  readonly window: Span;
  /** The middle of a node's lane; undefined of nobody we know. */
  readonly laneOf: (id: string) => number | undefined;
  /** How far what neither arrived nor was lost has come. */
  readonly time: number;
}

/** How far from the middle of a lane a message leaves it, and how near it comes to the other. */
const [leaving, reaching] = [5, 6];

/** Null of what is outside the window, or between nodes that have no lane. */
export function strandOf(flight: FlightPicture, scene: StrandScene): Strand | null {
  const { scale, window, laneOf, time } = scene;
  const { from, to, sent, arrival, end } = flight;
  const until = Math.max(sent, end?.time ?? arrival ?? time);
  const [fromLane, toLane] = [laneOf(from), laneOf(to)];
  if (until < window.from || sent > window.to) return null;
  if (fromLane === undefined || toLane === undefined) return null;
  const direction = toLane > fromLane ? 1 : -1;
  const startY = fromLane + direction * leaving;
  const endY = toLane - direction * reaching;
  // What is lost ends on its way: as far as it had come of the way it was meant to take.
  const isLost = end !== null && end.how !== "received";
  const whole = Math.max(1e-6, (isLost ? (arrival ?? until + (until - sent)) : until) - sent);
  const part = Math.max(0.1, Math.min(1, (until - sent) / whole));
  return {
    flight,
    start: { x: scale.at(sent), y: startY },
    end: { x: scale.at(until), y: isLost ? startY + (endY - startY) * Math.min(part, 0.85) : endY },
    look: lookOf(flight),
    isLost,
  };
}

function lookOf({ kind, entries }: FlightPicture): StrandLook {
  switch (kind) {
    case "RequestVote":
    case "PreVote":
    case "TimeoutNow":
    case "ReadIndex":
      return "request";
    case "InstallSnapshot":
      return "entries";
    case "AppendEntries":
      return entries === 0 ? "heartbeat" : "entries";
    case "RequestVoteReply":
    case "PreVoteReply":
    case "AppendEntriesReply":
    case "ReadIndexReply":
    case "InstallSnapshotReply":
      return "reply";
    default:
      return unreachable(kind);
  }
}

/** The line of a strand, as part of a path. */
export function linePart({ start, end }: Strand): string {
  return `M${round(start.x)} ${round(start.y)}L${round(end.x)} ${round(end.y)}`;
}

/** The sign at the end of a strand, as part of a path: filled of a request, hollow of a reply. */
export function signPart({ start, end, look, isLost }: Strand): string {
  const [x, y] = [end.x, end.y];
  if (isLost) return `M${round(x - 3)} ${round(y - 3)}l6 6m0 -6l-6 6`;
  if (look === "request") {
    const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
    const [along, across] = [(end.x - start.x) / length, (end.y - start.y) / length];
    const [baseX, baseY] = [x - along * 7, y - across * 7];
    const [wideX, wideY] = [-across * 3.6, along * 3.6];
    return `M${round(x)} ${round(y)}L${round(baseX + wideX)} ${round(baseY + wideY)}L${round(baseX - wideX)} ${round(baseY - wideY)}Z`;
  }
  const radius = look === "entries" ? 3 : look === "reply" ? 2.6 : 2;
  return `M${round(x - radius)} ${round(y)}a${radius} ${radius} 0 1 1 ${2 * radius} 0a${radius} ${radius} 0 1 1 ${-2 * radius} 0Z`;
}

/** Where on its strand a message is at a time; null while it is not on its way. */
export function placeOn(
  { start, end, flight, isLost }: Strand,
  time: number,
): { readonly x: number; readonly y: number } | null {
  const until = flight.end?.time ?? flight.arrival;
  if (isLost || until === null || time <= flight.sent || time >= until) return null;
  const part = (time - flight.sent) / Math.max(until - flight.sent, 1e-6);
  return { x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
