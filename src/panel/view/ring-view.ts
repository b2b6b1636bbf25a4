import type { NodeId } from "../../raft/index.ts";
import type { Model } from "../model.ts";
import { sidesOf } from "../partition.ts";
import type { FlightPicture, NodePicture, Picture } from "../protocol.ts";
import {
  laneOf,
  ringLayout,
  type Box,
  type Lane,
  type Point,
  type RingLayout,
} from "../ring-layout.ts";
import { placeWords, type WordPlace } from "../ring-words.ts";
import { sayIn, type Say } from "../texts.ts";
import { CaptionLayer } from "./caption-layer.ts";
import { FlightMark } from "./flight-mark.ts";
import { html } from "./html.ts";
import { LinkLayer } from "./link-layer.ts";
import { isMotionReduced } from "./motion.ts";
import { NodeMark, wishOf, type NodeScene } from "./node-mark.ts";
import { rove } from "./rove.ts";
import { Pool, set, svg } from "./svg.ts";
import type { Surroundings, View } from "./view.ts";

/** More messages than these are not drawn one by one. */
const mostFlights = 500;

interface Drawn {
  readonly picture: Picture;
  readonly selection: Model["selection"];
  readonly layout: RingLayout;
  readonly say: Say;
}

/** The nodes in a ring, and the messages between them: the part of the page that moves. */
export class RingView implements View {
  readonly element = html("div", "ring-space");
  readonly #svg = svg("svg", { class: "ring", role: "group" });
  readonly #links = new LinkLayer();
  readonly #nodes: Pool<NodeId, NodeMark>;
  readonly #flights: Pool<number, FlightMark>;
  readonly #captions = new CaptionLayer();
  #size = { width: 0, height: 0 };
  #drawn: Drawn | null = null;
  #lanes = new Map<string, Lane>();
  #words: ReadonlyMap<NodeId, WordPlace> = new Map();
  #wished = "";
  /** Where the tabulator key comes in: the node or message that had the focus last. */
  #focused: string | null = null;

  constructor({ select }: Surroundings) {
    const [flights, nodes] = [svg("g", { class: "flights" }), svg("g", { class: "nodes" })];
    this.#svg.append(this.#links.element, flights, nodes, this.#captions.element);
    this.element.append(this.#svg);
    this.#nodes = new Pool(nodes, () => new NodeMark());
    this.#flights = new Pool(flights, () => new FlightMark());
    this.#listen(select);
  }

  /** The space there is, in CSS pixels. */
  resize(width: number, height: number): void {
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    set(this.#svg, { width, height, viewBox: `0 0 ${width} ${height}` });
    this.#drawn = null;
  }

  draw(model: Model, time: number): void {
    const { picture, selection, strings } = model;
    if (picture === null) return;
    const before = this.#drawn;
    const layout = this.#layoutOf(picture);
    if (layout === null) return;
    const isSame =
      before !== null &&
      before.layout === layout &&
      before.picture.nodes === picture.nodes &&
      before.picture.cutLinks === picture.cutLinks &&
      before.selection === selection;
    const say = isSame ? before.say : sayIn(strings);
    if (!isSame) this.#drawStill(picture, layout, selection, say);
    const scene: NodeScene = { picture, layout, say, isSelected: false, isFocusable: false };
    for (const node of picture.nodes) this.#nodes.get(node.id)?.tick(node, scene, time);
    this.#drawFlights(model, layout, time, say);
    this.#drawn = { picture, selection, layout, say };
  }

  #layoutOf(picture: Picture): RingLayout | null {
    const before = this.#drawn;
    const { members, cutLinks } = picture;
    if (before?.picture.members === members && before.picture.cutLinks === cutLinks) {
      return before.layout;
    }
    this.#lanes = new Map();
    this.#wished = "";
    const { width, height } = this.#size;
    const ids = members.map(({ id }) => id);
    return ringLayout(ids, width, height, sidesOf(picture).length > 0);
  }

  /** What stands still while time goes on. */
  #drawStill(picture: Picture, layout: RingLayout, selection: Model["selection"], say: Say): void {
    this.#svg.setAttribute("aria-label", say("Cluster"));
    this.#links.draw(picture, layout, say);
    const first = picture.nodes[0]?.id;
    const focused = this.#nodes.get(this.#focused ?? "") === undefined ? first : this.#focused;
    const scene = { picture, layout, say, isSelected: false, isFocusable: false };
    const placed = picture.nodes.flatMap((node) => {
      const at = layout.places.get(node.id);
      return at === undefined ? [] : [[node.id, { node, at }] as const];
    });
    this.#nodes.draw(placed, (mark, { node, at }) => {
      const isSelected = selection?.kind === "node" && selection.node === node.id;
      mark.draw(node, at, { ...scene, isSelected, isFocusable: node.id === focused });
    });
    if (layout.kind === "full") this.#placeWords(picture.nodes, scene);
  }

  #placeWords(nodes: readonly NodePicture[], scene: NodeScene): void {
    const { layout } = scene;
    const { taken, reach } = this.#links;
    const wishes = nodes.map((node) => wishOf(node, scene, reach));
    const wished = JSON.stringify([wishes, taken, this.#size]);
    if (wished === this.#wished) return;
    this.#wished = wished;
    this.#words = placeWords(wishes, layout, taken, this.#size);
    for (const { id } of nodes) {
      this.#nodes.get(id)?.write(this.#words.get(id), layout.places.get(id) ?? layout.centre);
    }
  }

  #drawFlights({ picture, selection }: Model, layout: RingLayout, time: number, say: Say): void {
    if (picture === null) return;
    const isSmall = layout.kind === "compact";
    const isStepped = isMotionReduced();
    const isStill = isStepped || !picture.clock.runs;
    this.#svg.classList.toggle("is-still", isStill);
    const selected = selection?.kind === "message" ? selection.id : null;
    const points = new Map<FlightPicture, Point>();
    const focused = focusedFlight();
    const flights = picture.flights
      .slice(-mostFlights)
      .filter(({ from, to }) => layout.places.has(from) && layout.places.has(to));
    this.#flights.draw(
      flights.map((flight) => [flight.id, flight] as const),
      (mark, flight) => {
        const lane = this.#lane(layout, flight.from, flight.to, isSmall ? 0 : 5);
        const isSelected = flight.id === selected;
        const look = { lane, isSmall, isStepped, isSelected, say, picture };
        const point = mark.draw(flight, look, time);
        if (point !== null) points.set(flight, point);
      },
    );
    // What landed had the focus: it goes where the message went.
    if (focused !== null && (!focused.isConnected || focused.style.display === "none")) {
      this.#nodes.get(focused.dataset["to"] ?? "")?.focus();
    }
    if (isSmall) return this.#captions.clear();
    const words = [...this.#words.values()].map(({ box }) => box);
    this.#captions.draw(points, isStill, this.#size, () => [
      ...nodeBoxes(layout),
      ...words,
      ...this.#links.taken,
    ]);
  }

  #lane(layout: RingLayout, from: NodeId, to: NodeId, aside: number): Lane {
    const key = `${from} ${to}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      const start = layout.places.get(from) ?? layout.centre;
      lane = laneOf(start, layout.places.get(to) ?? layout.centre, layout.radius, aside);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #listen(select: Surroundings["select"]): void {
    this.#svg.addEventListener("click", ({ target }) => {
      if (!(target instanceof Element)) return;
      const node = target.closest("[data-node]")?.getAttribute("data-node") ?? null;
      const flight = target.closest("[data-flight]")?.getAttribute("data-flight") ?? null;
      if (node !== null) select({ kind: "node", node });
      else if (flight !== null) select({ kind: "message", id: Number(flight) });
      else select(null);
    });
    // The nodes, then what flies between them.
    rove(this.#svg, "[data-node], [data-flight]", (element) => {
      this.#focused = element.getAttribute("data-node");
    });
  }
}

function focusedFlight(): SVGElement | null {
  const { activeElement: active } = document;
  return active instanceof SVGElement && active.matches("[data-flight]") ? active : null;
}

/** What the nodes and their timers cover. */
function nodeBoxes({ places, radius }: RingLayout): readonly Box[] {
  const reach = radius + 12;
  return [...places.values()].map(({ x, y }) => {
    return { left: x - reach, top: y - reach, width: 2 * reach, height: 2 * reach };
  });
}
