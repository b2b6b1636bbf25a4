import { lastIndex, termAt, type LogIndex } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check } from "./check.ts";

/** How many snapshots are remembered: each may be large, and nodes take them at about one time. */
export const rememberedSnapshots = 64;

/**
 * §7: a snapshot stands for committed entries only, and for the same on every node, since all state
 * machines that applied the same entries are the same.
 */
export const snapshotIsCommitted: Check = {
  id: "snapshot-is-committed",
  claim: "A snapshot stands for what is committed, and is the same on every node that takes it.",
  section: "§7",
  watch(seen) {
    /** By index, the first snapshot that was taken there. */
    const taken = new Map<LogIndex, { readonly data: string; readonly event: TraceEvent }>();

    function remember(index: LogIndex, data: string, event: TraceEvent): void {
      taken.set(index, { data, event });
      if (taken.size <= rememberedSnapshots) return;
      for (const oldest of taken.keys()) {
        taken.delete(oldest);
        return;
      }
    }

    return {
      snapshotTaken(event, found) {
        const { node, index, data } = event;
        const known = taken.get(index);
        if (known === undefined) remember(index, data, event);
        else if (known.data !== data) {
          found({
            about: index,
            text: `${node} wrote another state machine down at ${index} than ${known.event.node ?? "nobody"} had.`,
            because: [known.event],
          });
        }
      },

      compacted(event, found) {
        const { node, index, term } = event;
        const { committed } = seen;
        if (termAt(committed, index) === term) return;
        const commit = seen.commitOf(Math.min(index, lastIndex(committed)));
        const what =
          index > lastIndex(committed)
            ? `the cluster has committed only up to ${lastIndex(committed)}`
            : `of term ${termAt(committed, index) ?? 0} is what was committed there`;
        found({
          about: `${node} ${index}`,
          text: `${node} has a snapshot up to entry ${index} of term ${term}, but ${what}.`,
          because: commit === undefined ? [] : [commit.event],
        });
      },

      restored(event, found) {
        const { before } = seen;
        if (before === undefined || event.index > before.lastApplied) return;
        found({
          about: event.node,
          text: `${event.node} went back from entry ${before.lastApplied} to a snapshot up to ${event.index}.`,
          because: [before.appliedSince],
        });
      },
    };
  },
};
