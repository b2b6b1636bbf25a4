import type { NodeId, Term } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check, Found } from "./check.ts";
import { RecentTerms } from "./recent-terms.ts";

/** Figure 3, Election Safety. Who sends AppendEntries in a term leads it, whatever it says. */
export const electionSafety: Check = {
  id: "election-safety",
  claim: "At most one node leads a term.",
  section: "§5.2",
  watch() {
    const leaders = new RecentTerms<{ readonly node: NodeId; readonly event: TraceEvent }>();

    function leads(node: NodeId, term: Term, event: TraceEvent, found: Found): void {
      const first = leaders.get(term);
      if (first === undefined) return leaders.set(term, { node, event });
      if (first.node === node) return;
      const text = `${first.node} and ${node} both lead term ${term}.`;
      found({ about: term, text, because: [first.event] });
    }

    return {
      roleChanged(event, found) {
        if (event.role === "leader") leads(event.node, event.term, event, found);
      },
      sent(event, found) {
        const { kind, term } = event.message;
        if (kind === "AppendEntries") leads(event.node, term, event, found);
      },
    };
  },
};
