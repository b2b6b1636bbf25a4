import { l10n } from "vscode";
import type { NodeId } from "../raft/index.ts";
import type { NodeChanged } from "./api.ts";
import { isConfirmedArgument, nodeArgument, standingArgument } from "./arguments.ts";
import { confirmed, pickOne } from "./ask.ts";
import type { RunningCluster } from "./lab.ts";
import { allNodes, nodeNamed, pickNode } from "./node-choice.ts";
import { refuse, type Refused } from "./notifications.ts";
import { performAction } from "./perform-action.ts";
import { survivesCrashWithout } from "./survival.ts";
import { refusalText } from "./texts.ts";

/** Starts a node that did not exist, and has the leader take it in. */
export async function addNode(
  raw: unknown,
  running: RunningCluster,
): Promise<NodeChanged | Refused | undefined> {
  const as = standingArgument(raw) ?? (await chosenStanding());
  if (as === undefined) return undefined;
  const { cluster } = running;
  const before = new Set(cluster.members.map(({ id }) => id));
  const title = l10n.t("Adding a node to the cluster");
  const refused = await performAction(running, { kind: "addNode", as }, title);
  if (refused !== undefined) return refused;
  const added = cluster.members.findLast(({ id }) => !before.has(id));
  return added && { node: added.id };
}

/** Has the leader do without a node, which is stopped for good once that is committed. */
export async function removeNode(
  raw: unknown,
  running: RunningCluster,
): Promise<NodeChanged | Refused | undefined> {
  const title = l10n.t("Remove Node");
  const named = nodeArgument(raw);
  const node =
    named === null
      ? await pickNode({ title, running, among: allNodes })
      : nodeNamed(named, running);
  if (node === undefined) return undefined;
  const { cluster, nameOf, watch } = running;
  if (cluster.members.every(({ id }) => id !== node)) {
    return refuse(refusalText({ kind: "unknownNode", node }, nameOf));
  }
  if (!isConfirmedArgument(raw) && !(await isMeant(node, running))) return undefined;

  const removing = l10n.t("Removing {0}", nameOf(node));
  const refused = await performAction(running, { kind: "removeNode", node }, removing);
  if (refused !== undefined) return refused;
  // It is stopped in the turn after the one in which that was committed.
  await watch.until(({ nodes }) => !nodes.has(node), new AbortController().signal);
  return { node };
}

function chosenStanding(): Promise<"voter" | "learner" | undefined> {
  const items = [
    {
      label: l10n.t("As a voter"),
      description: l10n.t("it catches up, then it counts for majorities"),
      as: "voter",
    },
    {
      label: l10n.t("As a learner"),
      description: l10n.t("it receives the log and counts for nothing"),
      as: "learner",
    },
  ] as const;
  const title = l10n.t("Add Node");
  const placeholder = l10n.t("What is the new node to be?");
  return pickOne({ title, placeholder, items, active: items[0] }).then((choice) => choice?.as);
}

function isMeant(node: NodeId, { nameOf, bundle, watch }: RunningCluster): Promise<boolean> {
  const leader = bundle.leaderIn(watch.view);
  const stays = l10n.t(
    "It is stopped for good. Its files stay in the folder, and its name is not given again.",
  );
  const elected = l10n.t("It leads now, so another node is elected afterwards.");
  const fragile = l10n.t(
    "Afterwards the cluster survives no crash: after one more, no majority is up.",
  );
  const detail = [
    stays,
    ...(leader?.id === node ? [elected] : []),
    ...(survivesCrashWithout(node, watch.view, leader) ? [] : [fragile]),
  ];
  return confirmed({
    question: l10n.t("Remove {0} from the cluster?", nameOf(node)),
    detail: detail.join(" "),
    yes: l10n.t("Remove"),
  });
}
