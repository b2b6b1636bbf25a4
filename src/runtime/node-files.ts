import { basename } from "node:path";
import type { Member } from "../cluster/index.ts";
import {
  unreachable,
  type Change,
  type Entry,
  type LogIndex,
  type NodeId,
  type Persistent,
  type Snapshot,
} from "../raft/index.ts";
import type { Failure, Notice } from "../trace/index.ts";
import { errorText } from "./error-text.ts";
import { pathsOf, type NodePaths } from "./node-paths.ts";
import { RaftosFiles } from "./raftos-files.ts";
import type { BadSnapshot } from "./snapshot-file.ts";
import { WalFile } from "./wal-file.ts";

export interface NodeFilesOptions {
  readonly folder: string;
  /** The id of the cluster. */
  readonly cluster: string;
  readonly addressOf: (id: NodeId) => string;
  /** A file that is written from the wal could not be. The node goes on without it. */
  readonly fileFailed: (node: NodeId, file: string, error: unknown) => void;
}

/** What a node is told of its files while it runs. */
export type OnNotice = (notice: Notice) => void;

export type OpenedNodeFiles =
  | { readonly kind: "opened"; readonly files: NodeFiles }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The files of a node for one of its lives: the wal, and what is written from it. */
export class NodeFiles {
  /** What the wal held when the node was started. */
  readonly saved: Persistent;
  readonly notices: readonly Notice[];
  readonly walName: string;
  readonly #wal: WalFile;
  readonly #raftos: RaftosFiles;

  constructor(
    about: Pick<NodeFiles, "saved" | "notices" | "walName">,
    wal: WalFile,
    raftos: RaftosFiles,
  ) {
    this.saved = about.saved;
    this.notices = about.notices;
    this.walName = about.walName;
    this.#wal = wal;
    this.#raftos = raftos;
  }

  /** Resolves when the changes are durable; rejects for good once one of them is not. */
  save(changes: readonly Change[]): Promise<void> {
    return this.#wal.append(changes, this.#raftos);
  }

  /** The state machine has become what this snapshot says. */
  restore(snapshot: Snapshot): void {
    this.#raftos.restored(snapshot);
  }

  apply(entries: readonly Entry[]): void {
    this.#raftos.applied(entries);
  }

  settled(): Promise<void> {
    return this.#raftos.settled();
  }

  async close(): Promise<void> {
    await this.#wal.close();
    await this.#raftos.close();
  }
}

/** Recovers what a node has saved, and brings the files that are written from that up to it. */
export async function openNodeFiles(
  member: Member,
  { folder, cluster, addressOf, fileFailed }: NodeFilesOptions,
  onNotice: OnNotice,
): Promise<OpenedNodeFiles> {
  const paths = pathsOf(folder, member);
  const walName = basename(paths.wal);
  try {
    const opened = await WalFile.open(paths.wal, { node: member.id, cluster });
    if (opened.kind !== "opened") {
      return { kind: "failed", failure: failureOf(opened, paths) };
    }
    const { wal, saved, earlierLog, logFile, tornBytes, notice } = opened;
    const raftos = await RaftosFiles.open({
      paths,
      saved,
      earlierLog,
      logFile,
      logFileLost: () => wal.logFileLost(),
      addressOf,
      onError: (file, error) => fileFailed(member.id, file, error),
      onNotice,
    });
    const torn: Notice = { kind: "tailCut", file: walName, bytes: tornBytes };
    const early = [tornBytes > 0 ? torn : undefined, notice].filter((each) => each !== undefined);
    const notices = [...early, ...raftos.notices];
    return { kind: "opened", files: new NodeFiles({ saved, notices, walName }, wal, raftos.files) };
  } catch (error) {
    return { kind: "failed", failure: { kind: "disk", file: walName, error: errorText(error) } };
  }
}

function failureOf(
  found: Exclude<Awaited<ReturnType<typeof WalFile.open>>, { kind: "opened" }>,
  paths: NodePaths,
): Failure {
  const file = basename(paths.wal);
  switch (found.kind) {
    case "missing":
      return { kind: "missingWal", file };
    case "foreign":
      return { kind: "foreignWal", file, owner: found.owner };
    case "damaged":
      return { kind: "damagedWal", file, line: found.line };
    case "unsupported":
      return { kind: "unsupportedWal", file, line: found.line };
    case "missingSnapshot":
      return { kind: "missingSnapshot", file: basename(paths.snapshot), index: found.index };
    case "badSnapshot":
      return snapshotFailure(found.found, basename(paths.snapshot), found.index);
    default:
      return unreachable(found);
  }
}

function snapshotFailure(found: BadSnapshot, file: string, index: LogIndex): Failure {
  switch (found.kind) {
    case "foreign":
      return { kind: "foreignWal", file, owner: found.owner };
    case "damaged":
      return { kind: "damagedSnapshot", file, line: found.line, index };
    case "unsupported":
      return { kind: "unsupportedWal", file, line: found.line };
    default:
      return unreachable(found);
  }
}
