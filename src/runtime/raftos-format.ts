import type { Entry, Term } from "../raft/index.ts";

// What raftos writes, to the byte: Python's json.dumps with its defaults. See raftos' storage.py.

/**
 * A line of `.log`; the entry of index 1 stands in the first. A command is JSON in the way of
 * Python already. The no-op is an empty command: raftos has none, and applying one does nothing.
 */
export function logLine(entry: Entry): string {
  const command = entry.kind === "command" ? entry.command : "{}";
  return `{"term": ${entry.term}, "command": ${command}}\n`;
}

/** All of `.storage`. */
export function storageText({ term, votedFor }: Storage): string {
  return `{"term": ${term}, "voted_for": ${votedFor === null ? "null" : JSON.stringify(votedFor)}}`;
}

/** Term and vote; a node goes by its address. */
export interface Storage {
  readonly term: Term;
  readonly votedFor: string | null;
}

/** What a `.storage` says that was written by `storageText`; undefined if it was not. */
export function readStorageText(text: string): Storage | undefined {
  const match = /^\{"term": (\d{1,16}), "voted_for": (?:null|"([^"\\]*)")\}$/.exec(text);
  if (match === null) return undefined;
  const storage = { term: Number(match[1]), votedFor: match[2] ?? null };
  return storageText(storage) === text ? storage : undefined;
}
