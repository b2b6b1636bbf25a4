import { EventEmitter, window, type ExtensionContext } from "vscode";
import type { TraceEvent } from "../trace/index.ts";
import type { RaftLabApi } from "./api.ts";
import { registerCommands } from "./commands.ts";
import { Contexts } from "./contexts.ts";
import { Lab } from "./lab.ts";
import { LanguageClient } from "./language-client.ts";
import { LogDetection } from "./log-detection.ts";
import { NodesView } from "./nodes-view.ts";
import { announce } from "./notifications.ts";
import { writeOutput } from "./output.ts";
import { ClusterPanel } from "./panel.ts";
import { StatusBar } from "./status-bar.ts";
import { TourGuide } from "./tour-guide.ts";
import { followWalkthrough } from "./walkthrough-contexts.ts";

const displayName = "Raft Lab";

let current: Lab | undefined;
let language: LanguageClient | undefined;

/** Called by VS Code when one of our commands is first used or our view is first seen. */
export function activate(extension: ExtensionContext): RaftLabApi {
  const lab = new Lab();
  current = lab;
  const channel = window.createOutputChannel(displayName, { log: true });
  language = new LanguageClient(extension, channel);
  const detection = new LogDetection(extension);
  const nodes = new NodesView(lab);
  const panel = new ClusterPanel(extension, lab, channel);
  const tours = new TourGuide(panel);
  const events = new EventEmitter<TraceEvent>();
  lab.onDidHappen(({ what }) => events.fire(what));
  writeOutput(channel, lab);
  extension.subscriptions.push(
    lab,
    channel,
    nodes,
    new StatusBar(lab, displayName),
    events,
    panel,
    tours,
    followWalkthrough(lab, tours),
    new Contexts(lab, panel),
    announce(lab),
    language,
    detection,
    ...registerCommands({ extension, lab, channel, nodes, panel, language, detection, tours }),
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
  await Promise.all([current?.close(), language?.close()]);
  current = undefined;
  language = undefined;
}
