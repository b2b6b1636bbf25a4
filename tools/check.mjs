/**
 * `npm run check`: types, lint, format and unit tests, two at a time. What a step prints is shown
 * when it has ended, and all of it only if it failed.
 */
import { join } from "node:path";
import { cleanEnvironment, root, runQuietly } from "./npm.mjs";

// The tests of the runtime wait for sockets, disks and clocks, so they disturb nobody.
const lanes = [["unit:pure"], ["types", "lint", "format", "unit:runtime"]];

// Some thirty processes of Node load much the same files. What one has made of them, without their
// types and compiled, the others take from here for as long as the text of a file is the same.
// Tests that draw many seeds or cases draw a quarter of them (test/support/drawn.ts).
const env = {
  ...cleanEnvironment(),
  NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node"),
  RAFT_LAB_TESTS: "quick",
};

console.log(
  "check: long series of seeds and random cases are cut to a quarter; npm run unit has all",
);
const start = performance.now();
const failed = (await Promise.all(lanes.map(runLane))).flat();
console.log(
  `check: ${failed.length === 0 ? "passed" : `failed: ${failed.join(", ")}`}, ${since(start)}`,
);
if (failed.length > 0) process.exitCode = 1;

/**
 * @param {readonly string[]} steps
 * @returns {Promise<string[]>} the steps that failed
 */
async function runLane(steps) {
  const failures = [];
  for (const step of steps) {
    const begin = performance.now();
    try {
      const printed = await runQuietly("npm", ["run", "--silent", step], { env });
      const counts = /^ℹ pass (\d+)$/m.exec(printed)?.[1];
      console.log(
        `${step}: passed${counts === undefined ? "" : ` (${counts} tests)`}, ${since(begin)}`,
      );
    } catch (error) {
      failures.push(step);
      console.error(error instanceof Error ? error.message : error);
      console.log(`${step}: failed, ${since(begin)}`);
    }
  }
  return failures;
}

/** @param {number} begin */
function since(begin) {
  return `${((performance.now() - begin) / 1000).toFixed(1)} s`;
}
