import { rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
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
import { beginsWith } from "./log-file-beginning.ts";
import { logLine } from "./raftos-format.ts";
import { createRegular, openRegular, readAt, writeAt } from "./regular-file.ts";
import type { LogFileBeginning } from "./wal-record.ts";

/** A log, and what it was before it was last truncated. */
export interface LogHistory {
  readonly log: Log;
  readonly earlierLog: Log | null;
  /** What the file must hold of the entries that are gone from the log. */
  readonly beginning: LogFileBeginning;
}

export interface LogFileOptions extends LogHistory {
  /** That beginning is lost, and the file will go on from where the log begins. Comes before it does. */
  readonly lost: () => Promise<void>;
}

export interface OpenedLogFile {
  readonly file: RaftosLogFile;
  /** Undefined if there is nothing to tell. */
  readonly notice: Notice | undefined;
}

/**
 * The `.log` of a node: the entry of index k stands in line k, for as long as the node had them all.
 * What a snapshot stands for is gone from the wal and stays here. Where a snapshot brought entries
 * that the node never had, the file begins after them.
 *
 * Writing to it costs what changes, because where each line ends is known: a truncated log is cut
 * there, and nothing that stays is written again.
 */
export class RaftosLogFile {
  readonly #file: FileHandle;
  /** The entry after which `#ends` begins, and where its line ends in the file. */
  readonly #start: LogIndex;
  readonly #base: number;
  /** Where the line of each entry after `#start` ends. */
  readonly #ends: number[];

  private constructor(file: FileHandle, start: LogIndex, base: number, ends: number[] = []) {
    this.#file = file;
    this.#start = start;
    this.#base = base;
    this.#ends = ends;
  }

  /**
   * Makes the file say what the log is.
   *
   * It may lag: a crash may have kept the last entries from it, or part of a line. Or the last
   * truncation, in which case it holds entries that the log had once. Anything else is not ours
   * and is kept aside. A file that goes on after all of the log is of that kind too, because what
   * stands in it stood in the wal before.
   *
   * What it holds of entries that are gone from the log is only compared by a checksum; if that is
   * not as it was, nobody can write it anew.
   */
  static async open(path: string, options: LogFileOptions): Promise<OpenedLogFile> {
    const { log, beginning } = options;
    const found = await find(openRegular(path, "write"));
    if (found.kind !== "found") {
      if (beginning.bytes > 0) await options.lost();
      const kept = found.kind === "absent" ? null : await keepAside(path);
      return RaftosLogFile.#createAnew(path, log, kept);
    }
    const file = found.value;
    let isBegun = false;
    try {
      const { size } = await file.stat();
      isBegun = await beginsWith(file, beginning);
      const ends = isBegun ? await endsOfLines(file, size, options) : undefined;
      if (ends !== undefined) {
        const end = ends.at(-1) ?? beginning.bytes;
        const isWhole = ends.length === log.length && size === end;
        if (!isWhole) await file.truncate(end);
        const opened = new RaftosLogFile(file, log.start, beginning.bytes, ends);
        await opened.#complete(log);
        return { file: opened, notice: isWhole ? undefined : completed(path) };
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    if (!isBegun) await options.lost();
    const kept = await keepAside(path);
    return isBegun && beginning.bytes > 0
      ? RaftosLogFile.#createFrom(kept, path, options)
      : RaftosLogFile.#createAnew(path, log, kept);
  }

  /** The file of a log that goes on after this entry, in place of the one that there was. */
  static async restart(
    path: string,
    before: RaftosLogFile | undefined,
    after: LogIndex,
  ): Promise<OpenedLogFile> {
    const isEmpty = before !== undefined && before.#end === 0;
    await before?.close();
    if (isEmpty) await rm(path);
    const kept = isEmpty ? null : await keepAside(path);
    const handle = await createRegular(path);
    return { file: new RaftosLogFile(handle, after, 0), notice: begins(path, after, kept) };
  }

  /** A file of all that stands in the log. */
  static async #createAnew(path: string, log: Log, kept: Kept | null): Promise<OpenedLogFile> {
    const handle = await createRegular(path);
    const file = new RaftosLogFile(handle, log.start, 0);
    try {
      await file.#complete(log);
      const notice = log.start === 0 ? (kept ?? undefined) : begins(path, log.start, kept);
      return { file, notice };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** A file that begins like another one, of which only what follows was changed. */
  static async #createFrom(
    kept: Kept,
    path: string,
    { log, beginning }: LogFileOptions,
  ): Promise<OpenedLogFile> {
    const from = await openRegular(join(dirname(path), kept.keptAs), "read");
    try {
      const handle = await createRegular(path);
      try {
        await copy(from, handle, beginning.bytes);
        const file = new RaftosLogFile(handle, log.start, beginning.bytes);
        await file.#complete(log);
        return { file, notice: kept };
      } catch (error) {
        await handle.close();
        throw error;
      }
    } finally {
      await from.close();
    }
  }

  /** Leaves the lines of the first `keep` entries, and puts those of `entries` after them. */
  async write(keep: LogIndex, entries: readonly Entry[]): Promise<void> {
    const lines = keep - this.#start;
    if (lines < this.#ends.length) {
      this.#ends.length = lines;
      await this.#file.truncate(this.#end);
    }
    for (let at = 0; at < entries.length;) {
      const more = linesFrom(at, (index) => entries[index]);
      await this.#append(more);
      at += more.length;
    }
  }

  /** What was written stays, whatever happens to the machine. */
  sync(): Promise<void> {
    return this.#file.datasync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  get #end(): number {
    return this.#ends.at(-1) ?? this.#base;
  }

  async #complete(log: Log): Promise<void> {
    while (this.#start + this.#ends.length < lastIndex(log)) {
      const next = this.#start + this.#ends.length + 1;
      await this.#append(linesFrom(next, (index) => entryAt(log, index)));
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
  { log, earlierLog, beginning }: LogHistory,
): Promise<number[] | undefined> {
  const ends = await endsIfPrefix(file, size, log, beginning.bytes);
  if (ends !== undefined || earlierLog === null) return ends;
  const earlier = await endsIfPrefix(file, size, earlierLog, beginning.bytes);
  return earlier?.slice(0, firstDifference(log, earlierLog) - 1 - log.start);
}

/** Where the whole lines of the file end from there on, if they are the log's, cut somewhere. */
async function endsIfPrefix(
  file: FileHandle,
  size: number,
  log: Log,
  base: number,
): Promise<number[] | undefined> {
  const ends: number[] = [];
  let position = base;
  while (position < size) {
    const lines = linesFrom(log.start + ends.length + 1, (index) => entryAt(log, index));
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

type Kept = Extract<Notice, { kind: "fileDiffers" }>;

function begins(path: string, after: LogIndex, kept: Kept | null): Notice {
  return { kind: "logFileBegins", file: basename(path), after, keptAs: kept?.keptAs ?? null };
}

const bytesAtOnce = 64 * 1024;

/** Copies the first bytes of a file. */
async function copy(from: FileHandle, to: FileHandle, bytes: number): Promise<void> {
  for (let position = 0; position < bytes; position += bytesAtOnce) {
    const buffer = Buffer.allocUnsafe(Math.min(bytesAtOnce, bytes - position));
    await readAt(from, position, buffer);
    await writeAt(to, position, buffer);
  }
}
