import { membersOfCommand, readingMembers, StateMachine } from "../cluster/index.ts";
import {
  entryAt,
  lastIndex,
  type Entry,
  type LogIndex,
  type Persistent,
  type Snapshot,
} from "../raft/index.ts";
import type { Notice } from "../trace/index.ts";
import { completed, find, keepAside } from "./derived-file.ts";
import { Pace, paced } from "./pace.ts";
import { openRegular } from "./regular-file.ts";
import { replaceFile } from "./write-atomically.ts";

export interface OpenedStateFile {
  readonly file: RaftosStateFile;
  /** Undefined if there is nothing to tell. */
  readonly notice: Notice | undefined;
}

/** What a state machine is given: the next entry, or a snapshot to go on from. */
export type Applied = Entry | { readonly kind: "snapshot"; readonly snapshot: Snapshot };

/** What a node can apply at its start: the log, after what a snapshot stands for. */
export type StateSource = Pick<Persistent, "log" | "snapshot">;

/**
 * The `.state_machine` of a node: what it has applied, newest only. There is none before the first
 * command, as with raftos.
 *
 * Which entries are committed is not saved (Figure 2), so a node that starts applies all of them
 * once more, as it learns of them. Meanwhile the file stays what it is until the node has applied
 * what the file holds: a state that was shown is never taken back. With a snapshot it begins with
 * what that holds, and so does the file.
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
   * Keeps the file aside unless the snapshot, or it and some first entries after it, come to what
   * the file holds. Without a snapshot that is the log from its first entry on.
   *
   * Which of the entries are committed is not known here, so one that holds more than that passes.
   * Several prefixes may come to the same; the longest counts, or the file could go back to between
   * them. A state from before the snapshot cannot be compared with anything, so it is kept as well.
   */
  static async open(path: string, source: StateSource): Promise<OpenedStateFile> {
    const found = await find(readState(path, source));
    const held = found.kind === "found" ? await lastHeld(found.value, source) : undefined;
    const isWrong = found.kind !== "absent" && held === undefined;
    const notice = isWrong ? await keepAside(path) : undefined;
    const file = new RaftosStateFile(path, held ?? 0);
    const { snapshot } = source;
    if (snapshot === undefined) return { file, notice };
    await file.#restore(snapshot);
    const isWritten = await file.#write();
    return { file, notice: notice ?? (isWritten ? completed(path) : undefined) };
  }

  /** Goes on from a snapshot, unless more has been applied already. */
  async #restore({ index, data }: Snapshot): Promise<void> {
    if (index <= this.#lastApplied) return;
    const isState = await paced(this.#machine.restoring(data));
    if (!isState) throw new Error("the snapshot holds no state");
    this.#lastApplied = index;
    this.#isDue = index > this.#heldIndex && this.#machine.values.size > 0;
  }

  /** The entries from `from` on are gone. If the file held one of them, it is none to wait for. */
  truncate(from: LogIndex): void {
    if (from > this.#heldIndex) return;
    this.#heldIndex = 0;
    this.#isDue = this.#machine.values.size > 0;
  }

  /** Applies what comes next, then writes what has changed. */
  async apply(applied: readonly Applied[]): Promise<void> {
    const pace = new Pace();
    for (const entry of applied) {
      if (entry.kind === "snapshot") {
        await this.#restore(entry.snapshot);
        continue;
      }
      this.#lastApplied++;
      if (entry.kind !== "command") continue;
      this.#machine.apply(entry.command);
      this.#isDue ||= this.#lastApplied > this.#heldIndex;
      if (pace.isOver) await pace.rest();
    }
    await this.#write();
  }

  /** Writes what has changed, and answers whether anything has. */
  async #write(): Promise<boolean> {
    if (!this.#isDue) return false;
    this.#isDue = false;
    try {
      await replaceFile(this.#path, this.#machine.text());
      return true;
    } catch (error) {
      this.#isDue = true;
      throw error;
    }
  }
}

/** The text of the file; undefined if it is longer than any state that the log can come to. */
async function readState(path: string, source: StateSource): Promise<string | undefined> {
  const file = await openRegular(path, "read");
  try {
    const { size } = await file.stat();
    // Every member of a state stands in the snapshot or in some command.
    const { log, snapshot } = source;
    let longest = 2 + (snapshot?.data.length ?? 0);
    for (
      let index = (snapshot?.index ?? 0) + 1;
      index <= lastIndex(log) && longest < size;
      index++
    ) {
      const entry = entryAt(log, index);
      if (entry?.kind === "command") longest += entry.command.length;
    }
    // It is ASCII. Read like this, a byte that is not cannot pass for a letter.
    return size > longest ? undefined : await file.readFile("latin1");
  } finally {
    await file.close();
  }
}

/**
 * The last command with which the log comes to this state; that is the index of the snapshot if it
 * holds this state, and 0 for the empty state without one.
 */
export async function lastHeld(
  text: string | undefined,
  { log, snapshot }: StateSource,
): Promise<LogIndex | undefined> {
  // An empty file is what a crash can leave of a replaced one. Nobody wrote anything in it.
  if (text === "") return 0;
  const pace = new Pace();
  const state = text === undefined ? undefined : await paced(readingMembers(text), pace);
  if (state === undefined) return undefined;

  const comparison = new StateComparison(state);
  let held: LogIndex | undefined;
  if (snapshot !== undefined) {
    const values = await paced(readingMembers(snapshot.data), pace);
    if (values === undefined) return undefined;
    for (const [name, value] of values) {
      if (!comparison.set(name, value)) return undefined;
      if (pace.isOver) await pace.rest();
    }
  }
  const start = snapshot?.index ?? 0;
  if (comparison.isEqual) held = start;
  for (let index = start + 1; index <= lastIndex(log); index++) {
    const entry = entryAt(log, index);
    if (entry?.kind !== "command") continue;
    for (const [name, value] of membersOfCommand(entry.command)) {
      if (!comparison.set(name, value)) return held;
    }
    if (comparison.isEqual) held = index;
    if (pace.isOver) await pace.rest();
  }
  return held;
}

/** Values that are set one after another, compared with those of a state. */
class StateComparison {
  readonly #state: ReadonlyMap<string, string>;
  readonly #names: readonly string[];
  readonly #values = new Map<string, string>();
  /** How many names have the value that they have in the state. */
  #equal = 0;

  constructor(state: ReadonlyMap<string, string>) {
    this.#state = state;
    this.#names = [...state.keys()];
  }

  get isEqual(): boolean {
    return this.#equal === this.#state.size && this.#values.size === this.#state.size;
  }

  /** False if the state can no longer come of it: no name ever leaves it, nor its place. */
  set(name: string, value: string): boolean {
    const before = this.#values.get(name);
    if (before === undefined && this.#names[this.#values.size] !== name) return false;
    if (before === this.#state.get(name)) this.#equal--;
    if (value === this.#state.get(name)) this.#equal++;
    this.#values.set(name, value);
    return true;
  }
}
