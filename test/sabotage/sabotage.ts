/**
 * `npm run sabotage -- [--only WORDS] [--json FILE]`: plants each bug in a copy of the source, and
 * sees whether what must notice it does.
 *
 * Ends with 1 if a bug goes unnoticed, if one cannot be planted any more, or if anything is found
 * in the source without a bug. `--only` takes the bugs whose id or name has these words in it.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { figuresLine } from "../../src/hunt/figures.ts";
import { unreachable } from "../../src/raft/index.ts";
import { catcherName, type Bug, type Catcher } from "./bug.ts";
import { bugs } from "./bugs.ts";
import { Copy, type Watched } from "./copy.ts";
import { scenarios } from "./scenarios.ts";

const atOnce = 2;
/** How many seeds the source without a bug must pass. */
const controlSeeds = 400;

const { chosen, json } = readArguments();
const started = performance.now();
const found = await runControl();
const control = found.length === 0 ? "clean" : "failed";
console.log(
  `the source without a bug: ${controlSeeds} seeds, every scenario, every sentence below`,
);
console.log(control === "clean" ? "  clean" : found.map((each) => `  ${each}`).join("\n"));
const outcomes = (await inParallel(chosen, runBug)).flat();

console.log(`\n${table(outcomes)}\n`);
const missed = new Set(outcomes.filter(({ caught }) => !caught).map(({ bug }) => bug));
const figures = {
  bugs: chosen.length,
  caught: chosen.length - missed.size,
  missed: missed.size,
  ways: outcomes.length,
  control,
  seconds: secondsSince(started).toFixed(1),
};
if (json !== undefined) {
  await writeFile(json, `${JSON.stringify({ ...figures, found, outcomes }, undefined, 2)}\n`);
}
console.log(figuresLine(figures));
process.exitCode = missed.size === 0 && control === "clean" ? 0 : 1;

/** One way to notice a bug, and what came of it. */
interface Outcome {
  readonly bug: string;
  readonly id: string;
  readonly by: string;
  readonly caught: boolean;
  /** After how much, or why not. */
  readonly note: string;
  readonly seconds: string;
}

/** What is found in the source as it is, where nothing may be. */
async function runControl(): Promise<readonly string[]> {
  const copy = await Copy.make();
  const seeds = async (): Promise<readonly string[]> => {
    const { first } = await copy.runSeeds("", controlSeeds);
    return Object.entries(first).map(([check, seed]) => `seed ${seed}: ${check}`);
  };
  const scenario = async (name: string): Promise<readonly string[]> => {
    const { first, stopped } = await copy.playScenario(name);
    const reasons = [...Object.keys(first), ...(stopped === null ? [] : [stopped])];
    return reasons.map((reason) => `"${name}": ${reason}`);
  };
  const sentence = async (file: string, name: string): Promise<readonly string[]> => {
    const answer = await copy.judge(file, name);
    return answer === "true" ? [] : [`"${name}" is ${answer}`];
  };
  const tasks = [
    seeds,
    ...scenarios.map(
      ({ name }) =>
        () =>
          scenario(name),
    ),
    ...chosen
      .flatMap(({ caughtBy }) => caughtBy)
      .flatMap((each) => (each.kind === "sentence" ? [() => sentence(each.file, each.name)] : [])),
  ];
  try {
    return (await inParallel(tasks, (task) => task())).flat();
  } finally {
    await copy.remove();
  }
}

async function runBug(bug: Bug): Promise<readonly Outcome[]> {
  const copy = await Copy.make();
  const rows: Outcome[] = [];
  try {
    for (const catcher of bug.caughtBy) {
      const begin = performance.now();
      const came = await attempt(copy, bug, catcher, rows.length === 0);
      const seconds = secondsSince(begin).toFixed(1);
      rows.push({ bug: bug.name, id: bug.id, by: catcherName(catcher), ...came, seconds });
      console.error(`${came.caught ? "caught" : "MISSED"}  ${bug.name}`);
    }
  } finally {
    await copy.remove();
  }
  return rows;
}

type Result = Pick<Outcome, "caught" | "note">;

/** A bug that breaks the program before anything can look at it has shown nothing. */
async function attempt(copy: Copy, bug: Bug, catcher: Catcher, plant: boolean): Promise<Result> {
  try {
    if (plant) await copy.plant(bug);
    return await lookFor(copy, catcher);
  } catch (error) {
    return { caught: false, note: error instanceof Error ? error.message : String(error) };
  }
}

async function lookFor(copy: Copy, catcher: Catcher): Promise<Result> {
  switch (catcher.kind) {
    case "seeds": {
      const watched = await copy.runSeeds(catcher.check, catcher.limit);
      return resultOf(watched, catcher.check, `by seed ${watched.seeds}`);
    }
    case "scenario":
      return resultOf(await copy.playScenario(catcher.name), catcher.check, "the scenario");
    case "file": {
      const answer = await copy.judgeFile(catcher.name);
      return { caught: answer === "false", note: `that it passes is ${answer}` };
    }
    case "sentence": {
      const answer = await copy.judge(catcher.file, catcher.name);
      return { caught: answer === "false", note: `the sentence is ${answer}` };
    }
    default:
      return unreachable(catcher);
  }
}

/** Others may have found something earlier; that is told, and does not count. */
function resultOf({ first, events, stopped }: Watched, check: string, after: string): Result {
  const others = Object.keys(first).filter((other) => other !== check);
  const also = others.length === 0 ? "" : `; also ${others.join(", ")}`;
  const caught = check in first;
  const end = caught || stopped === null ? "" : `; it stopped: ${stopped}`;
  return { caught, note: `${after}, ${events} events${also}${end}` };
}

function table(rows: readonly Outcome[]): string {
  const width = (of: (row: Outcome) => string): number =>
    Math.max(...rows.map((row) => of(row).length));
  const [ids, names, ways] = [
    width(({ id }) => id),
    width(({ bug }) => bug),
    width(({ by }) => by),
  ];
  return rows
    .map(({ id, bug, by, caught, note, seconds }) => {
      const what = `${id.padEnd(ids)}  ${bug.padEnd(names)}  ${by.padEnd(ways)}`;
      return `${caught ? "caught" : "MISSED"}  ${what}  ${seconds.padStart(5)} s  ${note}`;
    })
    .join("\n");
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}

async function inParallel<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await run(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function readArguments(): { readonly chosen: readonly Bug[]; readonly json: string | undefined } {
  try {
    const { values } = parseArgs({
      options: { only: { type: "string", default: "" }, json: { type: "string" } },
    });
    const { only, json: file } = values;
    const some = bugs.filter(({ id, name }) => id.startsWith(only) || name.includes(only));
    if (some.length > 0) return { chosen: some, json: file };
    console.error(`there is no bug with "${only}" in its id or name`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  console.error("usage: npm run sabotage -- [--only WORDS] [--json FILE]");
  return process.exit(2);
}
