import type { LogDocument } from "./documents.ts";
import type { Findings, Rule } from "./findings.ts";
import { firstColumn } from "./lines.ts";
import type { EntryLine, LogLine } from "./log-line.ts";
import { rangeInLine, type Range } from "./place.ts";

const rules = {
  malformed: { code: "malformed-line", severity: "error", section: "" },
  torn: { code: "torn-line", severity: "error", section: "" },
  unended: { code: "missing-final-newline", severity: "information", section: "" },
  long: { code: "long-line", severity: "information", section: "" },
  packed: { code: "messagepack", severity: "error", section: "" },
  odd: { code: "odd-number", severity: "information", section: "" },
  falling: { code: "term-decreases", severity: "error", section: "5.3" },
  gap: { code: "index-gap", severity: "error", section: "5.3" },
} as const satisfies Record<string, Rule>;

/** What is wrong with a `.log` by itself. A gap in terms is nothing wrong: elections may fail. */
export function judgeLines(document: LogDocument, found: Findings): void {
  const { file, lines, shape } = document;
  if (shape.isPacked) {
    found.add(file, rules.packed, () => ({ range: wholeLine(document, 0), message: packedText }));
    return;
  }
  let before: { readonly line: number; readonly entry: EntryLine } | undefined;
  for (const [line, read] of lines.lines.entries()) {
    if (read.kind !== "entry") {
      judgeBroken(document, line, read, found);
      continue;
    }
    if (!read.isStrict) {
      found.add(file, rules.odd, () => ({
        range: commandRange(document, line, read),
        message: `Line ${line + 1} holds NaN or Infinity, which Python writes but JSON does not have, so other programs cannot read it. Submit an ordinary number or a string instead.`,
      }));
    }
    if (before !== undefined) judgePair(document, { line, entry: read, before }, found);
    before = { line, entry: read };
  }
  const last = lines.lines.length - 1;
  if (!lines.isEnded && lines.lines[last]?.kind === "entry") {
    found.add(file, rules.unended, () => ({
      range: lineEnd(document, last),
      message:
        "Add a newline after the last line. Without it the next entry would be written onto this line, and neither could be read.",
    }));
  }
}

const packedText =
  "This log is written with MessagePack, the default of raftos, and cannot be read as text. Call raftos.configure({'serializer': raftos.serializers.JSONSerializer, …}) before raftos.register(…), and start with new files.";

interface Pair {
  readonly line: number;
  readonly entry: EntryLine;
  readonly before: { readonly line: number; readonly entry: EntryLine };
}

function judgePair(document: LogDocument, { line, entry, before }: Pair, found: Findings): void {
  const { file } = document;
  const termFell = entry.term < before.entry.term;
  const isGap =
    entry.index !== null &&
    before.entry.index !== null &&
    entry.index !== before.entry.index + (line - before.line);
  if (termFell) {
    found.add(file, rules.falling, () => ({
      range: termRange(document, line, entry),
      message: `The term falls from ${before.entry.term} to ${entry.term}, but terms in a log never fall: a leader appends only entries of its own term, and a node refuses leaders of earlier terms. Check that the node compares the term of AppendEntries with its own before it appends, and that nobody edited this file.`,
      related: [
        {
          file,
          range: termRange(document, before.line, before.entry),
          message: `The entry before is of term ${before.entry.term}.`,
        },
      ],
    }));
  }
  if (isGap) {
    found.add(file, rules.gap, () => ({
      range: wholeLine(document, line),
      message: `Index ${entry.index} stands after index ${before.entry.index}. A log has no gaps: AppendEntries must be refused if the entry at prevLogIndex is missing.`,
    }));
  }
}

function judgeBroken(
  document: LogDocument,
  line: number,
  read: Exclude<LogLine, EntryLine>,
  found: Findings,
): void {
  const { file, lines } = document;
  const isLast = line === lines.lines.length - 1 && !lines.isEnded;
  const start = firstColumn(document.text, line);
  const range = rangeInLine(line, start + read.start, start + read.end);
  switch (read.kind) {
    case "long":
      found.add(file, rules.long, () => ({
        range: rangeInLine(line, 0, 80),
        message: `Line ${line + 1} has ${read.length} characters, too many to be read here. Raftos could not send such an entry, since a message holds about 48,000: store something shorter.`,
      }));
      return;
    case "cut":
      if (isLast) {
        found.add(file, rules.torn, () => ({
          range,
          message: `The last line is cut off: its writer was stopped, or is still at it. If it stays so, delete what is left of line ${line + 1}, or raftos does not start from this log; a leader that has the entry sends it again.`,
        }));
        return;
      }
      break;
    case "blank":
    case "malformed":
    case "messagePack":
      break;
  }
  const advice =
    read.kind === "blank"
      ? "Raftos does not start from a log with a blank line: delete it."
      : 'An entry is one line: {"term": 1, "command": {"NAME": VALUE}}.';
  const compared = isLast || line === lines.lines.length - 1 ? "" : notCompared;
  found.add(file, rules.malformed, () => ({
    range,
    message: `Line ${line + 1} ${read.reason}. ${advice}${compared}`,
  }));
}

const notCompared = " The entries after it are not compared with other nodes until it is mended.";

/** The last character of a line, for what is missing after it. */
function lineEnd(document: LogDocument, line: number): Range {
  const { start, end } = wholeLine(document, line);
  return rangeInLine(line, Math.max(start.character, end.character - 1), end.character);
}

/** All of a line, for what is wrong with it as a whole. */
export function wholeLine({ text, lines }: LogDocument, line: number): Range {
  const start = firstColumn(text, line);
  return rangeInLine(line, start, start + (lines.lines[line]?.length ?? 0));
}

export function termRange({ text }: LogDocument, line: number, entry: EntryLine): Range {
  const start = firstColumn(text, line);
  return rangeInLine(line, start + entry.termStart, start + entry.termEnd);
}

export function commandRange({ text }: LogDocument, line: number, entry: EntryLine): Range {
  const start = firstColumn(text, line);
  return rangeInLine(line, start + entry.commandStart, start + entry.commandEnd);
}
