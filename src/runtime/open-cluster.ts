import { lstat, mkdir, readdir } from "node:fs/promises";
import { nanoid } from "nanoid";
import type { Listener, Member } from "../cluster/index.ts";
import { logOf, paperOnly, unreachable, type Extensions, type NodeId } from "../raft/index.ts";
import {
  isAbsence,
  largestSize,
  readClusterFile,
  writeClusterFile,
  type ClusterFile,
} from "./cluster-file.ts";
import { moveToEarlier } from "./earlier.ts";
import { lockFolder } from "./folder-lock.ts";
import { freePorts } from "./free-ports.ts";
import { readRaftosFolder, type RaftosNode } from "./import-raftos.ts";
import { LiveCluster } from "./live-cluster.ts";
import { pathsOf } from "./node-paths.ts";
import { presets, type Preset, type PresetName } from "./presets.ts";
import { loopback } from "./sockets.ts";
import type { SnapshotAfter } from "./surroundings.ts";
import { WalFile } from "./wal-file.ts";
import { removeLeftovers } from "./write-atomically.ts";

/** What a folder holds, as far as starting a cluster in it goes. */
export type FolderContents =
  | { readonly kind: "nothing" }
  | { readonly kind: "cluster"; readonly size: number }
  /** Only raftos's files: starting reads them in. */
  | { readonly kind: "raftosFiles"; readonly size: number }
  | { readonly kind: "unusable"; readonly problems: readonly FolderProblem[] };

export interface FolderProblem {
  readonly file: string;
  /** From 1; null where the file as a whole is meant. */
  readonly line: number | null;
  readonly reason: string;
}

export interface OpenOptions {
  /** Made if it is not there. */
  readonly folder: string;
  readonly size: number;
  /** Moves what the folder holds out of the way first, to `earlier/`. */
  readonly startAnew: boolean;
  /** How fast it is: one of ours by its name, or any other. */
  readonly preset: PresetName | Preset;
  /** What its nodes do beyond Figure 2: nothing, if left out. */
  readonly extensions?: Extensions;
  /** When its nodes take snapshots: never, if left out. */
  readonly snapshotAfter?: SnapshotAfter;
  /** Gets every event from the very first. */
  readonly listener: Listener;
  /** A file that is written from the wal, or an account, could not be. The node goes on. */
  readonly fileFailed?: (node: NodeId, file: string, error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Thrown when no cluster can be started from what a folder holds. */
export class OpenFailure extends Error {
  override readonly name = "OpenFailure";
  readonly problems: readonly FolderProblem[];

  constructor(problems: readonly FolderProblem[]) {
    super(problems.map(({ file, reason }) => `${file}: ${reason}`).join("\n"));
    this.problems = problems;
  }
}

/** Looks into a folder without changing it. Rejects only when the disk does. */
export async function inspectFolder(folder: string): Promise<FolderContents> {
  const contents = await look(folder);
  switch (contents.kind) {
    case "cluster":
      return { kind: "cluster", size: contents.file.members.length };
    case "raftosFiles":
      return { kind: "raftosFiles", size: contents.nodes.length };
    case "nothing":
    case "unusable":
      return contents;
    default:
      return unreachable(contents);
  }
}

/**
 * Starts the cluster of a folder: the one that is there, or a new one.
 *
 * @throws OpenFailure when the folder holds something that cannot be started
 * @throws FolderInUse when another process runs it
 */
export async function openCluster(options: OpenOptions): Promise<LiveCluster> {
  const { folder, signal, listener, preset, fileFailed = () => {} } = options;
  const { extensions = paperOnly, snapshotAfter = { entries: 0 } } = options;
  signal.throwIfAborted();
  await mkdir(folder, { recursive: true });
  // A link in a workspace that somebody else made could lead anywhere.
  if (!(await lstat(folder)).isDirectory()) {
    throw new OpenFailure([{ file: folder, line: null, reason: "this is a link, not a folder" }]);
  }
  const unlock = await lockFolder(folder);
  let cluster: LiveCluster | undefined;
  try {
    await removeLeftovers(folder);
    if (options.startAnew) await moveToEarlier(folder);
    const { file, imported } = await prepare(options);
    signal.throwIfAborted();
    cluster = new LiveCluster({
      folder,
      file,
      imported,
      unlock,
      listener,
      fileFailed,
      extensions,
      snapshotAfter,
      preset: typeof preset === "string" ? presets[preset] : preset,
      token: nanoid(32),
    });
    const opening = cluster;
    signal.addEventListener("abort", () => void opening.close(), { once: true });
    await cluster.start();
    signal.throwIfAborted();
    return cluster;
  } catch (error) {
    if (cluster === undefined) await unlock();
    else await cluster.close();
    throw error;
  }
}

type Contents =
  | { readonly kind: "nothing" }
  | { readonly kind: "cluster"; readonly file: ClusterFile }
  | { readonly kind: "raftosFiles"; readonly nodes: readonly RaftosNode[] }
  | { readonly kind: "unusable"; readonly problems: readonly FolderProblem[] };

async function look(folder: string): Promise<Contents> {
  const found = await readClusterFile(folder);
  if (found.kind === "cluster") return found;
  if (found.kind === "bad") {
    return unusable({ file: "cluster.json", line: null, reason: found.reason });
  }
  const wal = await strayWal(folder);
  if (wal !== undefined) {
    const reason =
      "this is the truth of a node, but cluster.json, which says of which cluster, is gone";
    return unusable({ file: wal, line: null, reason });
  }
  const raftos = await readRaftosFolder(folder);
  if (raftos.kind === "none") return { kind: "nothing" };
  if (raftos.kind === "bad") return { kind: "unusable", problems: raftos.problems };
  const { nodes } = raftos;
  if (nodes.length <= largestSize) return { kind: "raftosFiles", nodes };
  const reason = `these are the files of ${nodes.length} nodes; at most ${largestSize} can run`;
  return unusable({ file: folder, line: null, reason });
}

/**
 * A wal or a snapshot that stands in the folder; undefined if there is none, or no folder. Beside a
 * snapshot a `.log` need not begin with the first entry, and only the wal tells whether it does.
 */
async function strayWal(folder: string): Promise<string | undefined> {
  try {
    return (await readdir(folder)).find((name) => /_\d{1,5}\.(?:wal|snapshot)$/.test(name));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function unusable(problem: FolderProblem): Contents {
  return { kind: "unusable", problems: [problem] };
}

interface Prepared {
  readonly file: ClusterFile;
  /** The nodes' pasts were read from raftos's files just now. */
  readonly imported: boolean;
}

/** Makes sure that the folder holds a cluster of the size that was asked for. */
async function prepare({ folder, size }: OpenOptions): Promise<Prepared> {
  const contents = await look(folder);
  if (contents.kind === "unusable") throw new OpenFailure(contents.problems);
  const held =
    contents.kind === "cluster"
      ? contents.file.members.length
      : contents.kind === "raftosFiles"
        ? contents.nodes.length
        : size;
  if (!Number.isInteger(size) || size < 1 || size > largestSize) {
    throw new RangeError(`a cluster has 1 to ${largestSize} nodes, not ${size}`);
  }
  if (held !== size) {
    const reason = `the folder holds a cluster of ${held} nodes, not of ${size}`;
    throw new OpenFailure([{ file: folder, line: null, reason }]);
  }
  if (contents.kind === "cluster") return { file: contents.file, imported: false };
  const imported = contents.kind === "raftosFiles";
  return { file: await create(folder, imported ? contents.nodes : await newNodes(size)), imported };
}

/**
 * Makes the wal of every node, then the file that says that there is a cluster. Whatever breaks
 * off before that leaves none behind: nobody has been promised anything yet.
 */
async function create(folder: string, nodes: readonly RaftosNode[]): Promise<ClusterFile> {
  const members = nodes.map(({ address }, i): Member => {
    return { id: `n${i + 1}`, name: `node${i + 1}`, address };
  });
  const idOf = new Map(members.map(({ id, address }) => [address, id]));
  const cluster = nanoid();
  for (const [i, member] of members.entries()) {
    const node = nodes[i];
    if (node === undefined) continue;
    const { currentTerm, votedForAddress, entries } = node.saved;
    const votedFor = votedForAddress === null ? null : (idOf.get(votedForAddress) ?? null);
    const saved = { currentTerm, votedFor, log: logOf(entries) };
    await WalFile.create(pathsOf(folder, member).wal, { node: member.id, cluster }, saved);
  }
  const file = {
    cluster,
    members,
    founders: members.map(({ id }) => id),
    departed: [],
    departing: [],
  };
  await writeClusterFile(folder, file);
  return file;
}

/** Nodes without a past, at the first free ports. */
async function newNodes(size: number): Promise<readonly RaftosNode[]> {
  const ports = await freePorts(size);
  return ports.map((port) => {
    const saved = { currentTerm: 0, votedForAddress: null, entries: [] };
    return { address: `${loopback}:${port}`, saved };
  });
}
