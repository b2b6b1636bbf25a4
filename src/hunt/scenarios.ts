/**
 * `npm run scenarios [-- NAME…] [--json FILE]`: runs the scenarios of these names, or all that
 * stand in scenarios/. A name may also be the path of a file.
 *
 * Prints a line for each with what it shows, and what did not come about with its place. Ends with
 * 1 if a scenario failed, with 2 if there is none of such a name.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { parseScenario, runScenario, type Outcome } from "../scenario/index.ts";
import { figuresLine, type Figures } from "./figures.ts";

const folder = join(import.meta.dirname, "../../scenarios");
const extension = ".raft";

/** What came of one file. */
interface Report {
  readonly name: string;
  readonly shows: string;
  readonly passed: boolean;
  /** What went wrong, each with its place. */
  readonly problems: readonly string[];
  readonly events: number;
  readonly millis: number;
}

const { names, json } = readArguments();
const paths = names.length > 0 ? names.map(pathOf) : await allPaths();
const started = performance.now();
const reports: Report[] = [];
for (const path of paths) {
  const report = reportOf(path, await textOf(path));
  reports.push(report);
  tell(report);
}

const passed = reports.filter((report) => report.passed).length;
const events = reports.reduce((sum, report) => sum + report.events, 0);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${events} events in ${seconds} s`);
const figures: Figures = { scenarios: reports.length, passed, failed: reports.length - passed };
if (json !== undefined) {
  await writeFile(json, `${JSON.stringify({ ...figures, reports }, undefined, 2)}\n`);
}
console.log(figuresLine(figures));
process.exitCode = passed < reports.length ? 1 : 0;

function reportOf(path: string, text: string): Report {
  const name = basename(path, extension);
  const parsed = parseScenario(text);
  if (parsed.kind === "problems") {
    const problems = parsed.problems.map(
      (each) => `${path}:${each.line}:${each.column}: ${each.text}`,
    );
    return { name, shows: "cannot be read", passed: false, problems, events: 0, millis: 0 };
  }
  const { shows } = parsed.scenario;
  const outcome = runScenario(parsed.scenario);
  const problems = problemsOf(path, text.split("\n"), outcome);
  const { events: count, millis } = outcome;
  return { name, shows, passed: problems.length === 0, problems, events: count, millis };
}

function problemsOf(path: string, lines: readonly string[], outcome: Outcome): readonly string[] {
  return [
    ...outcome.failures.map(({ line, text }) => {
      return `${path}:${line}: ${lines[line - 1]?.trim() ?? ""}\n    ${text}`;
    }),
    ...outcome.findings.map(({ check, text, at, because }) => {
      const proof = [...because, at].map(({ seq }) => `#${seq}`).join(", ");
      return `${check}: ${text} (events ${proof})`;
    }),
  ];
}

function tell({ name, shows, passed: isGood, problems }: Report): void {
  console.log(`${isGood ? "passed" : "FAILED"}  ${name.padEnd(34)} ${shows}`);
  for (const problem of problems) console.log(`  ${problem}`);
}

function pathOf(name: string): string {
  if (name.includes("/") || name.includes("\\")) return name;
  return join(folder, name.endsWith(extension) ? name : `${name}${extension}`);
}

async function allPaths(): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(extension));
  return files.toSorted().map((file) => join(folder, file));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return process.exit(2);
  }
}

interface Arguments {
  readonly names: readonly string[];
  readonly json: string | undefined;
}

function readArguments(): Arguments {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: "string" } },
    });
    return { names: positionals, json: values.json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error("usage: npm run scenarios [-- NAME…] [--json FILE]");
    return process.exit(2);
  }
}
