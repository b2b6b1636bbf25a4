import type { LogIndex } from "../../raft/index.ts";
import { ledgerModel, type LedgerModel, type LedgerRow } from "../ledger-model.ts";
import { columnsThatFit, columnWidth, ledgerHeight, ledgerShape } from "../ledger-shape.ts";
import { cellLabel } from "../ledger-words.ts";
import type { Model } from "../model.ts";
import { shortNameIn } from "../node-look.ts";
import type { Picture } from "../protocol.ts";
import { sayIn, type Say } from "../texts.ts";
import { hatchPatterns } from "./hatch.ts";
import { html } from "./html.ts";
import { ledgerHatch } from "./ledger-cell.ts";
import { LedgerFrame } from "./ledger-frame.ts";
import { ColumnHead } from "./ledger-head.ts";
import { LedgerKey } from "./ledger-key.ts";
import { LedgerKeys } from "./ledger-keys.ts";
import { RowMark, type RowScene } from "./ledger-row.ts";
import { LedgerScroll } from "./ledger-scroll.ts";
import { LedgerTable } from "./ledger-table.ts";
import { move, Pool, set, svg } from "./svg.ts";
import type { Surroundings, View } from "./view.ts";

/** How often what only a screen reader reads is written anew. */
const readableMillis = 1000;
/** Up to so many cells are named at once, with each change. */
const mostAtOnce = 400;

/** What was drawn last, so that nothing is done while it is the same. */
interface Drawn {
  readonly picture: Picture;
  readonly selection: Model["selection"];
  readonly width: number;
  readonly isNarrow: boolean;
  readonly model: LedgerModel;
  readonly scene: RowScene;
}

/** The logs: a row for each node, a column for each index, as the paper draws them. */
export class LedgerView implements View {
  readonly element = html("div", "ledger");
  readonly #svg = svg("svg", { role: "group" });
  readonly #frame = new LedgerFrame();
  readonly #heads: Pool<number, ColumnHead>;
  readonly #rows: Pool<string, RowMark>;
  readonly #table = new LedgerTable();
  readonly #key = new LedgerKey();
  readonly #scroll: LedgerScroll;
  readonly #keys: LedgerKeys;
  #width = 0;
  #isNarrow = false;
  #drawn: Drawn | null = null;
  #isWaiting = false;

  constructor({ send, select }: Surroundings) {
    const [heads, rows] = [svg("g"), svg("g")];
    this.#heads = new Pool(heads, () => new ColumnHead());
    this.#rows = new Pool(rows, () => new RowMark());
    this.#svg.append(hatchPatterns(ledgerHatch, 1.1), this.#frame.below, heads, rows);
    this.#svg.append(this.#frame.above);
    this.#scroll = new LedgerScroll(send, this.element);
    this.#keys = new LedgerKeys(this.#svg, {
      model: () => this.#drawn?.model ?? null,
      elementAt: (row, at) => this.#elementAt(row, at),
      scrollTo: (index) => this.#scroll.reveal(index),
      select,
    });
    this.element.append(this.#svg, this.#scroll.element, this.#key.element, this.#table.element);
  }

  resize(width: number, isNarrow: boolean): void {
    this.#width = width;
    this.#isNarrow = isNarrow;
    // In a page of middle width the inspector stands below the ledger, in place of the events.
    const height = this.element.parentElement?.offsetHeight ?? 0;
    document.documentElement.style.setProperty("--ledger-height", `${height}px`);
  }

  draw({ picture, selection, strings }: Model, time: number): void {
    if (picture === null || this.#width <= 0) return;
    const before = this.#drawn;
    if (before === null || !this.#isSame(before, picture, selection)) {
      this.#drawAll(picture, selection, sayIn(strings));
    }
    const drawn = this.#drawn;
    if (!this.#isNarrow || drawn === null) return;
    for (const row of drawn.model.rows) this.#rows.get(row.key)?.tick(row, drawn.scene, time);
  }

  #isSame(drawn: Drawn, picture: Picture, selection: Model["selection"]): boolean {
    return (
      drawn.picture.nodes === picture.nodes &&
      drawn.picture.ledger === picture.ledger &&
      drawn.selection === selection &&
      drawn.width === this.#width &&
      drawn.isNarrow === this.#isNarrow
    );
  }

  #drawAll(picture: Picture, selection: Model["selection"], say: Say): void {
    const before = this.#drawn;
    const model = ledgerModel(picture, selection?.kind === "node" ? selection.node : null);
    const shape = ledgerShape(picture.members.length, this.#isNarrow);
    const fit = columnsThatFit(shape, this.#width);
    const width = columnWidth(shape, this.#width, Math.min(fit, model.columns.length));
    const scene: RowScene = {
      model,
      shape,
      picture,
      width,
      nameOf: shortNameIn(picture),
      say,
      isCommittedNow: committedSince(before, model, picture),
      selected: selection?.kind === "node" ? selection.node : null,
    };
    const [sizes, isNarrow] = [this.#width, this.#isNarrow];
    this.#drawn = { picture, selection, width: sizes, isNarrow, model, scene };
    const height = ledgerHeight(shape, model.rows.length);
    set(this.#svg, {
      width: this.#width,
      height,
      class: `ledger-picture is-${shape.density}`,
      "aria-label": say("Logs"),
    });
    const selected = selection?.kind === "entry" ? selection.index : null;
    this.#frame.draw({ model, shape, width, selected, say, height });
    this.#drawHeads(scene, selected);
    this.#drawRows(scene);
    this.#key.draw(model, shape, this.#width, say);
    this.#scroll.draw({ model, fit, say, left: shape.left });
    this.#keys.draw(selected);
    const isFew = model.rows.length * model.columns.length <= mostAtOnce;
    if (isFew || before?.model.columns.length !== model.columns.length) this.#nameCells(scene);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => this.#makeReadable(), before === null ? 0 : readableMillis);
  }

  #drawHeads({ model, shape, width, say }: RowScene, selected: LogIndex | null): void {
    const places = model.columns.map((column, at) => [at, { column, at }] as const);
    this.#heads.draw(places, (head, { column, at }) => {
      head.draw(column, { model, shape, width, say, isSelected: column.index === selected });
      move(head.element, shape.left + at * width, 0);
    });
  }

  #drawRows(scene: RowScene): void {
    const { model, shape } = scene;
    const places = model.rows.map((row, at) => [row.key, { row, at }] as const);
    this.#rows.draw(places, (mark, { row, at }) => {
      mark.draw(row, scene);
      move(mark.element, 0, shape.top + at * shape.row);
    });
  }

  /** What stands at a place: row -1 is the heads, place -1 the labels of the rows. */
  #elementAt(row: number, at: number): SVGElement | undefined {
    if (row < 0) return this.#heads.get(at)?.element;
    const key = this.#drawn?.model.rows[row]?.key;
    const mark = key === undefined ? undefined : this.#rows.get(key);
    return at < 0 ? mark?.label : mark?.cell(at)?.element;
  }

  /** Names the cells that have not been named since they changed, and writes the table. */
  #makeReadable(): void {
    this.#isWaiting = false;
    const drawn = this.#drawn;
    if (drawn === null) return;
    const { model, picture, scene } = drawn;
    this.#nameCells(scene);
    this.#table.draw({ model, picture, nameOf: scene.nameOf, say: scene.say });
  }

  #nameCells({ model, nameOf, say }: RowScene): void {
    for (const row of model.rows) {
      const name = row.nodes.map(({ id }) => nameOf(id)).join(", ");
      const mark = this.#rows.get(row.key);
      for (const at of row.cells.keys()) {
        mark?.cell(at)?.label(cellLabel(model, row, at, { name, say }));
      }
    }
  }
}

/** Tells which cells were there but not committed the last time, while time goes on by itself. */
function committedSince(
  before: Drawn | null,
  { first }: LedgerModel,
  { clock }: Picture,
): (row: LedgerRow, at: number) => boolean {
  if (before === null || !clock.runs || !before.picture.clock.runs) return () => false;
  const rows = new Map(before.model.rows.map((row) => [row.key, row]));
  const moved = first - before.model.first;
  return (row, at) =>
    row.cells[at]?.kind === "committed" &&
    rows.get(row.key)?.cells[at + moved]?.kind === "uncommitted";
}
