import type { Exploration, Mark, Stretch } from "../exploration/index.ts";
import type { Mark as MarkPicture, TapeChange, TapePicture } from "../panel/index.ts";
import type { Millis, NodeId } from "../raft/index.ts";
import { eventText } from "./event-text.ts";
import type { NameOf } from "./names.ts";

/** So many of a kind are told of at once; of more, some stand for others. */
const mostMarks = 300;
const mostStretches = 400;

/** The tape for one panel: all of it, then what is new at its end. */
export class TapeFeed {
  readonly #exploration: Exploration;
  readonly #nameOf: NameOf;
  readonly #pictures = new WeakMap<Mark, MarkPicture>();
  readonly #lanes = new Map<NodeId, number>();
  #terms = 0;
  #marks = 0;
  #start: Millis = 0;
  #end: Millis = 0;

  constructor(exploration: Exploration, nameOf: NameOf) {
    this.#exploration = exploration;
    this.#nameOf = nameOf;
  }

  whole(): TapePicture {
    const { tape, start, end } = this.#exploration;
    this.#note();
    const apart = (end - start.time) / mostMarks;
    const lanes = [...tape.lanes].map(
      ([id, { items }]) => [id, seenStretches(items, apart)] as const,
    );
    return {
      start: start.time,
      end,
      terms: thinned(tape.terms.items, mostMarks, ({ from }) => from, apart),
      marks: this.#seenMarks(tape.marks.items, apart),
      lanes: Object.fromEntries(lanes),
    };
  }

  /** What is new since the last time; undefined if nothing is. */
  change(): TapeChange | undefined {
    const { tape, start, end } = this.#exploration;
    const terms = tape.terms.since(this.#terms);
    const marks = tape.marks.since(this.#marks);
    const lanes = [...tape.lanes].flatMap(([id, lane]) => {
      const stretches = lane.since(this.#lanes.get(id) ?? 0);
      return stretches.length === 0 ? [] : [[id, stretches] as const];
    });
    const isSame = this.#start === start.time && this.#end === end && marks.length === 0;
    if (isSame && terms.length === 0 && lanes.length === 0) return undefined;
    this.#note();
    return {
      start: start.time,
      end,
      ...(terms.length === 0 ? {} : { terms }),
      ...(marks.length === 0 ? {} : { marks: marks.map((mark) => this.#picture(mark)) }),
      ...(lanes.length === 0 ? {} : { lanes: Object.fromEntries(lanes) }),
    };
  }

  #note(): void {
    const { tape, start, end } = this.#exploration;
    this.#terms = tape.terms.end;
    this.#marks = tape.marks.end;
    for (const [id, lane] of tape.lanes) this.#lanes.set(id, lane.end);
    this.#start = start.time;
    this.#end = end;
  }

  /** Commits and commands stand for several where they are many; so do the others, if need be. */
  #seenMarks(marks: readonly Mark[], apart: Millis): readonly MarkPicture[] {
    const kinds = new Set(marks.map(({ kind }) => kind));
    const seen = [...kinds].flatMap((kind) => {
      const ofKind = marks.filter((mark) => mark.kind === kind);
      return thinned(ofKind, mostMarks, ({ time }) => time, apart);
    });
    return seen.toSorted((one, other) => one.seq - other.seq).map((mark) => this.#picture(mark));
  }

  #picture(mark: Mark): MarkPicture {
    let picture = this.#pictures.get(mark);
    if (picture === undefined) {
      const { kind, time, seq, event, finding } = mark;
      const text = finding === null ? eventText(event, this.#nameOf) : finding.text;
      this.#pictures.set(mark, (picture = { kind, time, seq, text }));
    }
    return picture;
  }
}

/** Without those that begin less than `apart` after the last that is kept, if they are many. */
function thinned<Item>(
  items: readonly Item[],
  most: number,
  timeOf: (item: Item) => Millis,
  apart: Millis,
): readonly Item[] {
  if (items.length <= most) return items.slice();
  let kept = -Infinity;
  return items.filter((item) => {
    if (timeOf(item) < kept + apart) return false;
    kept = timeOf(item);
    return true;
  });
}

/** Without those too short to be seen, if they are many. The last always counts. */
function seenStretches(stretches: readonly Stretch[], apart: Millis): readonly Stretch[] {
  if (stretches.length <= mostStretches) return stretches.slice();
  return stretches.filter(({ from }, at) => (stretches[at + 1]?.from ?? Infinity) - from >= apart);
}
