import { workspace, type Disposable, type ExtensionContext, type LogOutputChannel } from "vscode";
import type { TextDocument } from "vscode";
import type { FolderChecked } from "../language/index.ts";
import type * as languageClientEntry from "./node/language-client-entry.ts";
import type { LanguageServer } from "./node/language-client-entry.ts";

/** The documents that the language server knows. Others have the names of theirs, as in a diff. */
const documents = ["file", "untitled", "vscode-vfs"].flatMap((scheme) => [
  { scheme, language: "raft-log" },
  { scheme, language: "raft-account" },
  { scheme, language: "json", pattern: "**/*.{storage,state_machine}" },
]);

/** How long VS Code is kept from ending. */
const patienceMillis = 400;

/**
 * The files of nodes, and the language server that reads them. It is started, and its bundle loaded,
 * when the first such file is opened, so whoever opens none pays nothing.
 */
export class LanguageClient implements Disposable {
  readonly #extension: ExtensionContext;
  readonly #channel: LogOutputChannel;
  readonly #opening: Disposable;
  #server: Promise<LanguageServer> | undefined;

  constructor(extension: ExtensionContext, channel: LogOutputChannel) {
    this.#extension = extension;
    this.#channel = channel;
    this.#opening = workspace.onDidOpenTextDocument((document) => this.#see(document));
    for (const document of workspace.textDocuments) this.#see(document);
  }

  /** Comes when the server answers. */
  async started(): Promise<void> {
    await this.#start();
  }

  /** Judges the files of this folder and shows what is found. */
  async checkFolder(uri: string): Promise<FolderChecked> {
    const server = await this.#start();
    return server.checkFolder(uri);
  }

  /** Ends the server. */
  async close(): Promise<void> {
    this.dispose();
    const stopped = this.#server?.then((server) => server.stop(patienceMillis)).catch(() => {});
    // One that does not answer in time ends by itself, when it is left alone.
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMillis));
    if (stopped !== undefined) await Promise.race([stopped, patience]);
  }

  dispose(): void {
    this.#opening.dispose();
  }

  #see(document: TextDocument): void {
    if (this.#server !== undefined || !isOurs(document)) return;
    // Told below; whoever opened a file did not ask for a server.
    this.#start().catch(() => {});
  }

  #start(): Promise<LanguageServer> {
    this.#server ??= this.#load().catch((error: unknown) => {
      this.#server = undefined;
      this.#channel.error(error instanceof Error ? error : String(error));
      throw error;
    });
    return this.#server;
  }

  async #load(): Promise<LanguageServer> {
    const entry: typeof languageClientEntry = await import("./node/language-client-entry.ts");
    return entry.startLanguageServer({
      extension: this.#extension,
      channel: this.#channel,
      documents,
    });
  }
}

function isOurs({ languageId, fileName, uri }: TextDocument): boolean {
  return documents.some(
    ({ scheme, language, pattern }) =>
      scheme === uri.scheme &&
      language === languageId &&
      (pattern === undefined || /\.(?:storage|state_machine)$/.test(fileName)),
  );
}
