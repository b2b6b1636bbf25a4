import { InputBoxValidationSeverity, l10n, ThemeIcon, window } from "vscode";
import { unreachable, type NodeId } from "../raft/index.ts";
import type { Stored } from "./api.ts";
import { nodeArgument, submitArgument } from "./arguments.ts";
import { askText, type Judgement } from "./ask.ts";
import type { ClusterBundle } from "./cluster-bundle.ts";
import type { RunningCluster } from "./lab.ts";
import { runningNodes, nodeNamed, pickNode } from "./node-choice.ts";
import { refuse, type Offer, type Refused } from "./notifications.ts";
import { withProgressIfLong } from "./progress.ts";
import type { Submitted } from "./submit.ts";
import { answerText, refusalText } from "./texts.ts";

/** How long a submission waits for a leader. Twice what the slowest timing takes to elect one. */
const patienceMillis = 10_000;

/** How long the window says that an entry was committed. */
const saidMillis = 4000;

/** Gives an entry to the leader or to the node that is named. */
export async function submitEntry(
  raw: unknown,
  running: RunningCluster,
): Promise<Stored | Refused | undefined> {
  const argument = submitArgument(raw);
  const named = argument.node === null ? null : nodeNamed(argument.node, running);
  const wish =
    argument.text === null ? await askEntry(named, running) : { node: named, text: argument.text };
  if (wish === undefined) return undefined;
  const { node, text } = wish;

  const { commandOf, submit } = running.bundle;
  const read = commandOf(text);
  if (read.kind !== "command") return refuse(problemText(read));
  const title = l10n.t("Submitting an entry: waiting for a leader and a majority of the nodes");
  const submitted = await withProgressIfLong(title, (signal) =>
    submit(running, { node, command: read.command, signal, patienceMillis }),
  );
  const stored = answer(submitted, text, running);
  if (stored !== undefined && "index" in stored) {
    const said = l10n.t("Entry {0} is committed in term {1}.", stored.index, stored.term);
    window.setStatusBarMessage(`$(check) ${said}`, saidMillis);
  }
  return stored;
}

/** The same, for the node that was chosen in the tree. */
export async function submitEntryToNode(
  raw: unknown,
  running: RunningCluster,
): Promise<Stored | Refused | undefined> {
  const named = nodeArgument(raw);
  const node =
    named === null
      ? await pickNode({ title: l10n.t("Submit Entry to Node"), running, among: runningNodes })
      : nodeNamed(named, running);
  if (node === undefined) return undefined;
  const wish = await askEntry(node, running);
  return wish && submitEntry(wish, running);
}

/** What the user wants to submit, and to whom. A button changes that. */
async function askEntry(
  node: NodeId | null,
  running: RunningCluster,
): Promise<{ readonly node: NodeId | null; readonly text: string } | undefined> {
  let [to, value] = [node, ""];
  for (;;) {
    const given = await askText({
      title: titleOf(to, running),
      prompt: l10n.t(
        'NAME=VALUE. VALUE is JSON, such as 5, true, "text" or [1, 2], or else a string.',
      ),
      placeholder: "x=1",
      value,
      judge: (text) => judgementOf(text, running.bundle),
      button: {
        iconPath: new ThemeIcon("server"),
        tooltip: l10n.t("Give It to a Chosen Node"),
      },
    });
    if (given === undefined) return undefined;
    value = given.text;
    if (given.kind === "text") return { node: to, text: value };
    const title = l10n.t("Submit Entry to Node");
    to = (await pickNode({ title, running, among: runningNodes })) ?? to;
  }
}

function titleOf(node: NodeId | null, { nameOf }: RunningCluster): string {
  return node === null
    ? l10n.t("Submit Entry to the Leader")
    : l10n.t("Submit Entry to {0}", nameOf(node));
}

/** Shows what would be stored, as it is typed. */
function judgementOf(text: string, { commandOf }: ClusterBundle): Judgement {
  const read = commandOf(text);
  switch (read.kind) {
    case "command": {
      const message = l10n.t("Stored as {0}", shortened(read.command));
      return {
        isAcceptable: true,
        message: { message, severity: InputBoxValidationSeverity.Info },
      };
    }
    case "empty":
      return { isAcceptable: false, message: undefined };
    case "tooLong":
    case "tooDeep": {
      const message = problemText(read);
      return {
        isAcceptable: false,
        message: { message, severity: InputBoxValidationSeverity.Error },
      };
    }
    default:
      return unreachable(read);
  }
}

type NoCommand = Exclude<ReturnType<ClusterBundle["commandOf"]>, { readonly kind: "command" }>;

function problemText(problem: NoCommand): string {
  switch (problem.kind) {
    case "empty":
      return l10n.t("An entry needs a text, such as x=1.");
    case "tooLong":
      return l10n.t("The entry is too long: at most {0} characters.", problem.limit);
    case "tooDeep":
      return l10n.t("The value is nested too deeply.");
    default:
      return unreachable(problem);
  }
}

/** What to answer and to tell for what came of the submission of `text`. */
function answer(
  submitted: Submitted,
  text: string,
  { nameOf }: RunningCluster,
): Stored | Refused | undefined {
  switch (submitted.kind) {
    case "committed": {
      const { node, index, term } = submitted;
      return { node, index, term };
    }
    case "cancelled":
      return undefined;
    case "notLeader": {
      const { node, leaderId } = submitted;
      if (leaderId === null) {
        const toLeader = submitAgain(l10n.t("Submit to the Leader"), { text });
        return refuse(
          l10n.t("{0} does not lead, and does not know who does.", nameOf(node)),
          toLeader,
        );
      }
      const label = l10n.t("Submit to {0}", nameOf(leaderId));
      const said = l10n.t("{0} does not lead; {1} does.", nameOf(node), nameOf(leaderId));
      return refuse(said, submitAgain(label, { text, node: leaderId }));
    }
    case "superseded":
      return refuse(answerText(submitted, nameOf), submitAgain(l10n.t("Submit Again"), { text }));
    case "unanswered":
      return refuse(
        l10n.t(
          "{0} stopped with the entry in its hands: it may be committed yet, or never. Look at the logs before you submit it again.",
          nameOf(submitted.node),
        ),
        { label: l10n.t("Open Replicated Log"), command: "raftLab.openReplicatedLog" },
      );
    case "nothingYet":
      return refuse(
        l10n.t(
          "The entry is not committed yet. It will be once a majority of the nodes has stored it, unless another leader's entry takes its place.",
        ),
      );
    case "stopped":
      return refuse(
        l10n.t(
          "The cluster was stopped before the entry was committed. It may be committed yet when the cluster is started again, or never.",
        ),
      );
    case "noLeaderWhilePaused":
      return refuse(
        l10n.t("No node leads, and none will be elected while the cluster is paused."),
        { label: l10n.t("Resume"), command: "raftLab.resumeCluster" },
      );
    case "noLeader":
      return refuse(refusalText(submitted, nameOf));
    case "refused":
      return refuse(refusalText(submitted.reason, nameOf));
    default:
      return unreachable(submitted);
  }
}

function submitAgain(
  label: string,
  argument: { readonly text: string; readonly node?: NodeId },
): Offer {
  return { label, command: "raftLab.submitEntry", argument };
}

function shortened(command: string): string {
  return command.length <= 200 ? command : `${command.slice(0, 200)}…`;
}
