import { lstat, type FileHandle } from "node:fs/promises";
import {
  lastIndex,
  nothingSaved,
  slice,
  type Change,
  type Log,
  type Persistent,
} from "../raft/index.ts";
import { isAbsence } from "./cluster-file.ts";
import { openRegular, readAt, writeAt } from "./regular-file.ts";
import {
  encodeChanges,
  encodeHeader,
  WalReader,
  type RecoveredWal,
  type Recovery,
  type WalOwner,
} from "./wal.ts";
import { writeAtomically } from "./write-atomically.ts";

/** What came of opening a wal. Only the first is one that a node may start from. */
export type OpenedWal =
  | {
      readonly kind: "opened";
      readonly wal: WalFile;
      readonly saved: Persistent;
      /** The log before it was last truncated, for the files that may lag behind. */
      readonly earlierLog: Log | null;
      /** How much was cut off the end, torn by a crash. */
      readonly tornBytes: number;
    }
  | { readonly kind: "missing" }
  | Exclude<Recovery, RecoveredWal>;

/**
 * The file that alone says what a node has saved. It is only ever appended to, so what was once
 * durable stays so. One writer at a time: see `lockFolder`.
 */
export class WalFile {
  readonly #file: FileHandle;
  #length: number;
  #nextNumber: number;
  /** The last write, with what was to be written before it. Rejected for good if one has failed. */
  #written: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(file: FileHandle, { length, nextNumber }: RecoveredWal) {
    this.#file = file;
    this.#length = length;
    this.#nextNumber = nextNumber;
  }

  /**
   * Makes the wal of a new node, which may have a past already. The file gets its name when all of
   * it is durable; half a past would pass for a whole one.
   *
   * Rejects if anything goes by that name: it may hold what another node was promised.
   */
  static async create(path: string, owner: WalOwner, saved: Persistent): Promise<void> {
    if (await exists(path)) throw new Error(`${path} exists`);
    await writeAtomically(path, pieces(owner, saved));
  }

  /**
   * Makes the wal of a node that is to join a cluster, unless it has one: then somebody went away
   * when the node was about to be added, and it goes on from there.
   */
  static async make(path: string, owner: WalOwner): Promise<void> {
    if (!(await exists(path))) await WalFile.create(path, owner, nothingSaved);
  }

  /**
   * Reads the wal of a node that is to start, and cuts off what a crash has torn.
   *
   * What is read may be in the system's memory only, written by a process that was killed before
   * it had synced. The node will promise it all the same, so it is synced before it is used.
   *
   * Rejects only when the disk does, or when what goes by that name is no file.
   */
  static async open(path: string, owner: WalOwner): Promise<OpenedWal> {
    let file: FileHandle;
    try {
      file = await openRegular(path, "write");
    } catch (error) {
      if (isAbsence(error)) return { kind: "missing" };
      throw error;
    }
    try {
      const recovery = await read(file, owner);
      if (recovery.kind !== "recovered") {
        await file.close();
        return recovery;
      }
      const { saved, earlierLog, length, tornBytes } = recovery;
      if (tornBytes > 0) await file.truncate(length);
      await file.sync();
      return { kind: "opened", wal: new WalFile(file, recovery), saved, earlierLog, tornBytes };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Appends the changes in one write and resolves when they are durable, all of them.
   *
   * Once this has rejected it always does. After a failed sync the system may take for written what
   * is not, so trying again could succeed and lose what was promised; the node has to stop.
   */
  append(changes: readonly Change[]): Promise<void> {
    this.#written = this.#written.then(() => this.#write(changes));
    return this.#written;
  }

  /** Waits for what is being written. Resolves even if that has failed: whoever wrote knows. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#written.catch(() => undefined);
    await this.#file.close();
  }

  async #write(changes: readonly Change[]): Promise<void> {
    if (this.#closed) throw new Error("the wal is closed");
    const { text, nextNumber } = encodeChanges(changes, this.#nextNumber);
    this.#length = await writeAt(this.#file, this.#length, text);
    await this.#file.datasync();
    this.#nextNumber = nextNumber;
  }
}

/**
 * What a wal says, without changing it; undefined if there is none. While its node is running, the
 * end of it may be a write that is not over, which looks torn.
 */
export async function readWal(path: string, owner: WalOwner): Promise<Recovery | undefined> {
  let file: FileHandle;
  try {
    file = await openRegular(path, "read");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  try {
    return await read(file, owner);
  } finally {
    await file.close();
  }
}

/** A piece is what is read at once, and small enough that its records do not take long. */
const pieceBytes = 64 * 1024;

async function read(file: FileHandle, owner: WalOwner): Promise<Recovery> {
  const reader = new WalReader(owner);
  const buffer = Buffer.allocUnsafe(pieceBytes);
  for (let position = 0; !reader.isDone; position += pieceBytes) {
    const length = await readAt(file, position, buffer);
    reader.take(buffer.toString("latin1", 0, length));
    if (length < pieceBytes) break;
  }
  return reader.end();
}

function* pieces(owner: WalOwner, { currentTerm, votedFor, log }: Persistent): Iterable<string> {
  const vote = encodeChanges([{ vote: { currentTerm, votedFor }, log: null }], 1);
  let piece = encodeHeader(owner) + vote.text;
  let { nextNumber } = vote;
  for (let from = 1; from <= lastIndex(log); from++) {
    const change = { vote: null, log: { from, entries: slice(log, from, from) } };
    const { text, nextNumber: next } = encodeChanges([change], nextNumber);
    piece += text;
    nextNumber = next;
    if (piece.length < pieceBytes) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}
