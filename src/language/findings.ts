import type { Range } from "./place.ts";
import { problemLimit, type Problem, type ProblemCode, type Severity } from "./problem.ts";

/** A problem but for its code, severity and section, which are the same for all of a rule. */
export type Details = Pick<Problem, "range" | "message"> & Partial<Pick<Problem, "related">>;

/** What a rule finds: always the same but for where and in which words. */
export interface Rule {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** Of the paper. */
  readonly section: string;
}

/**
 * The problems of a folder's files while they are being found. Of each file only so many are kept
 * as will be told, errors first; the rest is counted.
 */
export class Findings {
  readonly #files = new Map<
    string,
    { readonly problems: Problem[]; errors: number; left: number }
  >();

  /** The details are asked for only if they are kept. */
  add(file: string, rule: Rule, details: () => Details): void {
    const found = this.#files.get(file) ?? { problems: [], errors: 0, left: 0 };
    this.#files.set(file, found);
    const isError = rule.severity === "error";
    const others = found.problems.length - found.errors;
    if ((isError ? found.errors : others) >= problemLimit) {
      found.left++;
      return;
    }
    if (isError) found.errors++;
    found.problems.push({ related: [], ...rule, ...details() });
  }

  /** Those of a file, in order of place; the ones that are too many are summed up in one. */
  of(file: string): readonly Problem[] {
    const found = this.#files.get(file);
    if (found === undefined) return [];
    const { problems, left } = found;
    const all = problems.toSorted(byPlace);
    if (problems.length + left <= problemLimit) return all;
    const kept = all.toSorted(bySeverity).slice(0, problemLimit - 1);
    const count = problems.length + left - kept.length;
    return [summary(count), ...kept].toSorted(byPlace);
  }
}

function summary(count: number): Problem {
  const start = { line: 0, character: 0 };
  return {
    range: { start, end: start },
    code: "too-many-problems",
    severity: "information",
    message: `There are ${count} more problems in this file, which are not shown. Mend these first.`,
    section: "",
    related: [],
  };
}

const severities: readonly Severity[] = ["error", "warning", "information", "hint"];

function bySeverity(one: Problem, other: Problem): number {
  return severities.indexOf(one.severity) - severities.indexOf(other.severity);
}

function byPlace({ range: one }: Problem, { range: other }: Problem): number {
  return compare(one, other);
}

function compare({ start: one }: Range, { start: other }: Range): number {
  return one.line - other.line || one.character - other.character;
}
