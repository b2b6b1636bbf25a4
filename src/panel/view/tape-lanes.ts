import { shortNameIn } from "../node-look.ts";
import { leaderIn } from "../voting.ts";
import type { Mark, NodePicture, Picture } from "../protocol.ts";
import { placeOn, type Strand } from "../strand-paths.ts";
import {
  lanePieces,
  ticksIn,
  timeText,
  type LanePiece,
  type Scale,
  type Span,
} from "../tape-model.ts";
import { hatchOf } from "./hatch.ts";
import { cross } from "./shapes.ts";
import { move, Pool, say as tell, set, show, svg, termColour } from "./svg.ts";
import { StrandLayer, strandsOf } from "./tape-strands.ts";
import { laneY, type TapeShape } from "./tape-shape.ts";
import { textSize } from "./text-size.ts";

export const tapeHatch = "tape-hatch-";

export interface LanesScene {
  readonly picture: Picture;
  readonly shape: TapeShape;
  readonly window: Span;
  readonly scale: Scale;
}

/** How far apart the times below the lanes stand. */
const tickGap = 90;

/** The part of the run within the brush: what each node was, and the messages between them. */
export class TapeLanes {
  readonly element = svg("g");
  readonly #lanes: Pool<string, Lane>;
  readonly #ticks: Pool<number, Tick>;
  readonly #rules: Pool<string, Rule>;
  readonly #crossings: Pool<number, Crossing>;
  readonly #words: Pool<string, TermWord>;
  readonly #later = new StrandLayer("is-later");
  readonly #sent = new StrandLayer("is-sent");
  readonly #veil = svg("rect", { class: "tape-veil" });
  readonly #playhead = svg("path", { class: "tape-playhead" });
  readonly #plate = svg("rect", { class: "tape-plate", rx: 2, height: 16 });
  readonly #now = svg("text", { class: "tape-plate-text mono", "text-anchor": "middle" });
  #flying: readonly Strand[] = [];

  constructor() {
    const [ticks, lanes, words, rules, crossings] = [
      svg("g"),
      svg("g"),
      svg("g"),
      svg("g"),
      svg("g"),
    ];
    this.#words = new Pool(words, () => new TermWord());
    this.#ticks = new Pool(ticks, () => new Tick());
    this.#lanes = new Pool(lanes, () => new Lane());
    this.#rules = new Pool(rules, () => new Rule());
    this.#crossings = new Pool(crossings, () => new Crossing());
    const inside = svg("g", { "clip-path": "url(#tape-clip)" });
    inside.append(this.#later.element, this.#veil, this.#sent.element);
    const above = svg("g", { "clip-path": "url(#tape-clip)" });
    above.append(words);
    this.element.append(ticks, lanes, inside, above, rules, this.#playhead, crossings);
    this.element.append(this.#plate, this.#now);
  }

  draw(scene: LanesScene): void {
    const { picture, shape, window, scale } = scene;
    const { left, right } = shape;
    const times = ticksIn(window, right - left, tickGap);
    const step = (times[1] ?? 0) - (times[0] ?? 0);
    // The last part of the line below is where one returns to live from.
    const isPast = picture.clock.position === "past" && picture.source.kind === "live";
    const room = isPast ? { ...shape, right: right - 124 } : shape;
    this.#ticks.draw(
      times.map((time) => [time, time] as const),
      (tick, time) => tick.draw(scale.at(time), timeText(time, step === 0 ? 1000 : step), room),
    );
    const leader = leaderIn(picture);
    const nameOf = shortNameIn(picture);
    const lanes = picture.nodes.map((node, place) => [node.id, { node, place }] as const);
    this.#lanes.draw(lanes, (lane, { node, place }) => {
      const isLeader = node.id === leader?.id;
      const isNamed = !shape.isDense || isLeader || place % 5 === 0;
      lane.draw(node, place, isNamed ? nameOf(node.id) : "", isLeader, scene);
    });
    this.#drawStrands(scene);
    this.#words.draw(termWords(scene), (word, data) => word.draw(data));
    const rules = picture.tape.marks.filter(({ kind, time }) => {
      return hasRule(kind) && time > window.from && time < window.to;
    });
    this.#rules.draw(
      rules.slice(-12).map((mark) => [`${mark.seq} ${mark.kind}`, mark] as const),
      (rule, mark) => rule.draw(mark, scale.at(mark.time), shape),
    );
  }

  /** What moves with the time. */
  tick({ picture, shape, scale, window }: LanesScene, time: number): void {
    const { left, right, lanes, lanesEnd, height } = shape;
    const isLive = picture.clock.position === "live";
    const x = Math.max(left, Math.min(right, scale.at(time)));
    const end = isLive ? right + 1 : Math.max(x, Math.min(right, scale.at(picture.tape.end)));
    set(this.#veil, {
      class: `tape-veil${isLive ? " is-unknown" : ""}`,
      x,
      y: lanes - 4,
      width: Math.max(0, end - x),
      height: lanesEnd - lanes + 6,
    });
    const isInside = time >= window.from && time <= window.to;
    for (const part of [this.#playhead, this.#plate, this.#now]) show(part, isInside);
    set(this.#playhead, { d: `M0 ${lanes - 8}V${height - 18}` });
    move(this.#playhead, x, 0);
    const text = timeText(time, picture.clock.runs ? 100 : 1);
    tell(this.#now, text);
    const wide = text.length * 6.6 + 18;
    const middle = Math.max(left + wide / 2 - 6, Math.min(right - wide / 2 + 6, x));
    set(this.#plate, { x: middle - wide / 2, y: height - 19, width: wide });
    set(this.#now, { x: middle, y: height - 7 });
    for (const tick of this.#ticks.items()) tick.giveWay(middle, wide / 2);
    const crossing = this.#flying.flatMap((strand) => {
      const place = placeOn(strand, time);
      return place === null ? [] : [[strand.flight.id, { strand, place }] as const];
    });
    this.#crossings.draw(crossing, (mark, { strand, place }) => mark.draw(strand, place));
  }

  #drawStrands(scene: LanesScene): void {
    const { picture, shape } = scene;
    if (shape.isDense) {
      this.#flying = [];
      return;
    }
    const { time, position } = picture.clock;
    const strands = strandsOf(scene);
    const sent = strands.filter(({ flight }) => flight.sent <= time);
    this.#sent.draw(sent);
    this.#later.draw(position === "past" ? strands.filter(({ flight }) => flight.sent > time) : []);
    this.#flying = strands.filter(({ flight }) => {
      return (flight.end?.time ?? flight.arrival ?? 0) > time - 2000;
    });
  }
}

/** Up to the end; while it goes on beyond it, where the veil hides it still. */
function piecesOf(id: string, { picture, window }: LanesScene): readonly LanePiece[] {
  const isLive = picture.clock.position === "live";
  const to = isLive ? window.to : Math.min(window.to, picture.tape.end);
  return lanePieces(picture.tape.lanes[id] ?? [], { from: window.from, to });
}

function termWords(scene: LanesScene): readonly (readonly [string, Word])[] {
  const { picture, shape, scale } = scene;
  if (shape.isDense) return [];
  return picture.nodes.flatMap(({ id }, place) =>
    piecesOf(id, scene).flatMap(
      ({ what, term, isNewTerm, from, to }): readonly [string, Word][] => {
        const isWide = scale.at(Math.min(to, picture.tape.end)) - scale.at(from) > 16;
        if (!isNewTerm || what === "down" || !isWide) return [];
        return [[`${id} ${term}`, { term, x: scale.at(from), y: laneY(shape, place) }]];
      },
    ),
  );
}

/** Many lanes: the leader's is to stand out, and the others must not run together. */
function denseHeight(what: LanePiece["what"], { lane }: TapeShape): number {
  return what === "follower" ? Math.max(1, Math.min(2.4, lane - 1.6)) : Math.min(4, lane - 0.6);
}

function hasRule(kind: Mark["kind"]): boolean {
  return kind === "cut" || kind === "heal" || kind === "violation";
}

/** One node's lane: what it was, by the form of the line; in which term, by its colour. */
class Lane {
  readonly element = svg("g");
  readonly #name = svg("text", { "text-anchor": "end" });
  readonly #pieces: Pool<number, Piece>;

  constructor() {
    const pieces = svg("g");
    this.#pieces = new Pool(pieces, () => new Piece());
    this.element.append(this.#name, pieces);
  }

  draw(node: NodePicture, place: number, name: string, isLeader: boolean, scene: LanesScene): void {
    const { shape } = scene;
    const y = laneY(shape, place);
    move(this.element, 0, y);
    tell(this.#name, name);
    set(this.#name, { x: shape.left - 8, y: 4, class: `lane-name${isLeader ? " is-leader" : ""}` });
    textSize(this.#name, shape.isDense ? 9.5 : 12);
    const pieces = piecesOf(node.id, scene);
    this.#pieces.draw(
      pieces.map((piece, at) => [at, piece] as const),
      (mark, piece) => mark.draw(piece, scene),
    );
  }
}

class Piece {
  readonly element = svg("g");
  readonly #line = svg("rect");
  readonly #inner = svg("path", { class: "lane-inner" });
  readonly #down = svg("path", { class: "lane-down" });
  readonly #cross = svg("path", { class: "lane-cross", d: cross(4) });

  constructor() {
    this.element.append(this.#line, this.#inner, this.#down, this.#cross);
  }

  draw(piece: LanePiece, { scale, shape }: LanesScene): void {
    const { what, term, hasStart } = piece;
    const x = scale.at(piece.from);
    const width = Math.max(0.5, scale.at(piece.to) - x - 1);
    const isDown = what === "down";
    const thick = what === "leader" || what === "candidate" ? 9 : 4;
    const high = shape.isDense ? denseHeight(what, shape) : thick;
    this.element.style.setProperty("--term", termColour(term));
    const fill = what === "candidate" ? hatchOf(tapeHatch, term) : null;
    const box = { x, y: -high / 2, width, height: isDown ? 0 : high, rx: 1.5, fill };
    set(this.#line, { class: `lane-piece is-${what}${shape.isDense ? " is-dense" : ""}`, ...box });
    const hasInner = what === "leader" && !shape.isDense && width > 5;
    set(this.#inner, { d: hasInner ? `M${x + 2} 0H${x + width - 2}` : "" });
    set(this.#down, { d: isDown ? `M${x} 0h${width}` : "" });
    const hasCross = isDown && hasStart && !shape.isDense;
    show(this.#cross, hasCross);
    if (hasCross) move(this.#cross, x, 0);
  }
}

class Tick {
  readonly element = svg("g");
  readonly #line = svg("path", { class: "tape-grid" });
  readonly #text = svg("text", { class: "tape-tick mono", "text-anchor": "middle" });
  #x = 0;
  #half = 0;

  constructor() {
    this.element.append(this.#line, this.#text);
  }

  draw(x: number, text: string, { lanes, lanesEnd, height, left, right }: TapeShape): void {
    this.#x = x;
    this.#half = text.length * 3.3;
    move(this.element, x, 0);
    set(this.#line, { d: `M0 ${lanes - 4}V${lanesEnd + 2}` });
    const isWhole = x - this.#half >= left - 20 && x + this.#half <= right + 12;
    tell(this.#text, isWhole ? text : "");
    set(this.#text, { y: height - 7 });
  }

  /** It is not written where the playhead tells its time. */
  giveWay(x: number, half: number): void {
    show(this.#text, Math.abs(this.#x - x) > half + this.#half + 4);
  }
}

/** The number of a term where it begins in a lane, above the messages that cross there. */
class TermWord {
  readonly element = svg("text", { class: "lane-term mono" });

  draw({ term, x, y }: Word): void {
    tell(this.element, `t${term}`);
    move(this.element, x + 3, y - 6.5);
  }
}

interface Word {
  readonly term: number;
  readonly x: number;
  readonly y: number;
}

/** A line through all lanes, for what concerns all of them. */
class Rule {
  readonly element = svg("g");
  readonly #line = svg("path");
  readonly #title = svg("title");

  constructor() {
    this.element.append(this.#title, this.#line);
  }

  draw({ kind, text }: Mark, x: number, { lanes, lanesEnd }: TapeShape): void {
    move(this.element, x, 0);
    set(this.#line, { d: `M0 ${lanes - 4}V${lanesEnd + 2}`, class: `tape-rule is-${kind}` });
    tell(this.#title, text);
  }
}

/** A message that is on its way at the moment, where its strand crosses the playhead. */
class Crossing {
  readonly element = svg("circle", { r: 3.2 });

  draw({ flight, look }: Strand, { x, y }: { readonly x: number; readonly y: number }): void {
    set(this.element, { class: `tape-crossing${look === "reply" ? " is-reply" : ""}` });
    this.element.style.setProperty("--term", termColour(flight.term));
    move(this.element, x, y);
  }
}
