/**
 * `npm run seeds -- N [--seed S] [--json FILE]`: runs N seeds, from S on.
 *
 * Prints how often each fault happened, every finding with the command that repeats it, and ends
 * with 1 if there was one, or if a fault never happened: then the silence of the checks about it
 * would mean nothing.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { faultNames, noFaults } from "./fault-counts.ts";
import { figuresLine, type Figures } from "./figures.ts";
import { shapes, type Shape } from "./partition.ts";
import { runSeed, type SeedReport } from "./run-seed.ts";

/** From here on a fault that never happened is a fault of the hunt. */
const seedsToSeeEveryFault = 200;

const { count, first, json } = readArguments();
const started = performance.now();
const faults = noFaults();
const partitions: Record<Shape, number> = { isolated: 0, halves: 0, bridge: 0, ring: 0, oneWay: 0 };
let events = 0;
let troubled = 0;
let lastTold = started;

for (let seed = first; seed < first + count; seed++) {
  const report = runSeed(seed);
  events += report.events;
  for (const name of faultNames) faults[name] += report.faults[name];
  for (const shape of shapes) partitions[shape] += report.partitions[shape];
  if (report.findings.length > 0 || report.failures.length > 0) {
    troubled++;
    tell(report);
  }
  if (performance.now() - lastTold > 5000) {
    lastTold = performance.now();
    console.error(`seed ${seed}: ${seed - first + 1} of ${count}, ${troubled} with findings`);
  }
}

const seconds = (performance.now() - started) / 1000;
const missing = [
  ...faultNames.filter((name) => faults[name] === 0),
  ...shapes.filter((shape) => partitions[shape] === 0),
];
console.log(`${count} seeds from ${first}: ${events} events in ${seconds.toFixed(1)} s`);
for (const name of faultNames) console.log(`  ${name.padEnd(20)} ${faults[name]}`);
for (const shape of shapes) console.log(`  partition ${shape.padEnd(10)} ${partitions[shape]}`);
if (count >= seedsToSeeEveryFault && missing.length > 0) {
  console.log(`never happened: ${missing.join(", ")}`);
}

const figures: Figures = {
  seeds: count,
  first,
  findings: troubled,
  events,
  seconds: seconds.toFixed(1),
  eventsPerSecond: Math.round(events / seconds),
  ...faults,
  ...Object.fromEntries(shapes.map((shape) => [`partition_${shape}`, partitions[shape]])),
};
if (json !== undefined) await writeFile(json, `${JSON.stringify(figures, undefined, 2)}\n`);
console.log(figuresLine(figures));
const blind = count >= seedsToSeeEveryFault && missing.length > 0;
process.exitCode = troubled > 0 || blind ? 1 : 0;

function tell({ seed, size, findings, failures }: SeedReport): void {
  console.log(`seed ${seed} (${size} nodes): repeat with  npm run seeds -- 1 --seed ${seed}`);
  for (const { check, text, at, because } of findings) {
    const proof = [...because, at].map(({ seq }) => `#${seq}`).join(", ");
    console.log(`  ${check}: ${text} (events ${proof})`);
  }
  for (const failure of failures) console.log(`  ${failure}`);
}

interface SeedRange {
  readonly count: number;
  readonly first: number;
  readonly json: string | undefined;
}

function readArguments(): SeedRange {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seed: { type: "string", default: "1" }, json: { type: "string" } },
    });
    const range = {
      count: Number(positionals[0] ?? "100"),
      first: Number(values.seed),
      json: values.json,
    };
    if (Number.isSafeInteger(range.count) && range.count > 0 && Number.isSafeInteger(range.first)) {
      return range;
    }
    console.error("N and S are whole numbers");
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  console.error("usage: npm run seeds -- N [--seed S] [--json FILE]");
  return process.exit(2);
}
