import { commands, l10n, type Disposable } from "vscode";
import { isSelectedArgument } from "./arguments.ts";
import { breakFile } from "./break-file.ts";
import type { ClusterCommand } from "./cluster-commands.ts";
import type { RunningCluster } from "./lab.ts";
import { checkLogs, goToSameEntry, treatAsRaftLog } from "./log-commands.ts";
import { commandIds, type CommandId } from "./manifest.ts";
import { notify, offerOutput, refuse, type Refused } from "./notifications.ts";
import {
  copyEntry,
  copyNodeState,
  goLive,
  nextEvent,
  playOrPause,
  previousEvent,
  showPanel,
  stepBack,
  stepForward,
} from "./panel-commands.ts";
import type { Parts } from "./parts.ts";
import { selectedNode } from "./selected.ts";
import { refuseBusy, startCluster } from "./start-command.ts";
import { endTour, startTour, tourBack, tourNext } from "./tour-commands.ts";
import { openWalkthrough } from "./walkthrough-contexts.ts";

/** Does what a command says, with whatever it was called with. Answers as api.ts tells. */
type Command = (raw: unknown, parts: Parts) => unknown;

const functions: Readonly<Record<CommandId, Command>> = {
  "raftLab.startCluster": startCluster,
  "raftLab.stopCluster": whileRunning((_raw, _running, { lab }) => lab.stop()),
  "raftLab.crashNode": onCluster("crashNode"),
  "raftLab.restartNode": onCluster("restartNode"),
  "raftLab.transferLeadership": onCluster("transferLeadership"),
  "raftLab.submitEntry": onCluster("submitEntry"),
  "raftLab.submitEntryToNode": onCluster("submitEntryToNode"),
  "raftLab.pauseCluster": onCluster("pauseCluster"),
  "raftLab.resumeCluster": onCluster("resumeCluster"),
  "raftLab.setSpeed": onCluster("setSpeed"),
  "raftLab.openNodeAccount": onCluster("openNodeAccount"),
  "raftLab.openReplicatedLog": onCluster("openReplicatedLog"),
  "raftLab.checkCluster": onCluster("checkCluster"),
  "raftLab.checkLogs": checkLogs,
  "raftLab.goToSameEntry": goToSameEntry,
  "raftLab.treatAsRaftLog": treatAsRaftLog,
  "raftLab.showPanel": showPanel,
  "raftLab.playOrPause": playOrPause,
  "raftLab.stepForward": stepForward,
  "raftLab.stepBack": stepBack,
  "raftLab.nextEvent": nextEvent,
  "raftLab.previousEvent": previousEvent,
  "raftLab.goLive": goLive,
  "raftLab.copyNodeState": copyNodeState,
  "raftLab.copyEntry": copyEntry,
  "raftLab.startTour": startTour,
  "raftLab.tourNext": tourNext,
  "raftLab.tourBack": tourBack,
  "raftLab.endTour": endTour,
  "raftLab.openWalkthrough": openWalkthrough,
  "raftLab.breakFile": breakFile,
  "raftLab.readValue": onCluster("readValue"),
  "raftLab.addNode": onCluster("addNode"),
  "raftLab.removeNode": onCluster("removeNode"),
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

/** A command to the cluster. A key of the panel means the node that is selected there, if one is. */
function onCluster(name: ClusterCommand): Command {
  return whileRunning((raw, running, parts) => {
    const node = selectedNode(parts.panel.session);
    const meant = isSelectedArgument(raw) ? (node ?? undefined) : raw;
    return running.bundle.clusterCommands[name](meant, running, parts);
  });
}
