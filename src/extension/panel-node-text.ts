import { l10n } from "vscode";
import type { NodePicture } from "../panel/index.ts";
import type { NodeId } from "../raft/index.ts";
import type { NameOf } from "./names.ts";
import { roleText } from "./texts.ts";

/** What Figure 2 says of a node, as lines of text to paste into a report. */
export function nodeText(node: NodePicture, nameOf: NameOf): string {
  const name = (id: NodeId | null) => (id === null ? l10n.t("nobody") : nameOf(id));
  const what = node.life === "running" ? roleText(node.role) : l10n.t("down");
  const peers = Object.entries(node.peers ?? {});
  return [
    l10n.t("{0}: {1}", nameOf(node.id), what),
    `currentTerm  ${node.currentTerm}`,
    `votedFor     ${name(node.votedFor)}`,
    `log[]        ${l10n.t("{0} entries, the last of term {1}", node.lastLogIndex, node.lastLogTerm)}`,
    `commitIndex  ${node.commitIndex}`,
    `lastApplied  ${node.lastApplied}`,
    ...peers.map(([id, { nextIndex, matchIndex }]) => {
      return `${nameOf(id)}: nextIndex ${nextIndex}, matchIndex ${matchIndex}`;
    }),
  ].join("\n");
}
