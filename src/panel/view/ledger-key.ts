import type { LedgerModel } from "../ledger-model.ts";
import type { LedgerShape } from "../ledger-shape.ts";
import type { Say } from "../texts.ts";
import { hatchOf } from "./hatch.ts";
import { html } from "./html.ts";
import { ledgerHatch } from "./ledger-cell.ts";
import { svg, termColour } from "./svg.ts";

/** What the signs in the ledger mean. */
export class LedgerKey {
  readonly element = html("div", "ledger-key");
  #drawn = "";

  draw({ leader }: LedgerModel, { density }: LedgerShape, width: number, say: Say): void {
    const term = leader?.currentTerm ?? 0;
    const key = `${density} ${term} ${width > 400}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.element.hidden = density === "narrow" || width < 400;
    this.element.style.setProperty("--leader", termColour(term));
    this.element.style.setProperty("--term", termColour(term));
    const isFull = density === "full";
    const entries = [
      item("commit", "commitIndex", "M5 0.5v11"),
      ...(leader !== null && isFull ? [item("match", "matchIndex", dot(3.4))] : []),
      ...(leader !== null && density !== "grouped"
        ? [item("next", "nextIndex", "M5 2l4.3 7.4h-8.6z")]
        : []),
      ...(isFull ? [item("cell-applied", say("applied"), "M2 2h7v7z")] : []),
      striped(term, say("uncommitted")),
      ...(isFull ? [item("cell-unsaved", say("not durable"), dot(3.1))] : []),
    ];
    this.element.replaceChildren(...entries);
  }
}

function item(className: string, text: string, d: string): HTMLElement {
  return entry(svg("path", { class: className, d }), text);
}

function striped(term: number, text: string): HTMLElement {
  const box = svg("rect", { class: "cell-box", x: 0.5, y: 1.5, width: 10, height: 8.5, rx: 1 });
  box.style.fill = hatchOf(ledgerHatch, term);
  return entry(svg("g", { class: "cell is-uncommitted" }, box), text);
}

function entry(sign: SVGElement, text: string): HTMLElement {
  const picture = svg("svg", { width: 12, height: 12, "aria-hidden": "true" }, sign);
  return html("span", "key-item", picture, text);
}

function dot(radius: number): string {
  return `M${5 - radius} 6a${radius} ${radius} 0 1 1 ${2 * radius} 0a${radius} ${radius} 0 1 1 ${-2 * radius} 0Z`;
}
