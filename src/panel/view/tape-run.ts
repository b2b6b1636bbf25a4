import type { Mark, Picture } from "../protocol.ts";
import { thinned, type PlacedMark } from "../tape-marks.ts";
import { termBands, timeText, type Scale, type Span, type TermBand } from "../tape-model.ts";
import type { Say } from "../texts.ts";
import { markShapes } from "./mark-shape.ts";
import { move, Pool, say as tell, set, show, svg, termColour } from "./svg.ts";
import type { TapeShape } from "./tape-shape.ts";

/** How close two marks may stand. */
const markGap = 13;

export interface RunScene {
  readonly picture: Picture;
  readonly shape: TapeShape;
  readonly whole: Span;
  readonly window: Span;
  readonly scale: Scale;
  readonly say: Say;
}

/** The whole run: its terms, what happened, and which part of it the lanes show. */
export class TapeRun {
  readonly element = svg("g");
  readonly #caption = svg("text", { class: "tape-caption", "text-anchor": "end" });
  readonly #track = svg("rect", { class: "tape-track", rx: 1.5 });
  readonly #bands: Pool<number, BandMark>;
  readonly #marks: Pool<string, MarkSign>;
  readonly #veil = svg("rect", { class: "tape-veil" });
  readonly #brush = svg("rect", { class: "tape-brush", rx: 2 });
  readonly #funnel = svg("path", { class: "tape-funnel" });
  readonly #playhead = svg("path", { class: "tape-playhead" });
  readonly #knob = svg("circle", { class: "tape-knob", r: 4 });
  readonly #ends = [
    svg("text", { class: "tape-tick mono" }),
    svg("text", { class: "tape-tick mono", "text-anchor": "end" }),
  ] as const;
  readonly #now = svg("text", { class: "tape-now mono", "text-anchor": "middle" });
  #shown: readonly PlacedMark[] = [];
  #thinnedFrom: { readonly marks: readonly Mark[]; readonly key: string } = { marks: [], key: "" };

  constructor() {
    const [bands, marks] = [svg("g"), svg("g")];
    this.#bands = new Pool(bands, () => new BandMark());
    this.#marks = new Pool(marks, () => new MarkSign());
    this.element.append(
      this.#caption,
      this.#track,
      bands,
      this.#veil,
      marks,
      this.#funnel,
      this.#brush,
    );
    this.element.append(this.#playhead, this.#knob, ...this.#ends, this.#now);
  }

  /** The marks there was room for. */
  get marks(): readonly Mark[] {
    return this.#shown.map(({ mark }) => mark);
  }

  markNear(x: number): Mark | undefined {
    return this.#shown.find((placed) => Math.abs(placed.x - x) <= markGap / 2)?.mark;
  }

  draw(scene: RunScene): void {
    const { picture, shape, whole, window, scale, say } = scene;
    const { left, right, band, bandHeight, isNarrow } = shape;
    tell(this.#caption, isNarrow ? "" : say("run"));
    set(this.#caption, { x: left - 8, y: band + 11.5 });
    // While it goes on the newest term reaches beyond the end, where the veil hides it still.
    const isLive = picture.clock.position === "live";
    const end = isLive ? whole.to : Math.min(whole.to, picture.tape.end);
    const all = termBands(picture.tape.terms, { from: whole.from, to: end });
    const bands = all.map((each) => [each.term, each] as const);
    set(this.#track, { x: left, y: band, width: right - left, height: bandHeight });
    this.#bands.draw(bands, (mark, each) => mark.draw(each, scene));
    this.#thin(scene);
    const signs = this.#shown.map(
      (placed) => [`${placed.mark.seq} ${placed.mark.kind}`, placed] as const,
    );
    this.#marks.draw(signs, (sign, { mark, x }) => sign.draw(mark, x, shape));
    const [from, to] = [clamp(scale.at(window.from), shape), clamp(scale.at(window.to), shape)];
    set(this.#brush, {
      x: from,
      y: band - 2,
      width: Math.max(to - from, 4),
      height: bandHeight + 4,
    });
    const foot = band + bandHeight + 2;
    set(this.#funnel, {
      d: isNarrow ? "" : `M${from} ${foot}L${left} ${foot + 9}M${to} ${foot}L${right} ${foot + 9}`,
    });
    this.#drawEnds(scene);
  }

  /** Going through all marks takes its time, so it is done when they or their places are others. */
  #thin({ picture, shape, scale, whole }: RunScene): void {
    const { left, right } = shape;
    const { marks } = picture.tape;
    const key = `${whole.from} ${whole.to} ${left} ${right}`;
    if (marks === this.#thinnedFrom.marks && key === this.#thinnedFrom.key) return;
    this.#thinnedFrom = { marks, key };
    this.#shown = thinned(marks, scale.at, { left, right, apart: markGap });
  }

  /** What moves with the time. */
  tick({ picture, shape, scale }: RunScene, time: number): void {
    const { band, bandHeight, right, isNarrow } = shape;
    const x = clamp(scale.at(time), shape);
    // What comes after is not known while it happens; in the past it is, and only veiled.
    const isLive = picture.clock.position === "live";
    const end = isLive ? right + 1 : clamp(scale.at(picture.tape.end), shape);
    set(this.#veil, {
      class: `tape-veil${isLive ? " is-unknown" : ""}`,
      x,
      y: band - 1,
      width: Math.max(0, end - x),
      height: bandHeight + 2,
    });
    set(this.#playhead, { d: `M0 ${band - (isNarrow ? 15 : 3)}V${band + bandHeight + 3}` });
    move(this.#playhead, x, 0);
    show(this.#knob, isNarrow);
    move(this.#knob, x, band + bandHeight + 4);
    show(this.#now, isNarrow);
    if (!isNarrow) return;
    tell(this.#now, timeText(time, picture.clock.runs ? 100 : 10));
    set(this.#now, { x: Math.max(86, Math.min(shape.width - 86, x)), y: 53 });
  }

  #drawEnds({ picture, shape, whole }: RunScene): void {
    const [start, end] = this.#ends;
    show(start, shape.isNarrow);
    show(end, shape.isNarrow);
    if (!shape.isNarrow) return;
    tell(start, timeText(whole.from, 1000));
    set(start, { x: shape.left, y: 53 });
    tell(end, timeText(picture.source.kind === "live" ? whole.to : picture.tape.end, 1000));
    set(end, { x: shape.right, y: 53 });
  }
}

function clamp(x: number, { left, right }: TapeShape): number {
  return Math.max(left, Math.min(right, x));
}

/** A term on the tape, with its number. */
class BandMark {
  readonly element = svg("g");
  readonly #box = svg("rect", { class: "tape-band", rx: 1.5 });
  readonly #text = svg("text", { class: "tape-term mono" });

  constructor() {
    this.element.append(this.#box, this.#text);
  }

  draw({ term, from, to }: TermBand, { scale, shape, say, picture }: RunScene): void {
    const x = scale.at(from);
    const width = Math.max(0.5, scale.at(to) - x - 1.5);
    this.element.style.setProperty("--term", termColour(term));
    set(this.#box, { x, y: shape.band, width, height: shape.bandHeight });
    const room = scale.at(Math.min(to, picture.tape.end)) - x;
    const long = say("term {0}", term);
    const text = room > long.length * 6.4 + 10 ? long : `t${term}`;
    tell(this.#text, room > text.length * 6.4 + 8 ? text : "");
    set(this.#text, { x: x + 5, y: shape.band + shape.bandHeight / 2 + 3.8 });
  }
}

/** Something that happened, as a sign above the tape. */
class MarkSign {
  readonly element = svg("g");
  readonly #area = svg("rect", { class: "head-area", x: -7, y: -8, width: 14, height: 16 });
  readonly #shape = svg("path");
  readonly #title = svg("title");
  #drawn: Mark | null = null;

  constructor() {
    this.element.append(this.#title, this.#area, this.#shape);
  }

  draw(mark: Mark, x: number, shape: TapeShape): void {
    move(this.element, x, shape.marks - 3);
    if (mark === this.#drawn) return;
    this.#drawn = mark;
    const { d, isFilled } = markShapes[mark.kind];
    set(this.element, { class: `tape-mark is-${mark.kind}${isFilled ? " is-filled" : ""}` });
    set(this.#shape, { d });
    tell(this.#title, `${timeText(mark.time, 1)}: ${mark.text}`);
  }
}
