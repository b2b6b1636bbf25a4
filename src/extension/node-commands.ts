import { commands, l10n, Uri } from "vscode";
import type { NodeId } from "../raft/index.ts";
import type { NodeView } from "../trace/index.ts";
import type { NodeChanged, Opened } from "./api.ts";
import { nodeArgument } from "./arguments.ts";
import type { RunningCluster } from "./lab.ts";
import { allNodes, crashedNodes, nodeNamed, pickNode, runningNodes } from "./node-choice.ts";
import { refuse, type Refused } from "./notifications.ts";
import { performAction } from "./perform-action.ts";

export async function crashNode(
  raw: unknown,
  running: RunningCluster,
): Promise<NodeChanged | Refused | undefined> {
  const node = await chosenNode(raw, running, {
    title: l10n.t("Crash Node"),
    among: runningNodes,
    none: l10n.t("No node is running. Restart one first."),
  });
  if (typeof node !== "string") return node;
  const title = l10n.t("Crashing {0}", running.nameOf(node));
  return (await performAction(running, { kind: "crash", node }, title)) ?? { node };
}

export async function restartNode(
  raw: unknown,
  running: RunningCluster,
): Promise<NodeChanged | Refused | undefined> {
  const node = await chosenNode(raw, running, {
    title: l10n.t("Restart Node"),
    among: crashedNodes,
    none: l10n.t("Every node is running. Crash one first."),
  });
  if (typeof node !== "string") return node;
  const title = l10n.t("Restarting {0}", running.nameOf(node));
  return (await performAction(running, { kind: "restart", node }, title)) ?? { node };
}

/** Opens what a node tells of itself. */
export function openNodeAccount(
  raw: unknown,
  running: RunningCluster,
): Promise<Opened | Refused | undefined> {
  return openFile(raw, running, l10n.t("Open Node Account"), "account");
}

/** Opens the log of a node as raftos writes it: a line for each entry. */
export function openReplicatedLog(
  raw: unknown,
  running: RunningCluster,
): Promise<Opened | Refused | undefined> {
  return openFile(raw, running, l10n.t("Open Replicated Log"), "log");
}

async function openFile(
  raw: unknown,
  running: RunningCluster,
  title: string,
  which: "account" | "log",
): Promise<Opened | Refused | undefined> {
  const none = l10n.t("The cluster has no nodes.");
  const node = await chosenNode(raw, running, { title, among: allNodes, none });
  if (typeof node !== "string") return node;
  const { cluster } = running;
  if (cluster.members.every(({ id }) => id !== node)) {
    return refuse(l10n.t("The cluster has no node {0}.", node));
  }
  // What is read there is then all that has happened so far.
  await cluster.settled();
  const file = cluster.filesOf(node)[which];
  // Unlike showTextDocument this copes with files of any size.
  await commands.executeCommand("vscode.open", Uri.file(file));
  return { file };
}

interface Choice {
  readonly title: string;
  readonly among: (node: NodeView) => boolean;
  /** What to say when there is nothing to choose from. */
  readonly none: string;
}

async function chosenNode(
  raw: unknown,
  running: RunningCluster,
  { title, among, none }: Choice,
): Promise<NodeId | Refused | undefined> {
  const named = nodeArgument(raw);
  if (named !== null) return nodeNamed(named, running);
  if (![...running.watch.view.nodes.values()].some(among)) return refuse(none);
  return pickNode({ title, running, among });
}
