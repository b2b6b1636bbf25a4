import { firstDifference, lastIndex, leaderOf, slice, type RaftState } from "../raft/index.ts";
import type { ObservedHappening } from "./event.ts";

/**
 * What one step changed, in the order in which the paper would tell it: term, role, vote, whom to
 * follow, log, commit index. Costs what changed, whatever the length of the log.
 */
export function observe(before: RaftState, after: RaftState): readonly ObservedHappening[] {
  if (before === after) return [];
  const { currentTerm: term, votedFor, role } = after;
  const seen: ObservedHappening[] = [];
  const newTerm = before.currentTerm !== term;
  if (newTerm) seen.push({ kind: "termChanged", term });
  // A candidate whose election failed stands again in a new term: a change of role, too (Figure 4).
  if (before.role.kind !== role.kind || (newTerm && role.kind === "candidate")) {
    seen.push({ kind: "roleChanged", role: role.kind, term });
  }
  if (votedFor !== null && (newTerm || before.votedFor !== votedFor)) {
    seen.push({ kind: "voted", candidate: votedFor, term });
  }
  const leaderId = leaderOf(after);
  if (leaderOf(before) !== leaderId) seen.push({ kind: "leaderKnown", leaderId });
  // First, for it may stand in place of all the log, and what is appended stands behind it.
  if (after.snapshot !== null && before.snapshot !== after.snapshot) {
    const { index, term: ofTerm } = after.snapshot;
    seen.push({ kind: "compacted", index, term: ofTerm, logStart: after.log.start });
  }
  if (before.log !== after.log) {
    const from = firstDifference(before.log, after.log);
    if (from <= lastIndex(before.log)) seen.push({ kind: "truncated", from });
    const entries = slice(after.log, from);
    if (entries.length > 0) seen.push({ kind: "appended", first: from, entries });
  }
  if (before.commitIndex !== after.commitIndex) {
    seen.push({ kind: "committed", index: after.commitIndex });
  }
  // Last, for what was committed in this step was by the configuration before.
  const placed = after.configurations.at(-1);
  if (placed !== undefined && before.configurations.at(-1) !== placed) {
    seen.push({ kind: "configurationChanged", ...placed });
  }
  return seen;
}
