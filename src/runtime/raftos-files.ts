import { basename } from "node:path";
import {
  unreachable,
  type Change,
  type Entry,
  type Log,
  type LogIndex,
  type NodeId,
  type Persistent,
  type Snapshot,
} from "../raft/index.ts";
import type { Notice } from "../trace/index.ts";
import { completed, find, keepAside } from "./derived-file.ts";
import type { NodePaths } from "./node-paths.ts";
import { readStorageText, storageText, type Storage } from "./raftos-format.ts";
import { RaftosLogFile } from "./raftos-log-file.ts";
import { RaftosStateFile, type Applied } from "./raftos-state-file.ts";
import { readRegular } from "./regular-file.ts";
import type { WalFollower } from "./wal-file.ts";
import type { LogFileBeginning } from "./wal-record.ts";
import { replaceFile } from "./write-atomically.ts";

export interface RaftosFilesOptions {
  readonly paths: Pick<NodePaths, "log" | "storage" | "stateMachine">;
  /** What the wal holds. */
  readonly saved: Persistent;
  /** The log before the wal last truncated it; null if it never did. */
  readonly earlierLog: Log | null;
  /** What the `.log` must hold of the entries that are gone from the wal. */
  readonly logFile: LogFileBeginning;
  /** That is lost. The `.log` is made anew when this has resolved, and begins where the wal does. */
  readonly logFileLost: () => Promise<void>;
  /** How nodes are called in `.storage`. */
  readonly addressOf: (id: NodeId) => string;
  /** Called once for each file that could not be read or written. The node goes on. */
  readonly onError: (file: string, error: unknown) => void;
  /** Called for what there is to tell after the start. */
  readonly onNotice: (notice: Notice) => void;
}

export interface OpenedRaftosFiles {
  readonly files: RaftosFiles;
  readonly notices: readonly Notice[];
}

/** What is to be written to the `.log`. */
interface Lines {
  /** The file begins anew, after this entry; null: it goes on. */
  readonly restartAfter: LogIndex | null;
  readonly keep: LogIndex;
  readonly entries: Entry[];
}

/**
 * The files of a node that raftos would have: `.log`, `.storage` and `.state_machine`, to the byte.
 *
 * They follow the wal and hold nothing that is not durable there. Writing happens in the
 * background, in the order in which things happened, and while it does the newest is gathered: of
 * ten states in a row only the last may be written. At no moment does the `.state_machine` hold
 * more than the `.log`, or the `.log` a later term than the `.storage`.
 */
export class RaftosFiles implements WalFollower {
  readonly #options: RaftosFilesOptions;
  readonly #failed = new Set<string>();
  #logFile: RaftosLogFile | undefined;
  #stateFile: RaftosStateFile | undefined;
  // What is to be written next.
  #storage: Storage | undefined;
  #log: Lines | undefined;
  #applied: Applied[] = [];
  #isDue = false;
  #writing: Promise<void> | undefined;
  /** How often something was told that is to be written. */
  #told = 0;
  /** Who waits until the files hold what had been told by then. */
  #waiting: { readonly since: number; readonly resolve: () => void }[] = [];
  #closed = false;

  private constructor(options: RaftosFilesOptions) {
    this.#options = options;
  }

  /**
   * Makes the files follow the wal. Those that lag are completed; those that say something else are
   * kept under another name and written anew. The notices tell of both.
   */
  static async open(options: RaftosFilesOptions): Promise<OpenedRaftosFiles> {
    const files = new RaftosFiles(options);
    const { paths, saved, earlierLog, logFile } = options;
    const begins = {
      kind: "logFileBegins",
      file: basename(paths.log),
      after: logFile.after,
    } as const;
    const notices: (Notice | undefined)[] = [
      await files.#attempt(paths.storage, () =>
        openStorage(paths.storage, files.#storageOf(saved)),
      ),
      await files.#attempt(paths.log, async () => {
        const opened = await RaftosLogFile.open(paths.log, {
          log: saved.log,
          earlierLog,
          beginning: logFile,
          lost: options.logFileLost,
        });
        files.#logFile = opened.file;
        return opened.notice;
      }),
      // At every start, so that the newest part of an account is enough to read the log by.
      logFile.after > 0 ? { ...begins, keptAs: null } : undefined,
      await files.#attempt(paths.stateMachine, async () => {
        const opened = await RaftosStateFile.open(paths.stateMachine, saved);
        files.#stateFile = opened.file;
        return opened.notice;
      }),
    ];
    return { files, notices: notices.filter((notice) => notice !== undefined) };
  }

  /** These changes are durable in the wal now. */
  saved(changes: readonly Change[]): void {
    for (const { vote, log } of changes) {
      if (vote !== null) this.#storage = this.#storageOf(vote);
      if (log === null) continue;
      this.#queue(log.from - 1, log.entries);
      this.#stateFile?.truncate(log.from);
    }
    this.#write();
  }

  /** The `.log` is synced, for it alone will hold what is cut off the wal. */
  async beforeCut(): Promise<void> {
    await this.settled();
    if (this.#failed.has(this.#options.paths.log)) return;
    await this.#attempt(this.#options.paths.log, async () => this.#logFile?.sync());
  }

  restarted(after: LogIndex): void {
    this.#log = { restartAfter: after, keep: after, entries: [] };
    this.#stateFile?.truncate(after + 1);
    this.#write();
  }

  /** The state machine is what a snapshot says. */
  restored(snapshot: Snapshot): void {
    this.#applied.push({ kind: "snapshot", snapshot });
    this.#write();
  }

  /** The node has applied the entries that come next. */
  applied(entries: readonly Entry[]): void {
    for (const entry of entries) this.#applied.push(entry);
    this.#write();
  }

  /** Resolves when the files hold all that was told so far, or cannot. Never rejects. */
  async settled(): Promise<void> {
    if (this.#writing === undefined) return;
    await new Promise<void>((resolve) => this.#waiting.push({ since: this.#told, resolve }));
  }

  /** Writes what is left, and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.settled();
    const file = this.#logFile;
    this.#logFile = undefined;
    if (file !== undefined) await this.#attempt(this.#options.paths.log, () => file.close());
  }

  #queue(keep: LogIndex, entries: readonly Entry[]): void {
    if (this.#log === undefined || keep <= this.#log.keep) {
      const restartAfter = this.#log?.restartAfter ?? null;
      this.#log = { restartAfter, keep, entries: [...entries] };
      return;
    }
    this.#log.entries.length = keep - this.#log.keep;
    for (const entry of entries) this.#log.entries.push(entry);
  }

  #write(): void {
    if (this.#closed) return;
    this.#told++;
    this.#isDue = true;
    this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    const { paths } = this.#options;
    while (this.#isDue) {
      // All three at once, so that together they say what was so at one moment.
      const [storage, log, applied] = [this.#storage, this.#log, this.#applied];
      this.#storage = undefined;
      this.#log = undefined;
      this.#applied = [];
      this.#isDue = false;
      const told = this.#told;
      if (storage !== undefined) {
        await this.#attempt(paths.storage, () => replaceFile(paths.storage, storageText(storage)));
      }
      if (log !== undefined) await this.#writeLog(log);
      await this.#attempt(paths.stateMachine, async () => this.#stateFile?.apply(applied));
      const done = this.#waiting.filter(({ since }) => since <= told);
      this.#waiting = this.#waiting.filter(({ since }) => since > told);
      for (const { resolve } of done) resolve();
    }
    this.#writing = undefined;
  }

  /** After an error nobody knows where its lines end, so it is left alone until the next start. */
  async #writeLog({ restartAfter, keep, entries }: Lines): Promise<void> {
    const { log } = this.#options.paths;
    if (this.#failed.has(log)) return;
    await this.#attempt(log, async () => {
      if (restartAfter !== null) {
        const { file, notice } = await RaftosLogFile.restart(log, this.#logFile, restartAfter);
        this.#logFile = file;
        if (notice !== undefined) this.#options.onNotice(notice);
      }
      await this.#logFile?.write(keep, entries);
    });
  }

  async #attempt<T>(path: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!this.#failed.has(path)) this.#options.onError(basename(path), error);
      this.#failed.add(path);
      return undefined;
    }
  }

  #storageOf({ currentTerm, votedFor }: Pick<Persistent, "currentTerm" | "votedFor">): Storage {
    const { addressOf } = this.#options;
    return { term: currentTerm, votedFor: votedFor === null ? null : addressOf(votedFor) };
  }
}

/** Longer than any `.storage` of ours. */
const storageLimit = 1024;

async function openStorage(path: string, storage: Storage): Promise<Notice | undefined> {
  const found = await find(readRegular(path, storageLimit));
  const text = storageText(storage);
  switch (found.kind) {
    case "absent":
      await replaceFile(path, text);
      return undefined;
    case "notAFile": {
      const notice = await keepAside(path);
      await replaceFile(path, text);
      return notice;
    }
    case "found": {
      const held = found.value?.toString("latin1");
      if (held === text) return undefined;
      const notice = lags(held, storage) ? completed(path) : await keepAside(path);
      await replaceFile(path, text);
      return notice;
    }
    default:
      return unreachable(found);
  }
}

/** Whether a node may have had this `.storage` before it had the one that it should have. */
export function lags(held: string | undefined, { term, votedFor }: Storage): boolean {
  if (held === undefined) return false;
  // What a crash can leave of a replaced file. Nobody wrote anything in it.
  if (held === "") return true;
  const earlier = readStorageText(held);
  if (earlier === undefined) return false;
  const lacksVote = earlier.votedFor === null && votedFor !== null;
  return earlier.term < term || (earlier.term === term && lacksVote);
}
