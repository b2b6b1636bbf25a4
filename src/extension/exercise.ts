/** A file of a lab by its name. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Logs to be broken, and a good place for it. */
export interface Exercise {
  readonly files: readonly NamedText[];
  /** Which of them to open. */
  readonly open: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where in that line a value stands that all logs have there. */
  readonly from: number;
  readonly to: number;
}

/** How much of a log is copied: what an exercise needs, however long the lab has run. */
const mostLines = 200;

/** The last value of a command: what may be changed and leaves a line that can be read. */
const lastValue = /: ("[^"\\]*"|-?[0-9.]+|true|false|null)\}\}$/;

/** Whether a file is the log of a node as raftos writes it. */
export function isLog(name: string): boolean {
  return /^[^/\\]{1,100}_[0-9]{1,5}\.log$/.test(name);
}

/**
 * Makes an exercise of a lab's logs. Near their end two at least must have the same entry, so that
 * who changes it in one of them contradicts the other. Undefined if there is no such place.
 */
export function exerciseOf(logs: readonly NamedText[]): Exercise | undefined {
  const files = logs
    .filter(({ name }) => isLog(name))
    .map(({ name, text }) => ({ name, lines: text.split("\n").slice(0, mostLines) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const place = lastShared(files);
  if (place === undefined) return undefined;
  return {
    ...place,
    files: files.map(({ name, lines }) => ({ name, text: wholeLines(lines) })),
  };
}

function lastShared(
  files: readonly { readonly name: string; readonly lines: readonly string[] }[],
): Omit<Exercise, "files"> | undefined {
  for (let at = mostLines - 1; at >= 0; at--) {
    for (const [i, { name, lines }] of files.entries()) {
      const line = lines[at];
      const value = line === undefined ? null : lastValue.exec(line);
      if (value === null || files.slice(0, i).every((other) => other.lines[at] !== line)) continue;
      const from = value.index + 2;
      return { open: name, line: at + 1, from, to: from + (value[1] ?? "").length };
    }
  }
  return undefined;
}

/** The logs of three nodes that agree, for who has run no cluster yet. */
export const sampleLogs: readonly NamedText[] = [8000, 8001, 8002].map((port) => ({
  name: `127.0.0.1_${port}.log`,
  text: [
    '{"term": 1, "command": {}}',
    '{"term": 1, "command": {"x": 1}}',
    '{"term": 1, "command": {"name": "Ada"}}',
    '{"term": 2, "command": {}}',
    '{"term": 2, "command": {"x": 2}}',
    "",
  ].join("\n"),
}));

/** Without the last line where that was not written to its end. */
function wholeLines(lines: readonly string[]): string {
  const whole = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return whole.map((line) => `${line}\n`).join("");
}
