import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import type { SuiteResults } from "../support/results.ts";

/**
 * Called by VS Code in its extension host: runs every test file beside this one.
 *
 * What came of it goes to the file that RAFT_LAB_RESULTS names, as well as to the console.
 */
export async function run(): Promise<void> {
  const grep = process.env["RAFT_LAB_GREP"];
  const mocha = new Mocha({
    ui: "tdd",
    timeout: 20_000,
    // It prints nothing; what is to be seen is printed below.
    reporter: Mocha.reporters.Base,
    ...(grep === undefined ? {} : { grep: new RegExp(grep) }),
  });
  for (const name of readdirSync(__dirname).toSorted()) {
    if (name.endsWith(".test.cjs")) mocha.addFile(join(__dirname, name));
  }
  const results = await resultsOf(mocha);
  const file = process.env["RAFT_LAB_RESULTS"];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results, undefined, 2));
  if (results.failed.length > 0) throw new Error(`${results.failed.length} tests failed`);
  if (results.passed.length === 0) throw new Error("no test ran");
}

function resultsOf(mocha: Mocha): Promise<SuiteResults> {
  const results: SuiteResults = { passed: [], failed: [], skipped: [] };
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(results))
      .on("pass", (test) => {
        results.passed.push({ title: test.fullTitle(), millis: test.duration ?? 0 });
        console.log(`✔ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
      })
      .on("pending", (test) => {
        results.skipped.push({ title: test.fullTitle() });
        console.log(`- ${test.fullTitle()} (skipped)`);
      })
      .on("fail", (test, error: Error) => {
        const stack = error.stack ?? error.message;
        results.failed.push({ title: test.fullTitle(), stack });
        console.error(`✖ ${test.fullTitle()}\n${stack}`);
      });
  });
}
