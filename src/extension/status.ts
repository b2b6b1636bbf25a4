import { l10n } from "vscode";
import { unreachable } from "../raft/index.ts";
import type { ClusterView, NodeView } from "../trace/index.ts";
import type { NameOf } from "./names.ts";

/** What the status bar says of the cluster. */
export interface Status {
  readonly text: string;
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly accessibleLabel: string;
}

/** What there is to say something of. */
export interface StatusSource {
  readonly view: ClusterView;
  readonly leader: NodeView | undefined;
  readonly nameOf: NameOf;
}

export function statusOf({ view, leader, nameOf }: StatusSource): Status {
  const running = [...view.nodes.values()].filter(({ life }) => life.kind === "running");
  const words =
    leader === undefined
      ? [l10n.t("no leader"), ...termOf(running)]
      : [nameOf(leader.id), l10n.t("term {0}", leader.currentTerm)];
  const icon = view.paused ? "debug-pause" : leader === undefined ? "circle-slash" : "star-full";
  const told = [
    leader === undefined
      ? l10n.t("Raft: no node leads")
      : l10n.t("Raft: {0} leads in term {1}", nameOf(leader.id), leader.currentTerm),
    l10n.t("{0} of {1} nodes are running", running.length, view.nodes.size),
    ...(view.paused ? [l10n.t("the cluster is paused")] : []),
    ...(view.speed === 1 ? [] : [l10n.t("the speed is {0}", view.speed)]),
  ];
  return {
    text: `$(${icon}) ${words.join(" · ")}`,
    tooltip: told.join("\n"),
    accessibleLabel: told.join(", "),
  };
}

/** What it says while there is no cluster to look at yet, or any more. */
export function passingStatus(kind: "starting" | "stopping"): Status {
  const text = passingText(kind);
  return { text: `$(loading~spin) ${text}`, tooltip: text, accessibleLabel: text };
}

function passingText(kind: "starting" | "stopping"): string {
  switch (kind) {
    case "starting":
      return l10n.t("Raft: starting");
    case "stopping":
      return l10n.t("Raft: stopping");
    default:
      return unreachable(kind);
  }
}

/** The newest term that a running node knows. */
function termOf(running: readonly NodeView[]): readonly string[] {
  if (running.length === 0) return [];
  return [l10n.t("term {0}", Math.max(...running.map(({ currentTerm }) => currentTerm)))];
}
