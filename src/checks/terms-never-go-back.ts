import type { NodeId, Term } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import type { Check } from "./check.ts";

interface Shown {
  readonly term: Term;
  readonly event: TraceEvent;
}

/**
 * §5.1: a node's currentTerm only grows, restarts included.
 *
 * A restart may well take a term back that nobody was told of and no save confirmed.
 */
export const termsNeverGoBack: Check = {
  id: "terms-never-go-back",
  claim: "A node's term never falls, not even in a restart.",
  section: "§5.1",
  watch(seen) {
    /** The newest term of each node that was saved or left it in a message. */
    const shown = new Map<NodeId, Shown>();

    function show(node: NodeId, term: Term, event: TraceEvent): void {
      const newest = shown.get(node);
      if (newest === undefined || term > newest.term) shown.set(node, { term, event });
    }

    return {
      sent: (event) => show(event.node, event.message.term, event),
      saved: (event) => show(event.node, event.currentTerm, event),
      started(event, found) {
        const { node, saved } = event;
        const newest = shown.get(node);
        if (newest === undefined || saved.currentTerm >= newest.term) return;
        found({
          about: node,
          text: `${node} restarted in term ${saved.currentTerm}, but was in term ${newest.term} before: is currentTerm saved?`,
          because: [newest.event],
        });
      },
      termChanged(event, found) {
        const { before } = seen;
        if (before === undefined || event.term >= before.currentTerm) return;
        found({
          about: event.node,
          text: `${event.node} went from term ${before.currentTerm} to term ${event.term}.`,
          because: [before.termSince],
        });
      },
    };
  },
};
