export { parseScenario, type Parsed } from "./parse.ts";
export { runScenario, type Failure, type Outcome } from "./run.ts";
export type { Problem, Scenario } from "./scenario.ts";
