/**
 * Runs inside a copy of the source: seeds, until the named check has found something.
 *
 *     node watch-bug.ts CHECK SEEDS
 *
 * Prints one line of JSON: which checks found something, in which seed each first did.
 */
import { runSeed } from "../../src/hunt/index.ts";

const [wanted = "", limit = "0"] = process.argv.slice(2);
const first: Record<string, number> = {};
let events = 0;
for (let seed = 1; seed <= Number(limit) && first[wanted] === undefined; seed++) {
  const report = runSeed(seed);
  events += report.events;
  const found = [
    ...report.findings.map(({ check }) => check),
    ...report.failures.map((text) => (text.startsWith("invariant") ? "invariant" : "outcome")),
  ];
  for (const check of found) first[check] ??= seed;
}
console.log(JSON.stringify({ first, events }));
