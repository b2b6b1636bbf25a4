import { DisplayClock } from "./clock.ts";
import { decodePanelUpdate } from "./decode-update.ts";
import { loading, modelAfter, type Model } from "./model.ts";
import type { PanelRequest, Selection } from "./protocol.ts";
import { readSavedState } from "./saved-state.ts";
import { tellOfFocus } from "./view/focus.ts";
import { ClosedView } from "./view/closed-view.ts";
import { FailedView } from "./view/failed-view.ts";
import { isMotionReduced } from "./view/motion.ts";
import { StageView } from "./view/stage-view.ts";

/** What VS Code gives to the page of a webview. */
interface Host {
  postMessage(message: PanelRequest): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Host;

/** Of real time: how often what moves hops on where motion is reduced. */
const hopMillis = 400;

/** The page: it keeps the model, and draws it when it or the time is another. */
class Page {
  readonly #host = acquireVsCodeApi();
  readonly #clock = new DisplayClock();
  readonly #stage: StageView;
  readonly #closed: ClosedView;
  readonly #failed = new FailedView();
  #model: Model;
  #isDue = false;

  constructor() {
    const surroundings = {
      send: (request: PanelRequest) => this.#host.postMessage(request),
      select: (selection: Selection | null) => this.#select(selection),
    };
    this.#stage = new StageView(surroundings, () => this.#draw());
    this.#closed = new ClosedView(surroundings);
    const { selection, hadCluster } = readSavedState(this.#host.getState());
    this.#model = { ...loading, selection, hadCluster };
  }

  open(): void {
    this.#stage.element.hidden = true;
    this.#closed.element.hidden = true;
    document.body.append(this.#stage.element, this.#closed.element, this.#failed.element);
    window.addEventListener("message", ({ data }) => this.#hear(data));
    // Without an error it only tells that sizes are seen one frame late.
    window.addEventListener("error", ({ error }) => {
      if (error instanceof Error) this.#fail(error);
    });
    document.addEventListener("visibilitychange", () => this.#draw());
    tellOfFocus((hasFocus) => this.#host.postMessage({ kind: "focus", hasFocus }));
    this.#host.postMessage({ kind: "ready" });
    if (this.#model.selection !== null) {
      this.#host.postMessage({ kind: "select", selection: this.#model.selection });
    }
  }

  #hear(raw: unknown): void {
    const update = decodePanelUpdate(raw);
    if (update === undefined) {
      return this.#fail(
        "This panel does not understand its extension. Close it and open it again.",
      );
    }
    const before = this.#model.phase;
    this.#model = modelAfter(this.#model, update);
    const { picture, phase } = this.#model;
    if (phase !== before) this.#keep();
    if (picture !== null) this.#clock.tell(picture.clock, performance.now());
    this.#draw();
  }

  #select(selection: Selection | null): void {
    this.#model = { ...this.#model, selection };
    this.#keep();
    this.#host.postMessage({ kind: "select", selection });
    this.#draw();
  }

  /** For the page that comes after a reload of the window. */
  #keep(): void {
    const { selection, phase, hadCluster } = this.#model;
    this.#host.setState({ selection, hadCluster: hadCluster || phase === "open" });
  }

  /** At the next frame, however often it is asked for; and so on while something moves. */
  #draw(): void {
    if (this.#isDue || document.hidden) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      try {
        this.#drawNow();
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #drawNow(): void {
    const { picture, phase } = this.#model;
    this.#stage.element.hidden = phase !== "open";
    this.#closed.element.hidden = phase !== "closed";
    if (phase === "closed") this.#closed.draw(this.#model);
    if (picture === null) return;
    const isReduced = isMotionReduced() && picture.clock.runs;
    const now = performance.now();
    const time = this.#clock.at(isReduced ? Math.floor(now / hopMillis) * hopMillis : now);
    this.#stage.draw(this.#model, time);
    if (!picture.clock.runs) return;
    if (isReduced) setTimeout(() => this.#draw(), hopMillis - (now % hopMillis));
    else this.#draw();
  }

  /** Tells what went wrong: what stands in the page may be neither whole nor true any more. */
  #fail(error: unknown): void {
    this.#failed.show(error, this.#model.strings);
  }
}

new Page().open();
