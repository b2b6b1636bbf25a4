import { lstat, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";

const folderName = "earlier";

/** Thrown when something else than a folder goes by a folder's name. */
class NotAFolder extends Error {
  override readonly name = "NotAFolder";

  constructor(path: string) {
    super(`${path} is not a folder`);
  }
}

/** What a cluster leaves in its folder. Whatever else is there is not ours to move. */
const ours =
  /^(?:cluster\.json|node[1-9]\d{0,3}\.log|(?:127\.0\.0\.1|localhost)_[1-9]\d{0,4}\.(?:wal|snapshot|log|storage|state_machine)(?:\.differs(?:-\d+)?)?)$/;

/**
 * Moves the files of the last cluster to `earlier/TIME/`, where they are out of the way and lose
 * nothing. Without any there is no such folder afterwards.
 *
 * The file that says that there is a cluster goes first: what breaks off leaves none behind.
 */
export async function moveToEarlier(folder: string): Promise<void> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && ours.test(entry.name))
    .map(({ name }) => name)
    .toSorted((one, other) => Number(other === "cluster.json") - Number(one === "cluster.json"));
  if (names.length === 0) return;
  const target = await newFolder(join(folder, folderName));
  for (const name of names) await rename(join(folder, name), join(target, name));
}

async function newFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  // A link could lead out of the workspace.
  if (!(await lstat(parent)).isDirectory()) throw new NotAFolder(parent);
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-").replace("T", " ");
  for (let count = 1; ; count++) {
    const target = join(parent, count === 1 ? time : `${time} ${count}`);
    try {
      await mkdir(target);
      return target;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}
