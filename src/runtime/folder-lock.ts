import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nanoid } from "nanoid";
import { isAbsence } from "./cluster-file.ts";

/** Thrown when another process runs the cluster of a folder. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
  readonly processId: number;
  readonly file: string;

  constructor(processId: number, file: string) {
    super(`process ${processId} runs the cluster of this folder (${file} says so)`);
    this.processId = processId;
    this.file = file;
  }
}

/** Gives the folder back. */
export type Unlock = () => Promise<void>;

const lockName = ".running";

/** Folders that this process holds: its own id in a lock file is else a leftover of an earlier one. */
const held = new Set<string>();

/**
 * Makes sure that no other window appends to the same wal. What a process that was killed left
 * behind is taken over.
 *
 * @throws FolderInUse
 */
export async function lockFolder(folder: string): Promise<Unlock> {
  const path = join(folder, lockName);
  if (held.has(path)) throw new FolderInUse(process.pid, path);
  held.add(path);
  try {
    await takeFile(path);
  } catch (error) {
    held.delete(path);
    throw error;
  }
  return async () => {
    try {
      await rm(path, { force: true });
    } finally {
      held.delete(path);
    }
  };
}

/**
 * The file gets its name with its content, so that nobody finds it without. A leftover is first
 * renamed, which only one of two that find it can do, and looked at once more before it goes.
 */
async function takeFile(path: string): Promise<void> {
  const own = `${path}-${nanoid(8)}`;
  try {
    await writeFile(own, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    // More than once, for whoever removes a leftover may not be the first to take its place.
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await linked(own, path)) return;
      const holder = await holderOf(path);
      if (holder !== undefined && isOther(holder)) throw new FolderInUse(holder, path);
      await removeLeftover(path, `${own}-old`);
    }
    throw new FolderInUse((await holderOf(path)) ?? 0, path);
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function removeLeftover(path: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if (isAbsence(error)) return;
    throw error;
  }
  const holder = await holderOf(aside);
  // Somebody took the folder between our look and our rename: it is theirs, and gets it back.
  if (holder !== undefined && isOther(holder)) await link(aside, path);
  await rm(aside, { force: true });
}

function isOther(processId: number): boolean {
  return processId !== process.pid && isAlive(processId);
}

async function holderOf(path: string): Promise<number | undefined> {
  try {
    const processId = Number((await readFile(path, "utf8")).trim());
    return Number.isSafeInteger(processId) && processId > 0 ? processId : undefined;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAlive(processId: number): boolean {
  try {
    // Signal 0 is not sent; asking whether it could be is the question (kill(2)).
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
