import type { LogIndex, NodeId } from "../raft/index.ts";
import type { ActionId, TraceEvent } from "../trace/index.ts";
import type { Check } from "./check.ts";

/** How far clients know the log to be committed, and which event told them. */
interface Known {
  readonly index: LogIndex;
  readonly event: TraceEvent | undefined;
}

interface Read {
  /** What clients knew when it was asked for. */
  readonly floor: Known;
  readonly event: TraceEvent;
}

/**
 * §8: reads are linearizable. Whoever asks after a client was told something, be it that a command
 * is committed or what another read saw, gets a state in which that is so.
 *
 * It takes the order of the trace for that of real time. A read whose begin the trace does not hold
 * cannot be judged.
 */
export const readsSeeWhatWasAcknowledged: Check = {
  id: "reads-see-what-was-acknowledged",
  claim: "A read sees every command that was acknowledged before the read was asked for.",
  section: "§8",
  watch() {
    let known: Known = { index: 0, event: undefined };
    /** What each node was asked and has not answered. */
    const open = new Map<NodeId, Map<ActionId, Read>>();

    return {
      started: (event) => void open.set(event.node, new Map()),
      readRequested(event) {
        let reads = open.get(event.node);
        if (reads === undefined) open.set(event.node, (reads = new Map()));
        for (const { id } of event.reads) reads.set(id, { floor: known, event });
      },
      unanswered: (event) => void open.get(event.node)?.delete(event.action),
      answered(event, found) {
        const { node, action, answer } = event;
        const read = open.get(node)?.get(action);
        open.get(node)?.delete(action);
        if (answer.kind !== "committed" && answer.kind !== "read") return;
        const { index } = answer;
        if (answer.kind === "read" && read !== undefined && index < read.floor.index) {
          const { floor } = read;
          found({
            about: action,
            text: `${node} answered a read as of entry ${index}, but when it was asked a client knew of entry ${floor.index}.`,
            because: floor.event === undefined ? [read.event] : [floor.event, read.event],
          });
        }
        if (index > known.index) known = { index, event };
      },
    };
  },
};
