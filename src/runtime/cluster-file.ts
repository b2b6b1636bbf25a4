import { join } from "node:path";
import * as v from "valibot";
import { memberLimit, type Member } from "../cluster/index.ts";
import type { NodeId } from "../raft/index.ts";
import { NotAFile, readRegular } from "./regular-file.ts";
import { writeAtomically } from "./write-atomically.ts";

/** What makes nodes a cluster: who they are and where they live. */
export interface ClusterFile {
  /** Tells this cluster's files from those of another with the same addresses. */
  readonly cluster: string;
  /** Who belongs to it now. */
  readonly members: readonly Member[];
  /** With whom it began. All others have their members from the log (§6). */
  readonly founders: readonly NodeId[];
  /** Who has left: no other node is ever called so, or lives there. */
  readonly departed: readonly Member[];
  /** Who is to leave: whether that has come about, the log tells (§6). */
  readonly departing: readonly NodeId[];
}

/** What the file of that name holds: nothing, a cluster, or something that cannot be used. */
export type ClusterFileContents =
  | { readonly kind: "absent" }
  | { readonly kind: "cluster"; readonly file: ClusterFile }
  | { readonly kind: "bad"; readonly reason: string };

export const clusterFileName = "cluster.json";

/** The most nodes that a cluster may have. */
export const largestSize = memberLimit;

/** Room for all the nodes that ids can tell apart: the file never forgets who has left. */
const lengthLimit = 1024 * 1024;
const tooLong = `longer than ${lengthLimit} bytes`;

const memberSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^n[1-9]\d{0,3}$/, "a node's id is n1 to n9999")),
  name: v.pipe(v.string(), v.regex(/^node[1-9]\d{0,3}$/, "a node's name is node1 to node9999")),
  // Files are named after the address, so nothing else than an address may stand here.
  address: v.pipe(
    v.string(),
    v.regex(/^(?:127\.0\.0\.1|localhost):[1-9]\d{0,4}$/, "an address is 127.0.0.1:PORT"),
    v.check((address) => portOf(address) <= 65_535, "a port is at most 65535"),
  ),
});

const membersSchema = v.array(
  v.pipe(memberSchema, v.check(isNamedAlike, "a node is called by its number: n1 is node1")),
);

const fileSchema = v.strictObject({
  version: v.literal(1, "this version of Raft Lab knows version 1 only"),
  cluster: v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/, "a cluster's id is 8 to 64 letters")),
  members: v.pipe(
    membersSchema,
    v.minLength(1, "a cluster has at least one node"),
    v.maxLength(largestSize, `a cluster has at most ${largestSize} nodes`),
  ),
  // A cluster whose members have never changed began with those it has.
  founders: v.exactOptional(v.array(v.string())),
  departed: v.exactOptional(membersSchema, []),
  departing: v.exactOptional(v.array(v.string()), []),
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
    const { cluster, members, departed, departing } = decoded.output;
    const { founders = members.map(({ id }) => id) } = decoded.output;
    const problem = problemOf([...members, ...departed], founders);
    if (problem !== undefined) return { kind: "bad", reason: problem };
    if (!departing.every((node) => members.some(({ id }) => id === node))) {
      return { kind: "bad", reason: "departing: only members can be about to leave" };
    }
    return { kind: "cluster", file: { cluster, members, founders, departed, departing } };
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

function isNamedAlike({ id, name }: Member): boolean {
  return name === `node${id.slice(1)}`;
}

/** What is wrong with all that there ever were, taken together. */
function problemOf(known: readonly Member[], founders: readonly NodeId[]): string | undefined {
  const ids = new Set(known.map(({ id }) => id));
  if (ids.size < known.length) return "members: no two nodes have the same id";
  const ports = new Set(known.map(({ address }) => portOf(address)));
  if (ports.size < known.length) return "members: no two nodes share a port";
  const isKnown = founders.length > 0 && founders.every((founder) => ids.has(founder));
  return isKnown ? undefined : "founders: those with whom it began are members or have left";
}

/** Whether this error of the file system says that there is no such file or folder. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
