import type { Position, Range } from "./place.ts";

// What is answered about a file, beside its problems. Plain data: no words of an editor's protocol.

/**
 * A piece of a hover. What comes from a file is `code`, for the reader to show as it stands: it may
 * hold anything, markup included.
 */
export type HoverPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  /** A section of the paper, as in `5.4.2`, or a figure, as in `Figure 8`. */
  | { readonly kind: "section"; readonly section: string };

export interface Hover {
  readonly range: Range;
  readonly lines: readonly (readonly HoverPart[])[];
}

export interface OutlineItem {
  /** Text from the file is in it escaped. */
  readonly name: string;
  /** What is said beside the name, in a quieter colour. */
  readonly detail: string;
  readonly kind: "term" | "entry" | "role" | "field";
  readonly range: Range;
  readonly children: readonly OutlineItem[];
}

/** Lines that can be folded away under the first. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
}

export type TokenKind = "committed" | "uncommitted" | "conflict" | "stale" | "term" | "node";

/** Tokens come in order, and do not overlap. */
export interface Token {
  readonly start: Position;
  readonly length: number;
  readonly kind: TokenKind;
}
