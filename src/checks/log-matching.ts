import {
  firstDifference,
  sameEntry,
  slice,
  termAt,
  type Entry,
  type LogIndex,
  type NodeId,
  type Term,
} from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check, Found } from "./check.ts";
import { entryText } from "./entry-text.ts";

/** An entry with its place: what stood where, after what, and who showed it first. */
interface Place {
  readonly entry: Entry;
  readonly previousTerm: Term;
  readonly node: NodeId;
  readonly event: TraceEvent;
  /** Another term's entry at the same index. */
  readonly other: Place | undefined;
}

/**
 * Figure 3, Log Matching, by the induction that proves it: if every entry has one content and one
 * predecessor's term wherever it stands, then logs that share an entry share all before it.
 *
 * So only what is new in a log needs a look. What is remembered grows with the log, not the trace.
 */
export const logMatching: Check = {
  id: "log-matching",
  claim: "If two logs hold an entry of the same index and term, they are the same up to there.",
  section: "§5.3",
  watch(seen) {
    const places: (Place | undefined)[] = [];

    function look(at: Omit<Place, "other">, index: LogIndex, found: Found): void {
      const first = places[index];
      let known = first;
      while (known !== undefined && known.entry.term !== at.entry.term) known = known.other;
      if (known === undefined) {
        places[index] = { ...at, other: first };
      } else if (!sameEntry(known.entry, at.entry)) {
        found({
          about: index,
          text: `Entry ${index} is ${entryText(known.entry)} on ${known.node}, but ${entryText(at.entry)} on ${at.node}.`,
          because: [known.event],
        });
      } else if (known.previousTerm !== at.previousTerm) {
        found({
          about: index,
          text: `Entry ${index} of term ${at.entry.term} follows ${predecessor(known)} on ${known.node}, but ${predecessor(at)} on ${at.node}.`,
          because: [known.event],
        });
      }
    }

    function lookFrom(first: LogIndex, event: TraceEvent, found: Found): void {
      const { now } = seen;
      if (now === undefined) return;
      const { log, id: node } = now;
      const entries = event.kind === "appended" ? event.entries : slice(log, first);
      let previousTerm = termAt(log, first - 1) ?? 0;
      let index = first;
      for (const entry of entries) {
        look({ entry, previousTerm, node, event }, index, found);
        previousTerm = entry.term;
        index++;
      }
    }

    return {
      appended: (event, found) => lookFrom(event.first, event, found),
      started(event, found) {
        const { before, now } = seen;
        const log = now?.log ?? event.saved.log;
        lookFrom(
          before === undefined ? log.start + 1 : firstDifference(before.log, log),
          event,
          found,
        );
      },
    };
  },
};

function predecessor({ previousTerm }: Pick<Place, "previousTerm">): string {
  return previousTerm === 0 ? "nothing" : `one of term ${previousTerm}`;
}
