import {
  commands,
  l10n,
  languages,
  Range,
  Uri,
  workspace,
  type TextDocumentShowOptions,
} from "vscode";
import type { LogIndex, NodeId } from "../raft/index.ts";
import type { NodeView } from "../trace/index.ts";
import type { NodeChanged, Opened } from "./api.ts";
import { entryArgument, nodeArgument } from "./arguments.ts";
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

/** Has the leader hand over to another node. */
export async function transferLeadership(
  raw: unknown,
  running: RunningCluster,
): Promise<NodeChanged | Refused | undefined> {
  const leader = running.bundle.leaderIn(running.watch.view)?.id;
  const node = await chosenNode(raw, running, {
    title: l10n.t("Transfer Leadership"),
    among: (other) => runningNodes(other) && other.id !== leader,
    none: l10n.t("No other node is running. Restart one first."),
  });
  if (typeof node !== "string") return node;
  const title = l10n.t("Handing the leadership over to {0}", running.nameOf(node));
  return (await performAction(running, { kind: "transfer", to: node }, title)) ?? { node };
}

/** Opens what a node tells of itself. */
export function openNodeAccount(
  raw: unknown,
  running: RunningCluster,
): Promise<Opened | Refused | undefined> {
  return openFile(raw, running, l10n.t("Open Node Account"), "account");
}

/** Opens the log of a node as raftos writes it: a line for each entry, the one that is named in front. */
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
  if (which === "account") await asAccount(Uri.file(file));
  const options = which === "log" ? optionsFor(entryArgument(raw)) : {};
  // Unlike showTextDocument this copes with files of any size.
  await commands.executeCommand("vscode.open", Uri.file(file), options);
  return { file };
}

/** A log that is too short for the entry is opened at its end. */
function optionsFor(index: LogIndex | null): TextDocumentShowOptions {
  return index === null ? {} : { selection: new Range(index - 1, 0, index - 1, 0) };
}

/** In a folder that the user named, the name of the file alone does not tell what it is. */
async function asAccount(uri: Uri): Promise<void> {
  try {
    const document = await workspace.openTextDocument(uri);
    if (document.languageId !== "log") return;
    await languages.setTextDocumentLanguage(document, "raft-account");
  } catch {
    // Too large for any extension to see, as VS Code will tell.
  }
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
