import { logOf, type Change, type Entry, type Log } from "../../../src/raft/index.ts";

// A log as text, one word for an entry: `1` is the no-op of term 1, `1a` a command of term 1 that
// sets the name a to 1, and `1a=5` one that sets it to 5.

export function entries(text: string): readonly Entry[] {
  return text.split(" ").filter(Boolean).map(entry);
}

export function log(text: string): Log {
  return logOf(entries(text));
}

/** A change of the log alone. */
export function written(from: number, text: string): Change {
  return { vote: null, log: { from, entries: entries(text) } };
}

/** A change of term and vote alone. */
export function voted(currentTerm: number, votedFor: string | null): Change {
  return { vote: { currentTerm, votedFor }, log: null };
}

function entry(word: string): Entry {
  const [, term, name, value = "1"] = /^(\d+)(?:([a-z_]+)(?:=(\w+))?)?$/.exec(word) ?? [];
  if (name === undefined) return { kind: "noOp", term: Number(term) };
  return { kind: "command", term: Number(term), command: `{"${name}": ${value}}` };
}
