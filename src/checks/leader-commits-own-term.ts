import { entryAt } from "../raft/index.ts";
import type { Check } from "./check.ts";

/**
 * §5.4.2 and Figure 8: an entry of an earlier term may be on a majority and be overwritten yet.
 *
 * A follower commits what its leader did, so only a leader's commitIndex is judged. Entries of
 * earlier terms that commit along with one of its own are as they should be.
 */
export const leaderCommitsOwnTerm: Check = {
  id: "leader-commits-own-term",
  claim: "A leader commits only up to an entry of its own term.",
  section: "§5.4.2",
  watch(seen) {
    return {
      committed(event, found) {
        const { now } = seen;
        if (now?.role !== "leader") return;
        const { node, index } = event;
        const { currentTerm, log, roleSince } = now;
        const entry = entryAt(log, index);
        if (entry === undefined || entry.term === currentTerm) return;
        found({
          about: index,
          text: `${node} leads term ${currentTerm} and committed up to entry ${index}, which is of term ${entry.term}.`,
          because: [roleSince],
        });
      },
    };
  },
};
