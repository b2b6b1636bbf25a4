import { EventEmitter, window, type ExtensionContext } from "vscode";
import type { TraceEvent } from "../trace/index.ts";
import type { RaftLabApi } from "./api.ts";
import { registerCommands } from "./commands.ts";
import { Contexts } from "./contexts.ts";
import { Lab } from "./lab.ts";
import { NodesView } from "./nodes-view.ts";
import { announce } from "./notifications.ts";
import { writeOutput } from "./output.ts";
import { StatusBar } from "./status-bar.ts";

const displayName = "Raft Lab";

let current: Lab | undefined;

/** Called by VS Code when one of our commands is first used or our view is first seen. */
export function activate(extension: ExtensionContext): RaftLabApi {
  const lab = new Lab();
  current = lab;
  const channel = window.createOutputChannel(displayName, { log: true });
  const nodes = new NodesView(lab);
  const events = new EventEmitter<TraceEvent>();
  lab.onDidHappen(({ what }) => events.fire(what));
  writeOutput(channel, lab);
  extension.subscriptions.push(
    lab,
    channel,
    nodes,
    new StatusBar(lab, displayName),
    events,
    new Contexts(lab),
    announce(lab),
    ...registerCommands({ extension, lab, channel, nodes }),
  );
  return {
    onEvent: events.event,
    get members() {
      return lab.running?.cluster.members ?? [];
    },
  };
}

/** VS Code waits for this before it ends: afterwards no socket, timer or file is open. */
export async function deactivate(): Promise<void> {
  await current?.close();
  current = undefined;
}
