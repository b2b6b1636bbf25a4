import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { Lab } from "./lab.ts";
import type { NodesView } from "./nodes-view.ts";

/** The parts of the extension that commands work with. */
export interface Parts {
  readonly extension: ExtensionContext;
  readonly lab: Lab;
  readonly channel: LogOutputChannel;
  readonly nodes: NodesView;
}
