import { l10n } from "vscode";
import type { Action } from "../cluster/index.ts";
import { unreachable } from "../raft/index.ts";
import type { RunningCluster } from "./lab.ts";
import type { Outcome } from "./outcomes.ts";
import { offerOutput, refuse, type Refused } from "./notifications.ts";
import { withProgressIfLong } from "./progress.ts";
import { answerText, failureText, membershipText, refusalText, transferText } from "./texts.ts";

/** Has the cluster do something other than to take an entry. Answers why it was not done. */
export async function performAction(
  running: RunningCluster,
  action: Exclude<Action, { readonly kind: "submit" | "read" }>,
  title: string,
): Promise<Refused | undefined> {
  const outcome = await withProgressIfLong(title, (signal) => running.perform(action, signal));
  return refusedBy(outcome, running);
}

/** Tells the user why nothing came of an action, if nothing did. */
export function refusedBy(outcome: Outcome, { nameOf }: RunningCluster): Refused | undefined {
  switch (outcome.kind) {
    case "done":
      return undefined;
    case "refused":
      return refuse(refusalText(outcome.reason, nameOf));
    case "stopped":
      return refuse(refusalText({ kind: "stopped" }, nameOf));
    case "failed": {
      const { node, failure } = outcome;
      const text = l10n.t("{0} could not start: {1}", nameOf(node), failureText(failure));
      return refuse(text, offerOutput());
    }
    case "nothingYet":
      return refuse(l10n.t("It goes on, though nobody waits for it any more."));
    case "answered":
      return refuse(answerText(outcome.answer, nameOf));
    case "notTransferred":
      return refuse(transferText(outcome.why, nameOf));
    case "membersNotChanged":
      return refuse(membershipText(outcome.why, nameOf));
    case "unanswered":
      return refuse(l10n.t("{0} stopped before it had answered.", nameOf(outcome.node)));
    default:
      return unreachable(outcome);
  }
}
