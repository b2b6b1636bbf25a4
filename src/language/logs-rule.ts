import type { Commitment } from "./commitment.ts";
import type { Comparison, Difference, Reunion, Version } from "./comparison.ts";
import type { LogDocument } from "./documents.ts";
import type { Findings, Rule } from "./findings.ts";
import { entryOf } from "./log-shape.ts";
import { commandRange, termRange, wholeLine } from "./log-lines-rule.ts";
import type { Range } from "./place.ts";
import type { RelatedPlace } from "./problem.ts";
import { listed } from "./shown-text.ts";

const rules = {
  matching: { code: "log-matching", severity: "error", section: "5.3" },
  diverge: { code: "logs-diverge", severity: "warning", section: "5.3" },
} as const satisfies Record<string, Rule>;

/** What the logs of a folder say about each other. Each log that takes part is told. */
export function* judgeLogs(
  comparison: Comparison,
  commitment: Commitment,
  found: Findings,
): Generator<void, void> {
  for (const [at, difference] of comparison.differences.entries()) {
    if (at % differencesInStep === differencesInStep - 1) yield;
    for (const version of difference.versions) {
      for (const log of version.logs) {
        judgeEntry({ difference, version, log }, commitment, found);
      }
    }
  }
  for (const reunion of comparison.reunions) judgeReunion(reunion, found);
}

const differencesInStep = 500;

interface Held {
  readonly difference: Difference;
  readonly version: Version;
  readonly log: LogDocument;
}

function judgeEntry(held: Held, commitment: Commitment, found: Findings): void {
  const { difference, version, log } = held;
  const { index, versions } = difference;
  const sameTerm = versions.filter((each) => each !== version && each.term === version.term);
  const otherTerms = versions.filter((each) => each.term !== version.term);
  if (sameTerm.length > 0) {
    found.add(log.file, rules.matching, () => ({
      range: rangeAt(log, index, commandRange),
      message: `Entry ${index} of term ${version.term} holds another command on ${nodesOf(sameTerm)}, but the one leader of a term appends one entry at an index and never changes it. Look for two leaders in term ${version.term}, or for a log that was edited.`,
      related: relatedTo(sameTerm, index),
    }));
  }
  if (otherTerms.length > 0) {
    found.add(log.file, rules.diverge, () => ({
      range: rangeAt(log, index, wholeLine),
      message: `Entry ${index} is of term ${version.term} here${alsoOn(held)}, but ${versionsText(otherTerms)}. ${meaningOf(held, commitment)}`,
      related: relatedTo(otherTerms, index),
    }));
  }
}

function judgeReunion({ index, term, logs, differAt }: Reunion, found: Findings): void {
  for (const [at, log] of logs.entries()) {
    const other = logs[1 - at];
    if (other === undefined) continue;
    found.add(log.file, rules.matching, () => ({
      range: rangeAt(log, index, termRange),
      message: `${log.node} and ${other.node} both hold entry ${index} of term ${term}, yet their entries ${differAt} differ. Logs that share an entry share all entries before it: AppendEntries must be refused if the entry at prevLogIndex is not of prevLogTerm.`,
      related: [
        { file: log.file, range: rangeAt(log, differAt, wholeLine), message: "Here they differ." },
        {
          file: other.file,
          range: rangeAt(other, differAt, wholeLine),
          message: `The other entry ${differAt}.`,
        },
      ],
    }));
  }
}

/** What becomes of an entry that others do not have. */
function meaningOf({ difference, version, log }: Held, commitment: Commitment): string {
  const { index, versions } = difference;
  const isCommitted = (each: LogDocument) => (commitment.known.get(each)?.index ?? 0) >= index;
  if (isCommitted(log)) {
    return "This one is known to be committed, so it stays, and the others are replaced.";
  }
  const committed = versions.find((each) => each !== version && each.logs.some(isCommitted));
  if (committed !== undefined) {
    return `The one of term ${committed.term} is known to be committed, so this one was not, and a leader will replace it.`;
  }
  return "Entries that are not committed may differ for a while: the next leader makes every log the same as its own.";
}

function alsoOn({ version, log }: Held): string {
  const others = version.logs.filter((each) => each !== log).map(({ node }) => node);
  return others.length === 0 ? "" : ` and on ${listed(others)}`;
}

function versionsText(versions: readonly Version[]): string {
  return listed(versions.map(({ term, logs }) => `of term ${term} on ${namesOf(logs)}`));
}

function nodesOf(versions: readonly Version[]): string {
  return namesOf(versions.flatMap(({ logs }) => logs));
}

function namesOf(logs: readonly LogDocument[]): string {
  return listed(logs.map(({ node }) => node));
}

const relatedLimit = 9;

function relatedTo(versions: readonly Version[], index: number): readonly RelatedPlace[] {
  return versions
    .flatMap(({ term, logs }) => logs.map((log) => ({ term, log })))
    .slice(0, relatedLimit)
    .map(({ term, log }) => ({
      file: log.file,
      range: rangeAt(log, index, wholeLine),
      message: `Entry ${index} of term ${term} on ${log.node}.`,
    }));
}

type RangeOfEntry = typeof commandRange;

/** Where the entry of an index stands, or part of it. */
export function rangeAt(
  log: LogDocument,
  index: number,
  part: RangeOfEntry | typeof wholeLine,
): Range {
  const line = index - log.shape.firstIndex;
  const entry = entryOf(log.shape, index);
  return entry === undefined ? wholeLine(log, line) : part(log, line, entry);
}
