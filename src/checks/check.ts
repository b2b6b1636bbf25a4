import { invariant } from "../raft/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import { Seen, type EventOf } from "./seen.ts";

/** A property of a trace, watched one event at a time, so it works on a live stream too. */
export interface Check {
  readonly id: string;
  /** What holds of every trace of a correct cluster. */
  readonly claim: string;
  /** Where the paper says so: `§5.2`. */
  readonly section: string;
  /** Starts to watch one trace; `seen` tells its state, the event at hand included. */
  watch(seen: Seen): Handlers;
}

/** What a check does with the kinds of events that it looks at. It is called for no others. */
export type Handlers = { readonly [K in Kind]?: Handler<K> };

type Kind = TraceEvent["kind"];
type Handler<K extends Kind> = (event: EventOf<K>, found: Found) => void;
export type Found = (violation: Violation) => void;

/** What a check has against the event at hand. */
export interface Violation {
  /** The term, the index or the node that it is about. One finding about each is enough. */
  readonly about: string | number;
  readonly text: string;
  /** Earlier events that prove it. */
  readonly because: readonly TraceEvent[];
}

/** What a check found, as its readers get it. */
export interface Finding {
  /** The id of the check. */
  readonly check: string;
  readonly text: string;
  /** The event that showed it. */
  readonly at: TraceEvent;
  /** The earlier events that prove it, oldest first. */
  readonly because: readonly TraceEvent[];
}

/** How many findings of one check are kept; the rest are only counted. */
export const findingLimit = 100;

/** Runs checks over a trace, live or stored, and keeps what they find. */
export class Checker {
  readonly #seen = new Seen();
  readonly #watchers: readonly Watcher[];
  readonly #calls = new Map<Kind, readonly Call[]>();
  readonly #onFinding: (finding: Finding) => void;
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<string, number>();
  #event: TraceEvent | undefined;

  constructor(checks: readonly Check[], onFinding: (finding: Finding) => void = () => {}) {
    this.#onFinding = onFinding;
    this.#watchers = checks.map((check) => {
      const about = new Set<string | number>();
      const found = (violation: Violation) => this.#note(check, violation, about);
      return { handlers: check.watch(this.#seen), found };
    });
  }

  /** One finding for each thing that a check found fault with, in the order of the trace. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** How often each check found fault, with those times that are not among the findings. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The next event of the trace. */
  take(event: TraceEvent): void {
    this.#event = event;
    this.#seen.take(event);
    for (const call of this.#callsFor(event.kind)) call(event);
  }

  #callsFor(kind: Kind): readonly Call[] {
    let calls = this.#calls.get(kind);
    if (calls === undefined) {
      calls = this.#watchers.flatMap(({ handlers, found }) => callOf(kind, handlers[kind], found));
      this.#calls.set(kind, calls);
    }
    return calls;
  }

  #note(check: Check, { about, text, because }: Violation, known: Set<string | number>): void {
    const at = this.#event;
    invariant(at !== undefined, "a check speaks about an event only");
    this.#counts.set(check.id, (this.#counts.get(check.id) ?? 0) + 1);
    if (known.has(about) || known.size >= findingLimit) return;
    known.add(about);
    const proof = [...new Set(because)].toSorted((one, other) => one.seq - other.seq);
    const finding = { check: check.id, text, at, because: proof };
    this.#findings.push(finding);
    this.#onFinding(finding);
  }
}

interface Watcher {
  readonly handlers: Handlers;
  readonly found: Found;
}

type Call = (event: TraceEvent) => void;

/** The call that hands an event of `kind` to the handler, if there is one. */
function callOf<K extends Kind>(kind: K, given: Handlers[K], found: Found): readonly Call[] {
  const handler: Handler<K> | undefined = given;
  if (handler === undefined) return [];
  return [
    (event) => {
      if (isOfKind(event, kind)) handler(event, found);
    },
  ];
}

function isOfKind<K extends Kind>(event: TraceEvent, kind: K): event is EventOf<K> {
  return event.kind === kind;
}
