import { join } from "node:path";
import * as v from "valibot";
import type { Member } from "../cluster/index.ts";
import { NotAFile, readRegular } from "./regular-file.ts";
import { writeAtomically } from "./write-atomically.ts";

/** What makes nodes a cluster, fixed when it is created: who they are and where they live. */
export interface ClusterFile {
  /** Tells this cluster's files from those of another with the same addresses. */
  readonly cluster: string;
  readonly members: readonly Member[];
}

/** What the file of that name holds: nothing, a cluster, or something that cannot be used. */
export type ClusterFileContents =
  | { readonly kind: "absent" }
  | { readonly kind: "cluster"; readonly file: ClusterFile }
  | { readonly kind: "bad"; readonly reason: string };

export const clusterFileName = "cluster.json";

/** The most nodes that a cluster may have. */
export const largestSize = 9;

const lengthLimit = 64 * 1024;
const tooLong = `longer than ${lengthLimit} bytes`;

const memberSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^n[1-9]$/, "a node's id is n1 to n9")),
  name: v.pipe(v.string(), v.regex(/^node[1-9]$/, "a node's name is node1 to node9")),
  // Files are named after the address, so nothing else than an address may stand here.
  address: v.pipe(
    v.string(),
    v.regex(/^(?:127\.0\.0\.1|localhost):[1-9]\d{0,4}$/, "an address is 127.0.0.1:PORT"),
    v.check((address) => portOf(address) <= 65_535, "a port is at most 65535"),
  ),
});

const fileSchema = v.strictObject({
  version: v.literal(1, "this version of Raft Lab knows version 1 only"),
  cluster: v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/, "a cluster's id is 8 to 64 letters")),
  members: v.pipe(
    v.array(memberSchema),
    v.minLength(1, "a cluster has at least one node"),
    v.maxLength(largestSize, `a cluster has at most ${largestSize} nodes`),
    v.check(
      (members) => members.every(isNumbered),
      "nodes are n1 and node1, n2 and node2, and so on",
    ),
    v.check((members) => areDistinct(members), "no two nodes share a port"),
  ),
});

/** Reads `cluster.json`. Rejects only when the disk does. */
export async function readClusterFile(folder: string): Promise<ClusterFileContents> {
  let text: string;
  try {
    const bytes = await readRegular(join(folder, clusterFileName), lengthLimit);
    if (bytes === undefined) return { kind: "bad", reason: tooLong };
    text = bytes.toString();
  } catch (error) {
    if (isAbsence(error)) return { kind: "absent" };
    if (error instanceof NotAFile) return { kind: "bad", reason: error.message };
    throw error;
  }
  return decodeClusterFile(text);
}

/** What the text of a `cluster.json` says. Never throws. */
export function decodeClusterFile(text: string): ClusterFileContents {
  if (text.length > lengthLimit) return { kind: "bad", reason: tooLong };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "bad", reason: error instanceof Error ? error.message : String(error) };
  }
  const decoded = v.safeParse(fileSchema, value);
  if (decoded.success) {
    const { cluster, members } = decoded.output;
    return { kind: "cluster", file: { cluster, members } };
  }
  const [issue] = decoded.issues;
  return { kind: "bad", reason: `${v.getDotPath(issue) ?? "the whole"}: ${issue.message}` };
}

/** Written last when a cluster is created: without it there is none yet. */
export async function writeClusterFile(folder: string, file: ClusterFile): Promise<void> {
  const text = `${JSON.stringify({ version: 1, ...file }, undefined, 2)}\n`;
  await writeAtomically(join(folder, clusterFileName), text);
}

export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** What the files of a node are called, up to their ending. A colon is no letter for a file. */
export function fileStem({ address }: Member): string {
  return address.replaceAll(":", "_");
}

function isNumbered({ id, name }: Member, index: number): boolean {
  return id === `n${index + 1}` && name === `node${index + 1}`;
}

function areDistinct(members: readonly Member[]): boolean {
  return new Set(members.map(({ address }) => portOf(address))).size === members.length;
}

/** Whether this error of the file system says that there is no such file or folder. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
