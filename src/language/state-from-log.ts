import type { Hash } from "./hash.ts";
import type { ScannedMember } from "./json-scanner.ts";
import type { EntryLine } from "./log-line.ts";

/** Which first entries of a log come to a state: how many, at least and at most. */
export interface Explained {
  readonly least: number;
  readonly most: number;
}

/** The values that a state holds, by name. */
export type StateValues = ReadonlyMap<Hash, ScannedMember>;

/** Undefined if no first entries of the log come to this state. */
export function explain(state: StateValues, entries: readonly EntryLine[]): Explained | undefined {
  const walk = new Walk(state);
  let least: number | undefined = walk.isState ? 0 : undefined;
  let most = 0;
  for (const [at, entry] of entries.entries()) {
    walk.apply(entry);
    if (!walk.isState) continue;
    least ??= at + 1;
    most = at + 1;
  }
  return least === undefined ? undefined : { least, most };
}

/**
 * Whether the state is what raftos leaves on the way when it starts anew: it applies its log from
 * the first entry on to the state that it had before, so some names have early values, and those
 * that it has not come to yet have late ones.
 */
export function isReplay(state: StateValues, entries: readonly EntryLine[]): boolean {
  if (state.size < 2 || state.size > namesLimit) return false;
  for (const { at, names } of earlyMatches(state, entries)) {
    const late = new Map([...state].filter(([name]) => !names.has(name)));
    const walk = new Walk(state);
    for (const [count, entry] of entries.entries()) {
      walk.apply(entry);
      if (count >= at && walk.holdsNames && walk.holds(late)) return true;
    }
  }
  return false;
}

const namesLimit = 16;

/** After how many entries all names set so far have the state's values; the first of each set. */
function earlyMatches(
  state: StateValues,
  entries: readonly EntryLine[],
): readonly { readonly at: number; readonly names: ReadonlySet<Hash> }[] {
  const walk = new Walk(state);
  const found = new Map<number, { at: number; names: ReadonlySet<Hash> }>();
  for (const [at, entry] of entries.entries()) {
    walk.apply(entry);
    const size = walk.names.size;
    if (walk.equal !== size || size >= state.size || found.has(size)) continue;
    found.set(size, { at, names: new Set(walk.names.keys()) });
  }
  return [...found.values()];
}

/** A state machine as hashes, compared with a state while entries are applied. */
class Walk {
  /** How many names have the value that they have in the state. */
  equal = 0;
  readonly #state: StateValues;
  readonly #values = new Map<Hash, Hash>();

  constructor(state: StateValues) {
    this.#state = state;
  }

  apply({ writes }: EntryLine): void {
    for (let at = 0; at < writes.length; at += 2) {
      const [name = 0, value = 0] = [writes[at], writes[at + 1]];
      const wanted = this.#state.get(name)?.valueHash;
      const before = this.#values.get(name);
      if (before === value) continue;
      if (before !== undefined && before === wanted) this.equal--;
      if (value === wanted) this.equal++;
      this.#values.set(name, value);
    }
  }

  get isState(): boolean {
    return this.equal === this.#state.size && this.holdsNames;
  }

  /** Whether as many names are set as the state has; with `equal`, that they are the same. */
  get holdsNames(): boolean {
    return this.#values.size === this.#state.size;
  }

  get names(): ReadonlyMap<Hash, Hash> {
    return this.#values;
  }

  holds(part: StateValues): boolean {
    for (const [name, { valueHash }] of part) {
      if (this.#values.get(name) !== valueHash) return false;
    }
    return true;
  }
}
