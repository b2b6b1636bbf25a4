/**
 * Runs inside a copy of the source, and tells which checks find something there.
 *
 *     node watch-bug.ts seeds CHECK LIMIT     seeds, until CHECK has found something
 *     node watch-bug.ts scenario NAME         one scenario, to its end
 *
 * Prints one line of JSON: see Watched in copy.ts.
 */
import { runSeed, type SeedReport } from "../../src/hunt/index.ts";
import { playScenario, scenarios } from "./scenarios.ts";

/** A bug may make messages beget messages for ever. No seed without one comes near this. */
const eventLimit = 200_000;

const [how, what = "", limit = "0"] = process.argv.slice(2);
console.log(JSON.stringify(how === "seeds" ? runSeeds(what, Number(limit)) : play(what)));

function runSeeds(check: string, most: number): object {
  const first: Record<string, number> = {};
  let events = 0;
  let seed = 0;
  while (seed < most && first[check] === undefined) {
    seed++;
    const report = runToItsEnd(seed);
    events += report?.events ?? eventLimit;
    for (const found of report === null ? ["endless"] : namesOf(report)) first[found] ??= seed;
  }
  return { first, seeds: seed, events, stopped: null };
}

/** Null if there was no end to it. */
function runToItsEnd(seed: number): SeedReport | null {
  let isEndless = false;
  try {
    return runSeed(seed, ({ seq }) => {
      isEndless = seq >= eventLimit;
      if (isEndless) throw new Error(`more than ${eventLimit} events`);
    });
  } catch (error) {
    if (!isEndless) throw error;
    return null;
  }
}

/** What found something: checks, what a node asserts of itself, what must hold after the storm. */
function namesOf({ findings, failures }: SeedReport): readonly string[] {
  return [
    ...findings.map(({ check }) => check),
    ...failures.map((text) => {
      if (text.startsWith("invariant")) return "invariant";
      if (text.startsWith("read")) return "reads";
      return text.startsWith("no agreement") ? "agreement" : "aftermath";
    }),
  ];
}

function play(name: string): object {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario called ${name}`);
  const { findings, events, stopped } = playScenario(scenario);
  const first = Object.fromEntries(findings.map(({ check }) => [check, 0]));
  return { first, seeds: 0, events, stopped };
}
