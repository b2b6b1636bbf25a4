/**
 * The lines of a text, each read once: of an edited text only those are read anew that the edit
 * touched. A line ends with \n; a \r before it belongs to the end.
 */
export interface Lines<Line> {
  readonly text: string;
  /** Where each line starts, and last where the text ends. */
  readonly starts: readonly number[];
  readonly lines: readonly Line[];
  /** False if the last line has no end; true for a text without any. */
  readonly isEnded: boolean;
}

/** Reads what stands between two places of the text, a line without its end. */
export type ReadLine<Line> = (text: string, from: number, to: number) => Line;

export function noLines<Line>(): Lines<Line> {
  return { text: "", starts: [0], lines: [], isEnded: true };
}

/** Reads a text that was `before` before. Each step is some milliseconds of work. */
export function* readLines<Line>(
  before: Lines<Line>,
  text: string,
  read: ReadLine<Line>,
): Generator<void, Lines<Line>> {
  const starts = startsOfLines(text);
  const count = starts.length - 1;
  const kept = linesKept(before, text, starts);
  const changed: Line[] = [];
  let done = starts[kept.first] ?? 0;
  for (let line = kept.first; line < count - kept.last; line++) {
    const [from, to] = boundsOf(text, starts, line);
    changed.push(read(text, from, to));
    if (to - done > charactersInStep) {
      done = to;
      yield;
    }
  }
  const lines = before.lines
    .slice(0, kept.first)
    .concat(changed, before.lines.slice(before.lines.length - kept.last));
  return { text, starts, lines, isEnded: text === "" || text.endsWith("\n") };
}

const charactersInStep = 64 * 1024;

/** Where the text of a line begins and ends, without its end and without the mark of UTF-8. */
export function boundsOf(
  text: string,
  starts: readonly number[],
  line: number,
): readonly [from: number, to: number] {
  let from = starts[line] ?? text.length;
  let to = starts[line + 1] ?? text.length;
  if (from === 0 && text.charCodeAt(0) === 0xfeff) from = 1;
  if (to > from && text.charCodeAt(to - 1) === 0x0a) to--;
  if (to > from && text.charCodeAt(to - 1) === 0x0d) to--;
  return [from, to];
}

/** The first column of a line that is its own: after the mark of UTF-8 if the file has one. */
export function firstColumn(text: string, line: number): number {
  return line === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0;
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at);
    at = newline === -1 ? text.length : newline + 1;
    starts.push(at);
  }
  return starts;
}

/** How many lines at the start and at the end are what they were. */
function linesKept<Line>(
  before: Lines<Line>,
  text: string,
  starts: readonly number[],
): { readonly first: number; readonly last: number } {
  const prefix = commonPrefix(before.text, text);
  const suffix = commonSuffix(before.text, text, prefix);
  const count = Math.min(before.lines.length, starts.length - 1);
  let first = 0;
  // A line is whole in what is common if its newline is, too.
  while (first < count && (starts[first + 1] ?? 0) <= prefix && endsLine(text, starts, first)) {
    first++;
  }
  let last = 0;
  const from = text.length - suffix;
  // That it starts there is only sure if the newline before it is common, too.
  while (last < count - first && (starts[starts.length - 2 - last] ?? 0) > from) last++;
  return { first, last };
}

function endsLine(text: string, starts: readonly number[], line: number): boolean {
  return text.charCodeAt((starts[line + 1] ?? 0) - 1) === 0x0a;
}

/** Compared in pieces first, because comparing whole strings is what engines do fast. */
const piece = 4096;

function commonPrefix(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  let at = 0;
  while (at + piece <= length && one.slice(at, at + piece) === other.slice(at, at + piece)) {
    at += piece;
  }
  while (at < length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return at;
}

function commonSuffix(one: string, other: string, prefix: number): number {
  const length = Math.min(one.length, other.length) - prefix;
  let at = 0;
  while (at + piece <= length) {
    const [end, otherEnd] = [one.length - at, other.length - at];
    if (one.slice(end - piece, end) !== other.slice(otherEnd - piece, otherEnd)) break;
    at += piece;
  }
  while (
    at < length &&
    one.charCodeAt(one.length - 1 - at) === other.charCodeAt(other.length - 1 - at)
  ) {
    at++;
  }
  return at;
}
