import { l10n, ProgressLocation, window, workspace, type LogOutputChannel } from "vscode";
import type { NodeId } from "../raft/index.ts";
import type { FolderContents, FolderProblem } from "../runtime/index.ts";
import type { Started } from "./api.ts";
import { startArgument, type StartArgument } from "./arguments.ts";
import { pickOne } from "./ask.ts";
import { loadClusterBundle, type ClusterBundle } from "./cluster-bundle.ts";
import type { RunningCluster, StartOptions } from "./lab.ts";
import { notify, offerOutput, refuse, type Offer, type Refused } from "./notifications.ts";
import type { Parts } from "./parts.ts";
import { signalOf, withProgressIfLong } from "./progress.ts";
import { readSettings, type LabFolder } from "./settings.ts";
import { sizeChoices, sizes, startsAnew } from "./size-choices.ts";
import { nodesText } from "./texts.ts";

/** Where the size that was chosen last is remembered, for all workspaces. */
const rememberedSize = "raftLab.size";

/** Starts a cluster in the lab's folder. Asks for its size and for nothing else. */
export async function startCluster(
  raw: unknown,
  parts: Parts,
): Promise<Started | Refused | undefined> {
  if (!workspace.isTrusted) return refuseUntrusted();
  if (parts.lab.state.kind !== "idle") return refuseBusy(parts);
  const settings = readSettings(parts.extension);
  if (settings.kind === "bad") {
    const argument = settings.setting;
    const label = l10n.t("Open Settings");
    return refuse(settings.text, { label, command: "workbench.action.openSettings", argument });
  }
  const { folder, preset, extensions, snapshotAfter } = settings;
  const bundle = await loadClusterBundle();
  const looking = l10n.t("Looking into {0}", folder.shown);
  const contents = await withProgressIfLong(looking, () => bundle.inspectFolder(folder.path));
  const argument = startArgument(raw);
  if (contents.kind === "unusable" && !argument.startAnew) {
    return refuseFolder(folder, contents.problems, parts.channel);
  }

  const choice = await chosenSize(argument, contents, folder, parts);
  if (choice === undefined) return undefined;
  if (!sizes.includes(choice.size)) return refuse(l10n.t("A cluster has 1 to 9 nodes."));
  await parts.extension.globalState.update(rememberedSize, choice.size);

  const started = await start(parts, folder, {
    ...choice,
    bundle,
    preset,
    extensions,
    snapshotAfter,
    folder: folder.path,
    fileFailed: (node, file, error) => tellOfFile({ node, file, error }, parts),
  });
  if (started === undefined || "refused" in started) return started;
  // Whoever was asked sits before the window and wants to see what comes of it.
  if (argument.size === null) await parts.nodes.show();
  return { members: started.cluster.members, folder: started.cluster.folder };
}

async function start(
  { lab, channel }: Parts,
  folder: LabFolder,
  options: Omit<StartOptions, "signal">,
): Promise<RunningCluster | Refused | undefined> {
  const title = l10n.t("Starting {0} in {1}", nodesText(options.size), folder.shown);
  let signal: AbortSignal | undefined;
  try {
    return await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (_progress, token) => {
        // While the user was asked, somebody else may have started one.
        if (lab.state.kind !== "idle") return refuseBusy({ lab });
        signal = signalOf(token);
        return await lab.start({ ...options, signal });
      },
    );
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    const { OpenFailure, FolderInUse } = options.bundle;
    if (error instanceof OpenFailure) return refuseFolder(folder, error.problems, channel);
    if (error instanceof FolderInUse) return refuseUsed(folder, error);
    throw error;
  }
}

async function chosenSize(
  { size, startAnew }: StartArgument,
  contents: FolderContents,
  folder: LabFolder,
  { extension }: Parts,
): Promise<{ readonly size: number; readonly startAnew: boolean } | undefined> {
  if (size !== null) return { size, startAnew: startAnew || startsAnew(contents, size) };
  const items = sizeChoices(contents, folder.shown, startAnew);
  const remembered = extension.globalState.get<unknown>(rememberedSize) ?? 3;
  const hasPresent = items.length > sizes.length;
  const choice = await pickOne({
    title: l10n.t("Start Raft Cluster"),
    placeholder: l10n.t("How many nodes?"),
    items,
    active: hasPresent ? items[0] : items.find((item) => item.size === remembered),
  });
  return choice && { size: choice.size, startAnew: choice.startAnew };
}

function refuseUntrusted(): Refused {
  const text = l10n.t(
    "Starting a cluster writes files here and opens sockets on this computer. Trust this workspace first.",
  );
  const label = l10n.t("Manage Workspace Trust");
  return refuse(text, { label, command: "workbench.trust.manage" });
}

export function refuseBusy({ lab }: Pick<Parts, "lab">): Refused {
  if (lab.state.kind !== "running") {
    return refuse(l10n.t("A cluster is being started or stopped. Wait until that is done."));
  }
  const label = l10n.t("Stop Raft Cluster");
  return refuse(l10n.t("A cluster is running already. Stop it first."), {
    label,
    command: "raftLab.stopCluster",
  });
}

/** The user learns which file is bad and why; all of that is in the output. */
function refuseFolder(
  { shown }: LabFolder,
  problems: readonly FolderProblem[],
  channel: LogOutputChannel,
): Refused {
  for (const problem of problems) channel.error(problemText(problem));
  const [first] = problems;
  const what = first === undefined ? "" : problemText(first);
  const text =
    problems.length > 1
      ? l10n.t(
          "The files in {0} cannot be used. {1} (And {2} more.)",
          shown,
          what,
          problems.length - 1,
        )
      : l10n.t("The files in {0} cannot be used. {1}", shown, what);
  const anew: Offer = {
    label: l10n.t("Start Anew"),
    command: "raftLab.startCluster",
    argument: { startAnew: true },
  };
  return refuse(text, anew, offerOutput());
}

function problemText({ file, line, reason }: FolderProblem): string {
  return line === null
    ? l10n.t("{0}: {1}", file, reason)
    : l10n.t("{0}, line {1}: {2}", file, line, reason);
}

function refuseUsed(
  { shown }: LabFolder,
  { processId, file }: InstanceType<ClusterBundle["FolderInUse"]>,
): Refused {
  return refuse(
    l10n.t(
      "Another window runs the cluster in {0} (process {1}). Stop it there, or remove {2} if that is not so.",
      shown,
      processId,
      file,
    ),
  );
}

interface FailedFile {
  readonly node: NodeId;
  readonly file: string;
  readonly error: unknown;
}

/** The node goes on: nothing rests on this file. */
function tellOfFile({ node, file, error }: FailedFile, { lab, channel }: Parts): void {
  // While it is being opened there is nobody yet to ask for the name of the node.
  const name = lab.running?.nameOf(node) ?? node.replace("n", "node");
  const reason = error instanceof Error ? error.message : String(error);
  const text = l10n.t("{0} can write {1} no more: {2}", name, file, reason);
  channel.error(text);
  notify("warning", text, [offerOutput()]);
}
