import { unreachable } from "../raft/index.ts";
import type { OutlineItem } from "./answers.ts";
import type { AccountDocument, Document, LogDocument, StateDocument } from "./documents.ts";
import { boundsOf } from "./lines.ts";
import { wholeLine } from "./log-lines-rule.ts";
import { rangeIn } from "./object-file.ts";
import type { Range } from "./place.ts";
import { accountRuns, termRuns, type Run } from "./runs.ts";
import { shownText } from "./shown-text.ts";

/** More would be no outline any more, and slow to make and to draw. */
const itemLimit = 5_000;

/** A log by term, an account by term and role, a state by name. */
export function outlineOf(document: Document): readonly OutlineItem[] {
  switch (document.kind) {
    case "log":
      return logOutline(document);
    case "account":
      return accountOutline(document);
    case "stateMachine":
      return stateOutline(document);
    case "storage":
    case "members":
    case "other":
      return [];
    default:
      return unreachable(document);
  }
}

/** Of a long log only the last terms show their entries: the end is where something happens. */
function logOutline(document: LogDocument): readonly OutlineItem[] {
  const runs = termRuns(document).slice(-itemLimit);
  let left = itemLimit - runs.length;
  return runs
    .toReversed()
    .map((run) => {
      const count = Math.min(left, run.last - run.first + 1);
      left -= count;
      return termItem(document, run, run.last - count + 1);
    })
    .toReversed();
}

/** A term with its entries from a line on. */
function termItem(document: LogDocument, run: Run, from: number): OutlineItem {
  const { firstIndex } = document.shape;
  const [first, last] = [firstIndex + run.first, firstIndex + run.last];
  return {
    name: run.key,
    detail: first === last ? `entry ${first}` : `entries ${first} to ${last}`,
    kind: "term",
    range: rangeOfRun(run, (line) => wholeLine(document, line)),
    children: Array.from({ length: run.last + 1 - from }, (_, at) =>
      entryItem(document, from + at),
    ),
  };
}

function entryItem(document: LogDocument, line: number): OutlineItem {
  return {
    name: String(document.shape.firstIndex + line),
    detail: shownText(commandText(document, line), 60),
    kind: "entry",
    range: wholeLine(document, line),
    children: [],
  };
}

/** The start of the command in a line, as it stands there. */
export function commandText({ text, lines }: LogDocument, line: number, limit = 400): string {
  const entry = lines.lines[line];
  if (entry?.kind !== "entry") return "";
  const [from] = boundsOf(text, lines.starts, line);
  const end = Math.min(entry.commandEnd, entry.commandStart + limit);
  return text.slice(from + entry.commandStart, from + end);
}

function accountOutline(document: AccountDocument): readonly OutlineItem[] {
  return accountRuns(document)
    .slice(-itemLimit)
    .map((run) => ({
      name: shownText(run.key),
      detail: timeOf(document, run.first),
      kind: "role",
      range: rangeOfRun(run, (line) => lineRange(document, line)),
      children: [],
    }));
}

/** When the line was written, to the second; empty if it does not say. */
function timeOf({ text, lines }: AccountDocument, line: number): string {
  if (lines.lines[line]?.term === null) return "";
  const [from] = boundsOf(text, lines.starts, line);
  return text.slice(from + "2026-11-25 ".length, from + "2026-11-25 12:20:31".length);
}

function stateOutline({ text, object }: StateDocument): readonly OutlineItem[] {
  if (object.kind !== "object") return [];
  return [...object.members.values()].slice(0, 1_000).map((member) => ({
    name: shownText(text.slice(member.keyStart + 1, member.keyEnd - 1)),
    detail: shownText(
      text.slice(member.valueStart, Math.min(member.valueEnd, member.valueStart + 60)),
      60,
    ),
    kind: "field",
    range: rangeIn(text, member.keyStart, member.valueEnd),
    children: [],
  }));
}

function rangeOfRun({ first, last }: Run, rangeOf: (line: number) => Range): Range {
  return { start: rangeOf(first).start, end: rangeOf(last).end };
}

function lineRange({ lines }: AccountDocument, line: number): Range {
  return {
    start: { line, character: 0 },
    end: { line, character: lines.lines[line]?.length ?? 0 },
  };
}
