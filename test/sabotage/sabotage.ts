/**
 * `npm run sabotage [-- --only WORDS] [--json FILE]`: plants each bug in a copy of the source and
 * sees whether what must notice it does. Ends with 1 if a bug goes unnoticed, if one cannot be
 * planted any more, or if the source without a bug is not clean.
 */
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { figuresLine } from "../../src/hunt/figures.ts";
import { bugs, type Bug } from "./bugs.ts";

const root = join(import.meta.dirname, "../..");
/** Inside the project, so that the packages are found. */
const workplace = join(root, "out", "sabotage");
const atOnce = 2;
/** How many seeds the source without a bug must pass. */
const controlSeeds = 400;

interface Outcome {
  readonly name: string;
  readonly caughtBy: string;
  readonly caught: boolean;
  /** In which seed, or why not. */
  readonly note: string;
  readonly seconds: number;
}

const { values } = parseArgs({ options: { only: { type: "string" }, json: { type: "string" } } });
const chosen = bugs.filter(({ name }) => name.includes(values.only ?? ""));
if (chosen.length === 0) throw new Error(`there is no bug called ${values.only ?? ""}`);

await rm(workplace, { recursive: true, force: true });
const control = await runControl();
console.log(`${control.caught ? "clean" : "NOT CLEAN"}: ${control.name} (${control.note})`);
const outcomes = await inParallel(chosen, runBug);
await rm(workplace, { recursive: true, force: true });

const width = Math.max(...outcomes.map(({ name }) => name.length));
console.log();
for (const { name, caughtBy, caught, note, seconds } of outcomes) {
  const mark = caught ? "caught" : "MISSED";
  const time = `${seconds.toFixed(1)} s`.padStart(7);
  console.log(`${mark}  ${name.padEnd(width)}  ${time}  ${caughtBy} (${note})`);
}
const caught = outcomes.filter((outcome) => outcome.caught).length;
const figures = {
  bugs: outcomes.length,
  caught,
  missed: outcomes.length - caught,
  control: control.caught ? "clean" : "failed",
};
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ ...figures, outcomes }, undefined, 2)}\n`);
}
console.log(figuresLine(figures));
process.exitCode = caught === outcomes.length && control.caught ? 0 : 1;

/** The source as it is: no check finds anything, and every sentence that a bug names is true. */
async function runControl(): Promise<Outcome> {
  const begin = performance.now();
  const copy = await copyOf("control");
  const seen = await watched(copy, "none", controlSeeds);
  const untrue: string[] = Object.keys(seen.first);
  for (const { caughtBy } of chosen) {
    if (caughtBy.kind !== "sentence") continue;
    const outcome = await sentenceIn(copy, caughtBy.file, caughtBy.name);
    if (outcome !== "true") untrue.push(`"${caughtBy.name}" is ${outcome}`);
  }
  return {
    name: `the source without a bug, ${controlSeeds} seeds and every sentence named below`,
    caughtBy: "",
    caught: untrue.length === 0,
    note: untrue.length === 0 ? `${seen.events} events` : untrue.join(", "),
    seconds: (performance.now() - begin) / 1000,
  };
}

async function runBug(bug: Bug, number: number): Promise<Outcome> {
  const begin = performance.now();
  const { caughtBy } = bug;
  const about = {
    name: bug.name,
    caughtBy: caughtBy.kind === "check" ? caughtBy.check : `"${caughtBy.name}"`,
  };
  const done = (isCaught: boolean, note: string): Outcome => {
    const seconds = (performance.now() - begin) / 1000;
    console.error(`${isCaught ? "caught" : "MISSED"}  ${bug.name}`);
    return { ...about, caught: isCaught, note, seconds };
  };
  const copy = await copyOf(`bug-${number}`);
  const path = join(copy, "src", bug.file);
  const parts = (await readFile(path, "utf8")).split(bug.find);
  if (parts.length !== 2) {
    return done(false, `its text stands ${parts.length - 1} times in ${bug.file}`);
  }
  await writeFile(path, parts.join(bug.replace));
  try {
    if (caughtBy.kind === "sentence") {
      const outcome = await sentenceIn(copy, caughtBy.file, caughtBy.name);
      return done(outcome === "false", `the sentence is ${outcome}`);
    }
    const { first } = await watched(copy, caughtBy.check, caughtBy.seeds);
    const seed = first[caughtBy.check];
    if (seed !== undefined) return done(true, `seed ${seed}`);
    const others = Object.entries(first).map(([check, at]) => `${check} in seed ${at}`);
    return done(false, `not in ${caughtBy.seeds} seeds; others: ${others.join(", ") || "none"}`);
  } catch (error) {
    // A bug that breaks the program before any check can look is none that this shows.
    return done(false, error instanceof Error ? error.message : String(error));
  }
}

async function copyOf(name: string): Promise<string> {
  const copy = join(workplace, name);
  await mkdir(copy, { recursive: true });
  for (const folder of ["src", "test/sabotage", "test/unit/raft", "test/unit/driver"]) {
    await cp(join(root, folder), join(copy, folder), { recursive: true });
  }
  return copy;
}

interface Watched {
  readonly first: Readonly<Record<string, number>>;
  readonly events: number;
}

async function watched(copy: string, check: string, seeds: number): Promise<Watched> {
  const { code, printed } = await node(copy, ["test/sabotage/watch-bug.ts", check, `${seeds}`]);
  if (code !== 0) throw new Error(`the program ended with ${code}: ${printed.slice(-300)}`);
  const report: unknown = JSON.parse(printed);
  if (!isWatched(report)) throw new Error(`it printed something else: ${printed.slice(0, 300)}`);
  return report;
}

function isWatched(report: unknown): report is Watched {
  return typeof report === "object" && report !== null && "first" in report && "events" in report;
}

/** Whether the sentence of a unit test is true of the copy. */
async function sentenceIn(
  copy: string,
  file: string,
  name: string,
): Promise<"true" | "false" | "not there"> {
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
  const { printed } = await node(copy, [
    "--test",
    "--test-reporter=tap",
    `--test-name-pattern=${pattern}`,
    file,
  ]);
  const count = (what: string): number =>
    Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(printed)?.[1] ?? 0);
  if (count("pass") + count("fail") !== 1) return "not there";
  return count("fail") === 1 ? "false" : "true";
}

interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

function node(cwd: string, parameters: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A bug may make the program go on for ever, or take all the memory that there is.
    const child = spawn(process.execPath, ["--max-old-space-size=1024", ...parameters], {
      cwd,
      timeout: 120_000,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, printed }));
  });
}

async function inParallel<T, R>(
  items: readonly T[],
  run: (item: T, number: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await run(item, at);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
