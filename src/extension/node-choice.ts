import { l10n, ThemeColor, ThemeIcon, type QuickPickItem } from "vscode";
import type { NodeId } from "../raft/index.ts";
import type { NodeView } from "../trace/index.ts";
import { pickOne } from "./ask.ts";
import type { RunningCluster } from "./lab.ts";
import { nodeRow } from "./node-row.ts";

/** The id of the node that a user calls so; what nobody is called is left for the cluster to refuse. */
export function nodeNamed(called: string, { cluster }: RunningCluster): NodeId {
  const member = cluster.members.find(({ id, name, address }) => {
    return [id, name, address].includes(called);
  });
  return member?.id ?? called;
}

export function runningNodes(node: NodeView): boolean {
  return node.life.kind === "running";
}

export function crashedNodes(node: NodeView): boolean {
  return node.life.kind !== "running";
}

export function allNodes(): boolean {
  return true;
}

export interface NodeChoice {
  readonly title: string;
  readonly running: RunningCluster;
  readonly among: (node: NodeView) => boolean;
}

/** Asks which node is meant, unless only one can be. */
export async function pickNode({ title, running, among }: NodeChoice): Promise<NodeId | undefined> {
  const { cluster, watch, bundle, nameOf } = running;
  const items = cluster.members.flatMap((member): readonly NodeItem[] => {
    const node = watch.view.nodes.get(member.id);
    if (node === undefined || !among(node)) return [];
    const { label, description, icon, colour } = nodeRow(member, node, nameOf);
    const iconPath = new ThemeIcon(icon, new ThemeColor(colour));
    return [{ label, description, iconPath, node: member.id }];
  });
  const [only, ...others] = items;
  if (others.length === 0) return only?.node;
  const leader = bundle.leaderIn(watch.view)?.id;
  const placeholder = l10n.t("Which node?");
  const active = items.find(({ node }) => node === leader);
  return (await pickOne({ title, placeholder, items, active }))?.node;
}

interface NodeItem extends QuickPickItem {
  readonly node: NodeId;
}
