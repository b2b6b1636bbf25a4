import type { Message, Millis, NodeId } from "../raft/index.ts";
import type { Schedule } from "../driver/index.ts";
import { linkName, type MessageId, type Recorder } from "../trace/index.ts";
import type { Chance, Range } from "./chance.ts";
import { drawDelay, messageDelay, type Weather } from "./weather.ts";

export interface NetworkOptions {
  readonly weather: Weather;
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly recorder: Recorder;
  readonly now: () => Millis;
  /** Hands a message over; false if nobody is there to take it. */
  readonly deliver: (id: MessageId, message: Message) => boolean;
}

/** Messages that take longer than others: of these kinds, and between these nodes. */
export interface Slowness {
  readonly kinds: readonly Message["kind"][];
  readonly from: readonly NodeId[];
  readonly to: readonly NodeId[];
  /** How probable it is for each of them. */
  readonly chance: number;
  readonly more: Range;
}

/** How many messages the network remembers, to replay one of them some day. */
const remembered = 60;

/** What lies between the nodes: it delays, loses, doubles and replays, as the weather has it. */
export class Network {
  weather: Weather;
  slowness: readonly Slowness[] = [];
  readonly #options: NetworkOptions;
  readonly #cut = new Set<string>();
  readonly #past: { readonly id: MessageId; readonly message: Message }[] = [];
  #made = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.weather = options.weather;
  }

  send(message: Message): void {
    const { chance, recorder } = this.#options;
    const { loss, duplication, replay, replayDelay } = this.weather;
    const id = this.#made++;
    const lost = chance.happens(loss);
    const arrival = lost ? null : this.#arrival(message);
    recorder.node(message.from, { kind: "sent", id, message, arrival });
    if (arrival === null) recorder.cluster({ kind: "dropped", id, reason: "lost" });
    else this.#carry(id, message, arrival);

    if (chance.happens(duplication)) this.#copy(id, message, this.#arrival(message), false);
    if (chance.happens(replay)) {
      const old = chance.pick(this.#past);
      const late = this.#options.now() + chance.within(replayDelay);
      if (old !== undefined) this.#copy(old.id, old.message, late, true);
    }
    this.#past[id % remembered] = { id, message };
  }

  isCut(from: NodeId, to: NodeId): boolean {
    return this.#cut.has(linkName(from, to));
  }

  cut(from: NodeId, to: NodeId): void {
    this.#cut.add(linkName(from, to));
  }

  heal(from: NodeId, to: NodeId): void {
    this.#cut.delete(linkName(from, to));
  }

  #copy(id: MessageId, message: Message, arrival: Millis, replay: boolean): void {
    const copy = this.#made++;
    this.#options.recorder.cluster({ kind: "duplicated", id, copy, arrival, replay });
    this.#past[copy % remembered] = { id: copy, message };
    this.#carry(copy, message, arrival);
  }

  #carry(id: MessageId, message: Message, arrival: Millis): void {
    const { schedule, recorder, deliver } = this.#options;
    schedule.add(arrival, () => {
      if (this.isCut(message.from, message.to)) {
        recorder.cluster({ kind: "dropped", id, reason: "cut" });
      } else if (!deliver(id, message)) {
        recorder.cluster({ kind: "dropped", id, reason: "down" });
      }
    });
  }

  #arrival(message: Message): Millis {
    const { now, chance } = this.#options;
    let arrival = now() + drawDelay(messageDelay(this.weather), chance);
    for (const slow of this.slowness) {
      if (isSlow(slow, message) && chance.happens(slow.chance)) arrival += chance.within(slow.more);
    }
    return arrival;
  }
}

function isSlow({ kinds, from, to }: Slowness, message: Message): boolean {
  return kinds.includes(message.kind) && from.includes(message.from) && to.includes(message.to);
}
