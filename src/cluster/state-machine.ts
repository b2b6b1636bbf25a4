import { readingMembers } from "./members-of-state.ts";
import { isJson, membersOf, objectText } from "./python-json.ts";

/**
 * What a node has applied so far: every name that was ever set, with its last value.
 *
 * It does with a command what raftos does, `dict.update`: a new name goes to the end, a known one
 * stays in its place. Values are the texts that stood in the commands, because reading them into
 * numbers could change them.
 */
export class StateMachine {
  readonly #values = new Map<string, string>();

  /** The value of each name, as JSON in the way of Python. It goes on changing with `apply`. */
  get values(): ReadonlyMap<string, string> {
    return this.#values;
  }

  /**
   * Costs what the command is long, however much has been applied before. What is no command
   * changes nothing, and does so on every node.
   */
  apply(command: string): void {
    for (const [name, value] of membersOf(command) ?? []) this.#values.set(name, value);
  }

  /** All that `restore` needs to go on from here: the data of a snapshot (§7). */
  snapshot(): string {
    return this.text();
  }

  /** Becomes what it was when the snapshot was taken. False, and unchanged, if `data` is none. */
  restore(data: string): boolean {
    if (!isJson(data)) return false;
    const steps = this.restoring(data);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** The same in many short steps, for data that is known to be JSON. */
  *restoring(data: string): Generator<void, boolean> {
    // A state is longer than any command, and nothing in it needs to be put into another form.
    const values = yield* readingMembers(data);
    if (values === undefined) return false;
    this.#values.clear();
    for (const [name, value] of values) {
      this.#values.set(name, value);
      yield;
    }
    return true;
  }

  /**
   * All values as one JSON object, without a newline: what raftos has in `.state_machine`.
   *
   * Before the first command this is `{}`, but raftos has no such file then: it creates it when it
   * applies its first entry. Costs what all values together are long, so ask once per write.
   */
  text(): string {
    return objectText(this.#values);
  }
}
