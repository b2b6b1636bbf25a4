import { acknowledgedIsCommitted } from "./acknowledged-is-committed.ts";
import type { Check } from "./check.ts";
import { commitNeverGoesBack } from "./commit-never-goes-back.ts";
import { committedStays } from "./committed-stays.ts";
import { electionSafety } from "./election-safety.ts";
import { leaderAppendOnly } from "./leader-append-only.ts";
import { leaderCommitsOwnTerm } from "./leader-commits-own-term.ts";
import { leaderCompleteness } from "./leader-completeness.ts";
import { leaderElectedByQuorum } from "./leader-elected-by-quorum.ts";
import { logMatching } from "./log-matching.ts";
import { oneVotePerTerm } from "./one-vote-per-term.ts";
import { promiseAfterSave } from "./promise-after-save.ts";
import { quorumHoldsCommitted } from "./quorum-holds-committed.ts";
import { readsSeeWhatWasAcknowledged } from "./reads-see-what-was-acknowledged.ts";
import { snapshotIsCommitted } from "./snapshot-is-committed.ts";
import { stateMachineSafety } from "./state-machine-safety.ts";
import { termsNeverGoBack } from "./terms-never-go-back.ts";

export { Checker, findingLimit, type Check, type Finding } from "./check.ts";

/** What must hold of any trace, in the order in which users see it: Figure 3, then its causes. */
export const checks: readonly Check[] = [
  electionSafety,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
  stateMachineSafety,
  oneVotePerTerm,
  leaderElectedByQuorum,
  termsNeverGoBack,
  commitNeverGoesBack,
  committedStays,
  leaderCommitsOwnTerm,
  quorumHoldsCommitted,
  acknowledgedIsCommitted,
  promiseAfterSave,
  readsSeeWhatWasAcknowledged,
  snapshotIsCommitted,
];
