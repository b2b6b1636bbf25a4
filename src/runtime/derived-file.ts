import { readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Notice } from "../trace/index.ts";
import { isAbsence } from "./cluster-file.ts";
import { NotAFile } from "./regular-file.ts";

// A derived file is written from the wal, for whoever wants to read it. Nothing rests on it, yet
// what a user has made of it is never overwritten: a node that starts compares first.

/** Moves what is not ours out of the way: `NAME.differs`, then `NAME.differs-2`, and so on. */
export async function keepAside(path: string): Promise<Extract<Notice, { kind: "fileDiffers" }>> {
  const file = basename(path);
  const taken = new Set(await readdir(dirname(path)));
  let keptAs = `${file}.differs`;
  for (let count = 2; taken.has(keptAs); count++) keptAs = `${file}.differs-${count}`;
  await rename(path, join(dirname(path), keptAs));
  return { kind: "fileDiffers", file, keptAs };
}

export function completed(path: string): Notice {
  return { kind: "fileCompleted", file: basename(path) };
}

/** What opening or reading a derived file gives, where there may be none, or no file. */
export type Found<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "absent" }
  /** A link, a folder or the like goes by its name. */
  | { readonly kind: "notAFile" };

export async function find<T>(looking: Promise<T>): Promise<Found<T>> {
  try {
    return { kind: "found", value: await looking };
  } catch (error) {
    if (isAbsence(error)) return { kind: "absent" };
    if (error instanceof NotAFile) return { kind: "notAFile" };
    throw error;
  }
}
