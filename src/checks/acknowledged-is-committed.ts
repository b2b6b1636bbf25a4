import { entryAt, lastIndex, type Entry, type NodeId, type Term } from "../raft/index.ts";
import type { ActionId, TraceEvent } from "../trace/index.ts";
import type { Check } from "./check.ts";
import { commandText, entryText } from "./entry-text.ts";

interface Request {
  readonly command: string;
  readonly event: TraceEvent;
}

/** §8: what a client is told is true of the cluster, and not only of the node that says it. */
export const acknowledgedIsCommitted: Check = {
  id: "acknowledged-is-committed",
  claim: "A client is told that its command is committed only when it is, where it is said to be.",
  section: "§8",
  watch(seen) {
    /** What each node was asked for and has not answered. */
    const open = new Map<NodeId, Map<ActionId, Request>>();

    return {
      started: (event) => void open.set(event.node, new Map()),
      requested(event) {
        const requests = open.get(event.node);
        for (const { id, command } of event.requests) requests?.set(id, { command, event });
      },
      unanswered: (event) => void open.get(event.node)?.delete(event.action),
      answered(event, found) {
        const { node, action, answer } = event;
        const request = open.get(node)?.get(action);
        open.get(node)?.delete(action);
        if (answer.kind !== "committed" && answer.kind !== "superseded") return;
        if (seen.now === undefined) return;

        const { index } = answer;
        const entry = entryAt(seen.committed, index);
        const asked = request === undefined ? [] : [request.event];
        if (entry === undefined) {
          const last = lastIndex(seen.committed);
          const commit = seen.commitOf(last);
          found({
            about: index,
            text: `${node} told a client that entry ${index} is committed, but the cluster has committed only up to ${last}.`,
            because: commit === undefined ? asked : [...asked, commit.event],
          });
        } else if (answer.kind === "committed" && !isThat(entry, answer.term, request)) {
          const commit = seen.commitOf(index);
          const what = request === undefined ? "a command" : commandText(request.command);
          found({
            about: index,
            text: `${node} told a client that ${what} is committed at ${index} in term ${answer.term}, but ${entryText(entry)} is.`,
            because: commit === undefined ? asked : [...asked, commit.event],
          });
        }
      },
    };
  },
};

/** Whether `entry` is the one of `term` that was asked for; of an unknown request the term tells. */
function isThat(entry: Entry, term: Term, request: Request | undefined): boolean {
  if (entry.kind !== "command" || entry.term !== term) return false;
  return request === undefined || request.command === entry.command;
}
