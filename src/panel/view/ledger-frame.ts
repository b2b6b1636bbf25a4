import type { LogIndex } from "../../raft/index.ts";
import type { LedgerModel } from "../ledger-model.ts";
import type { LedgerShape } from "../ledger-shape.ts";
import type { Say } from "../texts.ts";
import { stackHeight, stackTop } from "./ledger-head.ts";
import { say as tell, set, show, svg } from "./svg.ts";

interface FrameScene {
  readonly model: LedgerModel;
  readonly shape: LedgerShape;
  readonly width: number;
  readonly selected: LogIndex | null;
  readonly say: Say;
  readonly height: number;
}

/** What belongs to no row and no column: the majority's line, the selected column, the captions. */
export class LedgerFrame {
  readonly below = svg("g");
  readonly above = svg("g", { class: "ledger-frame" });
  readonly #wash = svg("rect", { class: "column-wash", rx: 3 });
  readonly #outline = svg("rect", { class: "column-outline", rx: 3 });
  readonly #majority = svg("path", { class: "majority" });
  readonly #captions = {
    index: svg("text", { class: "ledger-caption" }),
    majority: svg("text", { class: "ledger-caption" }),
    copies: svg("text", { class: "ledger-caption" }),
  };
  readonly #empty = svg("text", { class: "ledger-empty" });

  constructor() {
    this.below.append(this.#wash, ...Object.values(this.#captions), this.#empty);
    this.above.append(this.#majority, this.#outline);
  }

  draw(scene: FrameScene): void {
    this.#drawSelection(scene);
    this.#drawCaptions(scene);
    const { model, shape, width, say } = scene;
    const y = majorityY(model);
    const hasLine = shape.density !== "narrow" && model.columns.length > 0;
    const end = shape.left + model.columns.length * width;
    set(this.#majority, { d: hasLine ? `M${shape.left - 2} ${y}H${end}` : "" });
    show(this.#empty, model.last === 0);
    tell(this.#empty, say("The logs are empty. What a client submits will stand here."));
    set(this.#empty, { x: shape.left, y: shape.top - 24 });
  }

  #drawSelection({ model, shape, width, selected, height }: FrameScene): void {
    const at = selected === null ? -1 : selected - model.first;
    const isShown = at >= 0 && at < model.columns.length;
    show(this.#wash, isShown);
    show(this.#outline, isShown);
    if (!isShown) return;
    const place = {
      x: shape.left + at * width - 1,
      y: shape.density === "narrow" ? 2 : 5,
      width: width + 2,
      height: height - (shape.density === "narrow" ? 4 : 8),
    };
    set(this.#wash, place);
    const isBroken = model.columns[at]?.isBroken === true;
    set(this.#outline, { ...place, class: `column-outline${isBroken ? " is-broken" : ""}` });
  }

  #drawCaptions({ model, shape, say }: FrameScene): void {
    const { index, majority, copies } = this.#captions;
    for (const caption of [index, majority, copies]) show(caption, model.columns.length > 0);
    const isNarrow = shape.density === "narrow";
    const anchor = { "text-anchor": isNarrow ? "start" : "end", x: isNarrow ? 12 : shape.left - 6 };
    tell(index, say("index"));
    set(index, { ...anchor, y: isNarrow ? 14 : 18 });
    tell(copies, isNarrow ? say("copies of {0}", model.count) : say("copies"));
    set(copies, { ...anchor, y: isNarrow ? 26 : stackTop + stackHeight + 12 });
    tell(
      majority,
      isNarrow ? "" : model.isJoint ? say("majorities") : say("majority {0}", model.quorum),
    );
    set(majority, { ...anchor, y: majorityY(model) + 4 });
  }
}

function majorityY({ quorum, count }: LedgerModel): number {
  return stackTop + stackHeight * (1 - quorum / Math.max(count, 1));
}
