import { Checker, checks, type Finding } from "../checks/index.ts";
import type { Action } from "../cluster/index.ts";
import {
  logOf,
  type Entry,
  type LogIndex,
  type Millis,
  type NodeId,
  type Persistent,
  type RaftState,
  type Term,
} from "../raft/index.ts";
import { Chance, Simulator, type Slowness } from "../simulator/index.ts";
import type { ActionId, TraceEvent } from "../trace/index.ts";
import { Links } from "./links.ts";
import type { Choice, Nodes, NodeSet, Scenario, WeatherName } from "./scenario.ts";
import { weatherOf } from "./weathers.ts";
import { Witness, type Fate } from "./witness.ts";

/** What a scenario may take: with a bug in the nodes, their messages could beget ever more. */
export const eventLimit = 2_000_000;

/** The cluster of a scenario, with the words of the scenario for what is done to it. */
export class Stage {
  readonly chance: Chance;
  readonly links: Links;
  readonly witness: Witness;
  readonly #simulator: Simulator;
  readonly #checker = new Checker(checks);
  readonly #names = new Map<string, readonly NodeId[]>();
  readonly #reads = new Map<NodeId, { readonly id: ActionId; readonly name: string }>();
  #slowness: readonly Slowness[] = [];
  #actions = 0;
  #commands = 0;

  constructor(scenario: Scenario, listener: (event: TraceEvent) => void) {
    const { seed, size, timing, extensions, snapshots } = scenario;
    // Not the seed itself: the simulator draws from that.
    this.chance = new Chance(seed ^ 0x5ce11a);
    const starts = [...scenario.nodes];
    this.#simulator = new Simulator({
      seed,
      size,
      timing,
      extensions,
      ...snapshots,
      weather: weatherOf("calm", []).weather,
      saved: new Map(starts.map(([id, { log, currentTerm }]) => [id, diskOf(log, currentTerm)])),
      timings: new Map(
        starts.flatMap(([id, { electionTimeoutMillis }]) =>
          electionTimeoutMillis === null ? [] : [[id, { ...timing, electionTimeoutMillis }]],
        ),
      ),
    });
    this.links = new Links(() => this.members);
    this.witness = new Witness((id) => this.stateOf(id));
    this.setWeather(scenario.weather);
    this.#simulator.subscribe((event) => {
      this.#checker.take(event);
      this.witness.take(event);
      listener(event);
    });
  }

  /** The nodes that there are now. */
  get members(): readonly NodeId[] {
    return this.#simulator.members.map(({ id }) => id);
  }

  get now(): Millis {
    return this.#simulator.now;
  }

  get eventCount(): number {
    return this.#simulator.eventCount;
  }

  /** Nothing happens any more, and no time passes. */
  get isExhausted(): boolean {
    return this.eventCount > eventLimit;
  }

  get findings(): readonly Finding[] {
    return this.#checker.findings;
  }

  /** The whole state of a node; undefined while it is down. */
  stateOf(id: NodeId): RaftState | undefined {
    return this.#simulator.stateOf(id);
  }

  isUp(id: NodeId): boolean {
    return this.stateOf(id) !== undefined;
  }

  run(millis: Millis, enough: () => boolean = () => false): void {
    this.#simulator.runUntil(this.now + millis, () => enough() || this.isExhausted);
  }

  /** Who leads, of those that are up and not isolated; if several say so, in the newest term. */
  leader(): NodeId | undefined {
    let leader: RaftState | undefined;
    for (const id of this.members) {
      const state = this.stateOf(id);
      if (state?.role.kind !== "leader" || this.links.isIsolated(id)) continue;
      if (leader === undefined || state.currentTerm > leader.currentTerm) leader = state;
    }
    return leader?.id;
  }

  name(name: string, nodes: readonly NodeId[]): void {
    this.#names.set(name, nodes);
  }

  /** The nodes as they are chosen now, each once, in the order of the text. */
  choose({ of, except }: Nodes): readonly NodeId[] {
    const left = new Set(except.flatMap((choice) => this.#chosen(choice)));
    return [...new Set(of.flatMap((choice) => this.#chosen(choice)))].filter((id) => !left.has(id));
  }

  of(set: NodeSet): readonly NodeId[] {
    const leader = this.leader();
    return this.members.filter((id) => {
      const isConnected = !this.links.isIsolated(id);
      const isIn: Record<NodeSet, boolean> = {
        all: true,
        up: this.isUp(id),
        down: !this.isUp(id),
        connected: isConnected,
        isolated: !isConnected,
        leader: id === leader,
        followers: isConnected && this.isUp(id) && id !== leader,
      };
      return isIn[set];
    });
  }

  /** Does it at once; answers what is known of it then. */
  act(action: Action): Fate | undefined {
    const id = this.#nextAction();
    this.#simulator.act(id, action);
    this.run(0);
    return this.witness.fateOf(id);
  }

  /** Hands a command to a node; answers how to ask what became of it. */
  submit(node: NodeId, command: string): () => Fate | undefined {
    const id = this.#nextAction();
    this.witness.submitted(id, command);
    this.#simulator.act(id, { kind: "submit", node, command });
    return () => this.witness.fateOf(id);
  }

  /** Asks a node for the value of a name. */
  read(node: NodeId, name: string): void {
    const id = this.#nextAction();
    this.#reads.set(node, { id, name });
    this.#simulator.act(id, { kind: "read", node, name });
  }

  /** The newest read at a node, and what is known of it. */
  readAt(node: NodeId): { readonly name: string; readonly fate: Fate | undefined } | undefined {
    const read = this.#reads.get(node);
    return read && { name: read.name, fate: this.witness.fateOf(read.id) };
  }

  /** A command that there has not been in this scenario, of so many bytes at least. */
  newCommand(bytes: number): string {
    const bare = `{"c": ${++this.#commands}}`;
    return `${bare.slice(0, -1)}${" ".repeat(Math.max(0, bytes - bare.length))}}`;
  }

  setWeather(name: WeatherName): void {
    const { weather, slowness } = weatherOf(name, this.members);
    this.#simulator.weather = weather;
    this.#slowness = slowness;
    this.#simulator.slowness = slowness;
  }

  slow(slowness: Slowness): void {
    this.#slowness = [...this.#slowness, slowness];
    this.#simulator.slowness = this.#slowness;
  }

  /** Cuts and heals the links until they are as `links` has them. */
  relink(isCutNow: ReadonlySet<string>): ReadonlySet<string> {
    const cut = new Set<string>();
    for (const { from, to, isCut } of this.links.all()) {
      const name = `${from} ${to}`;
      if (isCut) cut.add(name);
      if (isCut === isCutNow.has(name)) continue;
      this.act({ kind: isCut ? "cutLink" : "healLink", from, to });
    }
    return cut;
  }

  #nextAction(): string {
    return `a${this.#actions++}`;
  }

  #chosen(choice: Choice): readonly NodeId[] {
    switch (choice.kind) {
      case "name":
        return this.#names.get(choice.name) ?? [choice.name];
      case "set":
        return this.of(choice.set);
      default:
        return this.#drawn(choice.count, this.of(choice.set));
    }
  }

  #drawn(count: number, from: readonly NodeId[]): readonly NodeId[] {
    const left = [...from];
    const drawn: NodeId[] = [];
    while (drawn.length < count && left.length > 0) {
      drawn.push(...left.splice(this.chance.below(left.length), 1));
    }
    return drawn;
  }
}

/** The same index and term are the same entry on every node, as Log Matching has it (§5.3). */
function diskOf(terms: readonly Term[], currentTerm: Term): Persistent {
  const entries = terms.map((term, at) => entryOf(at + 1, term));
  return { currentTerm, votedFor: null, log: logOf(entries) };
}

function entryOf(index: LogIndex, term: Term): Entry {
  return { kind: "command", term, command: `{"entry": "${index} of term ${term}"}` };
}
