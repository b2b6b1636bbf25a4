import { join } from "node:path";
import { setTimeout as startTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { LabFolder, type FileKind, type Problem } from "../index.ts";
import { isOfLab, labFilesIn, mostFiles, readLabFile } from "./lab-files.ts";
import type { Notice } from "./notice.ts";
import { Settling, type Text } from "./settling.ts";
import { inSlices, Slices } from "./slices.ts";

/** In milliseconds. */
export interface Timing {
  /** How long nothing must have happened before files are judged anew … */
  readonly quiet: number;
  /** … and how long at most that waits while something always happens. */
  readonly most: number;
  /** How long a file must stay empty, cut or gone before that counts. */
  readonly patience: number;
}

export const usualTiming: Timing = { quiet: 150, most: 600, patience: 1_000 };

export interface LabListener {
  /** What there is to say about each file, those that are gone with nothing. */
  judged(file: string, problems: readonly Problem[], notice: Notice | null): void;
  /** All files were judged; what they mean to each other may have changed. */
  judgedAll(): void;
  failed(error: unknown): void;
}

interface OpenDocument {
  readonly kind: FileKind | undefined;
  readonly settling: Settling;
  /** Until when its text is taken to be unfinished. */
  waitUntil: number;
}

/**
 * The files of one folder, kept as they are now: documents as the editor has them, the files beside
 * them as they are on disk. They are judged together whenever one has changed and has settled.
 */
export class FollowedLab {
  readonly folder = new LabFolder();
  /** The folder on disk; null where there is none, as for documents that were never saved. */
  readonly #path: string | null;
  readonly #timing: Timing;
  readonly #listener: LabListener;
  readonly #documents = new Map<string, OpenDocument>();
  readonly #onDisk = new Map<string, Settling>();
  readonly #notices = new Map<string, Notice>();
  /** The files to be looked at again. */
  #changed = new Set<string>();
  #isListed = false;
  /** Files on disk that are left as they were, because they look unfinished. */
  readonly #unfinished = new Set<string>();
  readonly #applying = new Map<string, Promise<void>>();
  #judging: Promise<void> | undefined;
  #told = new Set<string>();
  /** Counts the texts that were handed over. */
  #edition = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Since when a look is due. */
  #asked: number | undefined;
  #isAskedAgain = false;
  #work: Promise<void> | undefined;
  #isClosed = false;

  constructor(path: string | null, timing: Timing, listener: LabListener) {
    this.#path = path;
    this.#timing = timing;
    this.#listener = listener;
    this.#ask(0);
  }

  get hasDocuments(): boolean {
    return this.#documents.size > 0;
  }

  /** `kind` is what the editor takes the document for, where it says so. */
  open(file: string, text: string, kind: FileKind | undefined): void {
    const settling = new Settling(text, this.#timing.patience);
    this.#documents.set(file, { kind, settling, waitUntil: 0 });
    this.#notices.delete(file);
    this.#apply(file, text, kind);
    this.#ask(0);
  }

  change(file: string, text: string): void {
    const document = this.#documents.get(file);
    if (document === undefined) return;
    this.#apply(file, text, document.kind);
    this.#wait(document, text);
    this.#ask(this.#timing.quiet);
  }

  /** From now on the file counts as it is on disk. */
  closeDocument(file: string): void {
    this.#documents.delete(file);
    this.#onDisk.delete(file);
    this.changedOnDisk(file);
  }

  changedOnDisk(file: string): void {
    if (!isOfLab(file) && !this.folder.files.includes(file)) return;
    this.#changed.add(file);
    this.#ask(this.#timing.quiet);
  }

  /** Reads everything anew and judges it. Comes when nothing looks unfinished any more. */
  async check(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      this.#isListed = false;
      await this.#work;
      await this.#run();
      if (this.#unfinished.size === 0 && this.#waiting === 0) return;
      await setTimeout(this.#timing.patience);
    }
    await this.#run();
  }

  /** Comes when the folder knows every document as it is now, and what follows from all files. */
  async ready(): Promise<void> {
    let edition: number;
    do {
      edition = this.#edition;
      await Promise.all(this.#applying.values());
      this.#judging ??= inSlices(this.folder.judgeInSteps()).finally(() => {
        this.#judging = undefined;
      });
      await this.#judging;
    } while (edition !== this.#edition && !this.#isClosed);
  }

  /** Nothing is told afterwards. Answers with the files of which something was told. */
  close(): ReadonlySet<string> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    return this.#told;
  }

  #ask(quiet: number): void {
    if (this.#isClosed) return;
    const now = performance.now();
    this.#asked ??= now;
    this.#runAfter(Math.max(Math.min(quiet, this.#asked + this.#timing.most - now), 0));
  }

  #runAfter(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = startTimer(() => {
      if (this.#work === undefined) void this.#run();
      else this.#isAskedAgain = true;
    }, delay);
  }

  #run(): Promise<void> {
    this.#work ??= this.#look().finally(() => {
      this.#work = undefined;
      if (this.#isAskedAgain) this.#ask(0);
    });
    return this.#work;
  }

  async #look(): Promise<void> {
    this.#asked = undefined;
    this.#isAskedAgain = false;
    try {
      if (!this.#isListed) await this.#list();
      const slices = new Slices();
      const changed = this.#changed;
      this.#changed = new Set();
      for (const file of changed) {
        await this.#read(file);
        await slices.rest();
      }
      await this.#judge();
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  /** The file is left as it was, and looked at after a time, whatever happens until then. */
  #lookAgain(file: string, delay: number): void {
    this.#unfinished.add(file);
    startTimer(() => {
      if (this.#unfinished.has(file)) this.changedOnDisk(file);
    }, delay).unref();
  }

  async #list(): Promise<void> {
    this.#isListed = true;
    if (this.#path === null) return;
    const { names, beyond } = await labFilesIn(this.#path).catch((error: unknown) => {
      this.#listener.failed(error);
      return { names: [], beyond: [] };
    });
    // Those that are gone are looked at, too.
    for (const file of [...names, ...this.folder.files]) this.#changed.add(file);
    for (const file of beyond) {
      if (!this.#documents.has(file))
        this.#notices.set(file, { kind: "tooMany", limit: mostFiles });
    }
  }

  async #read(file: string): Promise<void> {
    if (this.#path === null || !isOfLab(file)) {
      if (!this.#documents.has(file)) this.#forget(file);
      return;
    }
    if (this.#documents.has(file) || this.#isBeyond(file)) return;
    const found = await readLabFile(join(this.#path, file));
    // It may have been opened meanwhile, and then the document counts.
    if (this.#documents.has(file) || this.#isClosed) return;
    if (found.kind === "notice") {
      this.#forget(file);
      this.#notices.set(file, found.notice);
      return;
    }
    this.#notices.delete(file);
    const text = found.kind === "text" ? found.text : null;
    const modified = found.kind === "text" ? found.modified : undefined;
    const left = this.#settle(file, text, modified);
    if (left > 0) return this.#lookAgain(file, left);
    this.#unfinished.delete(file);
    if (text === null) this.#forget(file);
    else this.#apply(file, text, undefined);
  }

  #settle(file: string, text: Text, modified: number | undefined): number {
    let settling = this.#onDisk.get(file);
    if (settling === undefined) {
      // A document that was closed leaves its text behind, and so that is what counted.
      if (this.folder.files.includes(file) && text !== null) return this.#begin(file, text);
      settling = new Settling(null, this.#timing.patience);
      this.#onDisk.set(file, settling);
    }
    return settling.see(text, Date.now(), modified);
  }

  #begin(file: string, text: Text): 0 {
    this.#onDisk.set(file, new Settling(text, this.#timing.patience));
    return 0;
  }

  #forget(file: string): void {
    this.#edition++;
    this.#notices.delete(file);
    this.#unfinished.delete(file);
    this.#onDisk.delete(file);
    this.folder.delete(file);
  }

  /** Whether it is one too many. */
  #isBeyond(file: string): boolean {
    const isNew = !this.#onDisk.has(file) && !this.folder.files.includes(file);
    if (!isNew || this.#onDisk.size < mostFiles) return false;
    this.#notices.set(file, { kind: "tooMany", limit: mostFiles });
    return true;
  }

  #apply(file: string, text: string, kind: FileKind | undefined): void {
    this.#edition++;
    const applied = inSlices(this.folder.setInSteps(file, text, kind))
      .catch((error: unknown) => this.#listener.failed(error))
      .finally(() => {
        if (this.#applying.get(file) === applied) this.#applying.delete(file);
      });
    this.#applying.set(file, applied);
  }

  #wait(document: OpenDocument, text: string): void {
    const left = document.settling.see(text, Date.now());
    document.waitUntil = left > 0 ? performance.now() + left : 0;
  }

  /** How long to wait for documents that look unfinished. */
  get #waiting(): number {
    const now = performance.now();
    return Math.max(0, ...[...this.#documents.values()].map(({ waitUntil }) => waitUntil - now));
  }

  async #judge(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting > 0) {
      if (this.#asked === undefined && !this.#isClosed) this.#runAfter(waiting);
      return;
    }
    await this.ready();
    if (this.#isClosed) return;
    const judged = this.folder.allProblems();
    const told = new Set([...judged.keys(), ...this.#notices.keys()]);
    for (const file of new Set([...told, ...this.#told])) {
      this.#listener.judged(file, judged.get(file) ?? [], this.#notices.get(file) ?? null);
    }
    this.#told = told;
    this.#listener.judgedAll();
  }
}
