import type { Message, NodeId } from "../raft/index.ts";
import { PeerConnection, type PeerState } from "./peer-connection.ts";
import type { Sealed } from "./live-network.ts";
import type { Surroundings } from "./surroundings.ts";

/** A node's own ways to its peers, in one of its lives: to all that it has met. */
export class Peers {
  readonly #self: NodeId;
  readonly #around: Surroundings;
  readonly #ways = new Map<NodeId, PeerConnection>();

  constructor(self: NodeId, around: Surroundings) {
    this.#self = self;
    this.#around = around;
  }

  /** Tries to reach each of those who belong to the cluster now. */
  connect(): void {
    for (const { id } of this.#around.members()) this.isUp(id);
  }

  /** A peer has come up: a connection to it need not wait. */
  isUp(peer: NodeId): void {
    if (peer === this.#self) return;
    const way = this.#ways.get(peer) ?? this.#wayTo(peer);
    this.#ways.set(peer, way);
    way.connect();
  }

  /** A peer has been stopped for good. */
  isGone(peer: NodeId): void {
    this.#ways.get(peer)?.close();
    this.#ways.delete(peer);
  }

  send(message: Message): void {
    const { network, portOf } = this.#around;
    const way = this.#ways.get(message.to);
    const put = (sealed: Sealed): boolean =>
      // A socket to a node that has crashed may not have noticed yet.
      portOf(message.to) !== null && way?.send({ kind: "message", ...sealed }) === true;
    network.send(message, put);
  }

  close(): void {
    for (const way of this.#ways.values()) way.close();
  }

  #wayTo(peer: NodeId): PeerConnection {
    const { clock, network, portOf, token, cluster } = this.#around;
    let wasOpen = false;
    const onState = (state: PeerState): void => {
      // What was put into a socket that has closed since does not arrive.
      if (wasOpen) clock.act(() => network.disconnected(this.#self, peer));
      wasOpen = state === "open";
    };
    const hello = { kind: "hello", node: this.#self, cluster } as const;
    return new PeerConnection({ port: () => portOf(peer), token, hello, onState });
  }
}
