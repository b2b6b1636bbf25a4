import { sameEntry, type Entry, type LogIndex, type NodeId } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check } from "./check.ts";
import { entryText } from "./entry-text.ts";

interface Applied {
  readonly entry: Entry;
  readonly node: NodeId;
  readonly event: TraceEvent;
}

/**
 * Figure 3, State Machine Safety, and what makes it say something: each node applies every entry
 * from the first on, in order, and only what it has committed. A start begins at the first again.
 */
export const stateMachineSafety: Check = {
  id: "state-machine-safety",
  claim: "All nodes apply the same entries, each in order, without a gap, once it is committed.",
  section: "§5.4.3",
  watch(seen) {
    /** By index, what was applied there first. */
    const applied: (Applied | undefined)[] = [];

    return {
      applied(event, found) {
        const { node, first, entries } = event;
        let index: LogIndex = first;
        for (const entry of entries) {
          const known = applied[index];
          if (known === undefined) {
            applied[index] = { entry, node, event };
          } else if (!sameEntry(known.entry, entry)) {
            found({
              about: index,
              text: `${node} applied ${entryText(entry)} at index ${index}, where ${known.node} applied ${entryText(known.entry)}.`,
              because: [known.event],
            });
          }
          index++;
        }

        const { before } = seen;
        if (before === undefined) return;
        const { lastApplied, commitIndex } = before;
        if (first !== lastApplied + 1) {
          found({
            about: node,
            text: `${node} applied entry ${first} next after entry ${lastApplied}.`,
            because: [before.appliedSince],
          });
        }
        if (index - 1 > commitIndex) {
          found({
            about: node,
            text: `${node} applied entry ${index - 1}, but it has committed only up to ${commitIndex}.`,
            because: [before.commitSince],
          });
        }
      },
    };
  },
};
