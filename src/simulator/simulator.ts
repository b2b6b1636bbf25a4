import {
  speedRange,
  type Action,
  type Capabilities,
  type Cluster,
  type Listener,
  type Member,
  type Unsubscribe,
} from "../cluster/index.ts";
import { Schedule } from "../driver/index.ts";
import {
  unreachable,
  type Millis,
  type NodeId,
  type RaftState,
  type Timing,
} from "../raft/index.ts";
import { Recorder, type ActionId, type Refusal } from "../trace/index.ts";
import { Chance } from "./chance.ts";
import { Network } from "./network.ts";
import { SimulatedNode } from "./simulated-node.ts";
import type { Weather } from "./weather.ts";

export interface SimulatorOptions {
  readonly seed: number;
  /** How many nodes. */
  readonly size: number;
  readonly timing: Timing;
  readonly weather: Weather;
}

/**
 * A cluster in a world made of one seed, in virtual time: the same seed and the same actions give
 * the same trace. Nothing happens but inside `runUntil`.
 */
export class Simulator implements Cluster {
  readonly members: readonly Member[];
  readonly capabilities: Capabilities = { clock: true, links: true };
  readonly #schedule = new Schedule();
  readonly #recorder = new Recorder(() => this.#now);
  readonly #nodes: ReadonlyMap<NodeId, SimulatedNode>;
  readonly #network: Network;
  #asked: { readonly id: ActionId; readonly action: Action }[] = [];
  #now: Millis = 0;
  #paused = false;

  /** The nodes start at the first run, so that who subscribes before sees that, too. */
  constructor({ seed, size, timing, weather }: SimulatorOptions) {
    const chance = new Chance(seed);
    const ids = Array.from({ length: size }, (_, i) => `n${i + 1}`);
    this.members = ids.map((id, i) => {
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
    const around = {
      members: ids,
      timing,
      chance,
      schedule,
      recorder,
      now,
      weather: () => this.#network.weather,
      send: (message: Parameters<Network["send"]>[0]) => this.#network.send(message),
    };
    this.#nodes = new Map(ids.map((id) => [id, new SimulatedNode(id, around)]));
    for (const node of this.#nodes.values()) schedule.add(0, () => node.start(null));
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
        const reason = this.#perform(id, action);
        if (reason !== null) this.#recorder.cluster({ kind: "refused", action: id, reason });
      }
    }
  }

  #perform(id: ActionId, action: Action): Refusal | null {
    switch (action.kind) {
      case "submit":
        return this.#submit(id, action.node ?? this.#leader(), action.command);
      case "crash":
        return this.#withNode(action.node, true, (node) => node.crash(id));
      case "restart":
        return this.#withNode(action.node, false, (node) => node.start(id));
      case "cutLink":
      case "healLink":
        return this.#changeLink(id, action);
      case "pause":
        if (this.#paused) return { kind: "alreadyPaused" };
        this.#paused = true;
        this.#recorder.cluster({ kind: "paused", action: id });
        return null;
      case "resume":
        if (!this.#paused) return { kind: "notPaused" };
        this.#paused = false;
        this.#recorder.cluster({ kind: "resumed", action: id });
        return null;
      case "setSpeed": {
        const { slowest, fastest } = speedRange;
        const { speed } = action;
        if (!(speed >= slowest && speed <= fastest)) return { kind: "badSpeed", slowest, fastest };
        // Virtual time is as fast as whoever runs it; they read the speed in the trace.
        this.#recorder.cluster({ kind: "speedSet", speed, action: id });
        return null;
      }
      default:
        return unreachable(action);
    }
  }

  #submit(id: ActionId, node: NodeId | undefined, command: string): Refusal | null {
    if (node === undefined) return { kind: "noLeader" };
    return this.#withNode(node, true, (target) => target.request([{ id, command }]));
  }

  #withNode(id: NodeId, up: boolean, perform: (node: SimulatedNode) => void): Refusal | null {
    const node = this.#nodes.get(id);
    if (node === undefined) return { kind: "unknownNode", node: id };
    if (node.isUp !== up) return { kind: up ? "notRunning" : "alreadyRunning", node: id };
    perform(node);
    return null;
  }

  #changeLink(
    id: ActionId,
    { kind, from, to }: Extract<Action, { kind: "cutLink" | "healLink" }>,
  ): Refusal | null {
    for (const node of [from, to]) {
      if (!this.#nodes.has(node)) return { kind: "unknownNode", node };
    }
    if (kind === "cutLink") {
      if (!this.#network.cut(from, to)) return { kind: "linkIsCut", from, to };
      this.#recorder.cluster({ kind: "linkCut", from, to, action: id });
    } else {
      if (!this.#network.heal(from, to)) return { kind: "linkIsWhole", from, to };
      this.#recorder.cluster({ kind: "linkHealed", from, to, action: id });
    }
    return null;
  }

  /** Of those that say they lead, the one in the newest term. */
  #leader(): NodeId | undefined {
    return [...this.#nodes.values()]
      .flatMap(({ state }) => (state?.role.kind === "leader" ? [state] : []))
      .toSorted((one, other) => other.currentTerm - one.currentTerm)[0]?.id;
  }
}
