import { commands, l10n, type Disposable } from "vscode";
import { checkCluster } from "./check-command.ts";
import { pauseCluster, resumeCluster, setSpeed } from "./clock-commands.ts";
import type { RunningCluster } from "./lab.ts";
import { commandIds, type CommandId } from "./manifest.ts";
import { crashNode, openNodeAccount, openReplicatedLog, restartNode } from "./node-commands.ts";
import { notify, offerOutput, refuse, type Refused } from "./notifications.ts";
import type { Parts } from "./parts.ts";
import { refuseBusy, startCluster } from "./start-command.ts";
import { submitEntry, submitEntryToNode } from "./submit-command.ts";

/** Does what a command says, with whatever it was called with. Answers as api.ts tells. */
type Command = (raw: unknown, parts: Parts) => unknown;

const functions: Readonly<Record<CommandId, Command>> = {
  "raftLab.startCluster": startCluster,
  "raftLab.stopCluster": whileRunning((_raw, _running, { lab }) => lab.stop()),
  "raftLab.crashNode": whileRunning(crashNode),
  "raftLab.restartNode": whileRunning(restartNode),
  "raftLab.submitEntry": whileRunning(submitEntry),
  "raftLab.submitEntryToNode": whileRunning(submitEntryToNode),
  "raftLab.pauseCluster": whileRunning(pauseCluster),
  "raftLab.resumeCluster": whileRunning(resumeCluster),
  "raftLab.setSpeed": whileRunning(setSpeed),
  "raftLab.openNodeAccount": whileRunning(openNodeAccount),
  "raftLab.openReplicatedLog": whileRunning(openReplicatedLog),
  "raftLab.checkCluster": whileRunning(checkCluster),
  "raftLab.showOutput": (_raw, { channel }) => channel.show(true),
};

export function registerCommands(parts: Parts): readonly Disposable[] {
  return commandIds.map((id) =>
    commands.registerCommand(id, (raw: unknown) => performed(functions[id], raw, parts)),
  );
}

/** The edge at which what failed outside is told: the disk, a socket, VS Code itself. */
async function performed(command: Command, raw: unknown, parts: Parts): Promise<unknown> {
  try {
    return await command(raw, parts);
  } catch (error) {
    parts.channel.error(error instanceof Error ? error : String(error));
    const reason = error instanceof Error ? error.message : String(error);
    const text = l10n.t("Raft Lab could not do this: {0}", reason);
    notify("error", text, [offerOutput()]);
    return { refused: text } satisfies Refused;
  }
}

/** A command that needs a cluster. VS Code hides it without one, but a key may still call it. */
function whileRunning(
  command: (raw: unknown, running: RunningCluster, parts: Parts) => unknown,
): Command {
  return (raw, parts) => {
    const { running } = parts.lab;
    if (running !== undefined) return command(raw, running, parts);
    if (parts.lab.state.kind !== "idle") return refuseBusy(parts);
    return refuse(l10n.t("No cluster is running. Start one first."), {
      label: l10n.t("Start Raft Cluster"),
      command: "raftLab.startCluster",
    });
  };
}
