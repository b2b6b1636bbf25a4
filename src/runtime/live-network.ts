import { linkName, type MessageId, type Recorder } from "../trace/index.ts";
import type { Message, Millis, NodeId } from "../raft/index.ts";
import type { ClusterClock } from "./cluster-clock.ts";
import type { Preset } from "./presets.ts";

export interface NetworkOptions {
  readonly clock: ClusterClock;
  readonly recorder: Recorder;
  readonly delayMillis: Preset["delayMillis"];
  /** Hands a message over; false if nobody is there to take it. */
  readonly deliver: (id: MessageId, message: Message) => boolean;
}

/** A message as it goes over a socket. */
export interface Sealed {
  readonly id: MessageId;
  /** The receiver holds it back until then. */
  readonly arrival: Millis;
  readonly message: Message;
}

interface Flying {
  readonly from: NodeId;
  readonly to: NodeId;
  /** It has come out of the socket and waits for its arrival; its sender may be gone by now. */
  held: boolean;
}

/**
 * What is between the sockets: it knows what is in flight, holds back what comes out of a socket
 * until it is due, and lets nothing through where a link is cut. It carries nothing itself.
 */
export class LiveNetwork {
  readonly #options: NetworkOptions;
  readonly #flying = new Map<MessageId, Flying>();
  readonly #cut = new Set<string>();
  /** When the newest message of a link arrives: the next one does not overtake it, as over TCP. */
  readonly #newest = new Map<string, Millis>();
  #sent = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** Records that the message is on its way, unless `put` finds no socket to put it into. */
  send(message: Message, put: (sealed: Sealed) => boolean): void {
    const { recorder } = this.#options;
    const { from, to } = message;
    const id = ++this.#sent;
    const arrival = this.#arrival(linkName(from, to));
    recorder.node(from, { kind: "sent", id, message, arrival });
    this.#flying.set(id, { from, to, held: false });
    if (!put({ id, arrival, message })) this.#drop(id, "down");
  }

  /** A message has come out of a socket. One that is not known to be in flight is nobody's. */
  arrive({ id, arrival, message }: Sealed): void {
    const { clock, deliver } = this.#options;
    const flying = this.#flying.get(id);
    if (flying === undefined || flying.held) return;
    if (flying.from !== message.from || flying.to !== message.to) return;
    flying.held = true;
    clock.at(Math.max(arrival, clock.now), () => {
      // Its receiver may have crashed meanwhile, and the message with it.
      if (this.#flying.get(id) !== flying) return;
      if (this.isCut(flying.from, flying.to)) return this.#drop(id, "cut");
      this.#flying.delete(id);
      if (!deliver(id, message)) this.#drop(id, "down");
    });
  }

  /** What flies to the node is lost, and of what it sent whatever is still in a socket. */
  nodeDown(node: NodeId): void {
    for (const [id, { from, to, held }] of this.#flying) {
      if (to === node) this.#drop(id, "down");
      else if (from === node && !held) this.#drop(id, "disconnected");
    }
  }

  /** The socket of a link broke: what was in it is lost. */
  disconnected(from: NodeId, to: NodeId): void {
    for (const [id, flying] of this.#flying) {
      if (flying.from === from && flying.to === to && !flying.held) this.#drop(id, "disconnected");
    }
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

  #drop(id: MessageId, reason: "cut" | "down" | "disconnected"): void {
    this.#flying.delete(id);
    this.#options.recorder.cluster({ kind: "dropped", id, reason });
  }

  #arrival(link: string): Millis {
    const { clock, delayMillis } = this.#options;
    if (delayMillis === null) return clock.now;
    const { min, max } = delayMillis;
    const drawn = clock.now + min + Math.floor(Math.random() * (max - min));
    const arrival = Math.max(drawn, this.#newest.get(link) ?? 0);
    this.#newest.set(link, arrival);
    return arrival;
  }
}
