import type { EntryLine, LogLine } from "./log-line.ts";

/** What is known of a log as a whole. */
export interface LogShape {
  /**
   * The lines from the first on whose index is sure. A line that cannot be read may have been two,
   * or none, so what comes after it is not compared with other logs.
   */
  readonly entries: readonly EntryLine[];
  /** The index of the first of them. */
  readonly firstIndex: number;
  /** Whether all lines are such entries, but for a last one that was cut off. */
  readonly isWhole: boolean;
  /** Written with raftos' default serializer, so that there is nothing to read. */
  readonly isPacked: boolean;
  /** The highest term of the entries, and which line it stands in. */
  readonly lastTerm: number;
  readonly lastTermLine: number;
}

export function shapeOf(lines: readonly LogLine[]): LogShape {
  const entries: EntryLine[] = [];
  let lastTerm = 0;
  let lastTermLine = 0;
  const [first] = lines;
  const firstIndex = first?.kind === "entry" ? (first.index ?? 1) : 1;
  for (const [at, line] of lines.entries()) {
    // Past what is exact, one more would be the same number.
    if (line.kind !== "entry" || !Number.isSafeInteger(firstIndex + at + 1)) break;
    if (line.index !== null && line.index !== firstIndex + at) break;
    entries.push(line);
    if (line.term > lastTerm) {
      lastTerm = line.term;
      lastTermLine = at;
    }
  }
  return {
    entries,
    firstIndex,
    isWhole:
      entries.length === lines.length ||
      (entries.length === lines.length - 1 && lines.at(-1)?.kind === "cut"),
    isPacked: lines.slice(0, 3).some(({ kind }) => kind === "messagePack"),
    lastTerm,
    lastTermLine,
  };
}

/** The entry at an index, if there is one whose index is sure. */
export function entryOf(shape: LogShape, index: number): EntryLine | undefined {
  return shape.entries[index - shape.firstIndex];
}

/** The first index that the log does not reach. */
export function endIndexOf({ firstIndex, entries }: LogShape): number {
  return firstIndex + entries.length;
}
