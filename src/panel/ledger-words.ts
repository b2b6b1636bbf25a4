import { unreachable } from "../raft/index.ts";
import type { CellKind, LedgerModel, LedgerRow } from "./ledger-model.ts";
import type { Say } from "./texts.ts";

/** What a screen reader says of a cell: `index 13, term 3, on n1: uncommitted`. */
export function cellLabel(
  model: LedgerModel,
  row: LedgerRow,
  at: number,
  { name, say }: { readonly name: string; readonly say: Say },
): string {
  const cell = row.cells[at];
  const index = model.first + at;
  if (cell === undefined || cell.kind === "missing") {
    return say("index {0}, on {1}: missing", index, name);
  }
  const words = [
    cellWord(cell.kind, say),
    ...(cell.isApplied ? [say("applied")] : []),
    ...(cell.isSaved ? [] : [say("not durable")]),
    ...(cell.isBroken ? [say("a violation")] : []),
  ];
  return say("index {0}, term {1}, on {2}: {3}", index, cell.term, name, words.join(", "));
}

export function cellWord(kind: CellKind, say: Say): string {
  switch (kind) {
    case "committed":
      return say("committed");
    case "uncommitted":
      return say("uncommitted");
    case "conflicting":
      return say("conflicting");
    case "missing":
      return say("missing");
    case "onDisk":
      return say("committed, on disk");
    default:
      return unreachable(kind);
  }
}
