import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { commandLimit } from "../cluster/index.ts";
import { sameEntry, type Entry, type LogIndex, type Term } from "../raft/index.ts";
import { isAbsence } from "./cluster-file.ts";
import { Pace } from "./pace.ts";
import { decodeLogLine, decodeStorage, type Decoded } from "./raftos-decode.ts";
import type { Storage } from "./raftos-format.ts";
import { NotAFile, readRegular } from "./regular-file.ts";
import { loopback } from "./sockets.ts";

/** What a folder holds that raftos may have left. */
export type RaftosFolder =
  | { readonly kind: "none" }
  | { readonly kind: "found"; readonly nodes: readonly RaftosNode[] }
  /** It is raftos's, but no cluster could go on from it without guessing. */
  | { readonly kind: "bad"; readonly problems: readonly RaftosProblem[] };

export interface RaftosNode {
  /** As raftos calls it: `127.0.0.1:8000`. */
  readonly address: string;
  readonly saved: RaftosSaved;
}

export interface RaftosSaved {
  readonly currentTerm: Term;
  readonly votedForAddress: string | null;
  readonly entries: readonly Entry[];
}

/** Why a file cannot be used. The first line is line 1; of each file only its first is told. */
export interface RaftosProblem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/**
 * Reads the files of raftos in this folder, and nothing of any other name. Writes none.
 *
 * All nodes are in the latest term that any of them has seen, whatever their own `.storage` says:
 * raftos forgets its vote at every start, so an election in a term that it had already could make
 * a second leader in it (§5.2). In the term after that nobody has voted yet.
 *
 * Rejects only when the disk does.
 */
export async function readRaftosFolder(folder: string): Promise<RaftosFolder> {
  const files = (await namesIn(folder)).map(fileOf).filter((file) => file !== undefined);
  const stems = new Map(files.map(({ stem, address }) => [stem, address]));
  const addresses = [...stems.values()].toSorted(byHostAndPort);
  if (addresses.length === 0) return { kind: "none" };

  const names = new Set(files.map(({ name }) => name));
  const problems: RaftosProblem[] = [];
  const read: ReadNode[] = [];
  for (const address of addresses) {
    read.push(await readNode({ folder, names, addresses, problems, address }));
  }
  problems.push(...(await mismatches(read)));
  if (problems.length > 0) return { kind: "bad", problems };

  const latest = Math.max(...read.map(({ storage }) => storage.term));
  const nodes = read.map(({ address, storage, entries }) => ({
    address,
    saved: {
      currentTerm: latest,
      votedForAddress: storage.term === latest ? storage.votedFor : null,
      entries,
    },
  }));
  return { kind: "found", nodes };
}

/** None in a folder that is not there yet. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

interface ReadNode {
  readonly address: string;
  readonly logName: string;
  readonly storage: Storage;
  readonly entries: readonly Entry[];
}

interface Reading {
  readonly folder: string;
  /** The files that there are. */
  readonly names: ReadonlySet<string>;
  readonly addresses: readonly string[];
  readonly problems: RaftosProblem[];
  readonly address: string;
}

interface RaftosFile {
  readonly name: string;
  readonly stem: string;
  readonly address: string;
}

/**
 * Which node a file is of, by its name. Only `.log` and `.storage` make a node, for raftos writes
 * both at its start; other addresses than those of this machine are no cluster that runs here.
 */
function fileOf(name: string): RaftosFile | undefined {
  const match = /^((127\.0\.0\.1|localhost)_([1-9]\d{0,4}))\.(?:log|storage)$/.exec(name);
  const [, stem, host, port] = match ?? [];
  if (stem === undefined || host === undefined || Number(port) > 65_535) return undefined;
  return { name, stem, address: `${host}:${port}` };
}

function byHostAndPort(one: string, other: string): number {
  const [[host, port], [otherHost, otherPort]] = [one.split(":"), other.split(":")];
  if (host !== otherHost) return one < other ? -1 : 1;
  return Number(port) - Number(otherPort);
}

/** What its files say of a node. What they do not say well is told as a problem. */
async function readNode(reading: Reading): Promise<ReadNode> {
  const { address, addresses, problems } = reading;
  const stem = address.replace(":", "_");
  const logName = `${stem}.log`;
  const storageName = `${stem}.storage`;

  const before = problems.length;
  const entries = await readLog(reading, logName);
  const storage = await readStorage(reading, storageName);
  const tell = (reason: string): void => {
    problems.push({ file: storageName, line: 1, reason });
  };
  const { votedFor, term } = storage;
  const lastTerm = entries.at(-1)?.term ?? 0;
  if (address.startsWith("localhost:") && addresses.includes(address.replace(/^[^:]*/, loopback))) {
    tell(`${address} is the same node as ${loopback}:${address.slice(address.indexOf(":") + 1)}`);
  } else if (votedFor !== null && !addresses.includes(votedFor)) {
    tell(`it voted for ${votedFor}, of which there are no files here`);
  } else if (problems.length === before && term < lastTerm) {
    tell(`its term is ${term}, but the last entry of its log is of term ${lastTerm}`);
  }
  return { address, logName, storage, entries };
}

/** Without a file there is nothing that the node has seen, as for raftos. So with an empty one. */
async function readStorage(reading: Reading, name: string): Promise<Storage> {
  const nothing: Storage = { term: 0, votedFor: null };
  const bytes = await readFile(reading, name, storageLimit);
  if (bytes === undefined) return nothing;
  const text = textOf(bytes);
  const decoded: Decoded<Storage> =
    text === undefined ? { kind: "bad", reason: binary } : decodeStorage(text);
  if (decoded.kind === "good") return decoded.value;
  reading.problems.push({ file: name, line: 1, reason: decoded.reason });
  return nothing;
}

const storageLimit = 64 * 1024;
const logLimit = 512 * 1024 * 1024;

/** The entries up to the first problem. */
async function readLog(reading: Reading, name: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const bytes = await readFile(reading, name, logLimit);
  if (bytes === undefined) return entries;

  const pace = new Pace();
  let lastTerm: Term = 0;
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const newline = bytes.indexOf(lineFeed, start);
    const end = newline === -1 ? bytes.length : newline;
    const decoded = decodeEntry(bytes.subarray(start, end), newline === -1, lastTerm);
    if (decoded.kind === "bad") {
      reading.problems.push({ file: name, line, reason: decoded.reason });
      return entries;
    }
    entries.push(decoded.value);
    lastTerm = decoded.value.term;
    start = end + 1;
    if (pace.isOver) await pace.rest();
  }
  return entries;
}

const lineFeed = 10;

function decodeEntry(bytes: Uint8Array, isLast: boolean, lastTerm: Term): Decoded<Entry> {
  if (bytes.length > lineLimit) return { kind: "bad", reason: `longer than ${lineLimit} bytes` };
  const text = textOf(bytes);
  if (text === undefined) return { kind: "bad", reason: binary };
  const decoded = decodeLogLine(text.endsWith("\r") ? text.slice(0, -1) : text);
  if (decoded.kind === "bad") {
    // Raftos ends every line, so what has no end was cut off in the middle.
    return isLast ? { kind: "bad", reason: `torn at its end: ${decoded.reason}` } : decoded;
  }
  const { term } = decoded.value;
  if (term >= lastTerm) return decoded;
  return { kind: "bad", reason: `term ${term} comes after term ${lastTerm}` };
}

/** A command may be shorter when it is written the way of Python, but not by this much. */
const lineLimit = 4 * commandLimit;

const binary = "binary, as raftos writes unless it is told to use its JSONSerializer";

/** Undefined for what is no text. A byte order mark is left out. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Undefined if there is no such file, or one that is none; the latter is a problem. */
async function readFile(
  { folder, names, problems }: Reading,
  name: string,
  limit: number,
): Promise<Buffer | undefined> {
  if (!names.has(name)) return undefined;
  try {
    const bytes = await readRegular(join(folder, name), limit);
    if (bytes === undefined) {
      problems.push({ file: name, line: 1, reason: `longer than ${limit} bytes` });
    }
    return bytes;
  } catch (error) {
    if (!(error instanceof NotAFile)) throw error;
    problems.push({ file: name, line: 1, reason: "no regular file" });
    return undefined;
  }
}

/**
 * Where two logs break the Log Matching Property (Figure 3): an entry of the same index and term is
 * the same command, and stands after an entry of the same term. One problem for each node.
 */
async function mismatches(nodes: readonly ReadNode[]): Promise<readonly RaftosProblem[]> {
  const problems: RaftosProblem[] = [];
  const pace = new Pace();
  for (const [position, node] of nodes.entries()) {
    for (const other of nodes.slice(0, position)) {
      const index = firstMismatch(node.entries, other.entries);
      if (pace.isOver) await pace.rest();
      if (index === undefined) continue;
      const term = node.entries[index - 1]?.term;
      const reason = `entry ${index} of term ${term} is not the same in ${other.logName}`;
      problems.push({ file: node.logName, line: index, reason });
      break;
    }
  }
  return problems;
}

function firstMismatch(entries: readonly Entry[], others: readonly Entry[]): LogIndex | undefined {
  const index = entries.findIndex((entry, at) => {
    const other = others[at];
    if (other?.term !== entry.term) return false;
    return !sameEntry(entry, other) || entries[at - 1]?.term !== others[at - 1]?.term;
  });
  return index === -1 ? undefined : index + 1;
}
