import { membersOf } from "../cluster/index.ts";
import { emptyLog, entryAt, sameEntry, slice, type Log, type LogIndex } from "../raft/index.ts";
import { placeOf } from "./growing.ts";

/** A value that a name was set to, and by which entry. */
interface Setting {
  readonly index: LogIndex;
  readonly value: string;
}

/**
 * What one node's state machine held after any prefix of its log.
 *
 * The same as a `StateMachine` that has applied the prefix. It reads each command once, however
 * often one travels over it: every value stands with the index that set it.
 */
export class AppliedState {
  /** In the order in which they were first set, which is the order of the state machine. */
  readonly #settings = new Map<string, Setting[]>();
  #log = emptyLog;
  #read: LogIndex = 0;

  /** The first `limit` names with their values, as JSON, once all up to `applied` are applied. */
  valuesAt(log: Log, applied: LogIndex, limit: number): ReadonlyMap<string, string> {
    this.#follow(log, applied);
    const values = new Map<string, string>();
    for (const [name, settings] of this.#settings) {
      if (values.size >= limit) break;
      const setting = settings[placeOf(settings, ({ index }) => index > applied) - 1];
      // The names that follow were first set later still.
      if (setting === undefined) break;
      values.set(name, setting.value);
    }
    return values;
  }

  #follow(log: Log, applied: LogIndex): void {
    const common = Math.min(applied, this.#read);
    const [known, asked] = [entryAt(this.#log, common), entryAt(log, common)];
    // Logs with the same entry at an index agree on all before it (§5.3). What was read beyond
    // `applied` of another version may differ, and is read again when it is asked for.
    const isSame = common === 0 || (known && asked && sameEntry(known, asked)) === true;
    if (!isSame) this.#forget();
    if (applied <= this.#read) return;
    for (const [at, entry] of slice(log, this.#read + 1, applied).entries()) {
      if (entry.kind !== "command") continue;
      const index = this.#read + 1 + at;
      for (const [name, value] of membersOf(entry.command) ?? []) this.#set(name, index, value);
    }
    this.#log = log;
    this.#read = applied;
  }

  #set(name: string, index: LogIndex, value: string): void {
    const settings = this.#settings.get(name);
    if (settings === undefined) this.#settings.set(name, [{ index, value }]);
    else settings.push({ index, value });
  }

  #forget(): void {
    this.#settings.clear();
    this.#log = emptyLog;
    this.#read = 0;
  }
}
