/**
 * Runs the tests that need a real VS Code: `npm run vscode -- --version newest`.
 *
 *   --version newest|1.100|all   in which VS Code; all by default
 *   --vsix                       instead, the tests of the packaged extension, in the newest
 *   --grep PATTERN               only tests whose titles match
 *
 * Where RAFT_LAB_VSCODE names the executable of a desktop VS Code, that one is used.
 */
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runTests } from "@vscode/test-electron";
import { versionNamed, versions } from "../../tools/vscode-server.mjs";

const root = join(import.meta.dirname, "..", "..");

const { values: flags } = parseArgs({
  options: {
    version: { type: "string", default: "all" },
    vsix: { type: "boolean", default: false },
    grep: { type: "string" },
  },
});

interface Run {
  /** Names the results: out/results/NAME.json. */
  readonly name: string;
  readonly version: string;
  readonly extension: string;
  readonly tests: string;
  readonly environment: Readonly<Record<string, string>>;
}

const vsixRun: Run = {
  name: "vsix",
  version: "newest",
  extension: join(root, "out/test/tester"),
  tests: join(root, "out/test/tester/index.cjs"),
  environment: { RAFT_LAB_VSIX: join(root, "raft-lab.vsix") },
};

function developmentRun(version: string): Run {
  return {
    name: version,
    version,
    extension: root,
    tests: join(root, "out/test/vscode/index.cjs"),
    environment: {},
  };
}

const desktop = process.env["RAFT_LAB_VSCODE"];
const wanted = flags.version === "all" ? versions : [versionNamed(flags.version)];
// A desktop VS Code is of whatever version it is, and runs the tests once.
const chosen = desktop === undefined ? wanted : wanted.filter((version) => version === "newest");
if (chosen.length < wanted.length) console.log(`Not in 1.100: ${desktop} is what is to be tested.`);
for (const run of flags.vsix ? [vsixRun] : chosen.map(developmentRun)) {
  if (!(await passes(run))) process.exitCode = 1;
}

/** Runs the tests in one VS Code, with a home and a workspace that nothing else has used. */
async function passes({ name, version, extension, tests, environment }: Run): Promise<boolean> {
  console.log(`\nVS Code ${name}`);
  const start = performance.now();
  const results = join(root, "out/results", `${name}.json`);
  await mkdir(join(results, ".."), { recursive: true });
  await rm(results, { force: true });
  const home = await mkdtemp(join(tmpdir(), "raft-lab-test-"));
  const workspace = join(home, "workspace");
  await mkdir(workspace);
  const launcher = join(import.meta.dirname, "launcher.mjs");
  await chmod(launcher, 0o755);

  let ended = true;
  try {
    await runTests({
      vscodeExecutablePath: desktop ?? launcher,
      extensionDevelopmentPath: extension,
      extensionTestsPath: tests,
      launchArgs: [
        workspace,
        `--user-data-dir=${home}/user`,
        `--extensions-dir=${home}/extensions`,
      ],
      extensionTestsEnv: {
        ...environment,
        RAFT_LAB_VSCODE_VERSION: version,
        RAFT_LAB_RESULTS: results,
        ...handedOn("RAFT_LAB_ACTIVATION"),
        RAFT_LAB_PICTURES: join(root, "out/pictures", name),
        ...(flags.grep === undefined ? {} : { RAFT_LAB_GREP: flags.grep }),
      },
    });
  } catch (error) {
    ended = false;
    console.error(error instanceof Error ? error.message : error);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (!existsSync(results)) {
    console.log(`VS Code ${name}: the tests did not come to an end (${seconds} s)`);
    return false;
  }
  const { passed, failed } = JSON.parse(await readFile(results, "utf8"));
  console.log(`VS Code ${name}: ${passed.length} passed, ${failed.length} failed (${seconds} s)`);
  return ended && failed.length === 0 && passed.length > 0;
}

/** A variable of ours that the tests are to see, too, if it is set. */
function handedOn(name: string): Readonly<Record<string, string>> {
  const value = process.env[name];
  return value === undefined ? {} : { [name]: value };
}
