import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  createConnection,
  createProtocolConnection,
  FileChangeType,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type ProtocolConnection,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver/node";
import type { Timing } from "../../../../src/language/server/followed-lab.ts";
import { serve } from "../../../../src/language/server/serve.ts";

/** Fast enough for tests, and slow enough for a machine that is shared. */
export const testTiming: Timing = { quiet: 10, most: 50, patience: 400 };

/** What an editor lasts as long as: a test, or a measurement. */
export interface Endable {
  after(end: () => Promise<void>): void;
}

export interface Published {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** An editor without a window: it talks to the server over streams in memory. */
export class TestEditor {
  readonly connection: ProtocolConnection;
  readonly published: Published[] = [];
  /** What the server complained of. */
  readonly errors: string[] = [];
  readonly watched: string[] = [];
  readonly #versions = new Map<string, number>();

  private constructor(connection: ProtocolConnection) {
    this.connection = connection;
    connection.onNotification("textDocument/publishDiagnostics", (told: Published) => {
      this.published.push(told);
    });
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.errors.push(message);
    });
    connection.onRequest("client/registerCapability", (asked: unknown) => {
      this.watched.push(JSON.stringify(asked));
    });
    connection.onRequest("client/unregisterCapability", () => {});
    connection.onRequest("workspace/semanticTokens/refresh", () => {});
  }

  static async open(test: Endable, timing: Timing = testTiming): Promise<TestEditor> {
    const there = new PassThrough();
    const back = new PassThrough();
    const server = createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(there),
      new StreamMessageWriter(back),
    );
    serve(server, timing);
    server.listen();
    const connection = createProtocolConnection(
      new StreamMessageReader(back),
      new StreamMessageWriter(there),
    );
    const editor = new TestEditor(connection);
    connection.listen();
    await connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      capabilities: {
        textDocument: { hover: { contentFormat: ["markdown", "plaintext"] } },
        workspace: {
          didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
          semanticTokens: { refreshSupport: true },
        },
      },
    });
    await connection.sendNotification("initialized", {});
    test.after(async () => {
      await connection.sendRequest("shutdown");
      connection.dispose();
      server.dispose();
    });
    return editor;
  }

  async show(uri: string, text: string, languageId = "raft-log"): Promise<void> {
    this.#versions.set(uri, 1);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  async change(uri: string, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  async hide(uri: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  /** Tells that files changed on disk, as the watchers of an editor do. */
  async changedOnDisk(...uris: readonly string[]): Promise<void> {
    await this.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: uris.map((uri) => ({ uri, type: FileChangeType.Changed })),
    });
  }

  ask<T>(method: string, uri: string, more: object = {}): Promise<T> {
    return this.connection.sendRequest<T>(method, { textDocument: { uri }, ...more });
  }

  /** What the editor shows of this file now. */
  diagnostics(uri: string): readonly Diagnostic[] {
    return this.published.findLast((each) => each.uri === uri)?.diagnostics ?? [];
  }

  codes(uri: string): readonly string[] {
    return this.diagnostics(uri).map(({ code }) => String(code));
  }

  /** Waits until the file has these codes, in order. */
  async hasCodes(uri: string, ...codes: readonly string[]): Promise<void> {
    await until(
      () => JSON.stringify(this.codes(uri)) === JSON.stringify(codes),
      () => `${uri} to have [${codes.join()}]; it has [${this.codes(uri).join()}]`,
    );
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

export async function until(holds: () => boolean, what: () => string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    assert(Date.now() < end, `waited in vain for ${what()}`);
    await setTimeout(5);
  }
}

/** Long enough for whatever is to come, to show that nothing comes. */
export function quiet({ most, patience }: Timing = testTiming): Promise<void> {
  return setTimeout(patience + 4 * most);
}

/** The text of a log, as `1:x=1 2:x=2`: a term, and what is set. */
export function log(notation: string): string {
  const entries = notation.split(" ").filter((entry) => entry !== "");
  return entries
    .map((entry) => {
      const [term = "", command = ""] = entry.split(":");
      const [name = "", value = ""] = command.split("=");
      return `{"term": ${term}, "command": {${command === "" ? "" : `"${name}": ${value}`}}}\n`;
    })
    .join("");
}
