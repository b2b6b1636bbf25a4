/**
 * `npm start`: VS Code with the extension and a folder to do the lab in.
 *
 * Desktop VS Code if `code` is on the path, else a VS Code server for the browser.
 *   --server     the server, even if there is a desktop
 *   --port N     the server's port, if it matters
 *   --check      start the server, see that it opens only to who has its token, and end
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { cleanEnvironment, npm, root, runQuietly, timed } from "./npm.mjs";
import { installExtension, prepareServer, startServer } from "./vscode-server.mjs";

const { values: flags } = parseArgs({
  options: {
    server: { type: "boolean", default: false },
    port: { type: "string", default: "0" },
    check: { type: "boolean", default: false },
  },
});

const node = await bootstrap();
const lab = await prepareLab();
if (!flags.server && !flags.check && hasDesktop()) await openDesktop();
else await openServer();

/** The folder a student works in. It is theirs: once it is there, it is left as it is. */
async function prepareLab() {
  const folder = join(root, "lab");
  if (!existsSync(folder)) await cp(join(root, "samples", "lab"), folder, { recursive: true });
  return folder;
}

/**
 * As root, desktop VS Code refuses to start. In a terminal of a remote window `code` is another
 * program, which opens nothing here.
 */
function hasDesktop() {
  if (process.env["VSCODE_IPC_HOOK_CLI"] !== undefined) return false;
  return process.getuid?.() !== 0 && spawnSync("code", ["--version"]).status === 0;
}

async function openDesktop() {
  await timed("Building", () => runQuietly(node, ["build.ts"]));
  console.log("Opening VS Code with the extension and the folder lab/.");
  const parameters = ["--new-window", `--extensionDevelopmentPath=${root}`, lab];
  const opened = spawnSync("code", parameters, { env: cleanEnvironment(), stdio: "inherit" });
  process.exitCode = opened.status ?? 1;
}

async function openServer() {
  const dataFolder = join(root, ".vscode-test", "start");
  await mkdir(dataFolder, { recursive: true });
  await timed("Building and packaging", () => npm(["run", "package"]));
  await prepareServer("newest");
  await timed("Installing the extension", () =>
    installExtension({ version: "newest", dataFolder, vsix: join(root, "raft-lab.vsix") }),
  );
  const server = await startServer({ version: "newest", dataFolder, port: Number(flags.port) });
  const address = server.address({ folder: lab });
  if (flags.check) {
    try {
      await checkDoor(address);
    } finally {
      await server.stop();
    }
    return;
  }
  console.log(`
VS Code with Raft Lab is here, for whoever has this address:

  ${address}

The lab is the folder lab/; its README.md says what to do. Ctrl+C ends VS Code.
`);
  process.on("SIGINT", () => void server.stop());
  process.on("SIGTERM", () => void server.stop());
  await server.ended;
}

/**
 * @param {string} address
 */
async function checkDoor(address) {
  const withoutToken = new URL(address);
  withoutToken.searchParams.delete("tkn");
  await expectStatus("without the token", 403, await fetch(withoutToken));

  // The token is answered with a cookie and the address without it, as in a browser.
  const first = await fetch(address, { redirect: "manual" });
  await expectStatus("with the token", 302, first);
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
  const second = new URL(first.headers.get("location") ?? "", address);
  await expectStatus("with the token's cookie", 200, await fetch(second, { headers: { cookie } }));
}

/**
 * @param {string} how
 * @param {number} expected
 * @param {Response} answer
 */
async function expectStatus(how, expected, answer) {
  await answer.arrayBuffer();
  console.log(`The page ${how} answers ${answer.status}.`);
  if (answer.status !== expected) throw new Error(`${how}: ${answer.status}, not ${expected}`);
}
