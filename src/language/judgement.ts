import { judgeAccounts } from "./accounts-rule.ts";
import { commitmentOf, type Commitment, type Explanations } from "./commitment.ts";
import { judgeCommitted } from "./committed-rule.ts";
import { compareLogs, type Comparison, type Difference } from "./comparison.ts";
import type { Document } from "./documents.ts";
import { Findings } from "./findings.ts";
import { viewOf, type FolderView } from "./folder-view.ts";
import { judgeLines } from "./log-lines-rule.ts";
import { judgeLogs } from "./logs-rule.ts";
import type { Problem } from "./problem.ts";
import { explainStates, judgeState, judgeStorage } from "./state-rule.ts";

/** All that follows from the files of a folder as they stand. */
export interface Judgement {
  readonly view: FolderView;
  readonly comparison: Comparison;
  readonly differences: ReadonlyMap<number, Difference>;
  readonly explanations: Explanations;
  readonly commitment: Commitment;
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
}

/**
 * Each step is some milliseconds of work. `before` is how the files stood before, of which most
 * are usually the same.
 */
export function* judge(
  documents: readonly Document[],
  before: Judgement | undefined,
): Generator<void, Judgement> {
  const view = viewOf(documents);
  const found = new Findings();
  for (const log of view.logs) {
    judgeLines(log, found);
    yield;
  }
  const comparison = yield* compareLogs(view.logs);
  const explanations = yield* explainStates(view, before);
  const commitment = commitmentOf(view, explanations);
  yield;
  const known = { explanations, commitment };
  yield* judgeLogs(comparison, commitment, found);
  yield;
  judgeCommitted(view, commitment, found);
  yield;
  for (const storage of view.storages) judgeStorage(storage, view, found);
  for (const state of view.states) yield* judgeState(state, view, known, found);
  judgeAccounts(view, found);
  yield;
  return {
    view,
    comparison,
    differences: new Map(comparison.differences.map((each) => [each.index, each])),
    explanations,
    commitment,
    problems: new Map(documents.map(({ file }) => [file, found.of(file)])),
  };
}
