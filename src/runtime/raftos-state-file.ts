import { membersOfCommand, objectText, StateMachine } from "../cluster/index.ts";
import { entryAt, lastIndex, type Entry, type Log, type LogIndex } from "../raft/index.ts";
import type { Notice } from "../trace/index.ts";
import { find, keepAside } from "./derived-file.ts";
import { Pace } from "./pace.ts";
import { membersOfState } from "./raftos-format.ts";
import { openRegular } from "./regular-file.ts";
import { replaceFile } from "./write-atomically.ts";

export interface OpenedStateFile {
  readonly file: RaftosStateFile;
  /** Undefined if there is nothing to tell. */
  readonly notice: Notice | undefined;
}

/**
 * The `.state_machine` of a node: what it has applied, newest only. There is none before the first
 * command, as with raftos.
 *
 * Which entries are committed is not saved (Figure 2), so a node that starts applies all of them
 * once more, as it learns of them. Meanwhile the file stays what it is until the node has applied
 * what the file holds: a state that was shown is never taken back.
 */
export class RaftosStateFile {
  readonly #path: string;
  readonly #machine = new StateMachine();
  #lastApplied: LogIndex = 0;
  /** Up to which entry the file says what was applied already. */
  #heldIndex: LogIndex;
  #isDue = false;

  private constructor(path: string, heldIndex: LogIndex) {
    this.#path = path;
    this.#heldIndex = heldIndex;
  }

  /**
   * Keeps the file aside unless some first entries of the log come to what it holds.
   *
   * Which of them are committed is not known here, so one that holds more than that passes. Several
   * prefixes may come to the same; the longest counts, or the file could go back to between them.
   */
  static async open(path: string, log: Log): Promise<OpenedStateFile> {
    const found = await find(readState(path, log));
    if (found.kind === "absent") return { file: new RaftosStateFile(path, 0), notice: undefined };
    const held = found.kind === "found" ? await lastHeld(found.value, log) : undefined;
    const notice = held === undefined ? await keepAside(path) : undefined;
    return { file: new RaftosStateFile(path, held ?? 0), notice };
  }

  /** The entries from `from` on are gone. If the file held one of them, it is none to wait for. */
  truncate(from: LogIndex): void {
    if (from > this.#heldIndex) return;
    this.#heldIndex = 0;
    this.#isDue = this.#machine.values.size > 0;
  }

  /** Applies the entries that come next, then writes what has changed. */
  async apply(entries: readonly Entry[]): Promise<void> {
    const pace = new Pace();
    for (const entry of entries) {
      this.#lastApplied++;
      if (entry.kind !== "command") continue;
      this.#machine.apply(entry.command);
      this.#isDue ||= this.#lastApplied > this.#heldIndex;
      if (pace.isOver) await pace.rest();
    }
    if (!this.#isDue) return;
    this.#isDue = false;
    try {
      await replaceFile(this.#path, this.#machine.text());
    } catch (error) {
      this.#isDue = true;
      throw error;
    }
  }
}

/** The text of the file; undefined if it is longer than any state that the log can come to. */
async function readState(path: string, log: Log): Promise<string | undefined> {
  const file = await openRegular(path, "read");
  try {
    const { size } = await file.stat();
    // Every member of a state stands in some command.
    let longest = 2;
    for (let index = 1; index <= lastIndex(log) && longest < size; index++) {
      const entry = entryAt(log, index);
      if (entry?.kind === "command") longest += entry.command.length;
    }
    // It is ASCII. Read like this, a byte that is not cannot pass for a letter.
    return size > longest ? undefined : await file.readFile("latin1");
  } finally {
    await file.close();
  }
}

/** The last command with which the log comes to this state, 0 for the empty one. */
export async function lastHeld(text: string | undefined, log: Log): Promise<LogIndex | undefined> {
  // An empty file is what a crash can leave of a replaced one. Nobody wrote anything in it.
  if (text === "") return 0;
  const state = text === undefined ? undefined : membersOfState(text);
  if (state === undefined || objectText(state) !== text) return undefined;

  const pace = new Pace();
  const names = [...state.keys()];
  const values = new Map<string, string>();
  /** How many names have the value that they have in the file. */
  let equal = 0;
  let held = state.size === 0 ? 0 : undefined;
  for (let index = 1; index <= lastIndex(log); index++) {
    const entry = entryAt(log, index);
    if (entry?.kind !== "command") continue;
    for (const [name, value] of membersOfCommand(entry.command)) {
      const before = values.get(name);
      // No name ever leaves the state, nor its place.
      if (before === undefined && names[values.size] !== name) return held;
      if (before === state.get(name)) equal--;
      if (value === state.get(name)) equal++;
      values.set(name, value);
    }
    if (equal === state.size && values.size === state.size) held = index;
    if (pace.isOver) await pace.rest();
  }
  return held;
}
