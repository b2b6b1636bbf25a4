/**
 * `npm test`: everything there is to check, from a fresh checkout on.
 *
 * A stage that fails does not keep the others from running, unless they stand on it; a stage in
 * which no test ran has failed. The last line is `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { bootstrap } from "../tools/bootstrap.mjs";
import { cleanEnvironment, root } from "../tools/npm.mjs";

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} command
 * @property {readonly string[]} [after] the stages it stands on
 * @property {Readonly<Record<string, string>>} [environment]
 * @property {string} [report] the file in out/results that says which tests ran; without one, the
 *   stage as a whole is one test
 *
 * @typedef {object} Outcome
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} seconds
 * @property {string} [note]
 */

const reports = join(root, "out", "results");

/** @type {readonly Stage[]} */
const stages = [
  { name: "types", command: ["npm", "run", "--silent", "types"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "format", command: ["npm", "run", "--silent", "format"] },
  { name: "regexes", command: ["npm", "run", "--silent", "check:regexes"] },
  // Without a clock, a socket or a file they do not disturb each other in one process.
  unitStage("unit, pure", "pure.tap", [
    "--test-isolation=none",
    "test/unit/!(runtime|language)/**/*.test.ts",
    "test/unit/language/*.test.ts",
    "test/unit/*.test.ts",
  ]),
  // Most of the time of these is spent waiting for sockets, disks and clocks.
  unitStage("unit, runtime", "runtime.tap", [
    "--test-concurrency=6",
    "test/unit/runtime/**/*.test.ts",
    "test/unit/language/server/*.test.ts",
  ]),
  { name: "build", command: ["node", "build.ts", "--tests"] },
  {
    ...unitStage("panel page", "page.tap", ["--test-concurrency=2", "test/panel/*.test.ts"]),
    after: ["build"],
  },
  vscodeStage("VS Code newest", ["--version", "newest"], "newest.json", ["build"]),
  vscodeStage("VS Code 1.100", ["--version", "1.100"], "1.100.json", ["build"]),
  journeyStage("journey newest", "newest"),
  journeyStage("journey 1.100", "1.100"),
  { name: "package", command: ["npm", "run", "--silent", "package"], after: ["build"] },
  vscodeStage("packaged", ["--vsix"], "vsix.json", ["package"]),
  { name: "start", command: ["node", "tools/start.mjs", "--check"], after: ["package"] },
];

/**
 * @param {string} name
 * @param {string} report
 * @param {readonly string[]} parameters of `node --test`
 * @returns {Stage}
 */
function unitStage(name, report, parameters) {
  return {
    name,
    command: [
      "node",
      "--test",
      ...["spec", "tap"].map((reporter) => `--test-reporter=${reporter}`),
      ...["stdout", join(reports, report)].map((to) => `--test-reporter-destination=${to}`),
      ...parameters,
    ],
    report,
  };
}

/**
 * @param {string} name
 * @param {string} version
 * @returns {Stage}
 */
function journeyStage(name, version) {
  return {
    ...unitStage(name, `journey-${version}.tap`, ["test/window/journey.test.ts"]),
    environment: { RAFT_LAB_VSCODE_VERSION: version },
    after: ["build"],
  };
}

/**
 * @param {string} name
 * @param {readonly string[]} flags
 * @param {string} report
 * @param {readonly string[]} after
 * @returns {Stage}
 */
function vscodeStage(name, flags, report, after) {
  return { name, command: ["node", "test/vscode/run.ts", ...flags], report, after };
}

/** @type {Outcome[]} */
const outcomes = [];
const start = performance.now();
try {
  const node = await bootstrap();
  outcomes.push({ name: "bootstrap", passed: 0, failed: 0, seconds: secondsSince(start) });
  for (const stage of stages) outcomes.push(await run(stage, dirname(node)));
} catch (error) {
  console.error(error);
  outcomes.push({ name: "bootstrap", passed: 0, failed: 1, seconds: secondsSince(start) });
}
summarize();

/**
 * @param {Stage} stage
 * @param {string} nodeFolder
 * @returns {Promise<Outcome>}
 */
async function run({ name, command, after = [], environment = {}, report }, nodeFolder) {
  const missing = after.find((other) =>
    outcomes.some((outcome) => outcome.name === other && outcome.failed > 0),
  );
  if (missing !== undefined) {
    return { name, passed: 0, failed: 1, seconds: 0, note: `not run, because ${missing} failed` };
  }
  console.log(`\n── ${name}`);
  const begin = performance.now();
  await mkdir(reports, { recursive: true });
  if (report !== undefined) await rm(join(reports, report), { force: true });
  const code = await execute(command, { ...environment, ...withNode(nodeFolder) });
  const seconds = secondsSince(begin);
  if (report === undefined) {
    return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, seconds };
  }
  const { passed, failed } = await read(join(reports, report));
  if (failed > 0) return { name, passed, failed, seconds };
  if (passed === 0) return { name, passed, failed: 1, seconds, note: "no test ran" };
  if (code === 0) return { name, passed, failed, seconds };
  return { name, passed, failed: 1, seconds, note: `all passed, yet it ended with ${code}` };
}

/** @param {string} nodeFolder */
function withNode(nodeFolder) {
  return { PATH: [nodeFolder, cleanEnvironment()["PATH"]].join(delimiter) };
}

/**
 * @param {readonly string[]} command
 * @param {Readonly<Record<string, string>>} environment
 * @returns {Promise<number | string>}
 */
function execute([program = "", ...parameters], environment) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: root,
      env: { ...cleanEnvironment(), ...environment },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code ?? String(signal)));
  });
}

/**
 * Counts the tests of a report: TAP from `node --test`, JSON from VS Code.
 *
 * @param {string} report
 */
async function read(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0 };
  const text = await readFile(report, "utf8");
  if (report.endsWith(".json")) {
    const { passed, failed } = JSON.parse(text);
    return { passed: Number(passed.length), failed: Number(failed.length) };
  }
  const count = (/** @type {string} */ what) =>
    Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail") + count("cancelled") };
}

/** @param {number} begin */
function secondsSince(begin) {
  return (performance.now() - begin) / 1000;
}

function summarize() {
  console.log("");
  for (const { name, passed, failed, seconds, note } of outcomes) {
    const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
    const told = note === undefined ? "" : `  ${note}`;
    console.log(`${name.padEnd(15)}${counts} ${seconds.toFixed(1).padStart(7)} s${told}`);
  }
  console.log(
    `${"all".padEnd(15)}${" ".repeat(25)}${secondsSince(start).toFixed(1).padStart(7)} s`,
  );
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  if (failed > 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed`);
}
