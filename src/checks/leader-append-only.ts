import type { Check } from "./check.ts";

/** Figure 3, Leader Append-Only. A leader that learns of a newer term is a follower first. */
export const leaderAppendOnly: Check = {
  id: "leader-append-only",
  claim: "A leader never removes or replaces entries of its log; it only appends.",
  section: "§5.3",
  watch(seen) {
    return {
      truncated(event, found) {
        const { now } = seen;
        if (now?.role !== "leader") return;
        const { currentTerm, roleSince } = now;
        found({
          about: `${event.node} ${currentTerm}`,
          text: `${event.node} removed its entries from ${event.from} on while it led term ${currentTerm}.`,
          because: [roleSince],
        });
      },
    };
  },
};
