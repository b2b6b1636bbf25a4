import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { Lab } from "./lab.ts";
import type { LanguageClient } from "./language-client.ts";
import type { LogDetection } from "./log-detection.ts";
import type { NodesView } from "./nodes-view.ts";
import type { ClusterPanel } from "./panel.ts";
import type { TourGuide } from "./tour-guide.ts";

/** The parts of the extension that commands work with. */
export interface Parts {
  readonly extension: ExtensionContext;
  readonly lab: Lab;
  readonly channel: LogOutputChannel;
  readonly nodes: NodesView;
  readonly panel: ClusterPanel;
  readonly language: LanguageClient;
  readonly detection: LogDetection;
  readonly tours: TourGuide;
}
