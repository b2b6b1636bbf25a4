import type { Action, Member } from "../cluster/index.ts";
import { invariant, type LogIndex, type NodeId, type Term, type Timing } from "../raft/index.ts";
import { fairWeather, Simulator } from "../simulator/index.ts";
import {
  emptyView,
  viewAfter,
  type ClusterView,
  type NodeEvent,
  type NodeView,
  type TraceEvent,
} from "../trace/index.ts";

/** A run worth seeing, and where in it the guided tour stops. */
export interface RecordedTour {
  readonly seed: number;
  readonly members: readonly Member[];
  readonly timing: Timing;
  readonly events: readonly TraceEvent[];
  /** How many events have happened at each stop. */
  readonly seqs: Readonly<Record<StopId, number>>;
  readonly cast: Cast;
}

/** The stops, in order. */
export const stopIds = [
  "start",
  "candidate",
  "votes",
  "leader",
  "heartbeats",
  "copies",
  "committed",
  "known",
  "crash",
  "secondCandidate",
  "secondLeader",
  "goesOn",
  "returns",
  "end",
] as const;

export type StopId = (typeof stopIds)[number];

/** Who did what in the run, for the texts to name. */
export interface Cast {
  /** The leader of the first term; it crashes and returns. */
  readonly first: NodeId;
  readonly firstTerm: Term;
  /** Whom its request for a vote reached first. */
  readonly firstAsked: NodeId;
  /** Whose vote it got first. */
  readonly firstVoter: NodeId;
  /** The first follower to have the client's entry. */
  readonly firstCopy: NodeId;
  /** Where the client's two entries stand. */
  readonly entry: LogIndex;
  readonly secondEntry: LogIndex;
  readonly second: NodeId;
  readonly secondTerm: Term;
}

/** In this run one node stands alone in each of the two elections, so that nothing distracts. */
const tourSeed = 2;
const size = 5;
/** As in the preset `watch`: slow enough to follow a message with the eye. */
const timing: Timing = { electionTimeoutMillis: { min: 1200, max: 4800 }, heartbeatMillis: 600 };
const weather = { ...fairWeather, delay: { min: 300, max: 600 }, disk: { min: 10, max: 30 } };
/** How long what is waited for may take. */
const patienceMillis = 20_000;
/** How long nothing in particular happens before the script goes on, so that one sees it coming. */
const breathMillis = 1500;

/** Runs it: the same every time. Each step is a few milliseconds of work at most. */
export function* recordTour(seed = tourSeed): Generator<void, RecordedTour> {
  const simulator = new Simulator({ seed, size, timing, weather });
  const recording = new Recording(simulator);
  const told = yield* play(recording);
  return { seed, members: simulator.members, timing, events: recording.events, ...told };
}

/** What happens in the tour, in order. */
function* play(run: Recording): Generator<void, Pick<RecordedTour, "seqs" | "cast">> {
  const start = run.until(({ nodes }) => nodes.size === size);
  yield;

  const { node: first, term: firstTerm } = run.untilStands();
  const firstAsked = run.untilVotes(first, firstTerm);
  const candidate = run.count;
  const firstVoter = run.untilHeard(first);
  const votes = run.count;
  const leader = run.until(() => run.node(first).role === "leader");
  yield;
  // With no entries in it: what a new leader sends first carries one of its own.
  run.until(() => run.everyUp(({ commitIndex }) => commitIndex >= 1));
  const heartbeats = run.untilHeartbeat(first);
  yield;

  const entry = run.submit(first, '{"x": 1}');
  const firstCopy = run.untilCopied(first, entry);
  const copies = run.count;
  const committed = run.until(() => run.node(first).commitIndex >= entry);
  const known = run.until(() => run.everyUp(({ lastApplied }) => lastApplied >= entry));
  yield;

  run.breathe();
  const crash = run.act({ kind: "crash", node: first });
  const { node: second, term: secondTerm } = run.untilStands();
  run.untilVotes(second, secondTerm);
  const secondCandidate = run.count;
  const secondLeader = run.until(() => run.node(second).role === "leader");
  yield;
  run.until(() => run.everyUp(({ commitIndex }) => commitIndex > entry));
  yield;
  const secondEntry = run.submit(second, '{"x": 2}');
  const goesOn = run.until(() => run.everyUp(({ lastApplied }) => lastApplied >= secondEntry));
  yield;

  run.breathe();
  const returns = run.act({ kind: "restart", node: first });
  const end = run.until(() => run.everyUp(({ lastApplied }) => lastApplied >= secondEntry));
  // The end is a moment like the others: time goes on after it.
  run.breathe();
  return {
    seqs: {
      start,
      candidate,
      votes,
      leader,
      heartbeats,
      copies,
      committed,
      known,
      crash,
      secondCandidate,
      secondLeader,
      goesOn,
      returns,
      end,
    },
    cast: {
      first,
      firstTerm,
      firstAsked,
      firstVoter,
      firstCopy,
      entry,
      secondEntry,
      second,
      secondTerm,
    },
  };
}

/** A simulation under way, and what has happened in it. Whatever waits answers with the moment. */
class Recording {
  readonly events: TraceEvent[] = [];
  readonly #simulator: Simulator;
  #view: ClusterView = emptyView;
  #actions = 0;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
    simulator.subscribe((event) => {
      this.events.push(event);
      this.#view = viewAfter(this.#view, event);
    });
  }

  /** How many events have happened. */
  get count(): number {
    return this.events.length;
  }

  node(id: NodeId): NodeView {
    const node = this.#view.nodes.get(id);
    invariant(node !== undefined, `${id} was started`);
    return node;
  }

  /** Whether it is so of every node that is up. */
  everyUp(isSo: (node: NodeView) => boolean): boolean {
    return [...this.#view.nodes.values()].every(
      (node) => node.life.kind !== "running" || isSo(node),
    );
  }

  until(isSo: (view: ClusterView) => boolean): number {
    const { now } = this.#simulator;
    this.#simulator.runUntil(now + patienceMillis, () => isSo(this.#view));
    invariant(isSo(this.#view), "the tour goes as its script says");
    return this.count;
  }

  breathe(): void {
    this.#simulator.runUntil(this.#simulator.now + breathMillis);
  }

  act(action: Action): number {
    this.#simulator.act(`tour ${++this.#actions}`, action);
    this.#simulator.runUntil(this.#simulator.now);
    return this.count;
  }

  /** Gives a command to a leader; answers the index it was given. */
  submit(node: NodeId, command: string): LogIndex {
    this.act({ kind: "submit", node, command });
    return this.node(node).log.length;
  }

  /** Somebody becomes a candidate. */
  untilStands(): { readonly node: NodeId; readonly term: Term } {
    return this.#untilEvent((event) =>
      event.kind === "roleChanged" && event.role === "candidate"
        ? { node: event.node, term: event.term }
        : undefined,
    );
  }

  /** One of its requests for votes arrives, while the others are on their way; answers where. */
  untilVotes(candidate: NodeId, term: Term): NodeId {
    return this.#untilEvent((event) =>
      event.kind === "voted" &&
      event.candidate === candidate &&
      event.node !== candidate &&
      event.term === term
        ? event.node
        : undefined,
    );
  }

  /** The first vote of another node reaches the candidate; answers whose. */
  untilHeard(candidate: NodeId): NodeId {
    const votes = (): readonly NodeId[] => {
      const role = this.#simulator.stateOf(candidate)?.role;
      return role?.kind === "candidate" ? [...role.votes].filter((id) => id !== candidate) : [];
    };
    this.until(() => votes().length > 0);
    return votes()[0] ?? candidate;
  }

  /** A follower gets an AppendEntries without entries while others are on their way. */
  untilHeartbeat(leader: NodeId): number {
    const beats = new Set<number>();
    this.#untilEvent((event) => {
      if (event.kind === "sent" && event.node === leader) {
        const { message } = event;
        if (message.kind === "AppendEntries" && message.entries.length === 0) beats.add(event.id);
      }
      return event.kind === "received" && beats.has(event.id) ? true : undefined;
    });
    return this.count;
  }

  /** The entry that a leader has at `index` comes into another log; answers into whose. */
  untilCopied(leader: NodeId, index: LogIndex): NodeId {
    const copy = (): NodeView | undefined =>
      [...this.#view.nodes.values()].find(({ id, log }) => id !== leader && log.length >= index);
    this.until(() => copy() !== undefined);
    return copy()?.id ?? leader;
  }

  /** Waits for the first event from now on of which `look` makes something. */
  #untilEvent<Found>(look: (event: NodeEvent) => Found | undefined): Found {
    let looked = this.count;
    let found: Found | undefined;
    this.until(() => {
      for (; looked < this.count && found === undefined; looked++) {
        const event = this.events[looked];
        if (event !== undefined && event.node !== null) found = look(event);
      }
      return found !== undefined;
    });
    invariant(found !== undefined, "the tour goes as its script says");
    return found;
  }
}
