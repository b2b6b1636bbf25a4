import { l10n, type QuickPickItem } from "vscode";
import { membersOf } from "../cluster/index.ts";
import { lastIndex, slice, type NodeId } from "../raft/index.ts";
import type { ValueRead } from "./api.ts";
import { readArgument } from "./arguments.ts";
import { pickOrType } from "./ask.ts";
import type { RunningCluster } from "./lab.ts";
import { nodeNamed, pickNode, runningNodes } from "./node-choice.ts";
import { notify, type Refused } from "./notifications.ts";
import { refusedBy } from "./perform-action.ts";
import { shortened } from "./panel-texts.ts";
import { withProgressIfLong } from "./progress.ts";

/** How many of the newest entries are looked at for names to offer. */
const entriesWithNames = 1000;

/** How much of a value is shown. */
const shownLength = 200;

/** What the user wants to read; null stands for all values, and for whoever leads. */
interface Wish {
  readonly name: string | null;
  readonly node: NodeId | null;
}

/** Reads a value at a node, with all that was acknowledged before. */
export async function readValue(
  raw: unknown,
  running: RunningCluster,
): Promise<ValueRead | Refused | undefined> {
  const wish = await askWish(raw, running);
  if (wish === undefined) return undefined;
  const { node, name } = wish;
  const title = l10n.t("Reading: waiting for a leader to confirm what is the newest");
  const outcome = await withProgressIfLong(title, (signal) =>
    running.perform({ kind: "read", node, name }, signal),
  );
  if (outcome.kind !== "answered" || outcome.answer.kind !== "read") {
    return refusedBy(outcome, running);
  }
  const { index, value } = outcome.answer;
  const read = { node: outcome.node, name, index, value };
  notify("information", readText(read, running), []);
  return read;
}

/** Whoever names a value, and no node, means the leader; whoever is asked may choose. */
async function askWish(raw: unknown, running: RunningCluster): Promise<Wish | undefined> {
  const argument = readArgument(raw);
  const named = argument.node === null ? null : nodeNamed(argument.node, running);
  if (argument.name !== undefined) return { name: argument.name, node: named };
  const title =
    named === null ? l10n.t("Read Value") : l10n.t("Read Value from {0}", running.nameOf(named));
  const choice = await pickOrType<NameItem>({
    title,
    placeholder: l10n.t("Which name? Choose one, or type another."),
    items: [...namesIn(running), { label: l10n.t("All values"), name: null }],
    typed: (name) => ({ label: name, name }),
  });
  if (choice === undefined) return undefined;
  const { name } = choice;
  if (named !== null) return { name, node: named };
  const node = await pickNode({ title, running, among: runningNodes });
  return node === undefined ? undefined : { name, node };
}

interface NameItem extends QuickPickItem {
  readonly name: string | null;
}

/** The names in the newest entries that are committed, the newest first. */
function namesIn({ watch, bundle }: RunningCluster): readonly NameItem[] {
  const { nodes } = watch.view;
  const teller = bundle.leaderIn(watch.view) ?? [...nodes.values()][0];
  if (teller === undefined) return [];
  const last = Math.min(teller.commitIndex, lastIndex(teller.log));
  const entries = slice(teller.log, Math.max(1, last - entriesWithNames + 1), last);
  const names = entries.flatMap((entry) =>
    entry.kind === "command" ? [...(membersOf(entry.command)?.keys() ?? [])] : [],
  );
  return [...new Set(names.toReversed())].map((name) => ({ label: name, name }));
}

function readText({ node, name, index, value }: ValueRead, { nameOf }: RunningCluster): string {
  const from = nameOf(node);
  if (name !== null && value === null) {
    return l10n.t("{0} is not set (linearizable read at entry {1}, from {2})", name, index, from);
  }
  const shown = shortened(value ?? "{}", shownLength);
  return name === null
    ? l10n.t("The values are {0} (linearizable read at entry {1}, from {2})", shown, index, from)
    : l10n.t("{0} is {1} (linearizable read at entry {2}, from {3})", name, shown, index, from);
}
