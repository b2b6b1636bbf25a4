/**
 * Where the setting `raftLab.folder` points to within `workspace`, as the names on the way there;
 * undefined when that is not a folder of its own inside the workspace.
 *
 * A settings file may come with a folder that somebody else made, and starting a cluster writes
 * and moves files. The workspace itself is refused as well: starting anew moves what is there.
 */
export function folderWithin(workspace: string, setting: string): readonly string[] | undefined {
  const names = namesIn(setting.trim());
  // Variables and the home folder are not known to settings; they would become odd names.
  if (names.some((name) => name === ".." || /^~|\$\{/.test(name))) return undefined;
  const path = isAbsolute(setting.trim()) ? namesBelow(namesIn(workspace), names) : names;
  return path === undefined || path.length === 0 ? undefined : path;
}

/** What remains of `path` below `root`. */
function namesBelow(
  root: readonly string[],
  path: readonly string[],
): readonly string[] | undefined {
  return root.every((name, i) => isSame(name, path[i])) ? path.slice(root.length) : undefined;
}

function isSame(one: string, other: string | undefined): boolean {
  // The letter of a drive is written both ways.
  return one === other || (isDrive(one) && one.toLowerCase() === other?.toLowerCase());
}

function namesIn(path: string): readonly string[] {
  return path.split(/[/\\]/).filter((name) => name !== "" && name !== ".");
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[a-z]:)/i.test(path);
}

function isDrive(name: string): boolean {
  return /^[a-z]:$/i.test(name);
}
