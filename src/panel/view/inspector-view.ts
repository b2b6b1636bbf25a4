import { html as template, nothing, render, type TemplateResult } from "lit";
import { unreachable } from "../../raft/index.ts";
import {
  inspectedNode,
  inspectorTabs,
  tabAfter,
  tabOf,
  type InspectorTab,
} from "../inspector-model.ts";
import type { Model } from "../model.ts";
import { shortNameIn } from "../node-look.ts";
import { sayIn, type Say } from "../texts.ts";
import { html } from "./html.ts";
import { nodePart } from "./inspector-node.ts";
import { entryPart, findingsPart, messagePart } from "./inspector-others.ts";
import type { InspectorScene } from "./inspector-parts.ts";
import { used } from "./rove.ts";
import type { Surroundings, View } from "./view.ts";

/** How often, in real time, it is drawn while time goes on by itself: words cannot be read faster. */
const redrawMillis = 150;

/** All that is known of what is selected. */
export class InspectorView implements View {
  readonly element = html("div", "inspector");
  readonly #surroundings: Surroundings;
  #tab: InspectorTab = "node";
  #selection: Model["selection"] = null;
  #drawn: { readonly model: Model; readonly tab: InspectorTab; readonly at: number } | null = null;
  #last: { readonly model: Model; readonly time: number } | null = null;
  #asked = "";
  #isSeen = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    const resized = new ResizeObserver(() => {
      this.#isSeen = this.element.clientHeight > 0;
      if (this.#last !== null) this.draw(this.#last.model, this.#last.time);
    });
    resized.observe(this.element);
  }

  draw(model: Model, time: number): void {
    const { picture, selection } = model;
    if (picture === null) return;
    // By this the style sheet knows which part of a small page it may cover.
    const region = this.element.parentElement;
    if (region !== null) region.dataset["inspects"] = selection?.kind ?? "nothing";
    this.#last = { model, time };
    if (!this.#isSeen) return;
    if (selection !== this.#selection) {
      this.#selection = selection;
      this.#asked = "";
      if (selection !== null) this.#tab = tabOf(selection);
    }
    this.#askForNode(model);
    const before = this.#drawn;
    const { runs } = picture.clock;
    if (before?.model === model && before.tab === this.#tab && !runs) return;
    const isSame = before?.tab === this.#tab && before.model.selection === selection;
    if (isSame && runs && performance.now() - before.at < redrawMillis) return;
    this.#drawn = { model, tab: this.#tab, at: performance.now() };
    const scene: InspectorScene = {
      ...this.#surroundings,
      picture,
      time,
      nameOf: shortNameIn(picture),
      say: sayIn(model.strings),
    };
    render(this.#page(model, scene), this.element);
  }

  /** While nothing is selected the leader is told of, and its log has to be asked for. */
  #askForNode({ picture, selection }: Model): void {
    if (picture === null || selection !== null) return;
    const node = inspectedNode(picture, null);
    if (node === undefined || this.#asked === node.id) return;
    this.#asked = node.id;
    this.#surroundings.send({ kind: "select", selection: { kind: "node", node: node.id } });
  }

  #page(model: Model, scene: InspectorScene): TemplateResult {
    const { say } = scene;
    const tab = this.#tab;
    return template`<div class="tabs">
        <div class="tablist" role="tablist" aria-label=${say("Inspector")} @keydown=${(event: KeyboardEvent) => this.#key(event)}>
        ${inspectorTabs.map(
          (each) =>
            template`<button role="tab" id=${`tab-${each}`} class=${`tab${each === tab ? " is-chosen" : ""}`}
              aria-selected=${String(each === tab)} aria-controls="inspector-pane" tabindex=${each === tab ? 0 : -1}
              @click=${() => this.#open(each)}>${tabText(each, say)}${badge(each, scene)}</button>`,
        )}
        </div>
        <span class="grow"></span>
        ${
          model.selection === null
            ? nothing
            : template`<button class="tool" title=${say("Close")} aria-label=${say("Close")}
                @click=${() => this.#surroundings.select(null)}><i class="codicon codicon-close" aria-hidden="true"></i></button>`
        }
      </div>
      <div class="pane" role="tabpanel" id="inspector-pane" tabindex="0" aria-labelledby=${`tab-${tab}`}>
        ${this.#pane(model, scene)}
      </div>`;
  }

  #pane({ selection }: Model, scene: InspectorScene): TemplateResult {
    const { picture } = scene;
    const { detail } = picture;
    switch (this.#tab) {
      case "node": {
        const node = inspectedNode(picture, selection);
        if (node === undefined) return template``;
        const known = detail?.kind === "node" && detail.node === node.id ? detail : null;
        return nodePart(node, known, selection?.kind === "node", scene);
      }
      case "entry":
        return entryPart(detail?.kind === "entry" ? detail : null, scene);
      case "message":
        return messagePart(detail?.kind === "message" ? detail : null, scene);
      case "findings":
        return findingsPart(selection?.kind === "finding" ? selection.seq : null, scene);
      default:
        return unreachable(this.#tab);
    }
  }

  #open(tab: InspectorTab): void {
    this.#tab = tab;
    if (this.#last !== null) this.draw(this.#last.model, this.#last.time);
    const pane = this.element.querySelector(".pane");
    if (pane !== null) pane.scrollTop = 0;
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") return event.stopPropagation();
    const isTab = event.target instanceof Element && event.target.getAttribute("role") === "tab";
    const next = isTab ? tabAfter(this.#tab, event.key) : undefined;
    if (next === undefined) return;
    used(event);
    this.#open(next);
    this.element.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }
}

function tabText(tab: InspectorTab, say: Say): string {
  switch (tab) {
    case "node":
      return say("Node");
    case "entry":
      return say("Entry");
    case "message":
      return say("Message");
    case "findings":
      return say("Findings");
    default:
      return unreachable(tab);
  }
}

function badge(tab: InspectorTab, { picture }: InspectorScene): unknown {
  const count = picture.findings.length;
  return tab === "findings" && count > 0 ? template`<span class="badge">${count}</span>` : nothing;
}
