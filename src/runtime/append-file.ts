import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

/**
 * A text file that only grows, written in the background: what comes while a write is under way
 * goes with the next. Nothing rests on it, so it is not synced.
 */
export class AppendFile {
  readonly #path: string;
  readonly #failed: (error: unknown) => void;
  #file: FileHandle | undefined;
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

  async #drain(): Promise<void> {
    try {
      // A link in the folder could lead anywhere.
      const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY;
      this.#file ??= await open(this.#path, flags | (constants.O_NOFOLLOW ?? 0));
      while (this.#buffer !== "") {
        const text = this.#buffer;
        this.#buffer = "";
        await this.#file.appendFile(text);
      }
    } catch (error) {
      this.#broken = true;
      this.#failed(error);
    } finally {
      this.#writing = undefined;
    }
  }
}
