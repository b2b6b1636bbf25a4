import {
  isStaleLeader,
  nodeLabel,
  roleText,
  roundedMillis,
  shortNameIn,
  timerOf,
  timerText,
} from "../node-look.ts";
import type { Ballot, NodePicture, Picture } from "../protocol.ts";
import type { Point, RingLayout } from "../ring-layout.ts";
import type { WordPlace, WordWish } from "../ring-words.ts";
import type { Say } from "../texts.ts";
import { arc, circle, classOf, cross, roleShape, tick } from "./shapes.ts";
import { move, Pool, say as tell, set, show, svg, termColour } from "./svg.ts";
import { textSize, textWidth } from "./text-size.ts";

export interface NodeScene {
  readonly picture: Picture;
  readonly layout: RingLayout;
  readonly isSelected: boolean;
  readonly isFocusable: boolean;
  readonly say: Say;
}

/** What the looks of a node depend on. */
interface Drawn extends Omit<NodeScene, "picture"> {
  readonly node: NodePicture;
  readonly isStale: boolean;
  /** What else than itself its words depend on: who counts, as others say. */
  readonly role: string;
}

function isSame(drawn: Drawn, before: Drawn | null): boolean {
  return (
    drawn.node === before?.node &&
    drawn.layout === before.layout &&
    drawn.isSelected === before.isSelected &&
    drawn.isFocusable === before.isFocusable &&
    drawn.isStale === before.isStale &&
    drawn.role === before.role &&
    drawn.say === before.say
  );
}

/** A screen reader hears the label of the node instead. */
const words = { "text-anchor": "middle", "aria-hidden": "true" };

/** One node on the ring. */
export class NodeMark {
  readonly element = svg("g");
  /** What has the focus and is pressed. Of its words it holds the name only, as its label does. */
  readonly #button = svg("g", { class: "node-button", role: "button" });
  readonly #halo = svg("path", { class: "node-halo" });
  readonly #track = svg("path", { class: "timer-track" });
  readonly #timer = svg("path", { class: "timer" });
  readonly #outline = svg("path", { class: "node-outline" });
  readonly #inner = svg("path", { class: "node-inner" });
  readonly #mark = svg("path", { class: "node-mark" });
  readonly #name = svg("text", { class: "node-name", ...words });
  readonly #term = svg("text", { class: "node-term mono", ...words });
  readonly #title = svg("text", { class: "node-title", ...words });
  readonly #sub = svg("text", { class: "node-sub mono", ...words });
  readonly #ballots: Pool<string, BallotMark>;
  #label = "";
  #drawn: Drawn | null = null;

  constructor() {
    const ballots = svg("g");
    this.#ballots = new Pool(ballots, () => new BallotMark());
    this.#button.append(this.#halo, this.#track, this.#timer, this.#outline, this.#inner);
    this.#button.append(this.#mark, this.#name);
    this.element.append(this.#button, this.#term, ballots, this.#title, this.#sub);
  }

  focus(): void {
    this.#button.focus();
  }

  /** Everything but what moves by itself. */
  draw(node: NodePicture, at: Point, scene: NodeScene): void {
    const { picture, layout, isSelected, isFocusable, say } = scene;
    const isStale = isStaleLeader(node, picture);
    const role = roleText(node, picture, say);
    const drawn = { node, layout, isSelected, isFocusable, isStale, role, say };
    if (isSame(drawn, this.#drawn)) return;
    this.#drawn = drawn;
    const { radius, kind } = layout;
    const isDown = node.life !== "running";
    const look = {
      role: node.role,
      isDown,
      isStale,
      term: node.currentTerm,
    };
    set(this.#button, {
      "data-node": node.id,
      "aria-pressed": String(isSelected),
      tabindex: isFocusable ? 0 : -1,
    });
    set(this.element, {
      class: classOf(look) + (isSelected ? " is-selected" : ""),
      "data-vscode-context": JSON.stringify({
        webviewSection: "node",
        node: node.id,
        nodeState: node.life,
        preventDefaultContextMenuItems: true,
      }),
    });
    this.#label = nodeLabel(node, picture, say);
    this.element.style.setProperty("--term", termColour(node.currentTerm));
    move(this.element, at.x, at.y);
    const { outline, inner, mark } = roleShape(look, radius);
    set(this.#outline, { d: outline });
    set(this.#inner, { d: inner ?? "" });
    set(this.#track, { d: isDown ? "" : circle(this.#timerRadius(node, radius)) });
    set(this.#halo, { d: circle(radius + (kind === "full" ? 12 : 7)) });
    if (kind === "full") this.#drawFull(node, at, scene, mark);
    else this.#drawCompact(node, scene);
  }

  /** What depends on the time only. */
  tick(node: NodePicture, scene: NodeScene, time: number): void {
    const { picture, layout, say } = scene;
    const timer = timerOf(node, picture, time);
    // While time goes on, what it says of the timer would be over before it is read out.
    const isStill = !picture.clock.runs && timer !== null;
    const timed = isStill ? say("{0}, {1} left", this.#label, roundedMillis(timer.millis)) : null;
    set(this.#button, { "aria-label": timed ?? this.#label });
    const isLow = timer !== null && timer.part < 0.25 && node.role !== "leader";
    set(this.#timer, {
      d: timer === null ? "" : arc(this.#timerRadius(node, layout.radius), timer.part),
      class: `timer${isLow ? " is-low" : ""}`,
    });
    if (layout.kind === "full") tell(this.#sub, timerText(node, picture, time, say));
  }

  /** Its words beside it: where there was no room for them they are left out. */
  write(place: WordPlace | undefined, at: Point): void {
    show(this.#title, place !== undefined);
    show(this.#sub, place?.lines === 2);
    if (place === undefined) return;
    const [x, y] = [place.at.x - at.x, place.at.y - at.y];
    set(this.#title, { x, y });
    set(this.#sub, { x, y: y + 13 });
  }

  #timerRadius({ role, life }: NodePicture, radius: number): number {
    const isSmall = radius < 21;
    if (role === "candidate" && life === "running")
      return isSmall ? radius * 1.16 + 3 : radius + 10;
    return radius + (isSmall ? 4 : 7);
  }

  #drawFull(node: NodePicture, at: Point, scene: NodeScene, mark: string | null): void {
    const { picture, layout, say } = scene;
    const { radius } = layout;
    const isCrowned = mark !== null && node.life === "running";
    set(this.#mark, { d: mark ?? "" });
    const isTight = radius < 27;
    const isDown = node.life !== "running";
    move(this.#mark, 0, isDown ? (isTight ? -11.5 : -14) : -radius * 0.48);
    tell(this.#name, shortNameIn(picture)(node.id));
    set(this.#name, { y: isCrowned || isDown ? (isTight ? 4 : 5) : 1 });
    textSize(this.#name, isTight ? 13 : 14);
    tell(this.#term, `t${node.currentTerm}`);
    set(this.#term, { y: isCrowned || isDown ? (isTight ? 15 : 18) : 15 });
    textSize(this.#term, isTight ? 10 : 11);
    this.#drawBallots(node, at, scene);

    tell(this.#title, roleText(node, picture, say));
  }

  #drawCompact(node: NodePicture, { picture, layout }: NodeScene): void {
    const hasTerm = layout.radius > 15;
    textSize(this.#name, hasTerm ? 11 : 9.5);
    textSize(this.#term, 9);
    set(this.#mark, { d: "" });
    tell(this.#name, shortNameIn(picture)(node.id));
    set(this.#name, { y: hasTerm ? 0 : 4 });
    tell(this.#term, hasTerm ? (node.life === "running" ? `t${node.currentTerm}` : "✕") : "");
    set(this.#term, { y: 10.5 });
    for (const text of [this.#title, this.#sub]) show(text, false);
    this.#ballots.draw([], () => {});
  }

  /** What each peer answered stands where that peer is, seen from here. */
  #drawBallots(node: NodePicture, at: Point, { layout, picture }: NodeScene): void {
    const isCandidate = node.role === "candidate" && node.life === "running";
    const shown = isCandidate ? Object.entries(node.ballots ?? {}) : [];
    const away = layout.radius + 17;
    const placed = shown.flatMap(
      ([peer, ballot]): [string, { ballot: Ballot; x: number; y: number }][] => {
        const there = layout.places.get(peer);
        if (peer === node.id || there === undefined) return [];
        const angle = Math.atan2(there.y - at.y, there.x - at.x);
        return [[peer, { ballot, x: away * Math.cos(angle), y: away * Math.sin(angle) }]];
      },
    );
    this.#ballots.draw(picture.members.length > 9 ? [] : placed, (mark, { ballot, x, y }) => {
      mark.draw(ballot, x, y);
    });
  }
}

/** What a node wants to have written beside it, as far from its circle as `reach`. */
export function wishOf(
  node: NodePicture,
  { picture, layout, say }: NodeScene,
  reach: number,
): WordWish {
  const isRunning = node.life === "running";
  const title = textWidth(roleText(node, picture, say), "600 12px");
  // As wide as it may become while time goes on, for the words must not jump about.
  const sub = isRunning
    ? node.role === "leader"
      ? say("heartbeat {0}", "000 ms")
      : say("{0} left", "000 ms")
    : timerText(node, picture, 0, say);
  const isPlain = isRunning && node.role === "follower";
  const isAsking = isRunning && node.role === "candidate";
  return {
    id: node.id,
    width: Math.max(title, textWidth(sub, "10.5px mono")),
    titleWidth: title,
    weight: isPlain ? 0 : isRunning ? 2 : 1,
    away: layout.radius + Math.max(reach, isAsking ? 25 : 0),
  };
}

/** A vote: a filled dot with a tick, a hollow one with a cross, or one that is still awaited. */
class BallotMark {
  readonly element = svg("g");
  readonly #dot = svg("path", { d: circle(6) });
  readonly #sign = svg("path");

  constructor() {
    this.element.append(this.#dot, this.#sign);
  }

  draw(ballot: Ballot, x: number, y: number): void {
    set(this.element, { class: `ballot is-${ballot}` });
    set(this.#sign, { d: ballot === "granted" ? tick : ballot === "refused" ? cross(2.2) : "" });
    move(this.element, x, y);
  }
}
