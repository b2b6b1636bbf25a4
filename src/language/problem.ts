import type { Range } from "./place.ts";

/**
 * What can be wrong with the files of a lab. The codes are what users filter by and what scripts
 * count, so they stay as they are.
 */
export type ProblemCode =
  | "malformed-line"
  | "torn-line"
  | "missing-final-newline"
  | "long-line"
  | "odd-number"
  | "messagepack"
  | "empty-file"
  | "malformed-file"
  | "term-decreases"
  | "index-gap"
  | "log-matching"
  | "logs-diverge"
  | "committed-overwritten"
  | "storage-behind-log"
  | "state-not-from-log"
  | "election-safety"
  | "one-vote-per-term"
  | "too-many-problems";

export type Severity = "error" | "warning" | "information" | "hint";

export interface RelatedPlace {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

export interface Problem {
  readonly range: Range;
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** Says what it means or what to do. Text from the files is in it escaped, so it is one line. */
  readonly message: string;
  /** Where the paper says it, as in `5.4.2` or `Figure 2`; empty if it is no matter of Raft. */
  readonly section: string;
  readonly related: readonly RelatedPlace[];
}

/** How many problems of one file are told. Editors show no more. */
export const problemLimit = 1_000;
