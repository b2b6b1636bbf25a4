import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRegular } from "./regular-file.ts";

/**
 * Puts the whole text in place of what a file held. Whenever the machine stops, the file holds
 * either all of the old or all of the new; once this has resolved, the new.
 *
 * A long text may come in pieces, so that making them does not hold up the extension host.
 */
export async function writeAtomically(
  path: string,
  text: string | Iterable<string>,
): Promise<void> {
  await replace(path, text, true);
  await syncFolder(dirname(path));
}

/**
 * Puts the whole text in place of what a file held, so that no reader ever sees half of it. When
 * the machine loses its power the file may be what it was before: fit for what can be written anew.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await replace(path, text, false);
}

/** Makes names in a folder last: without it a new file may be gone after a power failure. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Windows cannot open or sync a folder; NTFS has a journal for names.
    if (process.platform !== "win32" || !isOneOf(["EPERM", "EISDIR", "EACCES"], error)) throw error;
  }
}

/** Removes what replacing a file left in this folder when its process was killed meanwhile. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder);
  const leftovers = names.filter((name) => temporaryName.test(name));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { force: true })));
}

const temporaryName = /^\..+\.[0-9a-f]{16}\.raft-lab$/;

async function replace(
  path: string,
  text: string | Iterable<string>,
  isDurable: boolean,
): Promise<void> {
  const unique = randomBytes(8).toString("hex");
  const temporary = join(dirname(path), `.${basename(path)}.${unique}.raft-lab`);
  try {
    const file = await createRegular(temporary);
    try {
      for (const piece of typeof text === "string" ? [text] : text) await file.appendFile(piece);
      if (isDurable) await file.datasync();
    } finally {
      await file.close();
    }
    await renamePatiently(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** How long to wait for a virus scanner or an indexer to let go of a file: 630 ms in all. */
const patienceMillis = [10, 20, 40, 80, 160, 320];

async function renamePatiently(from: string, to: string): Promise<void> {
  for (const millis of patienceMillis) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!isOneOf(["EPERM", "EACCES", "EBUSY"], error)) throw error;
    }
    await sleep(millis);
  }
  await rename(from, to);
}

function isOneOf(codes: readonly string[], error: unknown): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}
