import { unreachable } from "../../src/raft/index.ts";

/** A bug of one line, known from real systems, and what must notice it. */
export interface Bug {
  /** As a sentence: what the program does then. */
  readonly name: string;
  /** The mistake's number in the reliability research; empty for one of our own. */
  readonly id: string;
  /** In which file under src. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Each of these must notice it by itself. */
  readonly caughtBy: readonly Catcher[];
}

export type Catcher =
  /**
   * A check of src/checks, in at most so many seeds. Or `invariant`: a node contradicts itself; or
   * `agreement`: there is none in the fair weather after the storm; or `reads`: one tells another
   * value than the log; or `endless`: nothing stops it.
   */
  | { readonly kind: "seeds"; readonly check: string; readonly limit: number }
  /** The check, when the scenario is played. */
  | { readonly kind: "scenario"; readonly name: string; readonly check: string }
  /** A scenario of scenarios/: what it expects, or a check. */
  | { readonly kind: "file"; readonly name: string }
  /** A test under test/unit, for what this design keeps from ever showing in a whole cluster. */
  | { readonly kind: "sentence"; readonly file: string; readonly name: string };

/** How a table calls it. */
export function catcherName(catcher: Catcher): string {
  switch (catcher.kind) {
    case "seeds":
      return catcher.check;
    case "scenario":
      return `${catcher.check}, in a scenario`;
    case "file":
      return `scenarios/${catcher.name}.raft`;
    case "sentence":
      return `a sentence of ${catcher.file}`;
    default:
      return unreachable(catcher);
  }
}

/** Far more seeds than any of these bugs has needed, since other seeds may need more. */
const seedLimit = 2000;

export function seeds(check: string): Catcher {
  return { kind: "seeds", check, limit: seedLimit };
}

export function scenario(check: string, name: string): Catcher {
  return { kind: "scenario", check, name };
}

export function scenarioFile(name: string): Catcher {
  return { kind: "file", name };
}

export function sentence(file: string, name: string): Catcher {
  return { kind: "sentence", file, name };
}
