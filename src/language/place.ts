/** A place in a text as editors count: lines and UTF-16 characters, both from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  /** The first position that is no longer in it. */
  readonly end: Position;
}

/** A range in one of the files of a folder. */
export interface Place {
  readonly file: string;
  readonly range: Range;
}

/** Part of one line. */
export function rangeInLine(line: number, start: number, end: number): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}
