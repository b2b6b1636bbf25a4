import type { FileHandle } from "node:fs/promises";
import * as v from "valibot";
import type { Snapshot } from "../raft/index.ts";
import { isAbsence } from "./cluster-file.ts";
import { openRegular, readAt } from "./regular-file.ts";
import { decodeJson, encodeJson, recordLimit } from "./wal-record.ts";
import type { WalOwner } from "./wal.ts";
import { writeAtomically } from "./write-atomically.ts";

// The snapshot of a node as a file, in lines like those of a wal: first a header, which says what
// the snapshot stands for, then the data in as many pieces as the header says.

/** What reading a snapshot gives. Lines are counted from 1. */
export type ReadSnapshot =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "missing" }
  | BadSnapshot;

export type BadSnapshot =
  | { readonly kind: "damaged"; readonly line: number }
  /** It belongs to another node or another cluster. */
  | { readonly kind: "foreign"; readonly owner: string }
  /** Another version of Raft Lab has written it, or this line of it. */
  | { readonly kind: "unsupported"; readonly line: number };

/** The version of the format, in the header of every snapshot. */
export const snapshotVersion = 1;

/** How much of the data one line holds: so little that it is soon written, and soon read. */
const charactersInPiece = 32 * 1024;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const fromOne = v.pipe(count, v.minValue(1));
const nodes = v.array(v.string());

const headerSchema = v.strictObject({
  kind: v.literal("snapshot"),
  version: v.literal(snapshotVersion),
  node: v.string(),
  cluster: v.string(),
  index: fromOne,
  term: fromOne,
  configuration: v.strictObject({ voters: nodes, outgoing: nodes, learners: nodes }),
  pieces: count,
});

const pieceSchema = v.strictObject({ kind: v.literal("piece"), n: fromOne, data: v.string() });

type Header = v.InferOutput<typeof headerSchema>;

/**
 * Puts the snapshot in place of the one before. Whenever the machine stops, the file holds all of
 * either; once this has resolved, the new one. It is made and written piece by piece, so that the
 * extension host is not held up however long the data is.
 */
export async function writeSnapshot(
  path: string,
  owner: WalOwner,
  snapshot: Snapshot,
): Promise<void> {
  await writeAtomically(path, snapshotLines(owner, snapshot));
}

/** The lines of a snapshot, one after another. */
export function* snapshotLines(owner: WalOwner, snapshot: Snapshot): Iterable<string> {
  const { data, index, term, configuration } = snapshot;
  const { node, cluster } = owner;
  const pieces = Math.ceil(data.length / charactersInPiece);
  const about = { index, term, configuration, pieces };
  yield encodeJson({ kind: "snapshot", version: snapshotVersion, node, cluster, ...about });
  for (let n = 1; n <= pieces; n++) {
    const piece = data.slice((n - 1) * charactersInPiece, n * charactersInPiece);
    yield encodeJson({ kind: "piece", n, data: piece });
  }
}

/** Rejects only when the disk does, or when what goes by that name is no file. */
export async function readSnapshot(path: string, owner: WalOwner): Promise<ReadSnapshot> {
  let file: FileHandle;
  try {
    file = await openRegular(path, "read");
  } catch (error) {
    if (isAbsence(error)) return { kind: "missing" };
    throw error;
  }
  try {
    const reader = new SnapshotReader(owner);
    const buffer = Buffer.allocUnsafe(bytesAtOnce);
    for (let position = 0; !reader.isDone; position += bytesAtOnce) {
      const length = await readAt(file, position, buffer);
      reader.take(buffer.toString("latin1", 0, length));
      if (length < bytesAtOnce) break;
    }
    return reader.end();
  } finally {
    await file.close();
  }
}

const bytesAtOnce = 64 * 1024;

/** Reads a snapshot piece by piece, each byte as one character. Never throws. */
export class SnapshotReader {
  readonly #owner: WalOwner;
  #header: Header | undefined;
  readonly #pieces: string[] = [];
  #line = 0;
  /** The beginning of a line whose end has not come yet. */
  #rest = "";
  #bad: BadSnapshot | undefined;

  constructor(owner: WalOwner) {
    this.#owner = owner;
  }

  /** Whether the answer is known, whatever follows. */
  get isDone(): boolean {
    return this.#bad !== undefined;
  }

  take(text: string): void {
    const whole = this.#rest + text;
    let start = 0;
    for (let end = whole.indexOf("\n"); end !== -1; end = whole.indexOf("\n", start)) {
      this.#line++;
      this.#bad = this.#takeLine(whole.slice(start, end));
      if (this.#bad !== undefined) return;
      start = end + 1;
    }
    this.#rest = whole.slice(start);
    // No line of ours is so long, so none will come of it.
    if (this.#rest.length > recordLimit) this.#bad = { kind: "damaged", line: this.#line + 1 };
  }

  /** There is no more. */
  end(): Exclude<ReadSnapshot, { kind: "missing" }> {
    if (this.#bad !== undefined) return this.#bad;
    const isWhole = this.#rest === "" && this.#pieces.length === this.#header?.pieces;
    // It gets its name when all of it is durable, so what is cut off was cut off by somebody.
    if (this.#header === undefined || !isWhole) return { kind: "damaged", line: this.#line + 1 };
    const { index, term, configuration } = this.#header;
    const data = this.#pieces.join("");
    return { kind: "snapshot", snapshot: { index, term, configuration, data } };
  }

  #takeLine(line: string): BadSnapshot | undefined {
    const decoded = decodeJson(line);
    if (decoded.kind === "broken") return { kind: "damaged", line: this.#line };
    if (this.#header === undefined) return this.#takeHeader(decoded.value);
    const piece = v.safeParse(pieceSchema, decoded.value);
    if (!piece.success) return { kind: "unsupported", line: this.#line };
    const { n, data } = piece.output;
    const isNext = n === this.#pieces.length + 1 && n <= this.#header.pieces;
    if (!isNext) return { kind: "damaged", line: this.#line };
    this.#pieces.push(data);
    return undefined;
  }

  #takeHeader(value: unknown): BadSnapshot | undefined {
    const header = v.safeParse(headerSchema, value);
    if (!header.success) return { kind: "unsupported", line: this.#line };
    this.#header = header.output;
    const { node, cluster } = header.output;
    if (cluster !== this.#owner.cluster) {
      return { kind: "foreign", owner: `${node} of cluster ${cluster}` };
    }
    return node === this.#owner.node ? undefined : { kind: "foreign", owner: node };
  }
}
