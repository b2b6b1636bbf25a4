import type { Finding } from "../checks/index.ts";
import { invariant, type Millis, type NodeId } from "../raft/index.ts";
import type { MessageId, TraceEvent } from "../trace/index.ts";
import { AppliedState } from "./applied-state.ts";
import { Commits, type Commit } from "./commits.ts";
import { placeOf } from "./growing.ts";
import type { Member } from "../cluster/index.ts";
import { Journeys, type Around, type Journey } from "./journeys.ts";
import { Members } from "./members.ts";
import { beginning, type Moment } from "./moment.ts";
import { Scene } from "./scene.ts";
import { standingOf, type Standing } from "./standing.ts";
import { Tape } from "./tape.ts";

export interface ExplorationOptions {
  /** How many events are kept at least; the oldest go when there are a few more. */
  readonly keep?: number;
}

/** How many events lie between two moments that are kept: what travelling has to go through. */
const chunkSize = 512;

interface Chunk {
  readonly from: Moment;
  readonly events: TraceEvent[];
}

/**
 * One source being explored: its trace, as far back as is kept, and what is folded from it.
 *
 * A moment is named by how many events have happened by then. The trace lies in chunks, each of
 * which begins with all that was known at its start: so a moment costs one chunk at most, and a
 * long run lets go of its oldest chunks whole.
 */
export class Exploration {
  readonly #keep: number;
  readonly #tape = new Tape();
  readonly #journeys = new Journeys();
  readonly #commits = new Commits();
  readonly #members = new Members();
  readonly #findings: Finding[] = [];
  readonly #applied = new Map<NodeId, AppliedState>();
  readonly #newest = new Scene();
  readonly #inFlight = (id: MessageId) => this.#newest.message(id);
  readonly #messageOf = (id: MessageId) => this.#journeys.message(id);
  #chunks: Chunk[] = [{ from: beginning, events: [] }];
  /** Stands at the moment last asked for: the next one is most often a little after it. */
  #looked: Scene | undefined;
  #latest: Moment | undefined = beginning;

  constructor({ keep = 200_000 }: ExplorationOptions = {}) {
    this.#keep = keep;
  }

  /** The run at a glance. */
  get tape(): Pick<Tape, "terms" | "marks" | "lanes"> {
    return this.#tape;
  }

  /** How many events there were: the moment after the last of them. */
  get count(): number {
    return this.#newest.seq;
  }

  /** When the last of them was. */
  get end(): Millis {
    return this.#newest.time;
  }

  /** The first moment that can still be travelled to. */
  get start(): { readonly seq: number; readonly time: Millis } {
    const { from, events } = this.#firstChunk;
    return { seq: from.seq, time: from.seq === 0 ? (events[0]?.time ?? 0) : from.time };
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** The next event of the trace. */
  take(event: TraceEvent): void {
    invariant(event.seq === this.count, "a trace is taken event by event, from its first");
    this.#chunkForNext().events.push(event);
    const before = this.#newest.view;
    this.#newest.take(event);
    const { view } = this.#newest;
    this.#journeys.take(event, this.#inFlight);
    this.#tape.take(event, before, view);
    this.#commits.take(event, view);
    this.#members.take(event);
    this.#latest = undefined;
  }

  /** What a check found, about an event that was taken. */
  note(finding: Finding): void {
    this.#findings.push(finding);
    this.#tape.note(finding);
  }

  /** What was known after `seq` events; the nearest moment there is, if that is out of reach. */
  moment(seq: number): Moment {
    const wanted = this.#within(seq);
    if (wanted === this.count) return (this.#latest ??= this.#newest.moment());
    const { from } = this.#chunkOf(wanted);
    let scene = this.#looked;
    if (scene === undefined || scene.seq > wanted || scene.seq < from.seq) {
      scene = new Scene(from, this.#messageOf);
    }
    for (const event of this.events(scene.seq, wanted)) scene.take(event);
    this.#looked = scene;
    return scene.moment();
  }

  /** The events between two moments. */
  events(from: number, to: number): readonly TraceEvent[] {
    const [first, last] = [this.#within(from), this.#within(to)];
    const found: TraceEvent[] = [];
    for (let at = this.#placeOf(first); at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at];
      if (chunk === undefined || chunk.from.seq >= last) break;
      const begin = Math.max(first - chunk.from.seq, 0);
      for (const event of chunk.events.slice(begin, last - chunk.from.seq)) found.push(event);
    }
    return found;
  }

  /** The event that led to a moment; undefined of the first moment, and of those out of reach. */
  eventBefore(seq: number): TraceEvent | undefined {
    if (seq <= this.start.seq || seq > this.count) return undefined;
    const chunk = this.#chunkOf(seq - 1);
    return chunk.events[seq - 1 - chunk.from.seq];
  }

  /** The moment after everything that happened until `time`. */
  seqAt(time: Millis): number {
    const place = placeOf(this.#chunks, ({ events }) => (events[0]?.time ?? Infinity) > time);
    const { from, events } = this.#chunks[place - 1] ?? this.#firstChunk;
    return from.seq + placeOf(events, (event) => event.time > time);
  }

  /** The time of a moment. */
  timeAt(seq: number): Millis {
    return this.eventBefore(this.#within(seq))?.time ?? this.start.time;
  }

  /** The next moment that is marked on the tape, or the last before; undefined if there is none. */
  nextInteresting(seq: number, direction: 1 | -1): number | undefined {
    return this.#tape.next(seq, direction)?.seq;
  }

  /** Messages that were on their way around a time, the nearest to it if they are many. */
  strands(around: Around): readonly Journey[] {
    return this.#journeys.around(around);
  }

  /** The newest messages that were sent between two moments. */
  sentBetween(from: number, to: number, limit: number): readonly Journey[] {
    return this.#journeys.sentBetween(from, to, limit);
  }

  /** A message by its id, with the end that it came to, be that later than where one stands. */
  journey(id: MessageId): Journey | undefined {
    return this.#journeys.of(id);
  }

  /** Who belongs to the cluster at a moment, when these were its members before the first event. */
  membersAt(seq: number, first: readonly Member[]): readonly Member[] {
    return this.#members.at(seq, first);
  }

  /** A node that was added to the cluster, whether it is still there or not. */
  newcomer(node: NodeId): Member | undefined {
    return this.#members.newcomer(node);
  }

  /** What first made all entries up to an index known to be committed, if that is still known. */
  commitOf(index: number): Commit | undefined {
    return this.#commits.of(index);
  }

  /** Whether the entry at an index is committed at a moment, and why or why not. */
  standingOf(index: number, moment: Moment): Standing {
    return standingOf(index, moment, this.commitOf(index));
  }

  /** What a node's state machine holds at a moment: its first names, with their values as JSON. */
  stateMachine(node: NodeId, moment: Moment, limit = Infinity): ReadonlyMap<string, string> {
    const seen = moment.view.nodes.get(node);
    if (seen === undefined) return new Map();
    let applied = this.#applied.get(node);
    if (applied === undefined) this.#applied.set(node, (applied = new AppliedState()));
    return applied.valuesAt(seen.log, seen.lastApplied, limit);
  }

  get #firstChunk(): Chunk {
    const [first] = this.#chunks;
    invariant(first !== undefined, "an exploration always has a chunk");
    return first;
  }

  #within(seq: number): number {
    return Math.min(Math.max(seq, this.#firstChunk.from.seq), this.count);
  }

  /** In which chunk the event after the moment `seq` stands, or will stand. */
  #placeOf(seq: number): number {
    const ahead = seq - this.#firstChunk.from.seq;
    return Math.min(Math.floor(ahead / chunkSize), this.#chunks.length - 1);
  }

  #chunkOf(seq: number): Chunk {
    return this.#chunks[this.#placeOf(seq)] ?? this.#firstChunk;
  }

  #chunkForNext(): Chunk {
    const chunk = this.#chunkOf(this.count);
    if (chunk.events.length < chunkSize) return chunk;
    const next = { from: this.#newest.moment(), events: [] };
    this.#chunks.push(next);
    this.#forget();
    return next;
  }

  #forget(): void {
    const spare = Math.floor((this.count - this.#firstChunk.from.seq - this.#keep) / chunkSize);
    if (spare <= 0) return;
    this.#chunks = this.#chunks.slice(spare);
    const { from } = this.#firstChunk;
    this.#tape.forgetBefore(from.time);
    this.#commits.forgetBefore(from.seq);
    this.#journeys.forgetBefore(from.seq, (id) => from.inFlight.has(id));
  }
}
