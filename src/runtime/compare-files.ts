import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Member } from "../cluster/index.ts";
import {
  entryAt,
  lastIndex,
  sameEntry,
  type Log,
  type LogIndex,
  type NodeId,
  type Persistent,
} from "../raft/index.ts";
import { isAbsence } from "./cluster-file.ts";
import { errorText } from "./error-text.ts";
import { pathsOf } from "./node-paths.ts";
import { Pace } from "./pace.ts";
import { logLine, storageText } from "./raftos-format.ts";
import { lastHeld } from "./raftos-state-file.ts";
import { readWal } from "./wal-file.ts";

/** Something in a node's files that is not as it should be. */
export interface FileDifference {
  readonly node: NodeId;
  readonly file: string;
  /** What it is, as a sentence. */
  readonly text: string;
}

export interface ComparedNode {
  readonly member: Member;
  /** How far its entries are known to be committed; null for a node that is down. */
  readonly commitIndex: LogIndex | null;
}

export interface CompareOptions {
  readonly folder: string;
  /** The id of the cluster. */
  readonly cluster: string;
  readonly nodes: readonly ComparedNode[];
  readonly signal: AbortSignal;
}

/**
 * Reads everything back: every node's files are compared with its wal, and the nodes' logs with
 * each other. Changes nothing, and may run while the nodes do.
 */
export async function compareFiles(options: CompareOptions): Promise<readonly FileDifference[]> {
  const found: FileDifference[] = [];
  const logs: ComparedLog[] = [];
  for (const node of options.nodes) {
    options.signal.throwIfAborted();
    const { differences, saved } = await compareNode(node.member, options);
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

/** A node that is running may write between two of our reads. It does not do so three times. */
async function compareNode(member: Member, options: CompareOptions): Promise<NodeComparison> {
  let compared = await compareNodeOnce(member, options);
  for (let again = 0; again < 2 && compared.differences.length > 0; again++) {
    compared = await compareNodeOnce(member, options);
  }
  return compared;
}

async function compareNodeOnce(
  member: Member,
  { folder, cluster, nodes }: CompareOptions,
): Promise<NodeComparison> {
  const paths = pathsOf(folder, member);
  const differences: FileDifference[] = [];
  const differs = (path: string, text: string): void => {
    differences.push({ node: member.id, file: basename(path), text });
  };
  // The derived files first: what is in them is in the wal already.
  const [log, storage, state] = [
    await read(paths.log),
    await read(paths.storage),
    await read(paths.stateMachine),
  ];
  let saved: Persistent | undefined;
  try {
    const recovery = await readWal(paths.wal, { node: member.id, cluster });
    if (recovery === undefined) differs(paths.wal, "is gone.");
    else if (recovery.kind === "foreign") differs(paths.wal, `belongs to ${recovery.owner}.`);
    else if (recovery.kind === "recovered") saved = recovery.saved;
    else differs(paths.wal, `is damaged at line ${recovery.line}.`);
  } catch (error) {
    differs(paths.wal, `cannot be read: ${errorText(error)}`);
  }
  if (saved === undefined) return { differences, saved };

  const addresses = new Map(nodes.map(({ member: { id, address } }) => [id, address]));
  const { currentTerm: term, votedFor } = saved;
  const vote = votedFor === null ? null : (addresses.get(votedFor) ?? votedFor);
  const line = await differingLine(log ?? "", saved.log);
  if (line !== undefined) differs(paths.log, `is not what was written: see its line ${line}.`);
  if (storage !== storageText({ term, votedFor: vote })) {
    differs(paths.storage, `does not say term ${term} and a vote for ${vote ?? "nobody"}.`);
  }
  if (state !== undefined && (await lastHeld(state, saved.log)) === undefined) {
    differs(paths.stateMachine, "is not what any first entries of the log come to.");
  }
  return { differences, saved };
}

/** Undefined for a file that is not there. */
async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "latin1");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** The first line of a `.log` that is not what the log says, from 1. */
async function differingLine(text: string, log: Log): Promise<number | undefined> {
  const pace = new Pace();
  let position = 0;
  for (let index = 1; index <= lastIndex(log); index++) {
    const entry = entryAt(log, index);
    const line = entry === undefined ? "" : logLine(entry);
    if (!text.startsWith(line, position)) return index;
    position += line.length;
    if (pace.isOver) await pace.rest();
  }
  return position === text.length ? undefined : lastIndex(log) + 1;
}

interface ComparedLog extends ComparedNode {
  readonly log: Log;
}

/** Committed entries are the same everywhere (§5.4.3); the others may yet be overwritten. */
async function compareLogs(
  logs: readonly ComparedLog[],
  folder: string,
): Promise<readonly FileDifference[]> {
  const committed = (log: ComparedLog): LogIndex => log.commitIndex ?? 0;
  const reference = logs.toSorted((one, other) => committed(other) - committed(one))[0];
  if (reference === undefined) return [];
  const pace = new Pace();
  const found: FileDifference[] = [];
  for (const each of logs) {
    const until = Math.min(committed(each), committed(reference));
    for (let index = 1; index <= until; index++) {
      const [one, other] = [entryAt(each.log, index), entryAt(reference.log, index)];
      if (one === undefined || other === undefined || !sameEntry(one, other)) {
        const text = `has another committed entry ${index} than ${reference.member.name}.`;
        found.push({
          node: each.member.id,
          file: basename(pathsOf(folder, each.member).wal),
          text,
        });
        break;
      }
      if (pace.isOver) await pace.rest();
    }
  }
  return found;
}
