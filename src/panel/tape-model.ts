import type { Millis } from "../raft/index.ts";
import type { ClockPicture, Picture, Stretch, TapePicture, TermSpan } from "./protocol.ts";

/** A part of time. */
export interface Span {
  readonly from: Millis;
  readonly to: Millis;
}

/**
 * The time that the upper tape shows: the whole run. While it goes on the end is a round time
 * ahead, so that the tape fills up and does not shrink all the while.
 */
export function wholeSpan(
  tape: TapePicture,
  { clock, source }: Pick<Picture, "clock" | "source">,
): Span {
  const from = tape.start;
  const end = Math.max(tape.end, clock.end, from + 1);
  if (source.kind !== "live") return { from, to: end };
  const length = Math.max(end - from, 5000);
  const step = roundStep(length / 8);
  return { from, to: from + Math.ceil((length * 1.02) / step) * step };
}

/** The part that the lanes show. */
export interface Zoom {
  /** How much time. */
  readonly length: Millis;
  readonly to: Millis;
  /** The user has put it there, so it does not follow the moment. */
  readonly isHeld: boolean;
}

const [leastLength, mostLength] = [100, 600_000];

/** At first about twelve heartbeats: enough for an election and what came of it. */
export function firstZoom(heartbeatMillis: Millis): Zoom {
  const length = Math.max(500, Math.min(10_000, heartbeatMillis * 12));
  return { length, to: Number.NEGATIVE_INFINITY, isHeld: false };
}

/** Between these parts of the lanes the playhead goes before the lanes move on beneath it. */
const liveReach = { least: 0.3, most: 0.96, back: 0.78 };
const pastReach = { least: 0.04, most: 0.96, back: 0.5 };

/**
 * The same, or moved on so that the moment can be seen. It moves on in leaps, and stands still in
 * between: what moves on the page are messages, not the past.
 */
export function zoomAfter(
  zoom: Zoom,
  time: Millis,
  position: ClockPicture["position"],
  whole: Span,
): Zoom {
  const length = Math.max(leastLength, Math.min(zoom.length, mostLength));
  if (zoom.isHeld) return zoom.length === length ? zoom : { ...zoom, length };
  const reach = position === "live" ? liveReach : pastReach;
  const part = (time - (zoom.to - length)) / length;
  const isAtStart = zoom.to - length <= whole.from && part >= 0 && part <= reach.most;
  if (zoom.length === length && (isAtStart || (part >= reach.least && part <= reach.most)))
    return zoom;
  const to = Math.max(whole.from + length, time + length * (1 - reach.back));
  return { length, to, isHeld: false };
}

/**
 * Let go of, where it was held: when one comes back to live, and when one has travelled to a moment
 * outside of it.
 */
export function zoomReleased(
  zoom: Zoom,
  before: Pick<ClockPicture, "position" | "time">,
  now: Pick<ClockPicture, "position" | "time">,
): Zoom {
  const isBack = before.position === "past" && now.position === "live";
  const isOutside = now.time < zoom.to - zoom.length || now.time > zoom.to;
  const hasTravelled = now.position === "past" && now.time !== before.time && isOutside;
  return zoom.isHeld && (isBack || hasTravelled) ? { ...zoom, isHeld: false } : zoom;
}

/** Nearer or farther, with the time `about` staying where it is. */
export function zoomedBy(zoom: Zoom, factor: number, about: Millis): Zoom {
  const length = Math.max(leastLength, Math.min(mostLength, zoom.length * factor));
  const part = (zoom.to - about) / zoom.length;
  return { ...zoom, length, to: about + part * length };
}

/** Held at another place, within what there is. */
export function zoomedTo(zoom: Zoom, to: Millis, whole: Span): Zoom {
  const most = Math.max(whole.to, whole.from + zoom.length);
  return { ...zoom, to: Math.max(whole.from + zoom.length, Math.min(most, to)), isHeld: true };
}

export function spanOf({ length, to }: Zoom): Span {
  return { from: to - length, to };
}

/** Where a time stands between two places, and which time stands at a place. */
export interface Scale {
  readonly at: (time: Millis) => number;
  readonly timeAt: (x: number) => Millis;
}

export function scaleOf({ from, to }: Span, left: number, right: number): Scale {
  const length = Math.max(to - from, 1e-6);
  const width = Math.max(right - left, 1e-6);
  return {
    at: (time) => left + ((time - from) / length) * width,
    timeAt: (x) => from + ((x - left) / width) * length,
  };
}

/** 1, 2 or 5 times a power of ten, at least as large. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const step = [1, 2, 5, 10].find((each) => each * power >= least) ?? 10;
  return step * power;
}

/** Round times to write below the lanes, that far apart at least. */
export function ticksIn({ from, to }: Span, width: number, apart: number): readonly Millis[] {
  const step = roundStep(((to - from) * apart) / Math.max(width, 1));
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.min(100, Math.floor(to / step) - first + 1));
  return Array.from({ length: count }, (_, at) => (first + at) * step);
}

/** `12.4 s`, as exact as it has to be for times that stand so far apart. */
export function timeText(time: Millis, exactness: Millis): string {
  const digits = exactness >= 1000 ? 0 : exactness >= 100 ? 1 : exactness >= 10 ? 2 : 3;
  return `${(Math.max(0, time) / 1000).toFixed(digits)} s`;
}

/** A stretch of one lane as far as it is within a part of time. */
export interface LanePiece extends Span {
  readonly what: Stretch["what"];
  readonly term: number;
  /** It begins within that part. */
  readonly hasStart: boolean;
  /** And with another term than the one before it. */
  readonly isNewTerm: boolean;
}

export function lanePieces(
  stretches: readonly Stretch[],
  { from, to }: Span,
): readonly LanePiece[] {
  const first = Math.max(
    0,
    stretches.findLastIndex((stretch) => stretch.from <= from),
  );
  const pieces: LanePiece[] = [];
  for (let at = first; at < stretches.length; at++) {
    const stretch = stretches[at];
    if (stretch === undefined || stretch.from >= to) break;
    const { what, term } = stretch;
    const end = stretches[at + 1]?.from ?? to;
    pieces.push({
      from: Math.max(from, stretch.from),
      to: Math.min(to, end),
      what,
      term,
      hasStart: stretch.from > from,
      isNewTerm: stretch.from > from && stretches[at - 1]?.term !== term,
    });
  }
  return pieces;
}

export interface TermBand extends Span {
  readonly term: number;
}

export function termBands(terms: readonly TermSpan[], { from, to }: Span): readonly TermBand[] {
  return terms.flatMap((span, at): readonly TermBand[] => {
    const end = terms[at + 1]?.from ?? to;
    return end <= from || span.from >= to
      ? []
      : [{ term: span.term, from: Math.max(from, span.from), to: Math.min(to, end) }];
  });
}
