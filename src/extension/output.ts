import { LogLevel, type LogOutputChannel } from "vscode";
import { unreachable } from "../raft/index.ts";
import type { Level } from "./event-text.ts";
import type { Lab } from "./lab.ts";
import type { NameOf } from "./names.ts";

/** Writes what happens to the output; its log level says how much of it. */
export function writeOutput(channel: LogOutputChannel, lab: Lab): void {
  lab.onDidHappen(({ running, what }) => {
    // What words things have comes with the bundle of the cluster: without one, nothing happens.
    const { eventText, levelOf } = running.bundle;
    const level = levelOf(what);
    // Most events are not shown, and there may be thousands a second: no text is made in vain.
    if (logLevels[level] < channel.logLevel || channel.logLevel === LogLevel.Off) return;
    write(channel, level, eventText(what, running.nameOf));
  });
  lab.onDidFind(({ running, what }) => running.bundle.writeFinding(channel, what, running.nameOf));
}

/** Checks know nodes by their ids, users by their names. What a user wrote stays as it is. */
export function inNames(text: string, nameOf: NameOf): string {
  return text.replace(/"(?:[^"\\]|\\.)*"?|\bn\d{1,4}\b/g, (found) =>
    found.startsWith('"') ? found : nameOf(found),
  );
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
