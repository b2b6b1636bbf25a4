import type { LogIndex } from "../../raft/index.ts";
import type { LedgerModel } from "../ledger-model.ts";
import { firstAfter, type ScrollState } from "../ledger-scrolling.ts";
import type { Say } from "../texts.ts";
import { codicon, html } from "./html.ts";
import { used } from "./rove.ts";
import type { Send } from "./view.ts";

interface ScrollScene {
  readonly model: LedgerModel;
  /** How many columns there is room for. */
  readonly fit: number;
  readonly left: number;
  readonly say: Say;
}

/** How far the wheel turns for one column. */
const wheelStep = 30;

/** Which part of the logs is looked at: the end, which it follows, or a place that was scrolled to. */
export class LedgerScroll {
  readonly element = html("div", "ledger-scroll");
  readonly #track = html("div", "scroll-track");
  readonly #thumb = html("div", "scroll-thumb");
  readonly #jump = html("button", "scroll-jump");
  readonly #send: Send;
  #scene: ScrollScene | null = null;
  /** Null follows the end. */
  #first: LogIndex | null = null;
  #asked = "";
  #turned = 0;

  constructor(send: Send, ledger: HTMLElement) {
    this.#send = send;
    this.#track.append(this.#thumb);
    this.element.append(this.#track, this.#jump);
    this.#jump.addEventListener("click", () => this.#go(null));
    ledger.addEventListener("wheel", (event) => this.#wheel(event, ledger), { passive: false });
    this.#track.addEventListener("pointerdown", (event) => this.#grab(event));
  }

  draw(scene: ScrollScene): void {
    this.#scene = scene;
    const { model, fit, left, say } = scene;
    this.#ask();
    const isLong = model.last > fit;
    this.element.hidden = !isLong;
    if (!isLong) return;
    this.element.style.marginLeft = `${left}px`;
    this.#thumb.style.left = `${((model.first - 1) / model.last) * 100}%`;
    this.#thumb.style.width = `${Math.max(3, (fit / model.last) * 100)}%`;
    this.#jump.disabled = this.#first === null;
    if (this.#jump.childElementCount > 0) return;
    this.#jump.append(codicon("chevron-right"));
    this.#jump.title = say("Jump to the end of the logs");
    this.#jump.setAttribute("aria-label", this.#jump.title);
  }

  /** Scrolls so far that the column of an index is seen. */
  reveal(index: LogIndex): void {
    const state = this.#state();
    if (state === null) return;
    const first = this.#first ?? Math.max(1, state.last - state.fit + 1);
    if (index < first) this.#go(firstAfter(state, index - first));
    if (index >= first + state.fit) this.#go(firstAfter(state, index - first - state.fit + 1));
  }

  #state(): ScrollState | null {
    if (this.#scene === null) return null;
    const { model, fit } = this.#scene;
    return { first: this.#first, last: model.last, fit };
  }

  #go(first: LogIndex | null): void {
    this.#first = first;
    this.#ask();
  }

  #ask(): void {
    const { fit } = this.#scene ?? { fit: 0 };
    const wanted = `${this.#first} ${fit}`;
    if (fit === 0 || wanted === this.#asked) return;
    this.#asked = wanted;
    this.#send({ kind: "look", first: this.#first, columns: fit });
  }

  #wheel(event: WheelEvent, ledger: HTMLElement): void {
    const state = this.#state();
    if (state === null || event.ctrlKey || state.last <= state.fit) return;
    const region = ledger.parentElement ?? ledger;
    // Where the rows themselves scroll, the wheel does that, and with Shift goes along the logs.
    const isTall = region.scrollHeight > region.clientHeight + 1;
    const isAlong = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const turn = isAlong ? event.deltaX : isTall && !event.shiftKey ? 0 : event.deltaY;
    if (turn === 0) return;
    used(event);
    this.#turned += turn;
    const by = Math.trunc(this.#turned / wheelStep);
    if (by === 0) return;
    this.#turned -= by * wheelStep;
    this.#go(firstAfter(state, by));
  }

  #grab(event: PointerEvent): void {
    used(event);
    const isThumb = event.target === this.#thumb;
    const { left, width } = this.#track.getBoundingClientRect();
    const start = this.#thumb.getBoundingClientRect();
    const held = isThumb ? event.clientX - start.left : start.width / 2;
    this.#track.setPointerCapture(event.pointerId);
    const drag = (moved: PointerEvent) => {
      const state = this.#state();
      if (state === null) return;
      const wanted = Math.round(((moved.clientX - held - left) / width) * state.last) + 1;
      this.#go(firstAfter({ ...state, first: wanted }, 0));
    };
    drag(event);
    this.#track.addEventListener("pointermove", drag);
    const end = () => this.#track.removeEventListener("pointermove", drag);
    this.#track.addEventListener("pointerup", end, { once: true });
    this.#track.addEventListener("pointercancel", end, { once: true });
  }
}
