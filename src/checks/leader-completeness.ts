import { entryAt, type Log, type LogIndex, type NodeId, type Term } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check } from "./check.ts";
import { lastAgreement, type Commit } from "./seen.ts";

interface Election {
  readonly node: NodeId;
  readonly term: Term;
  readonly event: TraceEvent;
  /** The log that won. */
  readonly log: Log;
}

/** How many elections are remembered, for the commit of a leader that was deposed unawares. */
const electionLimit = 16;

/**
 * Figure 3, Leader Completeness, in terms and not in time: a late election in an old term owes
 * nothing to newer ones, and a commit that an old leader learns of late binds the new ones.
 */
export const leaderCompleteness: Check = {
  id: "leader-completeness",
  claim: "An entry committed in a term is in the log of the leader of every later term.",
  section: "§5.4",
  watch(seen) {
    const elections: Election[] = [];

    return {
      roleChanged(event, found) {
        const { now } = seen;
        if (event.role !== "leader" || now === undefined) return;
        const { term, node } = event;
        const election = { node, term, event, log: now.log };
        elections.push(election);
        if (elections.length > electionLimit) elections.shift();

        const owed = seen.commits.findLast((commit) => commit.term < term);
        const missing = owed === undefined ? undefined : missingIn(election, owed);
        if (owed === undefined || missing === undefined) return;
        const first = seen.commitOf(missing);
        const commit = first !== undefined && first.term < term ? first : owed;
        found({ about: term, text: lacks(election, missing, commit), because: [commit.event] });
      },

      committed(_event, found) {
        const { newCommit: commit, now } = seen;
        if (commit === undefined || now?.role !== "leader") return;
        for (const election of elections) {
          if (election.term <= commit.term) continue;
          const missing = missingIn(election, commit);
          if (missing === undefined) continue;
          const text = lacks(election, missing, commit);
          found({ about: election.term, text, because: [election.event] });
        }
      },
    };

    /** The first entry that the winner did not hold, of those that `owed` committed. */
    function missingIn({ log }: Election, { index }: Commit): LogIndex | undefined {
      const { committed } = seen;
      if (entryAt(log, index)?.term === entryAt(committed, index)?.term) return undefined;
      return lastAgreement(log, committed) + 1;
    }
  },
};

function lacks({ node, term }: Election, missing: LogIndex, commit: Commit): string {
  return `${node} was elected in term ${term} without entry ${missing}, which ${commit.node} committed in term ${commit.term}.`;
}
