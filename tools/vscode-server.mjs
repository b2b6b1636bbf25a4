/**
 * A VS Code without a desktop: the server part of VS Code, as the npm package code-server carries
 * it, and a browser as its window. Everything comes from the npm registry and nothing is compiled.
 */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cleanEnvironment, nodeBelow, npm, root, runQuietly, timed } from "./npm.mjs";

/** Where servers are kept between runs. */
const cache = join(root, ".vscode-test");

/**
 * The versions we run in: the newest, and the oldest that the extension promises.
 *
 * `takesDriver`: from some version after 1.100 on, a page may name the extension under development
 * only if the server was started with --enable-smoke-test-driver.
 */
const releases = {
  newest: {
    codeServer: "4.139.1",
    integrity:
      "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
    node: "24.21.0",
    takesDriver: true,
  },
  "1.100": {
    codeServer: "4.100.3",
    integrity:
      "sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==",
    node: "20.20.2",
    takesDriver: false,
  },
};

/** @typedef {keyof typeof releases} VersionName */

/** @type {readonly VersionName[]} */
export const versions = ["newest", "1.100"];

/**
 * @param {string} name
 * @returns {VersionName}
 */
export function versionNamed(name) {
  const version = versions.find((known) => known === name);
  if (version === undefined) {
    throw new Error(`VS Code ${name} is not known here; there are ${versions.join(" and ")}`);
  }
  return version;
}

/** Native modules of the server, which are not compiled here, and what takes their place. */
const standIns = {
  "@vscode/spdlog": "spdlog.cjs",
  "@vscode/native-watchdog": "native-watchdog.cjs",
  // Its name in 1.100.
  "native-watchdog": "native-watchdog.cjs",
};

/** Settings that keep questions away which nobody is there to answer, or which a lab need not ask. */
const quietSettings = {
  "security.workspace.trust.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/**
 * Fetches a server and its Node, if they are not there yet.
 *
 * @param {VersionName} version
 * @returns {Promise<{ node: string, main: string }>}
 */
export async function prepareServer(version) {
  const release = releases[version];
  const server = join(cache, `code-server-${release.codeServer}`);
  if (!existsSync(server)) {
    await timed(`Fetching a VS Code server (${version})`, () => fetchServer(release, server));
  }
  return {
    node: await prepareNode(release.node),
    main: join(server, "lib", "vscode", "out", "server-main.js"),
  };
}

/**
 * The finished folder gets its name last, so a run that was cut short leaves nothing half done;
 * what it had downloaded is used again.
 *
 * @param {typeof releases[VersionName]} release
 * @param {string} finished
 */
async function fetchServer({ codeServer, integrity }, finished) {
  await removeLeftovers();
  const archive = join(cache, `code-server-${codeServer}.tgz`);
  if (!existsSync(archive) || (await hashOf(archive)) !== integrity) {
    await npm(["pack", `code-server@${codeServer}`], cache);
    if ((await hashOf(archive)) !== integrity) {
      throw new Error(`code-server ${codeServer} is not the file it was: its checksum differs`);
    }
  }
  const partial = join(cache, `partial-${process.pid}`);
  await mkdir(partial, { recursive: true });
  await runQuietly("tar", ["-xzf", archive, "-C", partial]);
  const vscode = join(partial, "package", "lib", "vscode");
  for (const folder of [vscode, join(vscode, "extensions")]) {
    await npm(["install", "--omit=dev", "--ignore-scripts"], folder);
  }
  for (const [native, standIn] of Object.entries(standIns)) {
    const home = join(vscode, "node_modules", native);
    if (!existsSync(home)) continue;
    await copyFile(join(import.meta.dirname, "stand-ins", standIn), join(home, "index.js"));
  }
  await takeName(join(partial, "package"), finished);
  await rm(partial, { recursive: true, force: true });
  await rm(archive, { force: true });
}

/**
 * @param {string} version
 * @returns {Promise<string>} the path of that Node
 */
async function prepareNode(version) {
  const ours = join(root, "node_modules", "node", "package.json");
  if (existsSync(ours) && JSON.parse(await readFile(ours, "utf8")).version === version) {
    return nodeBelow(root);
  }
  const folder = join(cache, `node-${version}`);
  if (!existsSync(folder)) {
    await timed(`Fetching Node ${version}`, async () => {
      await removeLeftovers();
      const partial = join(cache, `partial-${process.pid}`);
      await mkdir(partial, { recursive: true });
      const manifest = {
        private: true,
        dependencies: { node: version },
        allowScripts: { node: true },
      };
      await writeFile(join(partial, "package.json"), JSON.stringify(manifest));
      await npm(["install"], partial);
      await nodeBelow(partial);
      await takeName(partial, folder);
    });
  }
  return join(folder, "node_modules", "node", "bin", "node");
}

/** Removes what runs that were cut short have left, unless they are still at it. */
async function removeLeftovers() {
  await mkdir(cache, { recursive: true });
  for (const name of await readdir(cache)) {
    const [, owner] = /^partial-(\d+)$/.exec(name) ?? [];
    if (owner === undefined || (Number(owner) !== process.pid && isRunning(Number(owner))))
      continue;
    await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** @param {number} processId */
function isRunning(processId) {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/**
 * Another run may have finished the same folder first; then that one is used.
 *
 * @param {string} partial
 * @param {string} finished
 */
async function takeName(partial, finished) {
  try {
    await rename(partial, finished);
  } catch (error) {
    if (!existsSync(finished)) throw error;
  }
}

/** @param {string} path */
async function hashOf(path) {
  const hash = createHash("sha512").update(await readFile(path));
  return `sha512-${hash.digest("base64")}`;
}

/**
 * Installs a packaged extension for the server that will run with this data folder.
 *
 * @param {{ version: VersionName, dataFolder: string, vsix: string }} options
 */
export async function installExtension({ version, dataFolder, vsix }) {
  const { node, main } = await prepareServer(version);
  const parameters = ["--accept-server-license-terms", "--server-data-dir", dataFolder];
  await runQuietly(node, [main, ...parameters, "--install-extension", vsix, "--force"]);
}

/**
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {string} token
 * @property {(query?: Record<string, string>) => string} address the page, with the token in it
 * @property {() => Promise<void>} stop
 * @property {Promise<void>} ended
 */

/**
 * Starts a server on the loopback address. It holds a shell, so it lets in only who knows a token
 * that is drawn for this run. It ends with this process, however that ends.
 *
 * @param {object} options
 * @param {VersionName} options.version
 * @param {string} options.dataFolder where it keeps settings, extensions and logs
 * @param {number} [options.port] a free one if not given
 * @param {boolean} [options.development] whether a page may name an extension under development
 * @param {NodeJS.ProcessEnv} [options.environment] what extensions find in their environment besides
 * @returns {Promise<RunningServer>}
 */
export async function startServer(options) {
  const { version, dataFolder, port = 0, development = false, environment = {} } = options;
  const { node, main } = await prepareServer(version);
  const token = randomBytes(32).toString("base64url");
  await writeSettings(dataFolder);
  // In a file, because everyone on the machine may read the parameters of a process.
  const tokenFile = join(dataFolder, "connection-token");
  await writeFile(tokenFile, token, { mode: 0o600 });

  const parameters = ["--host", "127.0.0.1", "--port", String(port)];
  parameters.push("--connection-token-file", tokenFile, "--accept-server-license-terms");
  parameters.push("--server-data-dir", dataFolder, "--telemetry-level", "off");
  if (development && releases[version].takesDriver) parameters.push("--enable-smoke-test-driver");
  const guard = join(import.meta.dirname, "guard.mjs");
  const child = spawn(process.execPath, [guard, node, main, ...parameters], {
    detached: true,
    // Without a gallery it reaches for nothing outside this machine.
    env: { ...cleanEnvironment(), EXTENSIONS_GALLERY: "{}", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.on("close", () => resolve()));
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  try {
    const found = await portOf(child);
    const origin = `http://127.0.0.1:${found}/`;
    const address = (query = {}) =>
      `${origin}?${new URLSearchParams({ tkn: token, ...query }).toString()}`;
    return { port: found, token, address, stop, ended };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} dataFolder */
async function writeSettings(dataFolder) {
  const settings = join(dataFolder, "data", "User", "settings.json");
  if (existsSync(settings)) return;
  await mkdir(join(settings, ".."), { recursive: true });
  await writeFile(settings, `${JSON.stringify(quietSettings, undefined, 2)}\n`);
}

/**
 * Waits until the server says where it listens. What else it prints is of interest only when it
 * fails.
 *
 * @param {import("node:child_process").ChildProcessWithoutNullStreams} child
 * @returns {Promise<number>}
 */
function portOf(child) {
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const printed = [];
    /** @param {string} line */
    const read = (line) => {
      printed.push(line);
      if (printed.length > 100) printed.shift();
      const [, port] = /^Extension host agent listening on (\d+)/.exec(line) ?? [];
      if (port !== undefined) resolve(Number(port));
    };
    createInterface(child.stdout).on("line", read);
    createInterface(child.stderr).on("line", read);
    const fail = (/** @type {string} */ why) =>
      reject(new Error(`the VS Code server ${why}\n${printed.join("\n")}`));
    setTimeout(() => fail("did not start within a minute"), 60_000).unref();
    child.on("close", () => fail("ended before it listened"));
    child.on("error", (error) => fail(`could not be started: ${error.message}`));
  });
}
