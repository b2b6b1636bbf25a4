#!/usr/bin/env node
/**
 * Stands in for the executable of desktop VS Code, and takes the parameters that runTests of
 * @vscode/test-electron gives to it: WORKSPACE --extensionDevelopmentPath=… --extensionTestsPath=…
 *
 * Behind it are a VS Code server and Chromium as its window. The exit code is that of the tests.
 *   RAFT_LAB_VSCODE_VERSION   newest or 1.100
 *   RAFT_LAB_VSIX             a packaged extension to install first
 *   RAFT_LAB_PICTURES         where pictures of the window go
 *   RAFT_LAB_TIMEOUT_SECONDS  after which the tests are ended
 *   RAFT_LAB_VERBOSE          shows also what the workbench says of itself
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { prepareChromium } from "../../tools/chromium.mjs";
import { installExtension, startServer, versionNamed } from "../../tools/vscode-server.mjs";
import { answerRequests } from "./window.mjs";

const environment = process.env;
const version = versionNamed(environment["RAFT_LAB_VSCODE_VERSION"] ?? "newest");
const pictures = resolve(environment["RAFT_LAB_PICTURES"] ?? `out/pictures/${version}`);
const patienceSeconds = Number(environment["RAFT_LAB_TIMEOUT_SECONDS"] ?? 300);

/** What the workbench says of itself in every run. RAFT_LAB_VERBOSE=1 shows it. */
const workbenchTalk =
  /^(?:Resolv|ChatSessionStore|Creating a socket|Ignoring fetching|Updating additional|Canceled|\[(?:reconnection|AgentHost|AccountPolicyGate|Service Worker))/;

/** The parts that are running, latest first; ended in that order. @type {(() => unknown)[]} */
const endings = [];
/** @type {Promise<void> | undefined} */
let leaving;
process.on("SIGINT", () => void leave(130));
process.on("SIGTERM", () => void leave(143));
process.on("SIGHUP", () => void leave(129));

try {
  const code = await launch();
  await leave(code);
} catch (error) {
  if (leaving === undefined) console.error(error);
  await leave(1);
}

/**
 * Ends what runs, once: that its parts end makes the launch fail, which is no news by then.
 *
 * @param {number} code
 */
function leave(code) {
  leaving ??= (async () => {
    for (const end of endings) await end();
    process.exit(code);
  })();
  return leaving;
}

async function launch() {
  const workspace = process.argv.slice(2).find((parameter) => !parameter.startsWith("-"));
  const developed = parameterNamed("extensionDevelopmentPath");
  const tests = parameterNamed("extensionTestsPath");
  if (workspace === undefined || developed === undefined || tests === undefined) {
    throw new Error("a workspace, --extensionDevelopmentPath and --extensionTestsPath are needed");
  }

  const executablePath = await prepareChromium();
  const home = await mkdtemp(join(tmpdir(), "raft-lab-vscode-"));
  endings.unshift(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const rig = join(home, "rig");
  await mkdir(rig);
  const dataFolder = join(home, "data");
  await mkdir(dataFolder);

  const vsix = environment["RAFT_LAB_VSIX"];
  if (vsix !== undefined) await installExtension({ version, dataFolder, vsix });
  const server = await startServer({
    version,
    dataFolder,
    development: true,
    environment: { RAFT_LAB_RIG: rig },
  });
  endings.unshift(server.stop);

  const browser = await chromium.launch({
    executablePath,
    // Else Playwright would leave at a signal before the rest has ended.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // Chromium's sandbox does not work for root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  endings.unshift(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "en-US" });

  /** @type {Promise<number>} */
  const ended = new Promise((answer, fail) => {
    setTimeout(
      () => fail(new Error(`not done after ${patienceSeconds} s`)),
      patienceSeconds * 1000,
    );
    server.ended.then(() => fail(new Error("the VS Code server ended")), fail);
    page.on("crash", () => fail(new Error("the window crashed")));
    const exit = (/** @type {number} */ code) => answer(code);
    page.exposeFunction("codeAutomationLog", print).catch(fail);
    page.exposeFunction("codeAutomationExit", exit).catch(fail);
  });
  endings.unshift(answerRequests({ page, rig, pictures }));

  const remote = (/** @type {string} */ path) =>
    `vscode-remote://127.0.0.1:${server.port}${resolve(path)}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(developed)],
    ["extensionTestsPath", remote(tests)],
    ["skipWelcome", "true"],
  ]);
  await page.goto(server.address({ folder: resolve(workspace), payload }));
  return ended;
}

/** @param {string} name */
function parameterNamed(name) {
  const start = `--${name}=`;
  return process.argv.find((parameter) => parameter.startsWith(start))?.slice(start.length);
}

/**
 * @param {string} kind
 * @param {readonly unknown[]} values
 */
function print(kind, values) {
  const text = values.map(String).join(" ");
  if (workbenchTalk.test(text) && environment["RAFT_LAB_VERBOSE"] === undefined) return;
  const stream = kind === "error" || kind === "warn" ? process.stderr : process.stdout;
  stream.write(`${text}\n`);
}
