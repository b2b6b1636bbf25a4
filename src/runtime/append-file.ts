import type { FileHandle } from "node:fs/promises";
import { isAbsence } from "./cluster-file.ts";
import { createRegular, openRegular, readAt, writeAt } from "./regular-file.ts";

/**
 * A text file that only grows, written in the background: what comes while a write is under way
 * goes with the next. Nothing rests on it, so it is not synced.
 */
export class AppendFile {
  readonly #path: string;
  readonly #failed: (error: unknown) => void;
  #file: FileHandle | undefined;
  #length = 0;
  #buffer = "";
  #writing: Promise<void> | undefined;
  #broken = false;

  /** `failed` is called once, at the first error; the file then takes nothing more. */
  constructor(path: string, failed: (error: unknown) => void) {
    this.#path = path;
    this.#failed = failed;
  }

  write(text: string): void {
    if (text === "" || this.#broken) return;
    this.#buffer += text;
    this.#writing ??= this.#drain();
  }

  /** Resolves when all that has been written so far is in the file. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #open(): Promise<FileHandle> {
    let file: FileHandle;
    try {
      file = await openRegular(this.#path, "write");
    } catch (error) {
      if (!isAbsence(error)) throw error;
      return await createRegular(this.#path);
    }
    this.#length = (await file.stat()).size;
    const last = Buffer.alloc(1);
    if (this.#length > 0) await readAt(file, this.#length - 1, last);
    // A process that was killed may have left half a line.
    if (this.#length > 0 && last.toString() !== "\n") this.#buffer = `\n${this.#buffer}`;
    return file;
  }

  async #drain(): Promise<void> {
    try {
      const file = (this.#file ??= await this.#open());
      while (this.#buffer !== "") {
        const text = this.#buffer;
        this.#buffer = "";
        this.#length = await writeAt(file, this.#length, text);
      }
    } catch (error) {
      this.#broken = true;
      this.#failed(error);
    } finally {
      this.#writing = undefined;
    }
  }
}
