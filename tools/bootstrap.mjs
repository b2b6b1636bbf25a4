import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { nodeBelow, npm, root, timed } from "./npm.mjs";

/**
 * Installs what is missing: the packages of package-lock.json, and Node 24.
 *
 * @returns {Promise<string>} the path of Node 24
 */
export async function bootstrap() {
  if (!isInstalled()) {
    await timed("Installing the packages of package-lock.json", () =>
      npm(["ci", "--include=dev", "--include=optional"]),
    );
  }
  const home = join(root, "node_modules", "node", "bin", "node");
  if (existsSync(home)) return home;
  return timed("Fetching Node 24", () => nodeBelow(root));
}

/** Compares what npm says it installed with what the lock asks for. */
function isInstalled() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "") return true;
    const there = installed[path];
    return there === undefined ? optional === true : there.version === version;
  });
}

/**
 * @param {string} lock
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(lock) {
  return existsSync(lock) ? JSON.parse(readFileSync(lock, "utf8")).packages : {};
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await bootstrap();
