import { lstat, type FileHandle } from "node:fs/promises";
import {
  append,
  invariant,
  lastIndex,
  logWithSnapshot,
  nothingSaved,
  slice,
  termAt,
  truncateFrom,
  type Change,
  type Log,
  type LogIndex,
  type Persistent,
  type SnapshotChange,
} from "../raft/index.ts";
import type { Notice } from "../trace/index.ts";
import { isAbsence } from "./cluster-file.ts";
import { keepAside } from "./derived-file.ts";
import { beginningAfter } from "./log-file-beginning.ts";
import { snapshotBeside } from "./node-paths.ts";
import { openRegular, readAt, writeAt } from "./regular-file.ts";
import { readSnapshot, writeSnapshot, type ReadSnapshot } from "./snapshot-file.ts";
import { joined, type Joined, type UnusableSnapshot } from "./wal-and-snapshot.ts";
import type { LogFileBeginning } from "./wal-record.ts";
import {
  encodeBeginning,
  encodeChanges,
  WalReader,
  wholeLogFile,
  type EncodedRecords,
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
      /** What the `.log` must hold of the entries that are gone from the wal. */
      readonly logFile: LogFileBeginning;
      /** The log before it was last truncated, for the files that may lag behind. */
      readonly earlierLog: Log | null;
      /** How much was cut off the end, torn by a crash. */
      readonly tornBytes: number;
      /** A snapshot that nothing rests on could not be read and was kept aside. */
      readonly notice: Notice | undefined;
    }
  | { readonly kind: "missing" }
  | Exclude<Recovery, RecoveredWal>
  | UnusableSnapshot;

/** Who writes other files from the wal and has to keep up with it. */
export interface WalFollower {
  /** These changes are durable now. None of them is a snapshot. */
  saved(changes: readonly Change[]): void;
  /**
   * The wal will lose entries. Resolves when the files that are to keep them have them for good, or
   * cannot. Never rejects.
   */
  beforeCut(): Promise<void>;
  /** A snapshot has taken the place of the whole log, which goes on after this entry. */
  restarted(after: LogIndex): void;
}

const nobody: WalFollower = {
  saved() {},
  async beforeCut() {},
  restarted() {},
};

/**
 * The file that says what a node has saved, with the snapshot beside it once there is one. It is
 * only ever appended to, or replaced as a whole, so what was once durable stays so. One writer at a
 * time: see `lockFolder`.
 *
 * A snapshot is durable before the wal loses what it stands for. A crash in between leaves both,
 * and then the rule of §7 says what counts: see `joined`.
 */
export class WalFile {
  readonly #path: string;
  readonly #owner: WalOwner;
  #file: FileHandle;
  #length: number;
  #nextNumber: number;
  /** What is durable. */
  #saved: Persistent;
  #logFile: LogFileBeginning;
  /** The last write, with what was to be written before it. Rejected for good if one has failed. */
  #written: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(
    about: { readonly path: string; readonly owner: WalOwner; readonly file: FileHandle },
    saved: Persistent,
    { length, nextNumber, logFile }: RecoveredWal,
  ) {
    this.#path = about.path;
    this.#owner = about.owner;
    this.#file = about.file;
    this.#saved = saved;
    this.#length = length;
    this.#nextNumber = nextNumber;
    this.#logFile = logFile;
  }

  /**
   * Makes the wal of a new node, which may have a past already. The file gets its name when all of
   * it is durable; half a past would pass for a whole one.
   *
   * Rejects if anything goes by that name: it may hold what another node was promised.
   */
  static async create(path: string, owner: WalOwner, saved: Persistent): Promise<void> {
    if (await exists(path)) throw new Error(`${path} exists`);
    await writeAtomically(path, pieces(owner, saved, wholeLogFile, { length: 0, nextNumber: 0 }));
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
      const snapshot = await readSnapshot(snapshotBeside(path), owner);
      const found = joined(recovery.saved, snapshot);
      if (found.kind !== "joined") {
        await file.close();
        return found;
      }
      const { length, tornBytes } = recovery;
      if (tornBytes > 0) await file.truncate(length);
      await file.sync();
      const wal = new WalFile({ path, owner, file }, found.saved, recovery);
      return await wal.#open(recovery, found, snapshot);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Does what a crash has kept it from, so that both files say the same. */
  async #open(
    { earlierLog, tornBytes }: RecoveredWal,
    { saved, isRestarted }: Joined,
    snapshot: ReadSnapshot,
  ): Promise<OpenedWal> {
    if (isRestarted) await this.#replace(saved, nothingBefore(saved.log.start));
    const isUseless = snapshot.kind !== "snapshot" && snapshot.kind !== "missing";
    const notice = isUseless ? await keepAside(snapshotBeside(this.#path)) : undefined;
    const rest = { earlierLog: isRestarted ? null : earlierLog, tornBytes, notice };
    return { kind: "opened", wal: this, saved, logFile: this.#logFile, ...rest };
  }

  /**
   * Appends the changes in one write and resolves when they are durable, all of them. A snapshot
   * among them is a write of its own: what comes before it is durable first, then the snapshot, and
   * only then a new wal takes the place of this one, without what the snapshot stands for.
   *
   * Once this has rejected it always does. After a failed sync the system may take for written what
   * is not, so trying again could succeed and lose what was promised; the node has to stop.
   */
  append(changes: readonly Change[], follower: WalFollower = nobody): Promise<void> {
    this.#written = this.#written.then(() => this.#writeAll(changes, follower));
    return this.#written;
  }

  /** The `.log` has lost what is gone from the wal, and begins where the wal does from now on. */
  logFileLost(): Promise<void> {
    this.#written = this.#written.then(() =>
      this.#replace(this.#saved, nothingBefore(this.#saved.log.start)),
    );
    return this.#written;
  }

  /** Waits for what is being written. Resolves even if that has failed: whoever wrote knows. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#written.catch(() => undefined);
    await this.#file.close();
  }

  async #writeAll(changes: readonly Change[], follower: WalFollower): Promise<void> {
    let batch: Change[] = [];
    for (const change of changes) {
      const { vote, log, snapshot } = change;
      if (snapshot === undefined) {
        batch.push(change);
        continue;
      }
      // In one change the vote comes first, then the snapshot, then what changes the log.
      if (vote !== null) batch.push({ vote, log: null });
      await this.#write(batch, follower);
      await this.#cut(snapshot, follower);
      batch = log === null ? [] : [{ vote: null, log }];
    }
    await this.#write(batch, follower);
  }

  async #write(changes: readonly Change[], follower: WalFollower): Promise<void> {
    if (this.#closed) throw new Error("the wal is closed");
    if (changes.length === 0) return;
    const { text, nextNumber } = encodeChanges(changes, this.#nextNumber);
    this.#length = await writeAt(this.#file, this.#length, text);
    await this.#file.datasync();
    this.#nextNumber = nextNumber;
    this.#saved = changes.reduce(savedAfter, this.#saved);
    follower.saved(changes);
  }

  async #cut({ snapshot, logStart }: SnapshotChange, follower: WalFollower): Promise<void> {
    const before = this.#saved.log;
    invariant(
      snapshot.index >= before.start,
      "a snapshot stands for all that is gone from the log",
    );
    await follower.beforeCut();
    await writeSnapshot(snapshotBeside(this.#path), this.#owner, snapshot);
    const isKept = termAt(before, snapshot.index) === snapshot.term;
    const log = logWithSnapshot(before, { snapshot, logStart });
    this.#saved = { ...this.#saved, snapshot, log };
    if (isKept && log.start === before.start) return;
    const logFile = isKept
      ? await beginningAfter(this.#logFile, before, log.start)
      : nothingBefore(log.start);
    await this.#replace(this.#saved, logFile);
    if (!isKept) follower.restarted(log.start);
  }

  /** Puts a wal that says this in place of the one that there is, and goes on with it. */
  async #replace(saved: Persistent, logFile: LogFileBeginning): Promise<void> {
    const written = { length: 0, nextNumber: 0 };
    // Windows replaces no file that is open.
    await this.#file.close();
    await writeAtomically(this.#path, pieces(this.#owner, saved, logFile, written));
    this.#file = await openRegular(this.#path, "write");
    this.#length = written.length;
    this.#nextNumber = written.nextNumber;
    this.#saved = saved;
    this.#logFile = logFile;
  }
}

/** The `.log` holds none of the entries up to there. */
function nothingBefore(index: LogIndex): LogFileBeginning {
  return { after: index, bytes: 0, crc: 0 };
}

function savedAfter(saved: Persistent, { vote, log }: Change): Persistent {
  const voted = vote === null ? saved : { ...saved, ...vote };
  if (log === null) return voted;
  return { ...voted, log: append(truncateFrom(saved.log, log.from), log.entries) };
}

/**
 * What a wal says, without its snapshot and without changing it; undefined if there is none. While
 * its node is running, the end of it may be a write that is not over, which looks torn.
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

/** How much has been written, which is known when all pieces are. */
interface Written {
  length: number;
  nextNumber: number;
}

function* pieces(
  owner: WalOwner,
  { currentTerm, votedFor, log }: Persistent,
  logFile: LogFileBeginning,
  written: Written,
): Iterable<string> {
  let piece = "";
  const take = ({ text, nextNumber }: EncodedRecords): void => {
    piece += text;
    // It is ASCII.
    written.length += text.length;
    written.nextNumber = nextNumber;
  };
  take(encodeBeginning(owner, log, logFile));
  const vote = { currentTerm, votedFor };
  take(encodeChanges([{ vote, log: null }], written.nextNumber));
  for (let from = log.start + 1; from <= lastIndex(log); from++) {
    const change = { vote: null, log: { from, entries: slice(log, from, from) } };
    take(encodeChanges([change], written.nextNumber));
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
