import {
  DiagnosticSeverity,
  MarkupKind,
  SymbolKind,
  type Diagnostic,
  type DocumentSymbol,
  type FoldingRange,
  type Hover as LspHover,
  type Location,
  type SemanticTokensLegend,
} from "vscode-languageserver";
import type {
  Fold,
  Hover,
  OutlineItem,
  Place,
  Problem,
  Range,
  Severity,
  Token,
  TokenKind,
} from "../index.ts";
import { markdownOf, plainTextOf } from "./markdown.ts";
import { noticeCodes, noticeText, type Notice } from "./notice.ts";
import { messageOf, visible } from "./texts.ts";

// The only file that turns our answers into the shapes of the Language Server Protocol.

const source = "Raft Lab";

/** How the address of a file of the same folder is told from its name. */
export type UriOf = (file: string) => string;

export function toDiagnostic(problem: Problem, uriOf: UriOf): Diagnostic {
  const { range, code, severity, related } = problem;
  return {
    range,
    code,
    source,
    severity: severities[severity],
    message: messageOf(problem),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map((each) => ({
            location: { uri: uriOf(each.file), range: each.range },
            message: visible(each.message),
          })),
        }),
  };
}

export function noticeToDiagnostic(notice: Notice): Diagnostic {
  return {
    range: atStart,
    code: noticeCodes[notice.kind],
    source,
    severity: DiagnosticSeverity.Information,
    message: noticeText(notice),
  };
}

export function toHover({ range, lines }: Hover, format: MarkupKind): LspHover {
  const value = format === MarkupKind.Markdown ? markdownOf(lines) : plainTextOf(lines);
  return { range, contents: { kind: format, value } };
}

export function toSymbol({ name, detail, kind, range, children }: OutlineItem): DocumentSymbol {
  // VS Code refuses a symbol without a name.
  const shown = visible(name, 200);
  return {
    name: shown.trim() === "" ? "…" : shown,
    detail: visible(detail, 200),
    kind: symbolKinds[kind],
    range,
    selectionRange: { start: range.start, end: firstLineOf(range) },
    children: children.map(toSymbol),
  };
}

export function toFoldingRange({ startLine, endLine }: Fold): FoldingRange {
  return { startLine, endLine };
}

export function toLocation({ file, range }: Place, uriOf: UriOf): Location {
  return { uri: uriOf(file), range };
}

/** The kinds of tokens; package.json tells VS Code the same names. */
export const legend: SemanticTokensLegend = {
  tokenTypes: ["raftEntry", "raftTerm", "raftNode"],
  tokenModifiers: ["committed", "uncommitted", "conflict", "stale"],
};

/** Tokens as five numbers each, with places counted from the token before. */
export class TokenNumbers {
  readonly #numbers: number[] = [];
  #line = 0;
  #character = 0;

  add(tokens: readonly Token[]): void {
    for (const { start, length, kind } of tokens) {
      const line = start.line - this.#line;
      const character = line === 0 ? start.character - this.#character : start.character;
      const [type, modifiers] = meanings[kind];
      this.#numbers.push(line, character, length, type, modifiers);
      this.#line = start.line;
      this.#character = start.character;
    }
  }

  get all(): number[] {
    return this.#numbers;
  }
}

/** The place of the type in the legend, and its modifiers as bits. */
const meanings: Readonly<Record<TokenKind, readonly [number, number]>> = {
  committed: [0, 1],
  uncommitted: [0, 2],
  conflict: [0, 4],
  stale: [0, 8],
  term: [1, 0],
  node: [2, 0],
};

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const symbolKinds: Readonly<Record<OutlineItem["kind"], SymbolKind>> = {
  term: SymbolKind.Namespace,
  entry: SymbolKind.Event,
  role: SymbolKind.Class,
  field: SymbolKind.Field,
};

const atStart: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function firstLineOf({ start, end }: Range): Range["end"] {
  return start.line === end.line ? end : start;
}
