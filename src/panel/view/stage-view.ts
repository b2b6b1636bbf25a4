import type { Model } from "../model.ts";
import { mostInRing } from "../ring-layout.ts";
import { EventsView } from "./events-view.ts";
import { html } from "./html.ts";
import { InspectorView } from "./inspector-view.ts";
import { LedgerView } from "./ledger-view.ts";
import { LegendView } from "./legend-view.ts";
import { RingView } from "./ring-view.ts";
import { say as tell } from "./svg.ts";
import { sayIn } from "../texts.ts";
import { StatusView } from "./status-view.ts";
import { TapeView } from "./tape-view.ts";
import { ToolbarView } from "./toolbar-view.ts";
import { TourView } from "./tour-view.ts";
import type { Surroundings, View } from "./view.ts";

/** Below this width ring and ledger become one row for each node. */
const narrowBelow = 520;

/** The page while there is a cluster to look at: all its parts, in their places. */
export class StageView implements View {
  readonly element = html("main", "stage");
  readonly #ring: RingView;
  readonly #ledger: LedgerView;
  readonly #tape: TapeView;
  readonly #legend = new LegendView();
  readonly #heading = html("h1", "visually-hidden");
  readonly #parts: readonly View[];
  readonly #regions: Readonly<Record<"ring" | "ledger" | "tape", HTMLElement>>;
  readonly #inspector: HTMLElement;
  #model: Model | null = null;

  constructor(surroundings: Surroundings, changed: () => void) {
    this.#ring = new RingView(surroundings);
    this.#ledger = new LedgerView(surroundings);
    this.#tape = new TapeView(surroundings);
    const inspector = new InspectorView(surroundings);
    const events = new EventsView(surroundings);
    const status = new StatusView(surroundings);
    const toolbar = new ToolbarView(surroundings);
    const tour = new TourView(surroundings);
    // Those that ask the page for sizes come first, while nothing has changed in this frame yet; the
    // ring, which moves, comes last.
    this.#parts = [
      inspector,
      events,
      status,
      toolbar,
      this.#ledger,
      this.#tape,
      this.#legend,
      tour,
      this.#ring,
    ];
    this.#regions = {
      ring: html("section", "region ring-region", this.#ring.element, this.#legend.element),
      ledger: html("section", "region ledger-region", this.#ledger.element),
      tape: html("section", "region tape-region", this.#tape.element),
    };
    this.#inspector = html("aside", "region inspector-region", inspector.element);
    const right = html(
      "div",
      "right",
      this.#regions.ledger,
      html("section", "region events-region", events.element),
    );
    this.element.append(this.#heading, status.element, toolbar.element, tour.element);
    this.element.append(this.#regions.ring, right, this.#inspector, this.#regions.tape);
    const resized = new ResizeObserver(() => {
      this.#resize();
      changed();
    });
    for (const region of [this.element, ...Object.values(this.#regions)]) resized.observe(region);
  }

  draw(model: Model, time: number): void {
    const { picture } = model;
    if (picture === null) return;
    if (model !== this.#model) {
      this.#model = model;
      tell(this.#heading, sayIn(model.strings)("Raft cluster"));
      const focus = picture.tour?.focus ?? null;
      for (const [name, region] of Object.entries(this.#regions)) {
        region.classList.toggle("is-pointed-at", name === focus);
      }
      this.element.classList.toggle("has-selection", model.selection !== null);
      this.element.classList.toggle("has-tour", picture.tour !== null);
      this.element.classList.toggle("has-no-ring", picture.members.length > mostInRing);
      this.element.classList.toggle("is-past", picture.clock.position === "past");
    }
    for (const part of this.#parts) part.draw(model, time);
  }

  #resize(): void {
    const isNarrow = this.element.clientWidth < narrowBelow;
    const { ring, ledger, tape } = this.#regions;
    this.#ring.resize(
      ring.clientWidth,
      Math.max(0, ring.clientHeight - this.#legend.element.clientHeight),
    );
    this.#ledger.resize(ledger.clientWidth, isNarrow);
    this.#tape.resize(tape.clientWidth, isNarrow);
  }
}
