import { mostSingleRows } from "./ledger-model.ts";

/** The sizes of the ledger, in pixels. */
export interface LedgerShape {
  readonly density: LedgerDensity;
  /** Where the first column begins; the labels of the rows stand before it. */
  readonly left: number;
  readonly right: number;
  /** Where the first row begins; the heads of the columns stand above it. */
  readonly top: number;
  readonly row: number;
  readonly cell: number;
  readonly foot: number;
  /** A column is at least so wide, and at most. */
  readonly least: number;
  readonly most: number;
}

export type LedgerDensity =
  /** Up to nine nodes. */
  | "full"
  /** A low row for each node. */
  | "compact"
  /** Nodes whose logs end alike have one row. */
  | "grouped"
  /** A narrow page without a ring: the row also says what the ring would. */
  | "narrow";

const mostFullRows = 9;

export function ledgerShape(nodes: number, isNarrow: boolean): LedgerShape {
  const isGrouped = nodes > mostSingleRows;
  if (isNarrow) {
    const isMany = nodes > mostFullRows;
    return {
      density: "narrow",
      left: isGrouped ? 124 : 80,
      right: 12,
      top: 32,
      row: isMany ? 22 : 34,
      cell: isMany ? 15 : 20,
      foot: 4,
      least: 20,
      most: 26,
    };
  }
  if (isGrouped) {
    const size = { left: 196, right: 16, top: 68, row: 24, cell: 17, foot: 4 };
    return { density: "grouped", ...size, least: 38, most: 46 };
  }
  if (nodes > mostFullRows) {
    const size = { left: 76, right: 12, top: 68, row: 16.5, cell: 13, foot: 6 };
    return { density: "compact", ...size, least: 24, most: 30 };
  }
  const size = { left: 94, right: 20, top: 74, row: 36, cell: 22, foot: 0 };
  return { density: "full", ...size, least: 30, most: 38 };
}

/** How many columns there is room for, besides the one after the end that nextIndex points at. */
export function columnsThatFit({ left, right, least }: LedgerShape, width: number): number {
  return Math.max(1, Math.min(200, Math.floor((width - left - right) / least) - 1));
}

/** How wide columns are when there are so many: as wide as the space allows. */
export function columnWidth(shape: LedgerShape, width: number, columns: number): number {
  const room = (width - shape.left - shape.right) / (columns + 1);
  return Math.max(shape.least, Math.min(shape.most, room));
}

export function ledgerHeight(shape: LedgerShape, rows: number): number {
  return Math.ceil(shape.top + rows * shape.row + shape.foot);
}
