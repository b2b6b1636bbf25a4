import type { LedgerCell } from "../ledger-model.ts";
import { hatchOf } from "./hatch.ts";
import { circle } from "./shapes.ts";
import { move, say as tell, set, svg, termColour } from "./svg.ts";
import { textSize } from "./text-size.ts";

export const ledgerHatch = "ledger-hatch-";

export interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** How long a cell takes to fill up when its entry is committed. */
const fillMillis = 120;

/** How wide a digit of the editor's font is at size 1, about. */
const digit = 0.62;

/**
 * One place in one row. It stands for another index when the window moves on, which mostly changes
 * nothing of it: so the picture is not built anew with each entry.
 */
export class CellMark {
  readonly element = svg("g", { role: "button", tabindex: "-1" });
  readonly #box = svg("rect");
  readonly #plate = svg("rect", { class: "cell-plate" });
  readonly #text = svg("text", {
    class: "cell-term mono",
    "text-anchor": "middle",
  });
  readonly #corner = svg("path", { class: "cell-applied" });
  readonly #unsaved = svg("path", { class: "cell-unsaved" });
  readonly #broken = svg("rect", { class: "cell-broken", rx: 3.5 });
  #drawn: LedgerCell | null = null;
  #size: CellSize = { width: 0, height: 0 };
  #label = "";

  constructor() {
    this.element.append(this.#box, this.#plate, this.#text, this.#corner, this.#unsaved);
  }

  /** `isCommittedNow`: it is committed since the last time, which is shown as it filling up. */
  draw(cell: LedgerCell, size: CellSize, isCommittedNow: boolean): void {
    if (isCommittedNow) this.#fill();
    const before = this.#drawn;
    const isSame = size.width === this.#size.width && size.height === this.#size.height;
    if (isSame && before !== null && isAlike(before, cell)) return;
    this.#drawn = cell;
    this.#size = size;
    this.element.style.setProperty("--term", termColour(cell.term));
    set(this.element, { class: `cell is-${cell.kind}` });
    this.#drawBox(cell, size);
    this.#drawText(cell, size);
    this.#drawSigns(cell, size);
  }

  label(text: string): void {
    if (text === this.#label) return;
    this.#label = text;
    this.element.setAttribute("aria-label", text);
  }

  #fill(): void {
    if (!mayMove()) return;
    const frames = { clipPath: ["inset(0 100% 0 0)", "inset(0)"] };
    this.#box.animate(frames, { duration: fillMillis, easing: "linear" });
  }

  #drawBox({ kind, term }: LedgerCell, { width, height }: CellSize): void {
    const isSmall = height < 17;
    const rx = isSmall ? 1.5 : 2.5;
    const hatch =
      kind === "uncommitted" || kind === "conflicting" ? hatchOf(ledgerHatch, term) : null;
    // The style sheet has a fill for every other kind, and would win over an attribute.
    this.#box.style.fill = hatch ?? "";
    if (kind === "missing") {
      const line = { x: 3.5, y: height - 1.75, width: Math.max(width - 7, 1), height: 1.5 };
      set(this.#box, { ...line, rx: null, class: "cell-box" });
      return;
    }
    const inset = kind === "committed" ? 0 : kind === "uncommitted" ? 0.75 : 0.5;
    set(this.#box, {
      class: "cell-box",
      x: 1.5 + inset,
      y: inset,
      width: Math.max(width - 3 - 2 * inset, 1),
      height: height - 2 * inset,
      rx,
    });
  }

  #drawText({ kind, term }: LedgerCell, { width, height }: CellSize): void {
    const isSmall = height < 17;
    const sign = kind === "conflicting" && !isSmall ? "≠" : "";
    const text = kind === "missing" ? "" : `${sign}${term}`;
    const size = Math.min(isSmall ? 9 : 11, (width - 5) / (digit * Math.max(text.length, 1)));
    tell(this.#text, text);
    set(this.#text, { x: width / 2, y: height / 2 + size * 0.36 });
    textSize(this.#text, size);
    const isStriped = kind === "uncommitted" || kind === "conflicting";
    const plate = Math.min(text.length * size * digit + 7, width - 5);
    const high = isSmall ? 9 : 14;
    set(this.#plate, {
      x: width / 2 - plate / 2,
      y: height / 2 - high / 2,
      width: isStriped ? plate : 0,
      height: high,
      rx: isSmall ? 0 : 2,
    });
  }

  #drawSigns(
    { kind, isApplied, isSaved, isBroken }: LedgerCell,
    { width, height }: CellSize,
  ): void {
    const isSmall = height < 17;
    const right = width - 1.5;
    const hasCorner = isApplied && !isSmall && kind !== "missing";
    set(this.#corner, { d: hasCorner ? `M${right - 6} 0h4q2 0 2 2v4z` : "" });
    const isUnsaved = !isSaved && kind !== "missing";
    set(this.#unsaved, { d: isUnsaved ? circle(isSmall || width < 28 ? 2.4 : 3) : "" });
    if (isUnsaved) {
      const inset = isSmall || width < 28 ? 3 : 5.5;
      move(this.#unsaved, 1.5 + inset, height - inset);
    }
    if (!isBroken) return this.#broken.remove();
    set(this.#broken, { x: 0.5, y: -1.5, width: width - 1, height: height + 3 });
    this.element.append(this.#broken);
  }
}

function mayMove(): boolean {
  return (
    !document.body.classList.contains("vscode-reduce-motion") &&
    !matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}

function isAlike(one: LedgerCell, other: LedgerCell): boolean {
  return (
    one.kind === other.kind &&
    one.term === other.term &&
    one.isApplied === other.isApplied &&
    one.isSaved === other.isSaved &&
    one.isBroken === other.isBroken
  );
}
