import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
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
    await rm(path, { force: true });
    held.delete(path);
  };
}

async function takeFile(path: string): Promise<void> {
  // Twice, for the leftover may be removed by us and the file then made by somebody else.
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(`${process.pid}\n`);
      return await file.close();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = await holderOf(path);
    if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
      throw new FolderInUse(holder, path);
    }
    await rm(path, { force: true });
  }
  throw new FolderInUse((await holderOf(path)) ?? 0, path);
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
