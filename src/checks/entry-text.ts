import type { Entry } from "../raft/index.ts";

/** How much of a command is shown; the rest can be looked up in the log. */
const limit = 60;

/** An entry as a sentence names it. */
export function entryText(entry: Entry): string {
  if (entry.kind === "noOp") return `the no-op of term ${entry.term}`;
  return `${commandText(entry.command)} of term ${entry.term}`;
}

export function commandText(command: string): string {
  return command.length > limit ? `“${command.slice(0, limit)}…”` : `“${command}”`;
}
