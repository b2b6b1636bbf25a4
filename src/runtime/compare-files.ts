import { basename } from "node:path";
import { crc32 } from "node:zlib";
import type { Member } from "../cluster/index.ts";
import {
  entryAt,
  lastIndex,
  sameEntry,
  termAt,
  unreachable,
  type Log,
  type LogIndex,
  type NodeId,
  type Persistent,
  type Term,
} from "../raft/index.ts";
import { isAbsence } from "./cluster-file.ts";
import { errorText } from "./error-text.ts";
import { pathsOf, type NodePaths } from "./node-paths.ts";
import { Pace } from "./pace.ts";
import { logLine, storageText } from "./raftos-format.ts";
import { lags } from "./raftos-files.ts";
import { lastHeld } from "./raftos-state-file.ts";
import { readRegular } from "./regular-file.ts";
import { readSnapshot } from "./snapshot-file.ts";
import { joined } from "./wal-and-snapshot.ts";
import { readWal } from "./wal-file.ts";
import type { LogFileBeginning } from "./wal-record.ts";
import type { WalOwner } from "./wal.ts";

/** Something in a node's files that is not as it should be. */
export interface FileDifference {
  readonly node: NodeId;
  readonly file: string;
  readonly difference: Difference;
}

export type Difference =
  | { readonly kind: "unreadable"; readonly error: string }
  | { readonly kind: "gone" }
  /** The wal belongs to another node or another cluster. */
  | { readonly kind: "foreign"; readonly owner: string }
  /** The wal is damaged, or written by another version, at this line. */
  | { readonly kind: "damaged"; readonly line: number }
  /** The first line that is not what was written. */
  | { readonly kind: "otherLine"; readonly line: number }
  /** It should say this term and this vote, an address. */
  | { readonly kind: "otherVote"; readonly term: Term; readonly votedFor: string | null }
  /** No first entries of the log come to this state. */
  | { readonly kind: "noState" }
  /** The node has applied more than this state. */
  | { readonly kind: "oldState" }
  | { readonly kind: "lacksEntry"; readonly index: LogIndex }
  /** The committed entry at `index` is another one than in the log of that node. */
  | { readonly kind: "otherEntry"; readonly index: LogIndex; readonly than: NodeId }
  /** Its lines up to this entry, which is gone from the wal, are not what was written. */
  | { readonly kind: "otherBeginning"; readonly upTo: LogIndex }
  /** There is no snapshot for the entries up to this one, which are gone from the wal. */
  | { readonly kind: "noSnapshot"; readonly upTo: LogIndex };

export interface ComparedNode {
  readonly member: Member;
  /** What its files held when the comparison was asked for, and more by now; null if it is down. */
  readonly running: Progress | null;
}

export interface Progress {
  /** How far its log is known to be committed and durable. */
  readonly committed: LogIndex;
  readonly lastApplied: LogIndex;
}

export interface CompareOptions {
  readonly folder: string;
  /** The id of the cluster. */
  readonly cluster: string;
  readonly nodes: readonly ComparedNode[];
  /** Also of nodes that have left: somebody may have voted for one. */
  readonly addressOf: (id: NodeId) => string;
  readonly signal: AbortSignal;
}

/**
 * Reads everything back: every node's files are compared with its wal, and the nodes' logs with
 * each other. Changes nothing, and may run while the nodes do: what is written meanwhile stands in
 * the wal before it stands anywhere else, so the wal is read last and may be ahead.
 */
export async function compareFiles(options: CompareOptions): Promise<readonly FileDifference[]> {
  const found: FileDifference[] = [];
  const logs: ComparedLog[] = [];
  for (const node of options.nodes) {
    options.signal.throwIfAborted();
    const { differences, saved } = await compareNode(node, options);
    found.push(...differences);
    if (saved !== undefined) logs.push({ ...node, log: saved.log });
  }
  found.push(...(await compareLogs(logs, options.folder)));
  return found;
}

interface NodeComparison {
  readonly differences: readonly FileDifference[];
  readonly saved: Persistent | undefined;
}

async function compareNode(
  { member, running }: ComparedNode,
  { folder, cluster, addressOf }: CompareOptions,
): Promise<NodeComparison> {
  const paths = pathsOf(folder, member);
  const differences: FileDifference[] = [];
  const differs = (path: string, difference: Difference): void => {
    differences.push({ node: member.id, file: basename(path), difference });
  };
  const read = async (path: string): Promise<string | undefined> => {
    try {
      return await textOf(path);
    } catch (error) {
      differs(path, { kind: "unreadable", error: errorText(error) });
      return undefined;
    }
  };
  const state = await read(paths.stateMachine);
  const log = await read(paths.log);
  const storage = await read(paths.storage);
  const truth = await readTruth(paths, { node: member.id, cluster }, differs);
  if (truth === undefined) return { differences, saved: undefined };

  const { saved, logFile } = truth;
  // What was not so yet when the comparison was asked for, the files need not say by now.
  const isCutSince = running !== null && saved.log.start > running.committed;
  const isTakenSince = running !== null && (saved.snapshot?.index ?? 0) > running.lastApplied;
  if (!isCutSince) {
    const committed = running?.committed ?? null;
    const difference = await logDifference(log ?? "", { log: saved.log, logFile, committed });
    if (difference !== undefined) differs(paths.log, difference);
  }
  const { currentTerm: term, votedFor } = saved;
  const vote = votedFor === null ? null : addressOf(votedFor);
  const expected = { term, votedFor: vote };
  const isBehind = running !== null && lags(storage, expected);
  if (storage !== storageText(expected) && !isBehind) {
    differs(paths.storage, { kind: "otherVote", ...expected });
  }
  if (!isTakenSince) {
    const held = state === undefined ? 0 : await lastHeld(state, saved);
    if (held === undefined) {
      differs(paths.stateMachine, { kind: "noState" });
    } else if (held < lastCommand(saved, running?.lastApplied ?? 0)) {
      differs(paths.stateMachine, { kind: "oldState" });
    }
  }
  return { differences, saved };
}

interface Truth {
  readonly saved: Persistent;
  readonly logFile: LogFileBeginning;
}

/** What the wal and the snapshot say, the latter read last, since it is written first. */
async function readTruth(
  paths: NodePaths,
  owner: WalOwner,
  differs: (path: string, difference: Difference) => void,
): Promise<Truth | undefined> {
  let path = paths.wal;
  try {
    const recovery = await readWal(path, owner);
    if (recovery === undefined) differs(path, { kind: "gone" });
    else if (recovery.kind === "foreign") differs(path, recovery);
    else if (recovery.kind !== "recovered") differs(path, { kind: "damaged", line: recovery.line });
    if (recovery?.kind !== "recovered") return undefined;
    path = paths.snapshot;
    const found = joined(recovery.saved, await readSnapshot(path, owner));
    switch (found.kind) {
      case "joined":
        return { saved: found.saved, logFile: recovery.logFile };
      case "missingSnapshot":
        differs(path, { kind: "noSnapshot", upTo: found.index });
        return undefined;
      case "badSnapshot":
        if (found.found.kind === "foreign") differs(path, found.found);
        else differs(path, { kind: "damaged", line: found.found.line });
        return undefined;
      default:
        return unreachable(found);
    }
  } catch (error) {
    differs(path, { kind: "unreadable", error: errorText(error) });
    return undefined;
  }
}

/** Undefined for a file that is not there. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readRegular(path, Number.POSITIVE_INFINITY))?.toString("latin1");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

interface WrittenLog {
  readonly log: Log;
  readonly logFile: LogFileBeginning;
  readonly committed: LogIndex | null;
}

/**
 * What in a `.log` is not what the log says; lines are counted from 1. A node that is running may be
 * in the middle of writing, but not behind what it had `committed` before; for one that is down
 * that is null, and its file is whole.
 */
async function logDifference(
  text: string,
  { log, logFile, committed }: WrittenLog,
): Promise<Difference | undefined> {
  const pace = new Pace();
  let position = logFile.bytes;
  if (!(await isTextOf(text, logFile, pace))) return { kind: "otherBeginning", upTo: log.start };
  for (let index = log.start + 1; index <= lastIndex(log); index++) {
    const entry = entryAt(log, index);
    const line = entry === undefined ? "" : logLine(entry);
    if (!text.startsWith(line, position)) {
      const isBehind = committed !== null && index > committed;
      if (isBehind && line.startsWith(text.slice(position))) return undefined;
      return { kind: "otherLine", line: index - logFile.after };
    }
    position += line.length;
    if (pace.isOver) await pace.rest();
  }
  if (position === text.length) return undefined;
  return { kind: "otherLine", line: lastIndex(log) - logFile.after + 1 };
}

/** Whether a text, in which each character is a byte, begins so. */
async function isTextOf(
  text: string,
  { bytes, crc }: LogFileBeginning,
  pace: Pace,
): Promise<boolean> {
  let found = 0;
  for (let at = 0; at < bytes; at += charactersInPiece) {
    const piece = text.slice(at, Math.min(at + charactersInPiece, bytes));
    found = crc32(Buffer.from(piece, "latin1"), found);
    if (pace.isOver) await pace.rest();
  }
  return bytes <= text.length && found === crc;
}

const charactersInPiece = 64 * 1024;

/** The index of the last entry up to `index` that changes a state machine; 0 if there is none. */
function lastCommand({ log, snapshot }: Persistent, index: LogIndex): LogIndex {
  // Of what a snapshot stands for it is only known whether it comes to anything.
  const first = snapshot === undefined || snapshot.data === "{}" ? 0 : snapshot.index;
  let last = index;
  while (last > first && entryAt(log, last)?.kind !== "command") last--;
  return last;
}

interface ComparedLog extends ComparedNode {
  readonly log: Log;
}

/**
 * Committed entries are the same everywhere (§5.4.3); the others may yet be overwritten. A node
 * that is down may lack committed entries, or have others in their place that never were.
 */
async function compareLogs(
  logs: readonly ComparedLog[],
  folder: string,
): Promise<readonly FileDifference[]> {
  const committed = (log: ComparedLog): LogIndex => log.running?.committed ?? 0;
  const reference = logs.toSorted((one, other) => committed(other) - committed(one))[0];
  if (reference === undefined) return [];
  const pace = new Pace();
  const found: FileDifference[] = [];
  for (const each of logs) {
    const isRunning = each.running !== null;
    const until = isRunning ? committed(each) : Math.min(committed(reference), lastIndex(each.log));
    // What is gone from a log was committed, and stands in a snapshot.
    for (let index = Math.max(each.log.start, reference.log.start) + 1; index <= until; index++) {
      if (pace.isOver) await pace.rest();
      const [one, other] = [entryAt(each.log, index), entryAt(reference.log, index)];
      if (other === undefined || (one !== undefined && sameEntry(one, other))) continue;
      // Of one term at one index there is one entry, whoever has it (§5.3).
      if (!isRunning && termAt(each.log, index) !== other.term) break;
      const difference: Difference =
        one === undefined
          ? { kind: "lacksEntry", index }
          : { kind: "otherEntry", index, than: reference.member.id };
      const file = basename(pathsOf(folder, each.member).wal);
      found.push({ node: each.member.id, file, difference });
      break;
    }
  }
  return found;
}
