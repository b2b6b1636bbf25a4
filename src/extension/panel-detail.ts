import type { Member } from "../cluster/index.ts";
import type { Exploration, Moment } from "../exploration/index.ts";
import type { Detail, EntryCopy, EntryLine, Selection } from "../panel/index.ts";
import {
  entryAt,
  lastIndex,
  slice,
  unreachable,
  type Entry,
  type LogIndex,
  type NodeId,
} from "../raft/index.ts";
import type { NameOf } from "./names.ts";
import { flightPicture } from "./panel-flights.ts";
import { entryText, messageFields, shortened } from "./panel-texts.ts";
import { whyTexts } from "./panel-why.ts";

/** How much of a node is told: the end of its log, and some of the names that were set. */
const shownEntries = 12;
const shownValues = 50;
const textLength = 200;

export interface DetailOptions {
  readonly exploration: Exploration;
  readonly members: readonly Member[];
  readonly nameOf: NameOf;
}

/** What is selected, in full; null when it is not there at this moment. */
export function detailOf(
  selection: Selection | null,
  moment: Moment,
  options: DetailOptions,
): Detail | null {
  if (selection === null) return null;
  switch (selection.kind) {
    case "node":
      return nodeDetail(selection.node, moment, options);
    case "entry":
      return entryDetail(selection.index, moment, options);
    case "message": {
      const journey = options.exploration.journey(selection.id);
      if (journey === undefined || journey.sentSeq > moment.seq) return null;
      const fields = messageFields(journey.message, options.nameOf);
      return { kind: "message", flight: flightPicture(journey, moment.seq), fields };
    }
    // All there is to say of a finding stands in the list of findings.
    case "finding":
      return null;
    default:
      return unreachable(selection);
  }
}

function nodeDetail(node: NodeId, moment: Moment, { exploration }: DetailOptions): Detail | null {
  const seen = moment.view.nodes.get(node);
  if (seen === undefined) return null;
  const first = Math.max(1, lastIndex(seen.log) - shownEntries + 1);
  const entries = slice(seen.log, first).map((entry, at) => entryLine(first + at, entry));
  const values = exploration.stateMachine(node, moment, shownValues);
  const state = [...values].map(
    ([name, value]) => [shortened(name, textLength), shortened(value, textLength)] as const,
  );
  return { kind: "node", node, entries, earlier: first - 1, state };
}

function entryDetail(
  index: LogIndex,
  moment: Moment,
  { exploration, members, nameOf }: DetailOptions,
): Detail | null {
  const standing = exploration.standingOf(index, moment);
  if (standing.entry === null) return null;
  const isCommitted = standing.verdict.kind === "committed";
  const copies = members.map(({ id: node }): EntryCopy => {
    const seen = moment.view.nodes.get(node);
    const entry = seen === undefined ? undefined : entryAt(seen.log, index);
    if (seen === undefined || entry === undefined) {
      return { node, entry: null, isSaved: false, isCommitted: false, isApplied: false };
    }
    return {
      node,
      entry: entryLine(index, entry),
      isSaved: seen.savedIndex >= index,
      isCommitted: isCommitted && entry.term === standing.entry?.term,
      isApplied: seen.lastApplied >= index,
    };
  });
  return { kind: "entry", index, copies, why: whyTexts(standing, nameOf) };
}

function entryLine(index: LogIndex, entry: Entry): EntryLine {
  return { index, term: entry.term, text: shortened(entryText(entry), textLength) };
}
