import { unreachable } from "../../raft/index.ts";
import { html as template, render, type TemplateResult } from "lit";
import type { Model } from "../model.ts";
import type { ClosedBecause } from "../protocol.ts";
import { sayIn, type Say } from "../texts.ts";
import { html } from "./html.ts";
import { circle } from "./shapes.ts";
import { svg } from "./svg.ts";
import type { Surroundings, View } from "./view.ts";

/** What stands in the page while there is no cluster to look at. */
export class ClosedView implements View {
  readonly element = html("main", "closed");
  readonly #send: Surroundings["send"];
  #drawn: Model | null = null;

  constructor({ send }: Surroundings) {
    this.#send = send;
    this.element.addEventListener("keydown", (event) => {
      if (event.key === " " || event.key === "Enter") event.stopPropagation();
    });
  }

  draw(model: Model): void {
    if (model === this.#drawn) return;
    this.#drawn = model;
    const say = sayIn(model.strings);
    const why = model.closedBecause;
    render(why === null ? null : this.#content(why, model, say), this.element);
  }

  #content(why: ClosedBecause, { refusal, hadCluster }: Model, say: Say): TemplateResult {
    const isIdle = why === "noCluster";
    return template`
      <div class="closed-picture">${emptyRing()}</div>
      <div class="closed-words">
        <h1>${titleOf(why, hadCluster, say)}</h1>
        <p class="muted">${textOf(why, hadCluster, say)}</p>
        <div class="buttons" ?hidden=${!isIdle}>
          <button class="button primary" @click=${() => this.#run("startCluster")}>
            <i class="codicon codicon-play" aria-hidden="true"></i>${say("Start Raft Cluster")}
          </button>
          <button class="button" @click=${() => this.#run("startTour")}>
            <i class="codicon codicon-mortar-board" aria-hidden="true"></i>${say("Take the Guided Tour")}
          </button>
        </div>
        <ul class="muted" ?hidden=${!isIdle}>
          <li><b>${say("Start Raft Cluster")}</b> ${say("hosts nodes with real sockets and real files.")}</li>
          <li><b>${say("The guided tour")}</b> ${say("plays an election and a replication, step by step.")}</li>
        </ul>
        ${refusal === null ? null : template`<p class="refusal" role="alert">${refusal}</p>`}
      </div>`;
  }

  #run(command: "startCluster" | "startTour"): void {
    this.#send({ kind: "run", command });
  }
}

function titleOf(why: ClosedBecause, hadCluster: boolean, say: Say): string {
  switch (why) {
    case "noCluster":
      return hadCluster ? say("The cluster stopped with its window") : say("No cluster yet");
    case "starting":
      return say("The cluster is starting");
    case "stopping":
      return say("The cluster is stopping");
    case "untrusted":
      return say("This workspace is not trusted");
    default:
      return unreachable(why);
  }
}

function textOf(why: ClosedBecause, hadCluster: boolean, say: Say): string {
  switch (why) {
    case "noCluster":
      return hadCluster
        ? say(
            "What its nodes saved is still in their files. Start it again, and they go on from there.",
          )
        : say("Run one, or let the guided tour show you one.");
    case "starting":
      return say("Its nodes read their files and open their sockets.");
    case "stopping":
      return say("Its nodes write what they hold and close their sockets.");
    case "untrusted":
      return say(
        "A cluster writes files and opens sockets, so it runs in trusted workspaces only.",
      );
    default:
      return unreachable(why);
  }
}

/** Five places where nodes could be. */
function emptyRing(): SVGSVGElement {
  const picture = svg("svg", {
    viewBox: "0 0 200 200",
    width: 200,
    height: 200,
    "aria-hidden": "true",
  });
  const places = Array.from({ length: 5 }, (_, at) => {
    const angle = -Math.PI / 2 + (at * 2 * Math.PI) / 5;
    return { x: 100 + 70 * Math.cos(angle), y: 104 + 70 * Math.sin(angle) };
  });
  for (const [at, from] of places.entries()) {
    for (const to of places.slice(at + 1)) {
      picture.append(svg("path", { class: "link", d: `M${from.x} ${from.y}L${to.x} ${to.y}` }));
    }
  }
  for (const [at, { x, y }] of places.entries()) {
    const node = svg("g", { transform: `translate(${x} ${y})` });
    node.append(svg("path", { class: "empty-node", d: circle(18) }));
    node.append(svg("text", { class: "empty-name", y: 4, "text-anchor": "middle" }, `n${at + 1}`));
    picture.append(node);
  }
  return picture;
}
