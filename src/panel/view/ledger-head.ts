import type { LedgerColumn, LedgerModel } from "../ledger-model.ts";
import type { LedgerShape } from "../ledger-shape.ts";
import type { Say } from "../texts.ts";
import { move, say as tell, set, show, svg } from "./svg.ts";
import { textSize } from "./text-size.ts";

export interface HeadScene {
  readonly model: LedgerModel;
  readonly shape: LedgerShape;
  readonly width: number;
  readonly isSelected: boolean;
  readonly say: Say;
}

/** Where the stack of copies stands, and how high it is. */
export const stackTop = 24;
export const stackHeight = 26;
/** Up to so many nodes each copy is a box of its own. */
const mostBoxes = 9;

const padlock = "M-4.1 0h8.2v5.6h-8.2zM-2.3 0v-1.8a2.3 2.3 0 0 1 4.6 0v1.8";
const warning = "M0 -4.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0 -9M0 -2.4v2.6M0 1.9v0.4";

/** The head of a column: its index, how many nodes hold the entry, and what keeps it from committing. */
export class ColumnHead {
  readonly element = svg("g", { role: "button", tabindex: "-1" });
  readonly #area = svg("rect", { class: "head-area", rx: 2 });
  readonly #index = svg("text", {
    class: "head-index mono",
    "text-anchor": "middle",
    "aria-hidden": "true",
  });
  readonly #copies = svg("text", {
    class: "head-copies mono",
    "text-anchor": "middle",
    "aria-hidden": "true",
  });
  readonly #stack = svg("g");
  readonly #sign = svg("path");
  readonly #title = svg("title");
  #boxes: readonly SVGRectElement[] = [];
  #drawn = "";

  constructor() {
    this.element.append(
      this.#title,
      this.#area,
      this.#stack,
      this.#index,
      this.#copies,
      this.#sign,
    );
  }

  draw(column: LedgerColumn, scene: HeadScene): void {
    const { model, shape, width, isSelected } = scene;
    const key = JSON.stringify([column, width, isSelected, model.count, shape.density]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    const { index, isCommitted, isBroken, isLocked } = column;
    const states = [
      isCommitted ? " is-committed" : "",
      isSelected ? " is-selected" : "",
      isBroken ? " is-broken" : "",
      isLocked ? " is-locked" : "",
    ];
    set(this.element, {
      class: `head${states.join("")}`,
      "data-index": index,
      "data-vscode-context": JSON.stringify({
        webviewSection: "entry",
        index,
        preventDefaultContextMenuItems: true,
      }),
    });
    set(this.#area, { x: 0, y: 4, width, height: shape.top - 10 });
    this.#drawWords(column, scene);
    this.#drawStack(column, scene);
    tell(this.#title, headLabel(column, scene));
  }

  #drawWords({ index, copies, isLocked, isBroken }: LedgerColumn, scene: HeadScene): void {
    const { shape, width, model } = scene;
    const isNarrow = shape.density === "narrow";
    const digits = String(index).length;
    const size = Math.min(shape.density === "full" ? 10.5 : 9.5, (width - 2) / (0.61 * digits));
    const hasSign = isLocked || isBroken;
    const isBeside = hasSign && !isNarrow;
    const middle = width / 2;
    const shift = isBeside
      ? Math.min(6, Math.max(0, width - digits * size * 0.61 - 12) / 2 + 2)
      : 0;
    tell(this.#index, String(index));
    set(this.#index, { x: middle + shift, y: isNarrow ? 14 : 18 });
    textSize(this.#index, size);
    textSize(this.#copies, shape.density === "full" ? 9.5 : 9);
    const full = `${copies}/${model.count}`;
    const isFull = shape.density === "full" && full.length * 5.9 < width;
    tell(this.#copies, isNarrow && hasSign ? "" : isFull ? full : String(copies));
    set(this.#copies, { x: middle, y: isNarrow ? 26 : stackTop + stackHeight + 12 });
    show(this.#sign, hasSign);
    if (!hasSign) return;
    set(this.#sign, {
      d: isBroken ? warning : padlock,
      class: isBroken ? "head-broken" : "head-lock",
    });
    const left = middle + shift - (digits * size * 0.61) / 2 - 5.5;
    move(
      this.#sign,
      isNarrow ? middle : left,
      isNarrow ? (isBroken ? 23.5 : 21) : isBroken ? 14.5 : 12,
    );
  }

  #drawStack({ copies }: LedgerColumn, { model, shape, width }: HeadScene): void {
    const isNarrow = shape.density === "narrow";
    const count = isNarrow ? 0 : model.count > mostBoxes ? 2 : model.count;
    if (this.#boxes.length !== count) {
      this.#boxes = Array.from({ length: count }, () => svg("rect", { rx: 0.5 }));
      this.#stack.replaceChildren(...this.#boxes);
    }
    const wide = Math.min(12, width - 8);
    const x = width / 2 - wide / 2;
    if (model.count > mostBoxes) {
      const [all, held] = this.#boxes;
      const high = stackHeight * (copies / model.count);
      if (all === undefined || held === undefined) return;
      set(all, { x, y: stackTop, width: wide, height: stackHeight, class: "stack" });
      const y = stackTop + stackHeight - high;
      set(held, { x, y, width: wide, height: high, class: "stack is-held" });
      return;
    }
    const high = stackHeight / model.count;
    for (const [at, box] of this.#boxes.entries()) {
      const y = stackTop + stackHeight - (at + 1) * high + 0.75;
      const state = at < copies ? "stack is-held" : "stack";
      set(box, { x, y, width: wide, height: Math.max(high - 1.5, 1), class: state });
    }
  }
}

export function headLabel(column: LedgerColumn, { model, say }: HeadScene): string {
  const { index, term, copies, command } = column;
  const standing = standingOf(column, say);
  if (term === null) return say("index {0}: not in the log that counts", index);
  return say(
    "index {0}, term {1}, {2}: on {3} of {4} nodes, {5}",
    index,
    term,
    command,
    copies,
    model.count,
    standing,
  );
}

function standingOf({ isCommitted, isLocked, isBroken }: LedgerColumn, say: Say): string {
  if (isBroken) return say("a committed entry was lost");
  if (isCommitted) return say("committed");
  return isLocked
    ? say("not committed, for it is of an older term (§5.4.2)")
    : say("not committed");
}
