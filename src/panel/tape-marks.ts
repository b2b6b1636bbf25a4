import type { Mark, MarkKind, Picture } from "./protocol.ts";
import { timeText } from "./tape-model.ts";

/** What gives way to what where there is no room for all: the first of these is always seen. */
export const markOrder = [
  "violation",
  "crash",
  "leader",
  "election",
  "restart",
  "cut",
  "heal",
  "submit",
  "commit",
] as const satisfies readonly MarkKind[];

export interface PlacedMark {
  readonly mark: Mark;
  readonly x: number;
}

/** The marks there is room for, each at its own place, `apart` from its neighbours, oldest first. */
export function thinned(
  marks: readonly Mark[],
  at: (time: number) => number,
  { left, right, apart }: { readonly left: number; readonly right: number; readonly apart: number },
): readonly PlacedMark[] {
  const taken = new Uint8Array(Math.max(1, Math.ceil(right - left) + 2));
  const kept: PlacedMark[] = [];
  for (const kind of markOrder) {
    for (const mark of marks) {
      if (mark.kind !== kind) continue;
      const x = at(mark.time);
      if (x < left || x > right) continue;
      const place = Math.round(x - left);
      if (taken[place] === 1) continue;
      kept.push({ mark, x });
      taken.fill(1, Math.max(0, place - apart + 1), place + apart);
    }
  }
  return kept.toSorted((one, other) => one.x - other.x);
}

/** The nearest mark after a moment, or before it. */
export function markBeside(
  marks: readonly Mark[],
  seq: number,
  direction: 1 | -1,
): Mark | undefined {
  return direction === 1
    ? marks.find((mark) => mark.seq > seq)
    : marks.findLast((mark) => mark.seq < seq);
}

/** The time and what happened last: `12.480 s, n2 wins term 4`. */
export function momentText(
  { clock, events }: Pick<Picture, "clock" | "events">,
  time: number,
): string {
  const last = events.findLast(({ seq }) => seq <= clock.seq);
  const shown = timeText(time, clock.runs ? 1000 : 1);
  return last === undefined ? shown : `${shown}, ${last.text}`;
}
