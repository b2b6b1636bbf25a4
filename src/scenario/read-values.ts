import { commandOf } from "../cluster/index.ts";
import { unreachable, type Millis, type Term } from "../raft/index.ts";
import type { Range } from "../simulator/index.ts";
import type { Line } from "./line.ts";
import { wholeOf } from "./line.ts";
import { mostNodes } from "./read-nodes.ts";
import type { Commands, Count, Time } from "./scenario.ts";

/** The longest time that one line may take. */
const longestMillis = 60_000;
/** The most commands of one line, and the most entries of a log that a text gives. */
const most = 1000;
const units = ["ms", "s"] as const;

/** `500 ms`, `5 s`. */
export function readDuration(line: Line): Millis | undefined {
  const range = readDurations(line);
  if (range === undefined) return undefined;
  return range.min === range.max
    ? range.min
    : line.wrong("only one length of time has a meaning here");
}

/** `500 ms`, or `0..13 ms` for any length between. */
export function readDurations(line: Line): Range | undefined {
  const { column } = line;
  const range = line.range("a length of time", { min: 0, max: longestMillis });
  const unit = range && line.oneOf(units);
  if (range === undefined || unit === undefined) return undefined;
  const factor = unit === "s" ? 1000 : 1;
  if (range.max * factor <= longestMillis)
    return { min: range.min * factor, max: range.max * factor };
  return line.wrong(`one line takes ${longestMillis / 1000} s at most`, column);
}

/** `within 5 s`, `for 2 s`, or nothing for at once. */
export function readTime(line: Line): Time | undefined {
  for (const kind of ["within", "for"] as const) {
    if (!line.has(kind)) continue;
    const millis = readDuration(line);
    return millis === undefined ? undefined : { kind, millis };
  }
  if (line.isAtEnd) return { kind: "now" };
  return line.expected("within, for or the end of the line");
}

/** Terms of a log: `1 1 2*300 5`. */
export function readTerms(line: Line): readonly Term[] | undefined {
  const terms: Term[] = [];
  for (let word = line.peek(); word !== undefined; word = line.peek()) {
    const [term = "", times = "1", ...more] = word.split("*");
    const [value, count] = [wholeOf(term), wholeOf(times)];
    if (value === undefined || count === undefined || more.length > 0) break;
    if (value < 1) return line.expected("a term, 1 or more,");
    if (value < (terms.at(-1) ?? 0)) return line.wrong("terms never fall along a log");
    if (terms.length + count > most) return line.wrong(`a log has ${most} entries at most here`);
    for (let i = 0; i < count; i++) terms.push(value);
    line.has(word);
  }
  return terms.length > 0 ? terms : line.expected("the terms of a log, like 1 1 2 or 1 2*300,");
}

/** `"x=1" "y=2"`, `1 command`, `50 commands of 5000 bytes`. */
export function readCommands(line: Line): Commands | undefined {
  const texts = readTexts(line);
  if (texts === undefined) return undefined;
  if (texts.length > 0) return { kind: "these", commands: texts };
  if (wholeOf(line.peek() ?? "") === undefined) {
    return line.expected('commands, like "x=1" or 3 commands,');
  }
  const count = line.whole("how many commands", { min: 1, max: most });
  const noun = count && line.oneOf([count === 1 ? "command" : "commands"]);
  if (count === undefined || noun === undefined) return undefined;
  if (!line.has("of")) return { kind: "new", count, bytes: 0 };
  const bytes = line.whole("how long each is", { min: 1, max: 60_000 });
  return bytes !== undefined && line.oneOf(["bytes"]) ? { kind: "new", count, bytes } : undefined;
}

/** Texts in quotes, as commands; none may be there. */
export function readTexts(line: Line): readonly string[] | undefined {
  const commands: string[] = [];
  for (;;) {
    const { column } = line;
    const text = line.quoted();
    if (text === undefined) return commands;
    const read = commandOf(text);
    switch (read.kind) {
      case "command":
        commands.push(read.command);
        break;
      case "empty":
        return line.wrong("a command sets something, like x=1", column);
      case "tooLong":
      case "tooDeep":
        return line.wrong("this is too much for one command", column);
      default:
        return unreachable(read);
    }
  }
}

/** `all`, or how many nodes. */
export function readCount(line: Line): Count | undefined {
  if (line.has("all")) return "all";
  return line.whole("all, or how many nodes", { min: 1, max: mostNodes });
}
