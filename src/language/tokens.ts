import { unreachable } from "../raft/index.ts";
import type { Token, TokenKind } from "./answers.ts";
import type { AccountLine, Said, Span } from "./account-line.ts";
import type { AccountDocument, Document, LogDocument, StorageDocument } from "./documents.ts";
import type { Judgement } from "./judgement.ts";
import { firstColumn } from "./lines.ts";
import { standingOf, type Standing } from "./standing.ts";

/** What the lines from `from` on, up to but without `to`, mean, beyond how they are written. */
export function tokensIn(
  document: Document,
  from: number,
  to: number,
  judgement: Judgement,
): readonly Token[] {
  switch (document.kind) {
    case "log":
      return linesIn(document.lines.lines.length, from, to).flatMap((line) =>
        entryTokens(document, line, judgement),
      );
    case "account":
      return linesIn(document.lines.lines.length, from, to).flatMap((line) =>
        accountTokens(document, line),
      );
    case "storage":
      return storageTokens(document).filter(({ start }) => start.line >= from && start.line < to);
    case "stateMachine":
    case "members":
    case "other":
      return [];
    default:
      return unreachable(document);
  }
}

function linesIn(count: number, from: number, to: number): readonly number[] {
  const first = Math.max(0, from);
  const length = Math.max(0, Math.min(count, to) - first);
  return Array.from({ length }, (_, at) => first + at);
}

function entryTokens(document: LogDocument, line: number, judgement: Judgement): readonly Token[] {
  const entry = document.lines.lines[line];
  if (entry?.kind !== "entry") return [];
  const column = firstColumn(document.text, line);
  const term = { start: column + entry.termStart, end: column + entry.termEnd };
  const command = { start: column + entry.commandStart, end: column + entry.commandEnd };
  const isSure = document.shape.entries[line] !== undefined;
  const kind = isSure
    ? kindOfStanding(standingOf(document, document.shape.firstIndex + line, judgement))
    : undefined;
  const tokens = [token(line, term, "term")];
  if (kind !== undefined) tokens.push(token(line, command, kind));
  return tokens.toSorted(byStart);
}

function kindOfStanding(standing: Standing): TokenKind | undefined {
  return standing === "unknown" ? undefined : standing;
}

function accountTokens(document: AccountDocument, line: number): readonly Token[] {
  const told = document.lines.lines[line];
  if (told === undefined) return [];
  // Roles are left to the grammar, which gives each of the three a colour of its own.
  const head = told.term === null ? [] : [token(line, told.termAt, "term")];
  const node = nodeIn(told);
  return node === undefined ? head : [...head, token(line, node, "node")];
}

function nodeIn({ said }: AccountLine): Span | undefined {
  return namesNode(said) ? said.at : undefined;
}

function namesNode(said: Said): said is Extract<Said, { kind: "leader" | "leads" | "votes" }> {
  if (said.kind === "leader") return said.address !== null;
  return said.kind === "leads" || said.kind === "votes";
}

function storageTokens({ storage }: StorageDocument): readonly Token[] {
  if (storage === undefined) return [];
  const { termAt, votedFor, votedForAt } = storage;
  const parts = [
    { range: termAt, kind: "term" as const },
    ...(votedFor === null ? [] : [{ range: votedForAt, kind: "node" as const }]),
  ];
  return parts
    .filter(({ range }) => range.start.line === range.end.line)
    .map(({ range, kind }) =>
      token(range.start.line, { start: range.start.character, end: range.end.character }, kind),
    )
    .toSorted(byStart);
}

function token(line: number, { start, end }: Span, kind: TokenKind): Token {
  return { start: { line, character: start }, length: end - start, kind };
}

function byStart({ start: one }: Token, { start: other }: Token): number {
  return one.line - other.line || one.character - other.character;
}
