import {
  InvariantViolation,
  unreachable,
  type LogIndex,
  type NodeId,
  type Term,
} from "../raft/index.ts";
import { leaderIn, type Refusal } from "../trace/index.ts";
import type { Action } from "../cluster/index.ts";
import type { Outcome } from "./outcomes.ts";
import type { Watch } from "./watch.ts";

/** What a submission needs of a running cluster. */
export interface SubmitTarget {
  readonly watch: Watch;
  perform(action: Action, signal: AbortSignal): Promise<Outcome>;
}

export interface Submission {
  /** Who is to take it; null for whoever leads. */
  readonly node: NodeId | null;
  readonly command: string;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  /** How long to wait for a leader where there is none. */
  readonly patienceMillis: number;
}

/** What came of a submission. */
export type Submitted =
  | {
      readonly kind: "committed";
      readonly node: NodeId;
      readonly index: LogIndex;
      readonly term: Term;
    }
  /** Another leader's entry stands in its place: it never will be committed. */
  | { readonly kind: "superseded"; readonly index: LogIndex }
  /** The node that was named does not lead. */
  | { readonly kind: "notLeader"; readonly node: NodeId; readonly leaderId: NodeId | null }
  /** The node that held it stopped: it may commit yet, or never. */
  | { readonly kind: "unanswered"; readonly node: NodeId }
  /** The cluster was stopped when a node had it already: it may commit yet, or never. */
  | { readonly kind: "stopped" }
  /** Cancelled when a node had it already: it may commit yet. */
  | { readonly kind: "nothingYet" }
  /** Cancelled before a node had it. */
  | { readonly kind: "cancelled" }
  /** No leader was elected within the patience. */
  | { readonly kind: "noLeader" }
  /** There is no leader, and as time stands still none will be elected. */
  | { readonly kind: "noLeaderWhilePaused" }
  | { readonly kind: "refused"; readonly reason: Refusal };

/** From one look for a leader to the next, where the last one did not lead any more. */
const lookAgainMillis = 100;

/**
 * Submits a command. Where no node is named, it waits for a leader; a node that says it does not
 * lead has not taken the command, so that it is safe to give it to the next.
 */
export async function submit(target: SubmitTarget, submission: Submission): Promise<Submitted> {
  const { node, command, signal, patienceMillis } = submission;
  // Where time goes by more slowly, so does an election.
  const realMillis = Math.round(patienceMillis / Math.min(1, target.watch.view.speed));
  const patience = AbortSignal.any([signal, AbortSignal.timeout(realMillis)]);
  for (;;) {
    const obstacle =
      node === null ? await withoutLeader(target.watch, signal, patience) : undefined;
    if (obstacle !== undefined) return obstacle;
    if (target.watch.isEnded) return { kind: "refused", reason: { kind: "stopped" } };
    const outcome = await target.perform({ kind: "submit", node, command }, signal);
    if (node !== null || !isForWantOfLeader(outcome)) return submitted(outcome);
    await pause(lookAgainMillis, patience);
  }
}

/** Waits for a leader. Answers why there is none. */
async function withoutLeader(
  watch: Watch,
  signal: AbortSignal,
  patience: AbortSignal,
): Promise<Submitted | undefined> {
  if (leaderIn(watch.view) === undefined) {
    if (watch.view.paused) return { kind: "noLeaderWhilePaused" };
    await watch.until((view) => leaderIn(view) !== undefined, patience);
  }
  if (watch.isEnded) return { kind: "refused", reason: { kind: "stopped" } };
  if (signal.aborted) return { kind: "cancelled" };
  return patience.aborted ? { kind: "noLeader" } : undefined;
}

function isForWantOfLeader(outcome: Outcome): boolean {
  return (
    (outcome.kind === "refused" && outcome.reason.kind === "noLeader") ||
    (outcome.kind === "answered" && outcome.answer.kind === "notLeader")
  );
}

function submitted(outcome: Outcome): Submitted {
  switch (outcome.kind) {
    case "answered": {
      const { node, answer } = outcome;
      if (answer.kind === "read" || answer.kind === "readRefused") {
        throw new InvariantViolation("what is answered to a submission is not about a read");
      }
      return answer.kind === "superseded" ? answer : { ...answer, node };
    }
    case "unanswered":
    case "refused":
    case "stopped":
    case "nothingYet":
      return outcome;
    case "done":
    case "failed":
    case "notTransferred":
    case "membersNotChanged":
      throw new InvariantViolation("a submission is answered, refused or left unanswered");
    default:
      return unreachable(outcome);
  }
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
