import { newestLeader } from "../cluster/index.ts";
import { Checker, checks, type Finding } from "../checks/index.ts";
import {
  entryAt,
  lastIndex,
  membersIn,
  newestConfiguration,
  type LogIndex,
  type NodeId,
} from "../raft/index.ts";
import { Chance, fairWeather, Simulator } from "../simulator/index.ts";
import type { TraceEvent } from "../trace/index.ts";
import { drawClimate, type Storm } from "./climate.ts";
import { FaultCounter, type FaultCounts } from "./fault-counts.ts";
import { ReadJudge } from "./read-judge.ts";
import { drawPartition, shuffled, type Partition, type Shape } from "./partition.ts";

/** What came of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly size: number;
  readonly events: number;
  readonly faults: FaultCounts;
  readonly partitions: Readonly<Record<Shape, number>>;
  /** What the checks found. */
  readonly findings: readonly Finding[];
  /** What was not as it should be once the storm was over. */
  readonly failures: readonly string[];
}

/** How often each node is asked to read in fair weather, and how long it has for it. */
const calmReads = { times: 5, millis: 400 };

/** What a run is to do without, for who cannot follow it. */
export interface SeedLimits {
  /** No node takes snapshots, and nobody is added or removed. */
  readonly isFixed?: boolean;
}

/** After the storm, how long the cluster has to come to rest: 20 of the longest timeouts. */
const calmMillis = 6000;

/**
 * Runs one seed: a storm of faults drawn from it, under every check, then fair weather, in which
 * the cluster must come to agree again on everything that it had acknowledged.
 */
export function runSeed(
  seed: number,
  listener?: (event: TraceEvent) => void,
  limits: SeedLimits = {},
): SeedReport {
  const run = new Run(seed, limits, listener);
  run.storm();
  run.calm();
  return run.report();
}

class Run {
  readonly #seed: number;
  readonly #chance: Chance;
  /** A chance of its own, so that what a seed meant before members changed, it means still. */
  readonly #changing: Chance;
  /** Decides when who reads: of its own, so that the rest of the storm does not depend on it. */
  readonly #reading: Chance;
  readonly #storm: Storm;
  readonly #simulator: Simulator;
  readonly #checker = new Checker(checks);
  readonly #counter = new FaultCounter();
  readonly #reads = new ReadJudge();
  readonly #acknowledged = new Map<string, LogIndex>();
  readonly #commands = new Map<string, string>();
  readonly #partitions: Record<Shape, number>;
  readonly #failures: string[] = [];
  #partition: (Partition & { readonly until: number }) | undefined;
  #actions = 0;

  constructor(
    seed: number,
    { isFixed = false }: SeedLimits,
    listener?: (event: TraceEvent) => void,
  ) {
    this.#seed = seed;
    // Not the seed itself: the simulator draws from that.
    this.#chance = new Chance(seed ^ 0x5eed);
    this.#changing = new Chance(seed ^ 0xc4a9);
    this.#reading = new Chance(seed ^ 0x4ead);
    const { options: drawn, storm } = drawClimate(seed, this.#chance);
    const { snapshots: _, chunkCharacters: _unused, ...fixed } = drawn;
    const options = isFixed ? fixed : drawn;
    this.#storm = isFixed ? { ...storm, membership: 0 } : storm;
    this.#partitions = { isolated: 0, halves: 0, bridge: 0, ring: 0, oneWay: 0 };
    this.#simulator = new Simulator(options);
    this.#simulator.subscribe((event) => {
      this.#checker.take(event);
      this.#counter.take(event);
      this.#reads.take(event);
      if (event.kind === "failed") {
        const { failure } = event;
        const why = failure.kind === "invariant" ? failure.claim : failure.kind;
        this.#failures.push(`invariant: ${event.node} contradicts itself: ${why}`);
      }
      if (event.kind === "answered" && event.answer.kind === "committed") {
        this.#acknowledged.set(event.action, event.answer.index);
      }
      listener?.(event);
    });
  }

  storm(): void {
    const { millis, turn } = this.#storm;
    while (this.#simulator.now < millis) {
      this.#simulator.runUntil(this.#simulator.now + this.#chance.within(turn));
      this.#disturb();
    }
  }

  /** Everything is mended; a leader is found, and what it is given is committed on every node. */
  calm(): void {
    const simulator = this.#simulator;
    simulator.weather = fairWeather;
    this.#heal();
    // A crash may be asked for and not yet done.
    simulator.runUntil(simulator.now);
    for (const node of this.#down()) this.#act({ kind: "restart", node });
    const end = simulator.now + calmMillis;
    while (simulator.now < end && !this.#isSettled()) {
      simulator.runUntil(Math.min(simulator.now + 500, end));
      this.#submit(null);
    }
    simulator.runUntil(simulator.now + 1000);
    this.#readEverywhere();
    // All have applied the same now, and so their snapshots must be the same.
    for (const id of this.#partOfIt()) this.#act({ kind: "compact", node: id });
    simulator.runUntil(simulator.now + 1000);
    this.#judge();
  }

  report(): SeedReport {
    return {
      seed: this.#seed,
      size: this.#simulator.members.length,
      events: this.#simulator.eventCount,
      faults: this.#counter.counts,
      partitions: this.#partitions,
      findings: this.#checker.findings,
      failures: [...this.#failures, ...this.#reads.failures],
    };
  }

  #disturb(): void {
    const { submit, crash, aimed, restart, blackout, partition, transfer, membership, read } =
      this.#storm;
    const chance = this.#chance;
    if (chance.happens(submit)) this.#submit(chance.happens(0.8) ? null : this.#anyone());
    if (chance.happens(crash)) {
      const node = (chance.happens(aimed) ? this.#leader() : undefined) ?? this.#anyone();
      if (node !== null) this.#act({ kind: "crash", node });
    }
    if (chance.happens(restart)) {
      const node = chance.pick(this.#down());
      if (node !== undefined) this.#act({ kind: "restart", node });
    }
    if (transfer > 0 && chance.happens(transfer)) {
      const to = this.#anyone();
      if (to !== null) this.#act({ kind: "transfer", to });
    }
    if (this.#changing.happens(membership)) this.#changeMembers();
    if (this.#reading.happens(read)) this.#read(this.#reader());
    if (chance.happens(blackout)) this.#blackOut();
    if (this.#partition !== undefined && this.#simulator.now >= this.#partition.until) this.#heal();
    if (this.#partition === undefined && chance.happens(partition)) this.#fallApart();
  }

  #submit(node: NodeId | null): void {
    // A few names, so that what a state machine has missed still shows later on.
    const count = this.#commands.size;
    const command = `{"x": ${count}, "x${count % 7}": ${count}}`;
    this.#commands.set(this.#act({ kind: "submit", node, command }), command);
  }

  #changeMembers(): void {
    const { members } = this.#simulator;
    const grows = this.#changing.happens(0.5);
    if (grows || members.length === 1) {
      this.#act({ kind: "addNode", as: this.#changing.happens(0.2) ? "learner" : "voter" });
      return;
    }
    // The leader goes as often as all others together: it is who has the most to do with it.
    const leader = this.#changing.happens(0.5) ? this.#leader() : undefined;
    const node = leader ?? this.#changing.pick(members)?.id;
    if (node !== undefined) this.#act({ kind: "removeNode", node });
  }

  #read(node: NodeId | null): void {
    const name = this.#reading.happens(0.8) ? "x" : null;
    this.#act({ kind: "read", node, name });
  }

  /** Whoever leads, or believes so, or anyone: a leader that was cut off is asked as often. */
  #reader(): NodeId | null {
    const reading = this.#reading;
    if (reading.happens(0.3)) return null;
    const ids = this.#simulator.members.map(({ id }) => id);
    const leaders = ids.filter((id) => this.#simulator.stateOf(id)?.role.kind === "leader");
    return reading.pick(reading.happens(0.5) && leaders.length > 0 ? leaders : ids) ?? null;
  }

  /** In fair weather everyone can read. Who was asked while a leader changed is asked again. */
  #readEverywhere(): void {
    const members = this.#partOfIt();
    this.#reads.forget();
    for (let i = 0; i < calmReads.times; i++) {
      const left = members.filter((id) => !this.#reads.hasAnswered(id));
      for (const id of left) this.#act({ kind: "read", node: id, name: "x" });
      if (left.length > 0) this.#simulator.runUntil(this.#simulator.now + calmReads.millis);
    }
    for (const id of members) {
      if (!this.#reads.hasAnswered(id))
        this.#failures.push(`read: ${id} answers none in fair weather`);
    }
  }

  #blackOut(): void {
    const all = this.#simulator.members.map(({ id }) => id);
    for (const node of all) this.#act({ kind: "crash", node });
    for (const node of shuffled(all, this.#chance)) {
      this.#simulator.runUntil(this.#simulator.now + this.#chance.below(200));
      this.#act({ kind: "restart", node });
    }
  }

  #fallApart(): void {
    const members = this.#simulator.members.map(({ id }) => id);
    const partition = drawPartition(members, this.#chance);
    if (partition.links.length === 0) return;
    const until = this.#simulator.now + this.#chance.within(this.#storm.partitionMillis);
    this.#partition = { ...partition, until };
    this.#partitions[partition.shape]++;
    for (const link of partition.links) this.#act({ kind: "cutLink", ...link });
  }

  #heal(): void {
    for (const link of this.#partition?.links ?? []) this.#act({ kind: "healLink", ...link });
    this.#partition = undefined;
  }

  #act(action: Parameters<Simulator["act"]>[1]): string {
    const id = `a${this.#actions++}`;
    this.#simulator.act(id, action);
    return id;
  }

  #anyone(): NodeId | null {
    return this.#chance.pick(this.#simulator.members)?.id ?? null;
  }

  #leader(): NodeId | undefined {
    return this.#simulator.members.find(
      ({ id }) => this.#simulator.stateOf(id)?.role.kind === "leader",
    )?.id;
  }

  #down(): readonly NodeId[] {
    const { members } = this.#simulator;
    return members.map(({ id }) => id).filter((id) => this.#simulator.stateOf(id) === undefined);
  }

  /** Who takes part by the newest leader's word; who was never taken in owes nothing. */
  #partOfIt(): readonly NodeId[] {
    const all = this.#simulator.members.map(({ id }) => id);
    const leader = newestLeader(all.map((id) => this.#simulator.stateOf(id)));
    const state = leader === null ? undefined : this.#simulator.stateOf(leader);
    return state === undefined ? all : membersIn(newestConfiguration(state));
  }

  /** Whether the newest command is committed everywhere. */
  #isSettled(): boolean {
    const states = this.#partOfIt().map((id) => this.#simulator.stateOf(id));
    const newest = [...this.#commands.keys()].at(-1) ?? "";
    const index = this.#acknowledged.get(newest);
    return index !== undefined && states.every((state) => (state?.commitIndex ?? 0) >= index);
  }

  #judge(): void {
    if (!this.#isSettled()) this.#failures.push("no agreement in fair weather");
    for (const id of this.#partOfIt()) {
      const state = this.#simulator.stateOf(id);
      if (state === undefined) {
        this.#failures.push(`${id} is down after everything was mended`);
        continue;
      }
      for (const [action, index] of this.#acknowledged) {
        // A snapshot stands for it; that it is the right one is for the checks to say.
        if (index <= state.log.start) continue;
        const entry = index <= lastIndex(state.log) ? entryAt(state.log, index) : undefined;
        if (entry?.kind !== "command" || entry.command !== this.#commands.get(action)) {
          this.#failures.push(`${id} lost the acknowledged entry ${index} of ${action}`);
        }
      }
    }
  }
}
