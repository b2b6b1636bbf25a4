import { l10n, LogLevel, type LogOutputChannel } from "vscode";
import { unreachable, type NodeId } from "../raft/index.ts";
import type { Level } from "./event-text.ts";
import type { Lab, RunningCluster } from "./lab.ts";
import type { NameOf } from "./names.ts";

/** Writes what happens to the output; its log level says how much of it. */
export function writeOutput(channel: Output, lab: Lab): void {
  lab.onDidHappen(({ running, what }) => {
    // What words things have comes with the bundle of the cluster: without one, nothing happens.
    const { eventText, levelOf } = running.bundle;
    const level = levelOf(what);
    // Most events are not shown, and there may be thousands a second: no text is made in vain.
    if (logLevels[level] < channel.logLevel || channel.logLevel === LogLevel.Off) return;
    write(channel, level, eventText(what, running.nameOf));
    if (what.kind === "nodeRemoved") write(channel, level, filesText(what.member, running));
  });
  lab.onDidFind(({ running, what }) => running.bundle.writeFinding(channel, what, running.nameOf));
}

/** The part of the output that is written to. */
type Output = Pick<LogOutputChannel, "logLevel" | "trace" | "debug" | "info" | "warn" | "error">;

/** Checks know nodes by their ids, users by their names. What a user wrote stays as it is. */
export function inNames(text: string, nameOf: NameOf): string {
  return text.replace(/"(?:[^"\\]|\\.)*"?|\bn\d{1,4}\b/g, (found) =>
    found.startsWith('"') ? found : nameOf(found),
  );
}

/** Where to look for what a node has left behind: nothing else tells it once the node is gone. */
function filesText(node: NodeId, { cluster, nameOf }: RunningCluster): string {
  const files = cluster.fileNamesOf(node).join(", ");
  return l10n.t("What {0} has written stays in the folder: {1}", nameOf(node), files);
}

function write(channel: Output, level: Level, text: string): void {
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
