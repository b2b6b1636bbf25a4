import { html as template, render } from "lit";
import type { Model } from "../model.ts";
import type { PanelCommand } from "../protocol.ts";
import { sayIn } from "../texts.ts";
import { html } from "./html.ts";
import type { Surroundings, View } from "./view.ts";

/** The card of the guided tour: what to see at this stop, and the way to the next. */
export class TourView implements View {
  readonly element = html("section", "tour");
  readonly #send: Surroundings["send"];
  #drawn = "";
  #stop = -1;

  constructor({ send }: Surroundings) {
    this.#send = send;
    this.element.addEventListener("keydown", (event) => {
      if (event.key === " " || event.key === "Enter") event.stopPropagation();
    });
  }

  draw({ picture, strings }: Model): void {
    const tour = picture?.tour ?? null;
    this.element.hidden = tour === null;
    const isPlaying = picture?.clock.runs === true;
    const key = JSON.stringify([tour, isPlaying]);
    if (tour === null || key === this.#drawn) return;
    this.#drawn = key;
    const say = sayIn(strings);
    const run = (command: PanelCommand) => () => this.#send({ kind: "run", command });
    this.element.setAttribute("aria-label", say("Guided tour"));
    this.element.classList.toggle("is-end", tour.isEnd);
    this.element.classList.toggle("is-playing", isPlaying);
    render(
      template`
        <div class="tour-head">
          <span class="tour-count">${say("Step {0} of {1}", tour.stop + 1, tour.count)}</span>
          ${tour.section === "" ? null : template`<span class="section">${tour.section}</span>`}
          <span class="grow"></span>
          <button class="tool" title=${say("Close the Tour")} aria-label=${say("Close the Tour")} @click=${run("endTour")}>
            <i class="codicon codicon-close" aria-hidden="true"></i>
          </button>
        </div>
        <progress max=${tour.count} value=${tour.stop + 1} aria-label=${say("Progress of the tour")}></progress>
        <h2>${tour.isEnd ? template`<i class="codicon codicon-pass-filled" aria-hidden="true"></i>` : null}${tour.title}</h2>
        <div class="tour-text" aria-live="polite">${tour.text.map((paragraph) => template`<p>${paragraph}</p>`)}</div>
        <div class="buttons">
          <button class="button" ?disabled=${tour.stop === 0} @click=${run("tourBack")}>${say("Back")}</button>
          ${
            tour.isEnd
              ? template`<button class="button primary tour-next" @click=${run("startCluster")}>
                  <i class="codicon codicon-play" aria-hidden="true"></i>${say("Start Raft Cluster")}</button>`
              : template`<button class="button primary tour-next" @click=${run("tourNext")}>
                  ${isPlaying ? say("Skip to the Next Step") : say("Next")}
                  <i class="codicon codicon-arrow-right" aria-hidden="true"></i></button>`
          }
        </div>`,
      this.element,
    );
    if (tour.stop !== this.#stop) {
      this.#stop = tour.stop;
      this.element.querySelector<HTMLElement>(".tour-next")?.focus({ preventScroll: true });
    }
  }
}
