import { isQuorum, membersIn, type NodeId, type Term } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check } from "./check.ts";
import { RecentTerms } from "./recent-terms.ts";

/**
 * §5.2: a candidate wins with the votes of a majority of the members, in the term that it leads;
 * while two configurations are joint, of each (§6).
 *
 * A vote counts once it has left the node that gave it, the candidate's own once it is saved. What
 * is counted besides are votes of another term, or one vote twice: two leaders in a term follow
 * from that, but seldom, so the cause is looked for here.
 */
export const leaderElectedByQuorum: Check = {
  id: "leader-elected-by-quorum",
  claim: "A leader has the votes of a majority of the members in its term.",
  section: "§5.2",
  watch(seen) {
    const votes = new RecentTerms<Map<NodeId, Map<NodeId, TraceEvent>>>();

    function votesFor(candidate: NodeId, term: Term): Map<NodeId, TraceEvent> {
      let ofTerm = votes.get(term);
      if (ofTerm === undefined) votes.set(term, (ofTerm = new Map()));
      let given = ofTerm.get(candidate);
      if (given === undefined) ofTerm.set(candidate, (given = new Map()));
      return given;
    }

    return {
      sent(event) {
        const { node, message } = event;
        if (message.kind !== "RequestVoteReply" || !message.voteGranted) return;
        votesFor(message.to, message.term).set(node, event);
      },
      roleChanged(event, found) {
        const { now } = seen;
        if (event.role !== "leader" || now === undefined) return;
        const { id, configuration, durable } = now;
        const given = votesFor(id, event.term);
        const isOwnSaved = durable.currentTerm === event.term && durable.votedFor === id;
        const own = seen.recordsSaving ? isOwnSaved : now.votedFor === id;
        // A member whose start the trace does not hold may have voted.
        const silent = membersIn(configuration).filter((member) =>
          member === id ? !own : seen.nodes.has(member) && !given.has(member),
        );
        if (isQuorum(configuration, (member) => !silent.includes(member))) return;
        found({
          about: `${id} ${event.term}`,
          text: `${id} leads term ${event.term} without the votes of ${silent.join(", ")}.`,
          because: [now.termSince, ...given.values()],
        });
      },
    };
  },
};
