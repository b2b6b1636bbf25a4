import type { LogIndex } from "../../raft/index.ts";
import type { LedgerModel } from "../ledger-model.ts";
import { placeAfter, type LedgerPlace } from "../ledger-scrolling.ts";
import { used } from "./rove.ts";
import type { Surroundings } from "./view.ts";

interface Ledger {
  readonly model: () => LedgerModel | null;
  /** Row -1 is the heads, place -1 the labels of the rows. */
  readonly elementAt: (row: number, at: number) => SVGElement | undefined;
  readonly scrollTo: (index: LogIndex) => void;
  readonly select: Surroundings["select"];
}

/** Going through the ledger by keys and choosing in it; one of its parts is a stop of the Tab key. */
export class LedgerKeys {
  readonly #svg: SVGSVGElement;
  readonly #ledger: Ledger;
  #place: LedgerPlace = { row: -1, index: null };
  #stop: SVGElement | undefined;
  /** The focus is here, even if what had it was taken out of the picture since. */
  #hasFocus = false;

  constructor(element: SVGSVGElement, ledger: Ledger) {
    this.#svg = element;
    this.#ledger = ledger;
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("click", ({ target }) => this.#choose(this.#placeOf(target)));
    element.addEventListener("focusin", ({ target }) => {
      const place = this.#placeOf(target);
      if (place !== null) this.#place = place;
      this.#hasFocus = true;
      this.#inContext(place);
    });
    element.addEventListener("focusout", ({ target, relatedTarget }) => {
      const isTakenOut = relatedTarget === null && target instanceof Element && !target.isConnected;
      if (!isTakenOut) this.#hasFocus = false;
    });
    element.addEventListener("pointerover", ({ target }) => this.#inContext(this.#placeOf(target)));
  }

  /** After the ledger was drawn: the window may have moved beneath the focus. */
  draw(selected: LogIndex | null): void {
    const model = this.#ledger.model();
    if (model === null) return;
    const chosen = this.#hasFocus ? null : (selected ?? model.columns.at(-1)?.index ?? null);
    const index = this.#place.index ?? chosen;
    const row = Math.max(index === null ? 0 : -1, Math.min(this.#place.row, model.rows.length - 1));
    const element = this.#elementFor({ row, index });
    if (element === undefined) {
      // Out of the window, where it waits to be scrolled to; Tab must lead somewhere meanwhile.
      if (this.#stop?.isConnected !== true) this.#stopAt(this.#ledger.elementAt(0, -1));
      return;
    }
    if (element !== this.#stop) this.#stopAt(element);
    if (this.#hasFocus && document.activeElement !== element) element.focus();
  }

  #stopAt(element: SVGElement | undefined): void {
    this.#stop?.setAttribute("tabindex", "-1");
    element?.setAttribute("tabindex", "0");
    this.#stop = element;
  }

  #elementFor({ row, index }: LedgerPlace): SVGElement | undefined {
    const model = this.#ledger.model();
    if (model === null) return undefined;
    if (index === null) return this.#ledger.elementAt(row, -1);
    return index < model.first ? undefined : this.#ledger.elementAt(row, index - model.first);
  }

  #key(event: KeyboardEvent): void {
    const model = this.#ledger.model();
    if (model === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      used(event);
      return this.#choose(this.#placeOf(event.target));
    }
    const { first, last, columns, rows } = model;
    const size = { rows: rows.length, first, last, columns: columns.length };
    const next = placeAfter(event.key, this.#place, size);
    if (next === null) return;
    used(event);
    this.#place = next;
    if (next.index !== null) this.#ledger.scrollTo(next.index);
    const element = this.#elementFor(next);
    // What is not in the window yet gets the focus when it is drawn.
    if (element === undefined) return;
    this.#stopAt(element);
    element.focus();
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #choose(place: LedgerPlace | null): void {
    const model = this.#ledger.model();
    if (place === null || model === null) return;
    if (place.index !== null) return this.#ledger.select({ kind: "entry", index: place.index });
    const node = model.rows[place.row]?.node.id;
    if (node !== undefined) this.#ledger.select({ kind: "node", node });
  }

  #placeOf(target: EventTarget | null): LedgerPlace | null {
    const model = this.#ledger.model();
    const element = target instanceof Element ? target.closest("[tabindex]") : null;
    if (model === null || element === null) return null;
    for (let row = -1; row < model.rows.length; row++) {
      for (let at = row < 0 ? 0 : -1; at < model.columns.length; at++) {
        if (this.#ledger.elementAt(row, at) !== element) continue;
        return { row, index: at < 0 ? null : model.first + at };
      }
    }
    return null;
  }

  /** VS Code's own menu asks the page what it is opened on; a head tells it itself. */
  #inContext(place: LedgerPlace | null): void {
    const node = place === null ? undefined : this.#ledger.model()?.rows[place.row]?.node.id;
    const about =
      place === null || place.index === null
        ? {}
        : { webviewSection: "entry", index: place.index, node };
    const context = JSON.stringify({ ...about, preventDefaultContextMenuItems: true });
    if (this.#svg.dataset["vscodeContext"] !== context)
      this.#svg.dataset["vscodeContext"] = context;
  }
}
