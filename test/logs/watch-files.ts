/**
 * Runs inside a copy of the source, and tells what the log language says of the files that its
 * nodes write.
 *
 *     node watch-files.ts LIMIT [SCENARIO …]
 *
 * Plays the scenarios, then runs seeds, at least `atLeast` of them and then until an error is told,
 * but at most LIMIT. Prints one line of JSON: see Seen in sabotage.ts.
 */
import { playScenario, scenarios } from "../sabotage/scenarios.ts";
import { isAboveInformation, judgeFiles, type Told } from "./judge-files.ts";
import { WrittenCluster, type Files } from "./written-cluster.ts";
import { writeRun } from "./written-runs.ts";

/** One seed shows some of the codes only. */
const atLeast = 30;

const [limit = "0", ...names] = process.argv.slice(2);
/** In which seed a code was told first; 0 in a scenario. */
const errors: Record<string, number> = {};
/** Warnings at the end of a run: in the middle, logs may differ. */
const warnings: Record<string, number> = {};
const examples: Record<string, string> = {};

for (const name of names) play(name);
let seed = 0;
while (seed < Number(limit) && (seed < atLeast || Object.keys(errors).length === 0)) {
  seed++;
  const { middles, end } = writeRun(seed);
  for (const files of middles) take(files, seed, false);
  if (end !== null) take(end, seed, true);
}
console.log(JSON.stringify({ errors, warnings, examples, seeds: seed }));

/** Every moment of a scenario is looked at: it is short, and there to be looked at. */
function play(name: string): void {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario called ${name}`);
  const cluster = new WrittenCluster();
  const moments: Files[] = [];
  playScenario(scenario, (event) => {
    cluster.take(event);
    moments.push(cluster.files());
  });
  for (const files of moments) take(files, 0, false);
}

function take(files: Files, at: number, isEnd: boolean): void {
  for (const told of judgeFiles(files)) {
    const { severity, code } = told.problem;
    if (severity === "error") errors[code] ??= note(told, at);
    else if (isEnd && isAboveInformation(told)) warnings[code] ??= note(told, at);
  }
}

function note({ file, problem: { code, message } }: Told, at: number): number {
  examples[code] ??= `${file}: ${message}`;
  return at;
}
