/** Entry of the bundle that is loaded when a file of a lab is first opened: it starts the server. */
import { join } from "node:path";
import type { ExtensionContext, LogOutputChannel } from "vscode";
import {
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  type DocumentSelector,
} from "vscode-languageclient/node";
import {
  checkFolderRequest,
  type CheckFolderParameters,
  type FolderChecked,
} from "../../language/index.ts";

/** The server, once it is running. */
export interface LanguageServer {
  checkFolder(uri: string): Promise<FolderChecked>;
  /** Ends it, within `millis`. */
  stop(millis: number): Promise<void>;
}

export interface ServerOptions {
  readonly extension: ExtensionContext;
  readonly channel: LogOutputChannel;
  readonly documents: DocumentSelector;
}

/** Starts the server in a process of its own. VS Code starts it again if it crashes, four times. */
export async function startLanguageServer({
  extension,
  channel,
  documents,
}: ServerOptions): Promise<LanguageServer> {
  const module = extension.asAbsolutePath(join("dist", "language-server.cjs"));
  const run = { module, transport: TransportKind.ipc };
  const client = new LanguageClient(
    "raftLab",
    "Raft Lab",
    { run, debug: run },
    {
      documentSelector: documents,
      outputChannel: channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // A hover shows what is in files, and a file must not get a command run.
      markdown: { isTrusted: false, supportHtml: false },
      connectionOptions: { maxRestartCount: 4 },
    },
  );
  await client.start();
  return {
    checkFolder: (folder) =>
      client.sendRequest<FolderChecked>(checkFolderRequest, {
        folder,
      } satisfies CheckFolderParameters),
    stop: (millis) => client.stop(millis),
  };
}
