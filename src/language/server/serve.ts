import {
  DidChangeWatchedFilesNotification,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type SemanticTokens,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { checkFolderRequest, type FileKind } from "../index.ts";
import { usualTiming, type Timing } from "./followed-lab.ts";
import { Labs, type Editor, type Found } from "./labs.ts";
import { Publisher } from "./publisher.ts";
import { Slices } from "./slices.ts";
import { legend, toFoldingRange, toHover, TokenNumbers, toLocation, toSymbol } from "./to-lsp.ts";

/** What the editor can do, of what we would use. */
interface Abilities {
  readonly watches: boolean;
  readonly refreshesTokens: boolean;
  readonly hoverFormat: MarkupKind;
}

/** Answers all that an editor asks about the files of labs. The caller starts the connection. */
export function serve(connection: Connection, timing: Timing = usualTiming): void {
  let abilities: Abilities = {
    watches: false,
    refreshesTokens: false,
    hoverFormat: MarkupKind.PlainText,
  };
  const labs = new Labs(
    editorBehind(connection, () => abilities),
    timing,
  );
  connection.onInitialize((parameters) => {
    abilities = abilitiesOf(parameters);
    return whatWeDo;
  });
  connection.onShutdown(() => labs.close());
  const documents = followDocuments(connection, labs);
  answerQuestions({ connection, labs, documents, abilities: () => abilities });
}

function followDocuments(connection: Connection, labs: Labs): TextDocuments<TextDocument> {
  const documents = new TextDocuments(TextDocument);
  // Comes when a document is opened, too.
  documents.onDidChangeContent(({ document }) =>
    labs.show(document.uri, document.getText(), kinds[document.languageId]),
  );
  documents.onDidClose(({ document }) => labs.hide(document.uri));
  documents.listen(connection);
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) labs.changedOnDisk(uri);
  });
  return documents;
}

interface Server {
  readonly connection: Connection;
  readonly labs: Labs;
  readonly documents: TextDocuments<TextDocument>;
  readonly abilities: () => Abilities;
}

function answerQuestions({ connection, labs, documents, abilities }: Server): void {
  /** Answers about a document as it is now; with nothing if that fails, which is told. */
  const about = async <T>(
    uri: string,
    cancelled: CancellationToken,
    answer: (found: Found) => T | Promise<T>,
  ): Promise<T | null> => {
    const found = labs.find(uri);
    if (found === undefined) return null;
    await found.lab.ready();
    if (cancelled.isCancellationRequested) throw cancellation();
    try {
      return await answer(found);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      connection.console.error(errorText(error));
      return null;
    }
  };
  connection.onHover(({ textDocument: { uri }, position }, cancelled) =>
    about(uri, cancelled, ({ lab, file }) => {
      const hover = lab.folder.hover(file, position);
      return hover === null ? null : toHover(hover, abilities().hoverFormat);
    }),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }, cancelled) =>
    about(uri, cancelled, ({ lab, file }) => lab.folder.outline(file).map(toSymbol)),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }, cancelled) =>
    about(uri, cancelled, ({ lab, file }) => lab.folder.folds(file).map(toFoldingRange)),
  );
  connection.onDefinition(({ textDocument: { uri }, position }, cancelled) =>
    about(uri, cancelled, ({ lab, file, uriOf }) => {
      const place = lab.folder.sameEntry(file, position);
      return place === null ? null : toLocation(place, uriOf);
    }),
  );
  connection.onReferences(({ textDocument: { uri }, position }, cancelled) =>
    about(uri, cancelled, ({ lab, file, uriOf }) =>
      lab.folder.allPlaces(file, position).map((place) => toLocation(place, uriOf)),
    ),
  );
  const { semanticTokens } = connection.languages;
  semanticTokens.on(async ({ textDocument: { uri } }, cancelled) => {
    const answer = (found: Found): Promise<SemanticTokens> =>
      tokensIn(found, { from: 0, to: Number.POSITIVE_INFINITY }, cancelled, documents);
    return (await about(uri, cancelled, answer)) ?? { data: [] };
  });
  semanticTokens.onRange(async ({ textDocument: { uri }, range }, cancelled) => {
    const lines = { from: range.start.line, to: range.end.line + 1 };
    const answer = (found: Found): Promise<SemanticTokens> =>
      tokensIn(found, lines, cancelled, documents);
    return (await about(uri, cancelled, answer)) ?? { data: [] };
  });
  connection.onRequest(checkFolderRequest, (raw: unknown) => {
    const folder = folderIn(raw);
    return folder === undefined
      ? new ResponseError(LSPErrorCodes.RequestFailed, "no folder was named")
      : labs.check(folder);
  });
}

const linesAtATime = 1_000;

/** In slices, since the file may be long; ended when the user no longer waits or has changed it. */
async function tokensIn(
  { lab, file, uri }: Found,
  { from, to }: { readonly from: number; readonly to: number },
  cancelled: CancellationToken,
  documents: TextDocuments<TextDocument>,
): Promise<SemanticTokens> {
  const document = documents.get(uri);
  const numbers = new TokenNumbers();
  const slices = new Slices();
  const end = Math.min(to, document?.lineCount ?? 0);
  for (let line = from; line < end; line += linesAtATime) {
    numbers.add(lab.folder.tokens(file, line, Math.min(line + linesAtATime, end)));
    const { version } = document ?? {};
    await slices.rest();
    if (cancelled.isCancellationRequested) throw cancellation();
    if (documents.get(uri)?.version !== version) {
      throw new ResponseError(LSPErrorCodes.ContentModified, "the document has changed");
    }
  }
  return { data: numbers.all };
}

function editorBehind(connection: Connection, abilities: () => Abilities): Editor {
  const publisher = new Publisher((uri, diagnostics) => {
    void connection.sendDiagnostics({ uri, diagnostics }).catch(ignoreGone);
  });
  return {
    publish: (uri, diagnostics) => publisher.publish(uri, diagnostics),
    watch(folder) {
      if (!abilities().watches) return () => {};
      const watching = connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: { baseUri: folder, pattern: "*" } }],
      });
      watching.catch(ignoreGone);
      return () => void watching.then((each) => each.dispose()).catch(ignoreGone);
    },
    judgedAll() {
      if (!abilities().refreshesTokens) return;
      void connection.languages.semanticTokens.refresh().catch(ignoreGone);
    },
    failed: (error) => connection.console.error(errorText(error)),
  };
}

/** The editor may end at any time, and then nobody waits for what we send. */
function ignoreGone(): void {}

const whatWeDo: InitializeResult = {
  serverInfo: { name: "Raft Lab" },
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    semanticTokensProvider: { legend, full: true, range: true },
  },
};

function abilitiesOf({ capabilities }: InitializeParams): Abilities {
  const { workspace, textDocument } = capabilities;
  const files = workspace?.didChangeWatchedFiles;
  const showsMarkdown = textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown);
  return {
    watches: files?.dynamicRegistration === true && files.relativePatternSupport === true,
    refreshesTokens: workspace?.semanticTokens?.refreshSupport === true,
    hoverFormat: showsMarkdown === true ? MarkupKind.Markdown : MarkupKind.PlainText,
  };
}

/** What our languages hold; for another one, the name of the file tells. */
const kinds: Readonly<Record<string, FileKind | undefined>> = {
  "raft-log": "log",
  "raft-account": "account",
};

function folderIn(raw: unknown): string | undefined {
  if (typeof raw !== "object" || raw === null || !("folder" in raw)) return undefined;
  return typeof raw.folder === "string" ? raw.folder : undefined;
}

function cancellation(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
