import type { Model } from "../model.ts";
import type { FlightPicture } from "../protocol.ts";
import { sayIn, type Say } from "../texts.ts";
import { FlightMark } from "./flight-mark.ts";
import { html } from "./html.ts";
import { arc, NodeSign, type NodeLook } from "./shapes.ts";
import { move, svg, termColour } from "./svg.ts";
import type { View } from "./view.ts";

/** What the shapes on the ring mean. */
export class LegendView implements View {
  readonly element = html("div", "legend");
  #drawn = "";

  draw({ picture, strings }: Model): void {
    if (picture === null) return;
    const term = Math.max(1, ...picture.nodes.map(({ currentTerm }) => currentTerm));
    const key = `${term} ${JSON.stringify(strings)}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    const say = sayIn(strings);
    this.element.replaceChildren(
      html("div", "legend-row", ...messages(term, say)),
      html("div", "legend-row", ...nodes(term, say)),
    );
  }
}

function messages(term: number, say: Say): readonly Node[] {
  const plain: FlightPicture = {
    id: 0,
    kind: "AppendEntries",
    from: "",
    to: "",
    term,
    success: null,
    entries: 0,
    label: "",
    sent: 0,
    arrival: 1,
    end: null,
  };
  const kinds: readonly (readonly [string, FlightPicture])[] = [
    [say("AppendEntries"), { ...plain, entries: 2 }],
    [say("heartbeat"), plain],
    [say("RequestVote"), { ...plain, kind: "RequestVote" }],
    [say("reply"), { ...plain, kind: "AppendEntriesReply", success: true }],
  ];
  return kinds.map(([text, flight]) => {
    const mark = new FlightMark();
    const middle = { x: 10, y: 9 };
    const degrees = flight.kind === "RequestVote" ? -90 : 0;
    const lane = { from: middle, to: middle, degrees, along: { x: 1, y: 0 } };
    const still = { isSmall: false, isStepped: false, isSelected: false };
    mark.draw(flight, { lane, ...still, picture: { members: [] }, say }, 0);
    for (const name of ["data-flight", "tabindex", "role", "aria-label"]) {
      mark.element.removeAttribute(name);
    }
    mark.element.classList.add("is-legend");
    return item(mark.element, text);
  });
}

function nodes(term: number, say: Say): readonly Node[] {
  const looks: readonly (readonly [string, NodeLook])[] = [
    [say("follower"), { role: "follower", isDown: false, isStale: false, term }],
    [say("candidate"), { role: "candidate", isDown: false, isStale: false, term }],
    [say("leader"), { role: "leader", isDown: false, isStale: false, term }],
    [say("crashed"), { role: "follower", isDown: true, isStale: false, term }],
  ];
  const signs = looks.map(([text, look]) => {
    const sign = new NodeSign(7);
    sign.draw(look);
    move(sign.element, 10, 9);
    return item(sign.element, text);
  });
  const timer = svg("path", { class: "timer", d: arc(6.5, 0.65) });
  move(timer, 10, 9);
  timer.style.setProperty("--term", termColour(term));
  return [...signs, item(timer, say("timer left"))];
}

function item(sign: SVGElement, text: string): HTMLElement {
  const box = { width: 16, height: 15, viewBox: "0 0 20 18", "aria-hidden": "true" };
  const picture = svg("svg", box, sign);
  return html("span", "legend-item", picture, text);
}
