import { unreachable } from "../raft/index.ts";
import type { Document } from "./documents.ts";
import type { Judgement } from "./judgement.ts";
import { entryOf } from "./log-shape.ts";
import { wholeLine } from "./log-lines-rule.ts";
import { rangeAt } from "./logs-rule.ts";
import type { Place, Position } from "./place.ts";

/** The entry that a place is about, in every log that has one of that index. */
export function placesOf(
  document: Document,
  place: Position,
  { comparison }: Judgement,
): readonly Place[] {
  const index = indexAt(document, place);
  if (index === null) return [];
  return comparison.logs
    .filter(({ shape }) => entryOf(shape, index) !== undefined)
    .map((log) => ({ file: log.file, range: rangeAt(log, index, wholeLine) }));
}

/** The place after this file's, in the order of the nodes' names; from an account, the first. */
export function nextPlace(document: Document, place: Position, judgement: Judgement): Place | null {
  const places = placesOf(document, place, judgement);
  const own = places.findIndex(({ file }) => file === document.file);
  const next = places[(own + 1) % Math.max(1, places.length)];
  return next === undefined || next.file === document.file ? null : next;
}

/** The index of the entry that stands in a line, or that it tells of. */
export function indexAt(document: Document, { line }: Position): number | null {
  if (document.kind === "log") {
    const { shape } = document;
    return shape.entries[line] === undefined ? null : shape.firstIndex + line;
  }
  if (document.kind !== "account") return null;
  const said = document.lines.lines[line]?.said;
  if (said === undefined) return null;
  switch (said.kind) {
    case "committed":
      return said.index;
    case "drops":
      return said.from;
    case "stores":
      return said.last;
    case "leader":
    case "leads":
    case "votes":
    case "wrote":
    case "started":
    case "stopped":
    case "logBegins":
    case "other":
      return null;
    default:
      return unreachable(said);
  }
}
