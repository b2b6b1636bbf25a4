import {
  happeningOf,
  nextMember,
  newestLeader,
  refusalOf,
  type Action,
  type Capabilities,
  type Cluster,
  type Listener,
  type Member,
  type Situation,
  type Unsubscribe,
} from "../cluster/index.ts";
import { Schedule } from "../driver/index.ts";
import {
  paperOnly,
  unreachable,
  type Extensions,
  type Millis,
  type NodeId,
  type Persistent,
  type RaftState,
  type Timing,
} from "../raft/index.ts";
import { Recorder, type ActionId } from "../trace/index.ts";
import { Chance } from "./chance.ts";
import { Network, type Slowness } from "./network.ts";
import { SimulatedNode, type SnapshotOptions, type Surroundings } from "./simulated-node.ts";
import type { Weather } from "./weather.ts";

export interface SimulatorOptions extends SnapshotOptions {
  readonly seed: number;
  /** How many nodes. */
  readonly size: number;
  readonly timing: Timing;
  /** Nothing beyond Figure 2, if left out. */
  readonly extensions?: Extensions;
  readonly weather: Weather;
  /** What is on the disk of a node when it first starts; nothing, if left out. */
  readonly saved?: ReadonlyMap<NodeId, Persistent>;
  /** The timing of nodes that do not share that of the others. */
  readonly timings?: ReadonlyMap<NodeId, Timing>;
}

/**
 * A cluster in a world made of one seed, in virtual time: the same seed and the same actions give
 * the same trace. Nothing happens but inside `runUntil`.
 */
export class Simulator implements Cluster {
  readonly capabilities: Capabilities = { clock: true, links: true };
  readonly #schedule = new Schedule();
  readonly #recorder = new Recorder(() => this.#now);
  readonly #nodes: Map<NodeId, SimulatedNode>;
  readonly #around: Surroundings;
  /** All that there ever were. */
  readonly #known: Member[];
  readonly #network: Network;
  readonly #situation: Situation = {
    lifeOf: (id) => {
      const node = this.#nodes.get(id);
      return node && (node.isUp ? "up" : "down");
    },
    leader: () => newestLeader([...this.#nodes.values()].map(({ state }) => state)),
    isCut: (from, to) => this.#network.isCut(from, to),
    isPaused: () => this.#paused,
    size: () => this.#nodes.size,
  };
  #asked: { readonly id: ActionId; readonly action: Action }[] = [];
  #now: Millis = 0;
  #paused = false;

  /** The nodes start at the first run, so that who subscribes before sees that, too. */
  constructor(options: SimulatorOptions) {
    const { seed, size, timing, extensions = paperOnly, weather, saved, timings } = options;
    const { snapshots, chunkCharacters } = options;
    const chance = new Chance(seed);
    const ids = Array.from({ length: size }, (_, i) => `n${i + 1}`);
    this.#known = ids.map((id, i) => {
      return { id, name: `node${i + 1}`, address: `127.0.0.1:${8000 + i}` };
    });
    const now = () => this.#now;
    const [schedule, recorder] = [this.#schedule, this.#recorder];
    this.#network = new Network({
      weather,
      chance,
      schedule,
      recorder,
      now,
      deliver: (id, message) => this.#nodes.get(message.to)?.receive(id, message) ?? false,
    });
    this.#around = {
      founders: ids,
      timing,
      extensions,
      snapshots: {
        ...(snapshots === undefined ? {} : { snapshots }),
        ...(chunkCharacters === undefined ? {} : { chunkCharacters }),
      },
      chance,
      schedule,
      recorder,
      now,
      weather: () => this.#network.weather,
      send: (message: Parameters<Network["send"]>[0]) => this.#network.send(message),
    };
    this.#nodes = new Map(
      ids.map((id) => {
        const own = { ...this.#around, timing: timings?.get(id) ?? timing };
        return [id, new SimulatedNode(id, own, saved?.get(id))];
      }),
    );
    for (const node of this.#nodes.values()) schedule.add(0, () => node.start(null));
  }

  get members(): readonly Member[] {
    return this.#known.filter(({ id }) => this.#nodes.has(id));
  }

  get now(): Millis {
    return this.#now;
  }

  get eventCount(): number {
    return this.#recorder.count;
  }

  /** The whole state of a node; undefined while it is down. */
  stateOf(id: NodeId): RaftState | undefined {
    return this.#nodes.get(id)?.state;
  }

  /** The weather from now on. */
  set weather(weather: Weather) {
    this.#network.weather = weather;
  }

  /** Which messages take longer than the weather has it, from now on. */
  set slowness(slowness: readonly Slowness[]) {
    this.#network.slowness = slowness;
  }

  subscribe(listener: Listener): Unsubscribe {
    return this.#recorder.subscribe(listener);
  }

  /** Takes effect when the simulation next runs. */
  act(id: ActionId, action: Action): void {
    this.#asked.push({ id, action });
  }

  /** Lets everything happen that is due until `time`, or until `enough` says so. */
  runUntil(time: Millis, enough: () => boolean = () => false): void {
    this.#answerActions();
    while (!this.#paused && !enough()) {
      const due = this.#schedule.take(time);
      if (due === undefined) {
        this.#now = Math.max(this.#now, time);
        return;
      }
      this.#now = due.time;
      due.act();
      this.#answerActions();
    }
  }

  #answerActions(): void {
    while (this.#asked.length > 0) {
      const asked = this.#asked;
      this.#asked = [];
      for (const { id, action } of asked) {
        const reason = refusalOf(action, this.#situation);
        if (reason === null) this.#do(id, action);
        else this.#recorder.cluster({ kind: "refused", action: id, reason });
      }
    }
  }

  #do(id: ActionId, action: Action): void {
    switch (action.kind) {
      case "submit": {
        const receiver = action.node ?? this.#situation.leader() ?? "";
        return this.#nodes.get(receiver)?.request([{ id, command: action.command }]);
      }
      case "transfer":
        return this.#nodes.get(this.#situation.leader() ?? "")?.transfer(id, action.to);
      case "addNode":
        return this.#addNode(id, action.as);
      case "removeNode":
        return this.#removeNode(id, action.node);
      case "compact":
        return this.#nodes.get(action.node)?.compact(id);
      case "crash":
        return this.#nodes.get(action.node)?.crash(id);
      case "restart":
        return this.#nodes.get(action.node)?.start(id);
      case "cutLink":
        this.#network.cut(action.from, action.to);
        break;
      case "healLink":
        this.#network.heal(action.from, action.to);
        break;
      case "pause":
        this.#paused = true;
        break;
      case "resume":
        this.#paused = false;
        break;
      case "setSpeed":
        break; // Virtual time is as fast as whoever runs it; they read the speed in the trace.
      case "read": {
        const receiver = action.node ?? this.#situation.leader() ?? "";
        return this.#nodes.get(receiver)?.read([{ id, name: action.name }]);
      }
      default:
        return unreachable(action);
    }
    this.#recorder.cluster(happeningOf(id, action));
  }

  #addNode(action: ActionId, as: "voter" | "learner"): void {
    const member = nextMember(this.#known);
    const { id, name, address } = member;
    this.#known.push(member);
    const node = new SimulatedNode(id, this.#around);
    this.#nodes.set(id, node);
    this.#recorder.cluster({ kind: "nodeAdded", member: id, name, address, action });
    node.start(null);
    const request = { add: [id], remove: [], as: `${as}s` } as const;
    this.#nodes.get(this.#situation.leader() ?? "")?.changeMembership(action, request);
  }

  #removeNode(action: ActionId, member: NodeId): void {
    const unsubscribe = this.#recorder.subscribe((event) => {
      const isAnswer = event.kind === "membershipEnded" || event.kind === "unanswered";
      if (!isAnswer || event.action !== action) return;
      unsubscribe();
      if (event.kind !== "membershipEnded" || event.outcome.kind !== "done") return;
      // Not within the step that has ended it: that may be one of the node itself.
      this.#schedule.add(this.#now, () => this.#close(action, member));
    });
    const request = { add: [], remove: [member], as: "voters" } as const;
    this.#nodes.get(this.#situation.leader() ?? "")?.changeMembership(action, request);
  }

  #close(action: ActionId, member: NodeId): void {
    this.#nodes.get(member)?.close();
    this.#nodes.delete(member);
    this.#recorder.cluster({ kind: "nodeRemoved", member, action });
  }
}
