import type { LogIndex } from "../raft/index.ts";

export interface ScrollState {
  /** The first index that is looked at; null follows the end of the logs. */
  readonly first: LogIndex | null;
  readonly last: LogIndex;
  /** How many columns there is room for. */
  readonly fit: number;
}

/** Where one is after scrolling by so many columns: null again once the end is reached. */
export function firstAfter({ first, last, fit }: ScrollState, by: number): LogIndex | null {
  const end = Math.max(1, last - fit + 1);
  const wanted = Math.max(1, (first ?? end) + by);
  return wanted >= end ? null : wanted;
}

/** A place in the ledger: row -1 is the heads, place -1 the label of the row. */
export interface LedgerPlace {
  readonly row: number;
  readonly index: LogIndex | null;
}

/** Where a key leads from a place; null if it leads nowhere. */
export function placeAfter(
  key: string,
  { row, index }: LedgerPlace,
  size: {
    readonly rows: number;
    readonly first: LogIndex;
    readonly last: LogIndex;
    readonly columns: number;
  },
): LedgerPlace | null {
  const { rows, first, last, columns } = size;
  const inside = (wanted: LogIndex) => Math.max(1, Math.min(last, wanted));
  const toRow = (wanted: number) => ({ row: Math.max(-1, Math.min(rows - 1, wanted)), index });
  if (last === 0 && index !== null) return null;
  switch (key) {
    case "ArrowUp":
      return index === null ? { row: Math.max(0, row - 1), index } : toRow(row - 1);
    case "ArrowDown":
      return toRow(row + 1);
    case "ArrowLeft":
      if (index === null) return null;
      return index === first && row >= 0 && first === 1
        ? { row, index: null }
        : { row, index: inside(index - 1) };
    case "ArrowRight":
      return last === 0 ? null : { row, index: index === null ? first : inside(index + 1) };
    case "PageUp":
      return { row, index: inside((index ?? first) - columns) };
    case "PageDown":
      return { row, index: inside((index ?? first) + columns) };
    case "Home":
      return row >= 0 ? { row, index: null } : { row, index: 1 };
    case "End":
      return last === 0 ? null : { row, index: last };
    default:
      return null;
  }
}
