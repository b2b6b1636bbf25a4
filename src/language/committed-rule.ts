import type { Commitment, Witness } from "./commitment.ts";
import { commonEnd } from "./comparison.ts";
import type { AccountDocument, LogDocument } from "./documents.ts";
import type { Findings, Rule } from "./findings.ts";
import type { FolderView } from "./folder-view.ts";
import { entryOf } from "./log-shape.ts";
import { wholeLine } from "./log-lines-rule.ts";
import { rangeAt } from "./logs-rule.ts";
import { rangeInLine } from "./place.ts";

const rule = {
  code: "committed-overwritten",
  severity: "error",
  section: "5.4",
} as const satisfies Rule;

const falling = { ...rule, section: "Figure 2" } as const satisfies Rule;

/**
 * §5.4: what is committed stays. An entry in its place on another node is no proof against that,
 * because that node may lag behind; it is one if that node took its entry for committed, too, or if
 * a leader of a later term made it, which must have had the committed one.
 */
export function judgeCommitted(view: FolderView, commitment: Commitment, found: Findings): void {
  for (const account of view.accounts) {
    judgeDrops(account, found);
    judgeFalls(account, found);
  }
  for (const witness of commitment.witnesses) {
    for (const log of view.logs) if (log !== witness.log) judgeLog(witness, log, commitment, found);
  }
}

function judgeDrops({ file, lines, facts }: AccountDocument, found: Findings): void {
  for (const { line, committedLine } of facts.droppedCommitted) {
    const rangeOf = (at: number) => rangeInLine(at, 0, lines.lines[at]?.length ?? 0);
    found.add(file, rule, () => ({
      range: rangeOf(line),
      message:
        "The node drops entries that it knew to be committed, but what is committed stays for ever: it may have been acknowledged and applied. Drop entries only from the first on that conflicts with the leader's.",
      related: [
        { file, range: rangeOf(committedLine), message: "Here it knew them to be committed." },
      ],
    }));
  }
}

/** Figure 2: the commit index increases monotonically, for as long as the node runs. */
function judgeFalls({ file, lines, facts }: AccountDocument, found: Findings): void {
  for (const { line, before } of facts.commitFalls) {
    const rangeOf = (at: number) => rangeInLine(at, 0, lines.lines[at]?.length ?? 0);
    found.add(file, falling, () => ({
      range: rangeOf(line),
      message: `The node knew all up to entry ${before.index} to be committed, and now knows less. A node that runs never takes its commit index back: it follows leaderCommit only if that is larger.`,
      related: [
        { file, range: rangeOf(before.line), message: `Here it knew all up to ${before.index}.` },
      ],
    }));
  }
}

function judgeLog(
  witness: Witness,
  log: LogDocument,
  { witnesses }: Commitment,
  found: Findings,
): void {
  const index = commonEnd(log, witness.log);
  if (index > witness.index) return;
  const [ours, theirs] = [entryOf(log.shape, index), entryOf(witness.log.shape, index)];
  // Another command in the same term is told by the rule of log matching.
  if (ours === undefined || theirs === undefined || ours.term === theirs.term) return;
  const rival = witnesses.find((each) => each.log === log && each.index >= index);
  const isLater = witness.term !== null && ours.term > witness.term;
  if (rival === undefined && !isLater) return;
  const reason =
    rival === undefined
      ? `The leader of term ${ours.term} was elected later, so it should have had that entry: is a vote refused to a candidate whose log is less up to date?`
      : `${log.node} took its own for committed, too, and at most one of two entries at an index can be: check when a leader counts an entry as committed.`;
  found.add(log.file, rule, () => ({
    range: wholeLine(log, index - log.shape.firstIndex),
    message: `${witness.log.node} knew its entry ${index} of term ${theirs.term} to be committed (${howText(witness)}), but here stands one of term ${ours.term}. ${reason}`,
    related: [
      {
        file: witness.log.file,
        range: rangeAt(witness.log, index, wholeLine),
        message: `The committed entry ${index} of term ${theirs.term}.`,
      },
      { ...witness.place, message: "This is how it is known." },
    ],
  }));
}

export function howText({ how, index }: Witness): string {
  return how === "account"
    ? `its account says so of all up to ${index}`
    : `its state machine holds what the first ${index} come to`;
}
