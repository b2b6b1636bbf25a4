import { entryAt, isQuorum, isVoter, membersIn } from "../raft/index.ts";
import type { Check } from "./check.ts";

/**
 * §5.3: an entry is committed once a majority of the members holds it, and to hold is to hold
 * durably: a copy that a crash can take back is none.
 *
 * Judged at the first commit of an index. Whoever commits it later was told.
 */
export const quorumHoldsCommitted: Check = {
  id: "quorum-holds-committed",
  claim: "What is committed is saved on a majority of the members.",
  section: "§5.3",
  watch(seen) {
    return {
      committed(_event, found) {
        const { now, newCommit, committed } = seen;
        if (now === undefined || newCommit === undefined || !seen.recordsSaving) return;
        const { index } = newCommit;
        const term = entryAt(committed, index)?.term;

        const { configuration } = now;
        const voters = membersIn(configuration).filter((member) => isVoter(configuration, member));
        const lacking = voters
          .flatMap((member) => seen.nodes.get(member) ?? [])
          .filter(({ durable }) => entryAt(durable.log, index)?.term !== term);
        // A member whose start the trace does not hold may have it.
        if (isQuorum(configuration, (voter) => lacking.every(({ id }) => id !== voter))) return;
        found({
          about: index,
          text: `${now.id} committed entry ${index} when ${lacking.length} of ${voters.length} members had not saved it.`,
          because: lacking.map(({ durableSince }) => durableSince),
        });
      },
    };
  },
};
