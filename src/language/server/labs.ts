import type { Diagnostic } from "vscode-languageserver";
import { kindOf, type FileKind, type FolderChecked } from "../index.ts";
import { addressOfDocument, folderUri, pathOf, uriIn } from "./addresses.ts";
import { FollowedLab, type Timing } from "./followed-lab.ts";
import { noticeToDiagnostic, toDiagnostic } from "./to-lsp.ts";

/** What the labs need of the connection to the editor. */
export interface Editor {
  publish(uri: string, diagnostics: Diagnostic[]): void;
  /** Has changes of the files in this folder told. Answers with what ends it. */
  watch(folder: string): () => void;
  /** What files mean to each other may have changed. */
  judgedAll(): void;
  failed(error: unknown): void;
}

/** A document, as the lab of its folder knows it. */
export interface Found {
  readonly lab: FollowedLab;
  readonly uri: string;
  readonly file: string;
  readonly uriOf: (file: string) => string;
}

interface Held {
  readonly lab: FollowedLab;
  readonly unwatch: () => void;
  /** The URIs by which the editor calls the documents it has open. */
  readonly uris: Map<string, string>;
  readonly uriOf: (file: string) => string;
}

/** How many folders without an open document are followed, the last ones that were checked. */
const mostChecked = 8;

/** The folders that are followed: those of open documents, and those the user had checked. */
export class Labs {
  readonly #editor: Editor;
  readonly #timing: Timing;
  readonly #held = new Map<string, Held>();
  /** Checked on demand, latest last. */
  #checked: readonly string[] = [];

  constructor(editor: Editor, timing: Timing) {
    this.#editor = editor;
    this.#timing = timing;
  }

  /** A document as it is now, whether the editor has just opened it or changed it. */
  show(uri: string, text: string, kind: FileKind | undefined): void {
    const { folder, file } = addressOfDocument(uri);
    const { lab, uris } = this.#hold(folder);
    if (uris.has(file)) return lab.change(file, text);
    uris.set(file, uri);
    lab.open(file, text, kind);
  }

  hide(uri: string): void {
    const { folder, file } = addressOfDocument(uri);
    const held = this.#held.get(folder);
    if (held === undefined || !held.uris.has(file)) return;
    held.lab.closeDocument(file);
    held.uris.delete(file);
    this.#letGo(folder);
  }

  changedOnDisk(uri: string): void {
    const { folder, file } = addressOfDocument(uri);
    this.#held.get(folder)?.lab.changedOnDisk(file);
  }

  /** Undefined for a document that the editor did not open. */
  find(uri: string): Found | undefined {
    const { folder, file } = addressOfDocument(uri);
    const held = this.#held.get(folder);
    if (held?.uris.has(file) !== true) return undefined;
    return { lab: held.lab, uri, file, uriOf: held.uriOf };
  }

  /** Judges a folder now, and follows it from now on. */
  async check(uri: string): Promise<FolderChecked> {
    const folder = folderUri(uri);
    const others = this.#checked.filter((each) => each !== folder);
    this.#checked = [...others, folder].slice(-mostChecked);
    const { lab } = this.#hold(folder);
    for (const other of others) this.#letGo(other);
    await lab.check();
    const problems = [...lab.folder.allProblems().values()].flat();
    return {
      files: lab.folder.files.filter((file) => kindOf(file) !== null).length,
      errors: problems.filter(({ severity }) => severity === "error").length,
      warnings: problems.filter(({ severity }) => severity === "warning").length,
    };
  }

  /** The editor ends, and forgets by itself what it was told. */
  close(): void {
    for (const { lab } of this.#held.values()) lab.close();
    this.#held.clear();
  }

  #hold(folder: string): Held {
    const known = this.#held.get(folder);
    if (known !== undefined) return known;
    const uris = new Map<string, string>();
    const uriOf = (file: string): string => uris.get(file) ?? uriIn(folder, file);
    const path = pathOf(folder);
    const lab = new FollowedLab(path, this.#timing, {
      judged: (file, problems, notice) => {
        const diagnostics = problems.map((problem) => toDiagnostic(problem, uriOf));
        if (notice !== null) diagnostics.push(noticeToDiagnostic(notice));
        this.#editor.publish(uriOf(file), diagnostics);
      },
      judgedAll: () => this.#editor.judgedAll(),
      failed: (error) => this.#editor.failed(error),
    });
    const unwatch = path === null ? (): void => {} : this.#editor.watch(folder);
    const held = { lab, unwatch, uris, uriOf };
    this.#held.set(folder, held);
    return held;
  }

  #letGo(folder: string): void {
    const held = this.#held.get(folder);
    if (held === undefined || held.uris.size > 0 || this.#checked.includes(folder)) return;
    this.#held.delete(folder);
    held.unwatch();
    for (const file of held.lab.close()) this.#editor.publish(held.uriOf(file), []);
  }
}
