import { entryAt, termAt, type Log, type LogIndex } from "../raft/index.ts";
import type { Check } from "./check.ts";
import { lastAgreement } from "./seen.ts";

/**
 * §5.4: nothing takes a committed entry from a log that holds it, whoever committed it: not a
 * leader, for every leader has it too, and not a crash, once it is durable.
 */
export const committedStays: Check = {
  id: "committed-stays",
  claim: "A committed entry never leaves a log that holds it.",
  section: "§5.4",
  watch(seen) {
    return {
      truncated(event, found) {
        const { before } = seen;
        const { node, from } = event;
        if (before === undefined || !holdsCommitted(before.log, from)) return;
        const commit = seen.commitOf(from);
        if (commit === undefined) return;
        found({
          about: `${node} ${from}`,
          text: `${node} removed entry ${from}, which ${commit.node} had committed.`,
          because: [commit.event],
        });
      },

      started(event, found) {
        const { before, now } = seen;
        if (before === undefined || now === undefined) return;
        const { node } = event;
        const { durable: saved } = now;
        const { log } = before.durable;
        const held = lastAgreement(log, seen.committed);
        if (termAt(saved.log, held) === termAt(log, held)) return;
        const lost = lastAgreement(saved.log, log) + 1;
        const commit = seen.commitOf(lost);
        if (commit === undefined) return;
        found({
          about: `${node} ${lost}`,
          text: `${node} restarted without entry ${lost}, which it had saved and ${commit.node} had committed.`,
          because: [before.durableSince, commit.event],
        });
      },
    };

    function holdsCommitted(log: Log, index: LogIndex): boolean {
      const entry = entryAt(log, index);
      return entry !== undefined && entry.term === entryAt(seen.committed, index)?.term;
    }
  },
};
