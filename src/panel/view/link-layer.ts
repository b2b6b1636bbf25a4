import type { NodeId } from "../../raft/index.ts";
import { hullsOf, nameBox, type Hull } from "../hull.ts";
import { shortNameIn } from "../node-look.ts";
import { sidesOf, type Side } from "../partition.ts";
import type { Picture } from "../protocol.ts";
import { laneOf, pointOn, type Box, type Lane, type RingLayout } from "../ring-layout.ts";
import type { Say } from "../texts.ts";
import { circle } from "./shapes.ts";
import { move, Pool, say as tell, set, svg } from "./svg.ts";
import { configurationOf, leaderIn } from "../voting.ts";
import { textWidth } from "./text-size.ts";

/** What was drawn last. */
interface Drawn {
  readonly cutLinks: Picture["cutLinks"];
  readonly layout: RingLayout;
  readonly leader: NodeId | null;
  /** By whom a side is a majority; empty while nothing is cut. */
  readonly voting: string;
}

function isSame(drawn: Drawn, before: Drawn | null): boolean {
  return (
    drawn.cutLinks === before?.cutLinks &&
    drawn.layout === before.layout &&
    drawn.leader === before.leader &&
    drawn.voting === before.voting
  );
}

/** What lies under the nodes: their links, which of them are cut, and the sides of a partition. */
export class LinkLayer {
  readonly element = svg("g", { class: "links" });
  readonly #links: Pool<string, { readonly element: SVGPathElement }>;
  readonly #across: Pool<string, AcrossMark>;
  readonly #cuts: Pool<string, CutMark>;
  readonly #hulls: Pool<string, HullMark>;
  readonly #camps: Pool<NodeId, { readonly element: SVGPathElement }>;
  #taken: readonly Box[] = [];
  #reach = 12;
  #drawn: Drawn | null = null;

  constructor() {
    const layers = ["hulls", "camps", "lines", "across", "cuts"].map((name) =>
      svg("g", { class: name }),
    );
    const [hulls, camps, lines, across, cuts] = layers;
    this.element.append(...layers);
    this.#hulls = new Pool(hulls ?? this.element, () => new HullMark());
    this.#camps = new Pool(camps ?? this.element, () => ({ element: svg("path") }));
    this.#links = new Pool(lines ?? this.element, () => ({
      element: svg("path", { class: "link" }),
    }));
    this.#across = new Pool(across ?? this.element, () => new AcrossMark());
    this.#cuts = new Pool(cuts ?? this.element, () => new CutMark());
  }

  /** Where its words stand, for others to keep clear of. */
  get taken(): readonly Box[] {
    return this.#taken;
  }

  /** How far what it draws around a node reaches beyond its circle. */
  get reach(): number {
    return this.#reach;
  }

  draw(picture: Picture, layout: RingLayout, say: Say): void {
    const { cutLinks } = picture;
    const leader = leaderIn(picture)?.id ?? null;
    const configuration = configurationOf(picture);
    const voting = cutLinks.length === 0 ? "" : JSON.stringify(configuration);
    const drawn = { cutLinks, layout, leader, voting };
    if (isSame(drawn, this.#drawn)) return;
    this.#drawn = drawn;
    const ids = picture.members.map(({ id }) => id);
    const sides = sidesOf(picture, configuration);
    const hulls = layout.kind === "full" ? hullsOf(sides, layout, ids) : [];
    const taken: Box[] = [];
    this.#hulls.draw(
      hulls.map((hull) => [hull.side.nodes.join(" "), hull] as const),
      (mark, hull) => taken.push(mark.draw(hull, ids.length, say)),
    );
    this.#reach = sides.length === 0 ? 12 : hulls.length === 0 ? 18 : 28;
    this.#drawCamps(hulls.length === 0 ? sides : [], layout);

    const cut = new Set(picture.cutLinks.map(({ from, to }) => `${from} ${to}`));
    const isCut = (from: NodeId, to: NodeId) => cut.has(`${from} ${to}`);
    const sideOf = (id: NodeId) => sides.findIndex(({ nodes }) => nodes.includes(id));
    const pairs = ids
      .flatMap((from, at) => ids.slice(at + 1).map((to) => ({ from, to, key: `${from} ${to}` })))
      .map((pair) => ({ ...pair, isAcross: sideOf(pair.from) !== sideOf(pair.to) }));
    const isShown = ({ from, to }: { readonly from: NodeId; readonly to: NodeId }) =>
      layout.kind === "full" || from === leader || to === leader;
    const lane = (from: NodeId, to: NodeId, aside: number) => {
      const { places, centre, radius } = layout;
      return laneOf(places.get(from) ?? centre, places.get(to) ?? centre, radius, aside);
    };

    this.#links.draw(
      pairs
        .filter((pair) => !isCut(pair.from, pair.to) && !isCut(pair.to, pair.from) && isShown(pair))
        .map(({ from, to, key }) => [key, lane(from, to, 0)] as const),
      ({ element }, { from, to }) => set(element, { d: `M${from.x} ${from.y}L${to.x} ${to.y}` }),
    );
    this.#across.draw(
      pairs
        .filter((pair) => pair.isAcross && isShown(pair))
        .map(({ from, to, key }) => [key, lane(from, to, 0)] as const),
      (mark, across) => mark.draw(across),
    );
    const nameOf = shortNameIn(picture);
    const oneWay = pairs
      .filter(({ from, to, isAcross }) => !isAcross && (isCut(from, to) || isCut(to, from)))
      .flatMap(({ from, to }) => [[from, to] as const, [to, from] as const]);
    this.#cuts.draw(
      oneWay.map(([from, to]) => {
        const name = isCut(from, to) ? say("{0}→{1} cut", nameOf(from), nameOf(to)) : null;
        return [`${from} ${to}`, { lane: lane(from, to, 5), name }] as const;
      }),
      (mark, { lane: way, name }) => {
        const words = mark.draw(way, name);
        if (words !== null) taken.push(words);
      },
    );
    this.#taken = taken;
  }

  /** Where hulls would cross, each node wears the outline of its side. */
  #drawCamps(sides: readonly Side[], { places, radius }: RingLayout): void {
    const all = sides.flatMap(({ nodes, isMajority }) =>
      nodes.map((id) => [id, { isMajority, at: places.get(id) }] as const),
    );
    this.#camps.draw(all, ({ element }, { isMajority, at }) => {
      set(element, {
        class: isMajority ? "hull is-majority" : "hull",
        d: at === undefined ? "" : circle(radius + 14),
      });
      if (at !== undefined) move(element, at.x, at.y);
    });
  }
}

/** The outline of one side of a partition, and its name. */
class HullMark {
  readonly element = svg("g");
  readonly #outline = svg("path");
  readonly #plate = svg("rect", { rx: 3, height: 20 });
  readonly #name = svg("text", { class: "hull-name", "text-anchor": "middle" });

  constructor() {
    this.element.append(this.#outline, this.#plate, this.#name);
  }

  /** Answers where its name stands. */
  draw({ side, path, name }: Hull, members: number, say: Say): Box {
    const size = side.nodes.length;
    const text = side.isMajority
      ? say("majority {0}/{1}", size, members)
      : say("minority {0}/{1}", size, members);
    const kind = side.isMajority ? " is-majority" : "";
    set(this.#outline, { d: path, class: `hull${kind}` });
    const box = nameBox(name, textWidth(text, "600 11.5px"));
    const { left: x, top: y, width } = box;
    set(this.#plate, { x, y, width, class: `hull-plate${kind}` });
    tell(this.#name, text);
    set(this.#name, { x: name.x, y: name.y + 4 });
    return box;
  }
}

/** A link between the sides of a partition: nothing crosses. */
class AcrossMark {
  readonly element = svg("g");
  readonly #line = svg("path", { class: "link is-across" });
  readonly #bars = svg("path", { class: "across-bars" });

  constructor() {
    this.element.append(this.#line, this.#bars);
  }

  draw({ from, to, along }: Lane): void {
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    const [near, far] = [-7, 7].map((by) => ({
      x: middle.x + along.x * by,
      y: middle.y + along.y * by,
    }));
    if (near === undefined || far === undefined) return;
    const bar = ({ x, y }: { readonly x: number; readonly y: number }) =>
      `M${x - along.y * 5} ${y + along.x * 5}L${x + along.y * 5} ${y - along.x * 5}`;
    set(this.#line, {
      d: `M${from.x} ${from.y}L${near.x} ${near.y}M${far.x} ${far.y}L${to.x} ${to.y}`,
    });
    set(this.#bars, { d: bar(near) + bar(far) });
  }
}

/** One direction of a link that is cut one way or both: whole, or with a gap and a bar. */
class CutMark {
  readonly element = svg("g");
  readonly #line = svg("path");
  readonly #rest = svg("path", { class: "link is-across" });
  readonly #bar = svg("path", { class: "cut-bar" });
  readonly #name = svg("text", { class: "caption mono" });

  constructor() {
    this.element.append(this.#line, this.#rest, this.#bar, this.#name);
  }

  /** `name` is null if the direction is whole. Answers where its words stand. */
  draw(lane: Lane, name: string | null): Box | null {
    const { from, to, along } = lane;
    const isCut = name !== null;
    const [stop, go] = [pointOn(lane, 0.56), pointOn(lane, 0.64)];
    const end = isCut ? stop : to;
    set(this.#line, {
      d: `M${from.x} ${from.y}L${end.x} ${end.y}`,
      class: isCut ? "link is-cut" : "link",
    });
    set(this.#rest, { d: isCut ? `M${go.x} ${go.y}L${to.x} ${to.y}` : "" });
    const bar = { x: stop.x + along.x * 3, y: stop.y + along.y * 3 };
    const side = { x: -along.y, y: along.x };
    set(this.#bar, {
      d: isCut
        ? `M${bar.x - side.x * 4} ${bar.y - side.y * 4}L${bar.x + side.x * 10} ${bar.y + side.y * 10}`
        : "",
    });
    tell(this.#name, name ?? "");
    if (name === null) return null;
    const width = textWidth(name, "10.5px mono");
    const left = bar.x + side.x * 14 - (side.x < 0 ? width : 0);
    const base = bar.y + side.y * 14 + 4;
    move(this.#name, left, base);
    return { left, top: base - 11, width, height: 14 };
  }
}
