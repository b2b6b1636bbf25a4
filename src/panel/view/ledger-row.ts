import type { LedgerCell, LedgerModel, LedgerRow } from "../ledger-model.ts";
import type { LedgerShape } from "../ledger-shape.ts";
import { isStaleLeader, roleText, timerOf } from "../node-look.ts";
import type { Picture } from "../protocol.ts";
import type { Say } from "../texts.ts";
import { CellMark } from "./ledger-cell.ts";
import { NodeSign } from "./shapes.ts";
import { move, Pool, say as tell, set, show, svg, termColour } from "./svg.ts";
import { textSize, textWidth } from "./text-size.ts";

export interface RowScene {
  readonly model: LedgerModel;
  readonly shape: LedgerShape;
  readonly picture: Picture;
  /** Of a column. */
  readonly width: number;
  readonly nameOf: (id: string) => string;
  readonly say: Say;
  /** Whether that place of this row was committed with this change. */
  readonly isCommittedNow: (row: LedgerRow, at: number) => boolean;
  readonly selected: string | null;
}

/** One node's log: its label, its entries, its commitIndex and what the leader believes of it. */
export class RowMark {
  readonly element = svg("g");
  readonly #wash = svg("rect", { class: "row-wash", rx: 3 });
  readonly #label = svg("g", { class: "row-label", role: "button", tabindex: "-1" });
  /** What the label is called, and what is told where the pointer rests. */
  readonly #title = svg("title");
  readonly #area = svg("rect", { class: "head-area", rx: 2 });
  readonly #sign = new NodeSign(7);
  readonly #name = svg("text", { class: "row-name", "aria-hidden": "true" });
  readonly #term = svg("text", { class: "row-term mono", "aria-hidden": "true" });
  readonly #note = svg("text", { class: "row-note", "aria-hidden": "true" });
  readonly #track = svg("rect", { class: "bar-track", rx: 1.5, height: 3 });
  readonly #timer = svg("rect", { class: "bar-timer", rx: 1.5, height: 3 });
  readonly #commitBack = svg("path", { class: "commit-back" });
  readonly #commit = svg("path", { class: "commit" });
  readonly #match = svg("circle");
  readonly #next = svg("path", { class: "next" });
  readonly #cells: Pool<number, CellMark>;

  constructor() {
    const cells = svg("g");
    this.#cells = new Pool(cells, () => new CellMark());
    this.#label.append(
      this.#title,
      this.#area,
      this.#sign.element,
      this.#name,
      this.#term,
      this.#note,
    );
    this.#label.append(this.#track, this.#timer);
    this.element.append(this.#wash, this.#label, cells);
    this.element.append(this.#commitBack, this.#commit, this.#match, this.#next);
  }

  /** The cell at that place of the window. */
  cell(at: number): CellMark | undefined {
    return this.#cells.get(at);
  }

  get label(): SVGGElement {
    return this.#label;
  }

  draw(row: LedgerRow, scene: RowScene): void {
    const { shape, width, model, isCommittedNow } = scene;
    const isLeading = row.node.id === model.leader?.id;
    const isDown = row.node.life !== "running";
    set(this.element, {
      class: `ledger-row${isLeading ? " is-leading" : ""}${isDown ? " is-down" : ""}`,
    });
    // Where there is a lane below the cells the wash takes it in, and not the one above.
    const over = hasLane(shape) ? 3 : (shape.row - shape.cell - 1) / 2;
    set(this.#wash, {
      x: 4,
      y: -over,
      width: shape.left + (row.cells.length + 1) * width - 2,
      height: hasLane(shape) ? shape.row : shape.row - 1,
    });
    this.#drawLabel(row, scene);
    // In a page that was narrow before, the bar of the timer still stands.
    show(this.#track, false);
    show(this.#timer, false);
    const size = { width, height: shape.cell };
    const places = row.cells.map((cell, at): readonly [number, Place] => [at, { at, cell }]);
    this.#cells.draw(places, (mark, { at, cell }) => {
      mark.draw(cell, size, isCommittedNow(row, at));
      move(mark.element, shape.left + at * width, 0);
    });
    this.#drawCommit(row, scene);
    this.#drawBeliefs(row, scene);
  }

  /** What depends on the time only: in the narrow page, where there is no ring. */
  tick({ node, nodes }: LedgerRow, { shape, picture }: RowScene, time: number): void {
    const hasBar = shape.density === "narrow" && shape.row > 30 && nodes.length === 1;
    const timer = hasBar ? timerOf(node, picture, time) : null;
    show(this.#track, timer !== null);
    show(this.#timer, timer !== null);
    if (timer === null) return;
    set(this.#track, { x: 12, y: shape.cell + 2, width: 56 });
    set(this.#timer, { x: 12, y: shape.cell + 2, width: 56 * timer.part });
    set(this.#timer, { class: `bar-timer${node.role === "leader" ? " is-leader" : ""}` });
    this.#timer.style.setProperty("--term", termColour(node.currentTerm));
  }

  #drawLabel(row: LedgerRow, scene: RowScene): void {
    const { shape, picture, selected } = scene;
    const { node, nodes } = row;
    const look = { role: node.role, isDown: node.life !== "running", term: node.currentTerm };
    this.#sign.draw({ ...look, isStale: isStaleLeader(node, picture) });
    const scale = shape.cell >= 20 ? 1 : shape.cell >= 17 ? 0.8 : 0.68;
    this.#sign.element.style.transform = `translate(18px, ${shape.cell / 2}px) scale(${scale})`;
    this.#drawWords(row, scene);
    set(this.#area, { x: 6, y: -3, width: shape.left - 12, height: shape.row - 4 });
    set(this.#label, {
      class: `row-label${nodes.some(({ id }) => id === selected) ? " is-selected" : ""}`,
      "data-node": node.id,
      "data-vscode-context": JSON.stringify({
        webviewSection: "node",
        node: node.id,
        nodeState: node.life,
        preventDefaultContextMenuItems: true,
      }),
    });
    tell(this.#title, labelTitle(row, scene));
  }

  #drawWords(row: LedgerRow, scene: RowScene): void {
    const { shape, nameOf, say } = scene;
    const middle = shape.cell / 2;
    const isSmall = shape.cell < 17;
    const isGroup = row.nodes.length > 1;
    const x = isSmall ? 28 : 33;
    const name = isGroup ? groupName(row, say) : nameOf(row.node.id);
    const size = isSmall ? 11 : isGroup ? 12 : 13;
    tell(this.#name, name);
    set(this.#name, { x, y: middle + 4 });
    textSize(this.#name, size);
    tell(this.#term, labelTerm(row, scene));
    set(this.#term, { x: x + textWidth(name, `600 ${size}px`) + 6, y: middle + 4 });
    textSize(this.#term, isSmall ? 9.5 : isGroup ? 10 : 11);
    const note = isSmall || isGroup || shape.density === "grouped" ? "" : noteOf(row, scene);
    tell(this.#note, note);
    set(this.#note, { x: shape.density === "narrow" ? 12 : 33, y: middle + 17 });
  }

  #drawCommit({ node, commitIndex, cells }: LedgerRow, { shape, width, model }: RowScene): void {
    const at = commitIndex + 1 - model.first;
    const isShown = node.life === "running" && commitIndex > 0 && at >= 0 && at <= cells.length;
    const over = shape.cell < 20 ? 1.5 : 3;
    const x = shape.left + at * width;
    const d = isShown ? `M${x.toFixed(1)} ${-over}v${shape.cell + 2 * over}` : "";
    set(this.#commitBack, { d });
    set(this.#commit, { d });
  }

  #drawBeliefs({ nextIndex, matchIndex, cells }: LedgerRow, scene: RowScene): void {
    const { shape, width, model } = scene;
    this.element.style.setProperty("--leader", termColour(model.leader?.currentTerm ?? 0));
    const placeOf = (index: number) => shape.left + (index - model.first + 0.5) * width;
    const isInside = (index: number) =>
      index >= model.first && index <= model.first + cells.length && index <= model.last + 1;
    const isLaned = hasLane(shape);
    const y = isLaned ? shape.cell + (shape.density === "narrow" ? 5.5 : 7) : shape.cell - 2;
    // In low rows only what stands back is marked: all others would be a row of the same sign.
    const isTold = isLaned || (matchIndex !== null && matchIndex < model.last - 2);
    const isEdge = matchIndex !== null && matchIndex < model.first;
    const hasMatch = matchIndex !== null && isLaned && (isEdge || isInside(matchIndex));
    set(this.#match, {
      class: `match${isEdge ? " is-none" : ""}`,
      cx: isEdge || matchIndex === null ? shape.left - 5 : placeOf(matchIndex),
      cy: y,
      r: hasMatch ? (isEdge ? 3 : 3.4) : 0,
    });
    const hasNext = nextIndex !== null && isTold && isInside(nextIndex);
    const x = placeOf(nextIndex ?? 0);
    const d = isLaned ? `M${x} ${y - 4}l4.3 7.4h-8.6z` : `M${x} ${y - 2}l3.5 5.5h-7z`;
    set(this.#next, { d: hasNext ? d : "" });
  }
}

/** Whether matchIndex and nextIndex have a lane of their own below the cells. */
function hasLane({ row, cell }: LedgerShape): boolean {
  return row - cell > 10;
}

interface Place {
  readonly at: number;
  readonly cell: LedgerCell;
}

function labelTitle(
  { node, nodes, commitIndex }: LedgerRow,
  { picture, nameOf, say }: RowScene,
): string {
  return say(
    "{0}, {1}, term {2}, log up to {3}, committed up to {4}",
    nodes.map(({ id }) => nameOf(id)).join(", "),
    roleText(node, picture, say),
    node.currentTerm,
    node.lastLogIndex,
    commitIndex,
  );
}

function groupName({ node, nodes }: LedgerRow, say: Say): string {
  return node.life === "running"
    ? say("{0} followers", nodes.length)
    : say("{0} down", nodes.length);
}

function labelTerm({ node, nodes }: LedgerRow, { shape, picture, say }: RowScene): string {
  const lengths = nodes.map(({ lastLogIndex }) => lastLogIndex);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  if (nodes.length > 1 && shape.density === "narrow") return "";
  if (nodes.length > 1) return say("up to {0}", least === most ? most : `${least}–${most}`);
  if (shape.density === "grouped") return `${roleText(node, picture, say)} t${node.currentTerm}`;
  return shape.density === "compact" ? "" : `t${node.currentTerm}`;
}

/** The second line of a label. */
function noteOf({ node, commitIndex }: LedgerRow, { shape, model, say }: RowScene): string {
  const isNarrow = shape.density === "narrow";
  if (node.life === "failed") return say("failed");
  if (node.life === "crashed") return isNarrow ? say("down") : say("on disk");
  // The narrow page has a timer in that place.
  return !isNarrow && commitIndex < model.commitIndex ? say("commit {0}", commitIndex) : "";
}
