import type { Vote } from "./account-facts.ts";
import type { AccountDocument, StorageDocument } from "./documents.ts";
import type { Findings, Rule } from "./findings.ts";
import { addressOfFile, type FolderView } from "./folder-view.ts";
import { rangeInLine, type Range } from "./place.ts";
import { shownText } from "./shown-text.ts";

const rules = {
  twoLeaders: { code: "election-safety", severity: "error", section: "5.2" },
  twoVotes: { code: "one-vote-per-term", severity: "error", section: "5.2" },
  perhapsTwoVotes: { code: "one-vote-per-term", severity: "information", section: "5.2" },
  falling: { code: "term-decreases", severity: "error", section: "5.1" },
} as const satisfies Record<string, Rule>;

/**
 * What accounts prove, by themselves and together. Lines without a term prove nothing: what a
 * script of the lab prints is what a node believes, some seconds late.
 */
export function judgeAccounts(view: FolderView, found: Findings): void {
  judgeLeaders(view, found);
  judgeBeliefs(view, found);
  for (const account of view.accounts) {
    judgeTerms(account, found);
    judgeVotes(account, view, found);
  }
}

/** §5.2: at most one node leads in a term. Here two say of themselves that they did. */
function judgeLeaders({ accounts }: FolderView, found: Findings): void {
  const leaders = new Map<number, readonly [account: AccountDocument, line: number]>();
  for (const account of accounts) {
    for (const [term, line] of account.facts.ledAt) {
      const first = leaders.get(term);
      leaders.set(term, first ?? [account, line]);
      if (first === undefined || first[0].node === account.node) continue;
      const [other, otherLine] = first;
      tellLeaders(account, line, [other, otherLine], found);
      tellLeaders(other, otherLine, [account, line], found);
    }
  }
}

/** Tells the first account, with the other as the related place. */
function tellLeaders(
  account: AccountDocument,
  line: number,
  [other, otherLine]: readonly [AccountDocument, number],
  found: Findings,
): void {
  const term = account.lines.lines[line]?.term ?? 0;
  found.add(account.file, rules.twoLeaders, () => ({
    range: lineRange(account, line),
    message: `${account.node} and ${other.node} were both leader in term ${term}. Two majorities share a node, and a node votes once in a term, so this cannot be: was a vote counted twice, given twice, or not saved?`,
    related: [
      {
        file: other.file,
        range: lineRange(other, otherLine),
        message: `${other.node} as leader of term ${term}.`,
      },
    ],
  }));
}

/** A follower knows its leader by what that one sent it in this term. */
function judgeBeliefs({ accounts }: FolderView, found: Findings): void {
  interface Believed {
    readonly account: AccountDocument;
    readonly address: string;
    readonly line: number;
  }
  const believed = new Map<number, Believed>();
  for (const account of accounts) {
    for (const { term, address, line } of account.facts.beliefs) {
      const first = believed.get(term);
      believed.set(term, first ?? { account, address, line });
      if (first === undefined || first.address === address) continue;
      found.add(account.file, rules.twoLeaders, () => ({
        range: lineRange(account, line),
        message: `In term ${term} ${account.node} followed ${shownText(address)}, but ${first.account.node} followed ${shownText(first.address)}. A node takes for its leader who sends it AppendEntries of its term, so that term had two leaders: check that each node votes once in a term.`,
        related: [
          {
            file: first.account.file,
            range: lineRange(first.account, first.line),
            message: `The other leader of term ${term}.`,
          },
        ],
      }));
    }
  }
}

function judgeTerms(account: AccountDocument, found: Findings): void {
  for (const { line, from } of account.facts.termFalls) {
    const told = account.lines.lines[line];
    found.add(account.file, rules.falling, () => ({
      range: told === undefined ? lineRange(account, line) : spanRange(line, told.termAt),
      message: `The node's term falls from ${from} to ${told?.term ?? 0}, but a term never goes back. A node takes over a term only if it is newer than its own, and refuses messages of older ones.`,
    }));
  }
}

/** §5.2: a node votes for at most one candidate in a term. */
function judgeVotes(account: AccountDocument, view: FolderView, found: Findings): void {
  const firstOf = new Map<number, Vote>();
  const lastOf = new Map<number, Vote>();
  for (const vote of account.facts.votes) {
    const first = firstOf.get(vote.term);
    if (first === undefined) firstOf.set(vote.term, vote);
    else if (first.candidate !== vote.candidate) tellVotes(account, first, vote, found);
    lastOf.set(vote.term, vote);
  }
  const address = view.addresses.get(account.node);
  const saved = view.storages.find((storage) => addressOfFile(storage) === address);
  if (address === undefined || saved?.storage === undefined) return;
  const { term, votedFor } = saved.storage;
  const vote = lastOf.get(term);
  if (vote === undefined || votedFor === null) return;
  const candidate = vote.candidate === "itself" ? address : view.addresses.get(vote.candidate);
  if (candidate === undefined || candidate === votedFor) return;
  tellSaved(account, vote, saved, found);
}

function tellVotes(account: AccountDocument, first: Vote, second: Vote, found: Findings): void {
  const { node, file } = account;
  // What was not saved before a crash was not sent either, if the node does that in order.
  const isSure = first.life === second.life;
  const both = `${node} votes for ${shownText(second.candidate)} in term ${second.term}, after it voted for ${shownText(first.candidate)}.`;
  const meaning = isSure
    ? "A node votes once in a term, or two candidates could both get a majority: votedFor is forgotten only when the term grows."
    : "It started anew in between: either the first vote was never sent, or votedFor was not saved before it was.";
  found.add(file, isSure ? rules.twoVotes : rules.perhapsTwoVotes, () => ({
    range: lineRange(account, second.line),
    message: `${both} ${meaning}`,
    related: [{ file, range: lineRange(account, first.line), message: "Its first vote." }],
  }));
}

function tellSaved(
  account: AccountDocument,
  vote: Vote,
  { file, storage }: StorageDocument,
  found: Findings,
): void {
  if (storage === undefined) return;
  found.add(file, rules.twoVotes, () => ({
    range: storage.votedForAt,
    message: `Saved is a vote for ${shownText(storage.votedFor ?? "nobody")} in term ${storage.term}, but in that term ${account.node} voted for ${shownText(vote.candidate)}. A node votes once in a term, or two candidates could both get a majority.`,
    related: [
      {
        file: account.file,
        range: lineRange(account, vote.line),
        message: "The vote as it was told.",
      },
    ],
  }));
}

function lineRange({ lines }: AccountDocument, line: number): Range {
  return rangeInLine(line, 0, lines.lines[line]?.length ?? 0);
}

function spanRange(line: number, { start, end }: { readonly start: number; readonly end: number }) {
  return rangeInLine(line, start, end);
}
