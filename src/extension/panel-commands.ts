import { commands, env, l10n } from "vscode";
import { entryArgument, nodeArgument } from "./arguments.ts";
import { refuse } from "./notifications.ts";
import type { Parts } from "./parts.ts";
import type { PanelSession } from "./panel-session.ts";
import { selectedEntry, selectedNode } from "./selected.ts";

export function showPanel(_raw: unknown, { panel }: Parts): void {
  panel.show();
}

/** Live, the cluster itself is paused or goes on; in the past, what is shown is. */
export async function playOrPause(_raw: unknown, { panel, lab }: Parts): Promise<void> {
  const { session } = panel;
  if (session?.playOrPause() === true) return panel.refresh();
  if (lab.running === undefined) return;
  const isPaused = lab.view?.paused === true;
  await commands.executeCommand(isPaused ? "raftLab.resumeCluster" : "raftLab.pauseCluster");
}

export const stepForward = inTime((session) => session.step(1));
export const stepBack = inTime((session) => session.step(-1));
export const nextEvent = inTime((session) => session.jump(1));
export const previousEvent = inTime((session) => session.jump(-1));
export const goLive = inTime((session) => session.goLive());

function inTime(move: (session: PanelSession) => void): (raw: unknown, parts: Parts) => void {
  return (_raw, { panel }) => {
    const { session } = panel;
    if (session === undefined) return;
    // Nobody travels without seeing where.
    if (!panel.isOpen) panel.show();
    move(session);
    panel.refresh();
  };
}

/** What Figure 2 says of a node, as text. */
export async function copyNodeState(raw: unknown, { panel }: Parts): Promise<unknown> {
  const { session } = panel;
  const node = nodeArgument(raw) ?? selectedNode(session);
  const text = node === null ? undefined : session?.textOf(node);
  if (text === undefined) return refuse(l10n.t("Select a node in the cluster panel first."));
  await env.clipboard.writeText(text);
  return { text };
}

export async function copyEntry(raw: unknown, { panel }: Parts): Promise<unknown> {
  const { session } = panel;
  const index = entryArgument(raw) ?? selectedEntry(session);
  const text = index === null ? undefined : session?.commandAt(index);
  if (text === undefined) return refuse(l10n.t("Select an entry in the cluster panel first."));
  await env.clipboard.writeText(text);
  return { text };
}
