import { l10n, LogLevel, type LogOutputChannel } from "vscode";
import type { Finding } from "../checks/index.ts";
import { unreachable } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import { eventText, levelOf, type Level } from "./event-text.ts";
import type { Lab } from "./lab.ts";
import type { NameOf } from "./names.ts";

/** Writes what happens to the output; its log level says how much of it. */
export function writeOutput(channel: LogOutputChannel, lab: Lab): void {
  lab.onDidHappen(({ running, what }) => {
    const level = levelOf(what);
    // Most events are not shown, and there may be thousands a second: no text is made in vain.
    if (logLevels[level] < channel.logLevel || channel.logLevel === LogLevel.Off) return;
    write(channel, level, eventText(what, running.nameOf));
  });
  lab.onDidFind(({ running, what }) => writeFinding(channel, what, running.nameOf));
}

/** The finding and, line by line, the events that prove it. */
export function writeFinding(channel: ErrorOutput, finding: Finding, nameOf: NameOf): void {
  const { check, text, because, at } = finding;
  const proof = [...because, at].map((event) => `\n    ${proofText(event, nameOf)}`).join("");
  const told = inNames(text, nameOf);
  channel.error(l10n.t("Finding ({0}): {1} The events that prove it:", check, told) + proof);
}

/** Checks know nodes by their ids, users by their names. What a user wrote stays as it is. */
export function inNames(text: string, nameOf: NameOf): string {
  return text.replace(/"(?:[^"\\]|\\.)*"?|\bn\d{1,4}\b/g, (found) =>
    found.startsWith('"') ? found : nameOf(found),
  );
}

/** The part of the output that takes errors. */
type ErrorOutput = Pick<LogOutputChannel, "error">;

function proofText(event: TraceEvent, nameOf: NameOf): string {
  const seconds = (event.time / 1000).toFixed(3);
  return l10n.t("event {0}, at {1} s: {2}", event.seq, seconds, eventText(event, nameOf));
}

function write(channel: LogOutputChannel, level: Level, text: string): void {
  switch (level) {
    case "trace":
      return channel.trace(text);
    case "debug":
      return channel.debug(text);
    case "info":
      return channel.info(text);
    case "warning":
      return channel.warn(text);
    case "error":
      return channel.error(text);
    default:
      return unreachable(level);
  }
}

const logLevels: Readonly<Record<Level, LogLevel>> = {
  trace: LogLevel.Trace,
  debug: LogLevel.Debug,
  info: LogLevel.Info,
  warning: LogLevel.Warning,
  error: LogLevel.Error,
};
