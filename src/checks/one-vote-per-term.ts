import type { NodeId, Term } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check, Found } from "./check.ts";
import { RecentTerms } from "./recent-terms.ts";

interface Vote {
  readonly candidate: NodeId;
  readonly event: TraceEvent;
}

/**
 * §5.2: a node votes for at most one candidate in a term, whatever befalls it in between.
 *
 * Only votes that left the node count: one lost in a crash before it was sent binds nobody. A
 * candidate's own vote leaves with its first RequestVote. The usual culprit is a vote that is not
 * saved, so a restart between the two is part of the proof.
 */
export const oneVotePerTerm: Check = {
  id: "one-vote-per-term",
  claim: "A node votes for at most one candidate in a term.",
  section: "§5.2",
  watch(seen) {
    const votes = new Map<NodeId, RecentTerms<Vote>>();

    function votesOf(node: NodeId): RecentTerms<Vote> {
      let all = votes.get(node);
      if (all === undefined) votes.set(node, (all = new RecentTerms()));
      return all;
    }

    function gave(node: NodeId, term: Term, vote: Vote, found: Found): void {
      const all = votesOf(node);
      const first = all.get(term);
      if (first === undefined) return all.set(term, vote);
      if (first.candidate === vote.candidate) return;
      const both = `${node} voted for ${first.candidate} and for ${vote.candidate} in term ${term}`;
      const restart = seen.now?.started;
      const about = `${node} ${term}`;
      if (restart !== undefined && restart.seq > first.event.seq) {
        const text = `${both}, with a restart in between: is votedFor saved before the vote is sent?`;
        found({ about, text, because: [first.event, restart] });
      } else {
        found({ about, text: `${both}.`, because: [first.event] });
      }
    }

    return {
      sent(event, found) {
        const { node, message } = event;
        const { term } = message;
        if (message.kind === "RequestVote") {
          gave(node, term, { candidate: node, event }, found);
        } else if (message.kind === "RequestVoteReply" && message.voteGranted) {
          gave(node, term, { candidate: message.to, event }, found);
        }
      },
    };
  },
};
