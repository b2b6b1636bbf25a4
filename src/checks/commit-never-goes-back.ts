import { lastIndex } from "../raft/index.ts";
import type { Check } from "./check.ts";

/** Figure 2: commitIndex "increases monotonically". A restart begins at 0 again. */
export const commitNeverGoesBack: Check = {
  id: "commit-never-goes-back",
  claim: "Between two starts, a node's commitIndex only grows, and never past its log.",
  section: "§5.3",
  watch(seen) {
    return {
      committed(event, found) {
        const { before } = seen;
        if (before === undefined) return;
        const { node, index } = event;
        const { commitIndex, commitSince, log, logSince } = before;
        if (index < commitIndex) {
          found({
            about: node,
            text: `${node} took its commitIndex back from ${commitIndex} to ${index}.`,
            because: [commitSince],
          });
        }
        if (index > lastIndex(log)) {
          found({
            about: node,
            text: `${node} committed up to ${index}, but its log ends at ${lastIndex(log)}.`,
            because: [logSince],
          });
        }
      },
    };
  },
};
