import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** A folder that could not be read, and the system's name for why. */
export interface Unreadable {
  readonly folder: string;
  readonly error: string;
}

/** Deeper than anybody's own files are. */
const mostDepth = 64;

/**
 * The folder and all folders below it, each as its path from the first one, in order. Links are not
 * followed, and neither are hidden folders and those of packages.
 */
export async function foldersFrom(
  root: string,
): Promise<{ readonly folders: readonly string[]; readonly unreadable: readonly Unreadable[] }> {
  const folders: string[] = [];
  const unreadable: Unreadable[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    folders.push(folder);
    if (depth === mostDepth) return;
    let below: readonly string[];
    try {
      const entries = await readdir(join(root, folder), { withFileTypes: true });
      below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      unreadable.push({ folder, error: errorName(error) });
      return;
    }
    for (const name of below.filter(isLookedInto).toSorted()) {
      await visit(folder === "" ? name : `${folder}/${name}`, depth + 1);
    }
  };
  await visit("", 0);
  return { folders, unreadable };
}

/** The system's own name for what went wrong, as in `EACCES`. */
export function errorName(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function isLookedInto(name: string): boolean {
  return !name.startsWith(".") && name !== "node_modules";
}
