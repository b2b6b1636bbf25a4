import type { Bug } from "./bug.ts";
import { electionBugs } from "./election-bugs.ts";
import { extensionBugs } from "./extension-bugs.ts";
import { membershipBugs } from "./membership-bugs.ts";
import { readBugs } from "./read-bugs.ts";
import { replicationBugs } from "./replication-bugs.ts";
import { snapshotBugs } from "./snapshot-bugs.ts";

/**
 * Mistakes that real systems and students have made, and those that the paper warns of.
 *
 * Not here, because there is no one line to make them in: term and vote saved as two writes (they
 * are one value), a state machine that outlives its lastApplied (it has no file of its own that
 * is read back), and what concerns sessions.
 */
export const bugs: readonly Bug[] = [
  ...electionBugs,
  ...replicationBugs,
  ...extensionBugs,
  ...membershipBugs,
  ...readBugs,
  ...snapshotBugs,
];
