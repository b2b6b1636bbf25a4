import { checks, type Finding } from "../checks/index.ts";
import type { Exploration } from "../exploration/index.ts";
import type { EventLine } from "../panel/index.ts";
import type { MessageId, TraceEvent } from "../trace/index.ts";
import type { NameOf } from "./names.ts";
import { isStep, lineText, lookOf } from "./panel-texts.ts";

/** How many lines stand before the moment, and in the past after it. */
const linesBefore = 60;
const linesAfter = 40;
/** How many events are gone through for them at most: many have no line. */
const mostLookedAt = 4096;
const pieceSize = 512;

/** The events around the moment at which one panel stands, as lines. */
export class EventList {
  readonly #exploration: Exploration;
  readonly #nameOf: NameOf;
  readonly #messageOf = (id: MessageId) => this.#exploration.journey(id)?.message;
  /** What checks found, by the `seq` of the event that showed it. */
  readonly #found = new Map<number, Finding>();
  #findingCount = 0;
  /** Up to which moment lines have been told. */
  #toldTo = 0;

  constructor(exploration: Exploration, nameOf: NameOf) {
    this.#exploration = exploration;
    this.#nameOf = nameOf;
  }

  /** All lines around the moment; of the future only if it is one of the past. */
  whole(seq: number, isPast: boolean): readonly EventLine[] {
    this.#readFindings();
    const before = this.#linesBefore(seq);
    this.#toldTo = this.#reach(seq, isPast);
    return [...before, ...this.#lines(seq, this.#toldTo)];
  }

  /** The lines that follow on those that were told; the newest, if they are many. */
  change(seq: number, isPast: boolean): readonly EventLine[] {
    this.#readFindings();
    const from = this.#toldTo;
    this.#toldTo = Math.max(from, this.#reach(seq, isPast));
    const start = Math.max(from, this.#toldTo - mostLookedAt);
    return this.#lines(start, this.#toldTo).slice(-linesBefore);
  }

  /** Where one step leads: to the next moment that has something to see, or the last before. */
  next(seq: number, direction: 1 | -1): number {
    const { count, start } = this.#exploration;
    const isSeen = (event: TraceEvent) =>
      this.#found.has(event.seq) || isStep(event, this.#messageOf);
    this.#readFindings();
    if (direction === 1) {
      for (let at = seq; at < count; at += pieceSize) {
        const found = this.#exploration.events(at, at + pieceSize).find(isSeen);
        if (found !== undefined) return found.seq + 1;
      }
      return count;
    }
    for (let at = seq - 1; at > start.seq; at -= pieceSize) {
      const found = this.#exploration.events(at - pieceSize, at).findLast(isSeen);
      if (found !== undefined) return found.seq + 1;
    }
    return start.seq;
  }

  /** Up to which moment lines are to be told. */
  #reach(seq: number, isPast: boolean): number {
    if (!isPast) return seq;
    let left = linesAfter;
    const events = this.#exploration.events(seq, seq + mostLookedAt);
    for (const event of events) {
      if (this.#hasLine(event) && --left === 0) return event.seq + 1;
    }
    return seq + events.length;
  }

  #linesBefore(seq: number): readonly EventLine[] {
    let lines: readonly EventLine[] = [];
    const oldest = Math.max(0, seq - mostLookedAt);
    for (let to = seq; to > oldest && lines.length < linesBefore; to -= pieceSize) {
      lines = [...this.#lines(Math.max(oldest, to - pieceSize), to), ...lines];
    }
    return lines.slice(-linesBefore);
  }

  #lines(from: number, to: number): readonly EventLine[] {
    return this.#exploration.events(from, to).flatMap((event) => this.#line(event));
  }

  #hasLine(event: TraceEvent): boolean {
    return this.#found.has(event.seq) || lookOf(event, this.#messageOf) !== null;
  }

  /** The line of an event, if it has one; of one that shows a violation, that. */
  #line(event: TraceEvent): readonly EventLine[] {
    const at = { seq: event.seq + 1, time: event.time };
    const finding = this.#found.get(event.seq);
    if (finding !== undefined) {
      const { check, text } = finding;
      return [{ ...at, icon: "violation", text, section: sectionOf(check) }];
    }
    const look = lookOf(event, this.#messageOf);
    if (look === null) return [];
    return [{ ...at, ...look, text: lineText(event, this.#messageOf, this.#nameOf) }];
  }

  #readFindings(): void {
    const { findings } = this.#exploration;
    for (const finding of findings.slice(this.#findingCount)) {
      if (!this.#found.has(finding.at.seq)) this.#found.set(finding.at.seq, finding);
    }
    this.#findingCount = findings.length;
  }
}

/** Where the paper says what a check looks for. */
export function sectionOf(check: string): string {
  return checks.find(({ id }) => id === check)?.section ?? "";
}
