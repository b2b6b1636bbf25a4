import type { Fold } from "./answers.ts";
import type { Document } from "./documents.ts";
import { accountRuns, termRuns } from "./runs.ts";

/** Editors fold no more. */
const foldLimit = 5_000;

/** The lines of a term, or of a term and role, fold away under their first. */
export function foldsOf(document: Document): readonly Fold[] {
  if (document.kind !== "log" && document.kind !== "account") return [];
  const runs = document.kind === "log" ? termRuns(document) : accountRuns(document);
  return runs
    .filter(({ first, last }) => last > first)
    .slice(0, foldLimit)
    .map(({ first, last }) => ({ startLine: first, endLine: last }));
}
