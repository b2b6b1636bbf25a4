import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** The folder of the project. */
export const root = dirname(import.meta.dirname);

/** What a user may have set for every npm; all else that a parent npm hands down is about itself. */
const handedOn =
  /^npm_config_(?:@.*|\/\/.*|registry|cafile|ca|strict_ssl|proxy|https_proxy|noproxy|cache|offline|prefer_offline|fetch_.*|userconfig|globalconfig)$/i;

/**
 * The environment for a program of its own: without what `npm run` or VS Code set for theirs.
 *
 * An npm started inside `npm test` would otherwise work on the parent's folder and settings, and
 * a Node found in node_modules would remove itself from below its own feet.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => {
    if (/^npm_/i.test(name)) return handedOn.test(name);
    return name !== "INIT_CWD" && name !== "NODE_ENV" && !/^(?:VSCODE_|ELECTRON_)/.test(name);
  });
  const modules = join(root, "node_modules");
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path };
}

/**
 * Runs a program to its end. What it prints is kept back and shown only if it fails.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} what it printed on its standard output
 */
export function runQuietly(command, parameters, { cwd = root, env = cleanEnvironment() } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    let both = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      both += chunk;
    });
    child.stderr.on("data", (chunk) => (both += chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(printed);
      const ending = code === null ? `was ended by ${signal}` : `ended with ${code}`;
      return reject(new Error(`${command} ${parameters.join(" ")} ${ending}\n${both.trim()}`));
    });
  });
}

/**
 * @param {readonly string[]} parameters
 * @param {string} [cwd]
 */
export function npm(parameters, cwd = root) {
  return runQuietly("npm", [...parameters, "--no-audit", "--no-fund", "--loglevel=error"], { cwd });
}

/**
 * The Node that the npm package `node` brings below a folder.
 *
 * Its install script fetches the binary. An npm that holds such scripts back leaves the package
 * without one, so the script is run here if the binary is not there.
 *
 * @param {string} folder
 */
export async function nodeBelow(folder) {
  const home = join(folder, "node_modules", "node");
  const binary = join(home, "bin", "node");
  if (!existsSync(binary)) {
    await runQuietly(process.execPath, ["installArchSpecificPackage.js"], { cwd: home });
  }
  return binary;
}

/**
 * Does one piece of work and says how long it took.
 *
 * @template Result
 * @param {string} what
 * @param {() => Promise<Result>} work
 */
export async function timed(what, work) {
  const start = performance.now();
  console.log(`${what} …`);
  const result = await work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}
