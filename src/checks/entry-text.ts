import { unreachable, type Entry } from "../raft/index.ts";

/** How much of a command is shown; the rest can be looked up in the log. */
const limit = 60;

/** An entry as a sentence names it. */
export function entryText(entry: Entry): string {
  switch (entry.kind) {
    case "noOp":
      return `the no-op of term ${entry.term}`;
    case "configuration":
      return `a configuration of term ${entry.term}`;
    case "command":
      return `${commandText(entry.command)} of term ${entry.term}`;
    default:
      return unreachable(entry);
  }
}

export function commandText(command: string): string {
  return command.length > limit ? `“${command.slice(0, limit)}…”` : `“${command}”`;
}
