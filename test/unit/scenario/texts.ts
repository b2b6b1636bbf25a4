import assert from "node:assert/strict";
import { parseScenario, runScenario, type Outcome } from "../../../src/scenario/index.ts";
import type { TraceEvent } from "../../../src/trace/index.ts";

/** How many lines stand before the steps of `text`. */
export const headingLines = 3;

/** A scenario of three nodes that does this; the first step is on line 4. */
export function text(steps: string, nodes = 3): string {
  return ["title  A test", "shows  It works.", `nodes  ${nodes}`, steps].join("\n");
}

/** What is wrong with a text, as `line:column text`. */
export function problemsIn(whole: string): readonly string[] {
  const parsed = parseScenario(whole);
  if (parsed.kind === "scenario") return [];
  return parsed.problems.map(({ line, column, text: what }) => `${line}:${column} ${what}`);
}

/** Runs the steps with a cluster of three. */
export function outcomeOf(steps: string, listener?: (event: TraceEvent) => void): Outcome {
  const parsed = parseScenario(text(steps));
  assert(parsed.kind === "scenario", problemsIn(text(steps)).join("\n"));
  return runScenario(parsed.scenario, listener);
}

/** What failed, as `line text`, the checks last. */
export function failuresOf(steps: string): readonly string[] {
  const { failures, findings } = outcomeOf(steps);
  return [
    ...failures.map(({ line, text: what }) => `${line} ${what}`),
    ...findings.map(({ check, text: what }) => `${check}: ${what}`),
  ];
}
