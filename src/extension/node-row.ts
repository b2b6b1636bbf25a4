import { l10n } from "vscode";
import type { Member } from "../cluster/index.ts";
import { lastIndex, unreachable, type Role } from "../raft/index.ts";
import type { ClusterView, NodeView } from "../trace/index.ts";
import type { NodeState } from "./manifest.ts";
import type { NameOf } from "./names.ts";
import { configurationText, failureText, roleText } from "./texts.ts";

/** How one node is shown in the tree: plain data, so two rows are compared and tested as such. */
export interface NodeRow {
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip: string;
  /** A product icon and a colour of the theme. The shapes alone tell the roles apart. */
  readonly icon: string;
  readonly colour: string;
  readonly state: NodeState;
  /** What a screen reader says. */
  readonly accessibleLabel: string;
}

export function nodeRow(member: Member, node: NodeView | undefined, nameOf: NameOf): NodeRow {
  const state = node?.life.kind ?? "crashed";
  const { word, icon, colour } = lookOf(state, node);
  const facts =
    node === undefined
      ? []
      : [
          l10n.t("term {0}", node.currentTerm),
          ...(state === "running" ? [l10n.t("commit {0}", node.commitIndex)] : []),
        ];
  return {
    label: member.name,
    description: [word, ...facts].join(" · "),
    tooltip: tooltipOf(member, node, word, nameOf),
    icon,
    colour,
    state,
    accessibleLabel: [member.name, word, ...facts].join(", "),
  };
}

/** The nodes whose rows differ. */
export function changedNodes(
  before: ReadonlyMap<string, NodeRow>,
  after: ReadonlyMap<string, NodeRow>,
): readonly string[] {
  return [...after.keys()].filter((id) => !isSameRow(before.get(id), after.get(id)));
}

/** Says of the whole cluster what no row does. */
export function clusterText(view: ClusterView): string {
  if (view.paused) return l10n.t("The cluster is paused: clocks and messages stand still.");
  return view.speed === 1 ? "" : l10n.t("Speed: {0} ×", view.speed);
}

function isSameRow(one: NodeRow | undefined, other: NodeRow | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface Look {
  readonly word: string;
  readonly icon: string;
  readonly colour: string;
}

function lookOf(state: NodeState, node: NodeView | undefined): Look {
  switch (state) {
    case "crashed":
      return { word: l10n.t("crashed"), icon: "circle-slash", colour: "disabledForeground" };
    case "failed":
      return { word: l10n.t("stopped by an error"), icon: "error", colour: "errorForeground" };
    case "running":
      return node === undefined || node.role !== "follower" || isVoterItself(node)
        ? runningLook(node?.role ?? "follower")
        : notVoting(node);
    default:
      return unreachable(state);
  }
}

function runningLook(role: Role["kind"]): Look {
  return { word: roleText(role), ...roleLook(role) };
}

/** Whether a node's vote counts, as its own log says (§6). */
function isVoterItself({ id, configuration }: NodeView): boolean {
  return configuration.voters.includes(id) || configuration.outgoing.includes(id);
}

function notVoting({ id, configuration }: NodeView): Look {
  const word = configuration.learners.includes(id) ? l10n.t("learner") : l10n.t("not a member");
  return { word, icon: "circle-large-outline", colour: "charts.blue" };
}

function roleLook(role: Role["kind"]): Omit<Look, "word"> {
  switch (role) {
    case "leader":
      return { icon: "star-full", colour: "charts.green" };
    case "candidate":
      return { icon: "megaphone", colour: "charts.orange" };
    case "follower":
      return { icon: "circle-large-filled", colour: "charts.blue" };
    default:
      return unreachable(role);
  }
}

function tooltipOf(
  { name, address }: Member,
  node: NodeView | undefined,
  word: string,
  nameOf: NameOf,
): string {
  const lines = [`**${name}** · ${word}`, ""];
  const line = (title: string, value: string | number) => lines.push(`- ${title}: ${value}`);
  line(l10n.t("Address"), address);
  if (node === undefined) return lines.join("\n");

  const nobody = l10n.t("nobody");
  line("currentTerm", node.currentTerm);
  line("votedFor", node.votedFor === null ? nobody : nameOf(node.votedFor));
  line(l10n.t("Takes to lead"), node.leaderId === null ? nobody : nameOf(node.leaderId));
  line(l10n.t("Entries in its log"), lastIndex(node.log));
  line("commitIndex", node.commitIndex);
  const { voters } = node.configuration;
  if (voters.length > 0) {
    line(l10n.t("Configuration"), configurationText(node.configuration, nameOf));
  }
  line("lastApplied", node.lastApplied);
  // What a file or the system says is text, whatever it looks like.
  if (node.life.kind === "failed") lines.push("", escaped(failureText(node.life.failure)));
  return lines.join("\n");
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!<>&|~]/g, "\\$&");
}
