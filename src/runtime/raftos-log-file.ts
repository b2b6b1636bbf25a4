import type { FileHandle } from "node:fs/promises";
import {
  entryAt,
  firstDifference,
  lastIndex,
  type Entry,
  type Log,
  type LogIndex,
} from "../raft/index.ts";
import type { Notice } from "../trace/index.ts";
import { completed, find, keepAside } from "./derived-file.ts";
import { logLine } from "./raftos-format.ts";
import { createRegular, openRegular, readAt, writeAt } from "./regular-file.ts";

/** A log, and what it was before it was last truncated. */
export interface LogHistory {
  readonly log: Log;
  readonly earlierLog: Log | null;
}

export interface OpenedLogFile {
  readonly file: RaftosLogFile;
  /** Undefined if there is nothing to tell. */
  readonly notice: Notice | undefined;
}

/**
 * The `.log` of a node. Writing to it costs what changes, because where each line ends is known:
 * a truncated log is cut there, and nothing that stays is written again.
 */
export class RaftosLogFile {
  readonly #file: FileHandle;
  /** Where the line of each entry ends; that of index 1 comes first. */
  readonly #ends: number[];

  private constructor(file: FileHandle, ends: number[]) {
    this.#file = file;
    this.#ends = ends;
  }

  /**
   * Makes the file say what the log is.
   *
   * It may lag: a crash may have kept the last entries from it, or part of a line. Or the last
   * truncation, in which case it holds entries that the log had once. Anything else is not ours
   * and is kept aside. A file that goes on after all of the log is of that kind too, because what
   * stands in it stood in the wal before.
   */
  static async open(path: string, { log, earlierLog }: LogHistory): Promise<OpenedLogFile> {
    const found = await find(openRegular(path, "write"));
    if (found.kind === "absent") return RaftosLogFile.#create(path, log, undefined);
    if (found.kind === "notAFile") return RaftosLogFile.#create(path, log, await keepAside(path));

    const file = found.value;
    try {
      const { size } = await file.stat();
      const ends = await endsOfLines(file, size, { log, earlierLog });
      if (ends !== undefined) {
        const isWhole = ends.length === lastIndex(log) && size === (ends.at(-1) ?? 0);
        if (!isWhole) await file.truncate(ends.at(-1) ?? 0);
        const opened = new RaftosLogFile(file, ends);
        await opened.#complete(log);
        return { file: opened, notice: isWhole ? undefined : completed(path) };
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return RaftosLogFile.#create(path, log, await keepAside(path));
  }

  static async #create(path: string, log: Log, notice: Notice | undefined): Promise<OpenedLogFile> {
    const handle = await createRegular(path);
    const file = new RaftosLogFile(handle, []);
    try {
      await file.#complete(log);
      return { file, notice };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Leaves the lines of the first `keep` entries, and puts those of `entries` after them. */
  async write(keep: LogIndex, entries: readonly Entry[]): Promise<void> {
    if (keep < this.#ends.length) {
      this.#ends.length = keep;
      await this.#file.truncate(this.#end);
    }
    for (let at = 0; at < entries.length;) {
      const lines = linesFrom(at, (index) => entries[index]);
      await this.#append(lines);
      at += lines.length;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  get #end(): number {
    return this.#ends.at(-1) ?? 0;
  }

  async #complete(log: Log): Promise<void> {
    while (this.#ends.length < lastIndex(log)) {
      await this.#append(linesFrom(this.#ends.length + 1, (index) => entryAt(log, index)));
    }
  }

  async #append(lines: readonly string[]): Promise<void> {
    await writeAt(this.#file, this.#end, lines.join(""));
    for (const line of lines) this.#ends.push(this.#end + Buffer.byteLength(line));
  }
}

/** So few that making or comparing their lines does not hold up the extension host. */
const linesInPiece = 500;
const charactersInPiece = 256 * 1024;

/** The lines of some entries from that index on; none if there is no entry. */
function linesFrom(first: number, at: (index: number) => Entry | undefined): readonly string[] {
  const lines: string[] = [];
  let characters = 0;
  while (lines.length < linesInPiece && characters < charactersInPiece) {
    const entry = at(first + lines.length);
    if (entry === undefined) break;
    const line = logLine(entry);
    lines.push(line);
    characters += line.length;
  }
  return lines;
}

/** Where the lines that can stay end; undefined if the file is none that we could have left. */
async function endsOfLines(
  file: FileHandle,
  size: number,
  { log, earlierLog }: LogHistory,
): Promise<number[] | undefined> {
  const ends = await endsIfPrefix(file, size, log);
  if (ends !== undefined || earlierLog === null) return ends;
  const earlier = await endsIfPrefix(file, size, earlierLog);
  return earlier?.slice(0, firstDifference(log, earlierLog) - 1);
}

/** Where the whole lines of the file end, if it is what the log would be, cut somewhere. */
async function endsIfPrefix(
  file: FileHandle,
  size: number,
  log: Log,
): Promise<number[] | undefined> {
  const ends: number[] = [];
  let position = 0;
  while (position < size) {
    const lines = linesFrom(ends.length + 1, (index) => entryAt(log, index));
    if (lines.length === 0) return undefined;
    const expected = Buffer.from(lines.join(""));
    const actual = Buffer.allocUnsafe(Math.min(expected.length, size - position));
    const length = await readAt(file, position, actual);
    if (!expected.subarray(0, length).equals(actual.subarray(0, length))) return undefined;
    let end = position;
    for (const line of lines) {
      end += Buffer.byteLength(line);
      if (end > position + length) return ends;
      ends.push(end);
    }
    position = end;
  }
  return ends;
}
