import { unreachable } from "../../raft/index.ts";
import { flightPlace, steppedPart } from "../flight-place.ts";
import { shortNameIn } from "../node-look.ts";
import type { FlightPicture, Picture } from "../protocol.ts";
import { pointOn, type Lane, type Point } from "../ring-layout.ts";
import type { Say } from "../texts.ts";
import { circle, cross } from "./shapes.ts";
import { move, say as tell, set, show, svg, termColour } from "./svg.ts";

/** How a message is to be drawn. */
export interface FlightLook {
  readonly lane: Lane;
  readonly isSmall: boolean;
  /** It hops instead of moving, along an arrow that shows its whole way. */
  readonly isStepped: boolean;
  readonly isSelected: boolean;
  readonly picture: Pick<Picture, "members">;
  readonly say: Say;
}

/** One message on the ring: its shape says what it is, its colour the sender's term. */
export class FlightMark {
  readonly element = svg("g", { class: "flight", role: "button", tabindex: -1 });
  readonly #way = svg("path", { class: "flight-way" });
  readonly #mover = svg("g");
  readonly #halo = svg("path", { class: "flight-halo", d: circle(12) });
  readonly #tail = svg("path", { class: "flight-tail" });
  readonly #ahead = svg("path", { class: "flight-ahead" });
  readonly #shape = svg("path", { class: "flight-shape" });
  readonly #sign = svg("path", { class: "flight-sign" });
  readonly #lost = svg("path", { class: "flight-lost", d: cross(3.5) });
  readonly #title = svg("title");
  #dressed: FlightPicture | null = null;
  #look: FlightLook | null = null;
  #opacity = "";

  constructor() {
    this.#mover.append(this.#halo, this.#tail, this.#ahead, this.#shape, this.#sign, this.#lost);
    this.element.append(this.#title, this.#way, this.#mover);
  }

  /** Answers where it is; null when it is nowhere to be seen. */
  draw(flight: FlightPicture, look: FlightLook, time: number): Point | null {
    const place = flightPlace(flight, time);
    show(this.element, place !== null);
    if (place === null) return null;
    const { lane, isStepped } = look;
    if (flight !== this.#dressed || !isSameLook(look, this.#look)) this.#dress(flight, look);
    const point = pointOn(lane, isStepped ? steppedPart(place.part) : place.part);
    move(this.#mover, point.x, point.y, lane.degrees);
    show(this.#lost, place.isLost);
    const opacity = place.isLost ? String(Math.round(place.strength * 50) / 50) : "";
    if (this.#opacity !== opacity) this.element.style.opacity = this.#opacity = opacity;
    return point;
  }

  #drawWay({ lane, isStepped }: FlightLook): void {
    if (!isStepped) return set(this.#way, { d: "" });
    const { from, to, along } = lane;
    const barb = (side: number) =>
      `${to.x - along.x * 6 - along.y * side} ${to.y - along.y * 6 + along.x * side}`;
    const head = `M${barb(3.5)}L${to.x} ${to.y}L${barb(-3.5)}`;
    set(this.#way, { d: `M${from.x} ${from.y}L${to.x} ${to.y}${head}` });
  }

  /** All but where it is. */
  #dress(flight: FlightPicture, look: FlightLook): void {
    this.#dressed = flight;
    this.#look = look;
    const { isSmall, isStepped, isSelected, lane, picture, say } = look;
    this.#drawWay(look);
    const isReply = flight.success !== null;
    const size = isSmall ? 4.2 : 7.2;
    const nameOf = shortNameIn(picture);
    const label = say(
      "{0} from {1} to {2}, term {3}: {4}",
      flight.kind,
      nameOf(flight.from),
      nameOf(flight.to),
      flight.term,
      flight.label,
    );
    set(this.element, {
      class: `flight${isReply ? " is-reply" : ""}${isSelected ? " is-selected" : ""}`,
      "data-flight": flight.id,
      "data-to": flight.to,
      "aria-label": label,
      "data-faded": flight.end !== null && flight.end.how !== "received" ? "" : null,
      "data-vscode-context": JSON.stringify({ preventDefaultContextMenuItems: true }),
    });
    this.element.style.setProperty("--term", termColour(flight.term));
    tell(this.#title, label);
    const reach = shapeSize(flight, size);
    set(this.#tail, { d: `M${isSmall ? -10 : -26} 0H${-reach - 1}` });
    const isPointed = ["RequestVote", "PreVote", "TimeoutNow", "ReadIndex"].includes(flight.kind);
    set(this.#ahead, { d: isSmall || isStepped || isPointed ? "" : `M${reach + 3.5} -3l4 3l-4 3` });
    set(this.#shape, { d: shapeOf(flight, size) });
    // Signs are read upright, whichever way the message goes.
    const upright = `rotate(${-Math.round(lane.degrees * 10) / 10})`;
    set(this.#sign, {
      d: isSmall ? "" : signOf(flight),
      class: `flight-sign${isReply ? "" : " is-inside"}`,
      transform: upright,
    });
    set(this.#lost, { transform: `translate(12 0) ${upright}` });
  }
}

function isSameLook(look: FlightLook, other: FlightLook | null): boolean {
  return (
    look.lane === other?.lane &&
    look.isSmall === other.isSmall &&
    look.isStepped === other.isStepped &&
    look.isSelected === other.isSelected &&
    look.say === other.say
  );
}

/** Drawn as if it went to the right. */
function shapeOf({ kind, entries }: FlightPicture, size: number): string {
  switch (kind) {
    case "RequestVote":
    case "PreVote":
    case "TimeoutNow":
    case "ReadIndex":
      return `M${size * 1.15} 0L${-size * 0.8} ${size}L${-size * 0.8} ${-size}Z`;
    case "RequestVoteReply":
    case "PreVoteReply":
    case "ReadIndexReply":
      return `M${size * 1.35} 0L${-size * 0.85} ${size * 1.15}L${-size * 0.85} ${-size * 1.15}Z`;
    case "AppendEntries":
      return circle(entries === 0 ? size * 0.52 : size);
    case "AppendEntriesReply":
    case "InstallSnapshot":
    case "InstallSnapshotReply":
      return circle(size);
    default:
      return unreachable(kind);
  }
}

function shapeSize({ kind, entries }: FlightPicture, size: number): number {
  return kind === "AppendEntries" && entries === 0 ? size * 0.52 : size;
}

function signOf({ kind, success, entries }: FlightPicture): string {
  if (success !== null) {
    // There is less room in the triangle of a vote.
    if (kind !== "AppendEntriesReply") return success ? "M-2.4 0.2l1.6 1.7l2.7-3.2" : cross(1.7);
    return success ? "M-3 0.3l2.1 2.2l3.9-4.6" : cross(2.5);
  }
  if (kind !== "AppendEntries") return "";
  const bars = Math.min(entries, 3);
  return Array.from({ length: bars }, (_, at) => {
    const x = (at - (bars - 1) / 2) * 3.2;
    return `M${x} -3v6`;
  }).join("");
}
