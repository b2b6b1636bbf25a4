import type { Member } from "../cluster/index.ts";
import { Driver, type Appointment, type World } from "../driver/index.ts";
import {
  lastIndex,
  messageLimit,
  type Change,
  type Entry,
  type LogIndex,
  type MembershipRequest,
  type Message,
  type Millis,
  type NodeId,
  type RaftState,
  type Snapshot,
} from "../raft/index.ts";
import type {
  ActionId,
  ClientRead,
  ClientRequest,
  MessageId,
  NodeHappening,
  Notice,
} from "../trace/index.ts";
import { portOf } from "./cluster-file.ts";
import type { Connection, IncomingFrame } from "./connection.ts";
import { errorText } from "./error-text.ts";
import { type NodeFiles } from "./node-files.ts";
import { Peers } from "./peers.ts";
import { listen, type NodeServer } from "./socket-server.ts";
import type { Surroundings } from "./surroundings.ts";

/** One life of a node: its driver, its sockets, its open files. */
export class Life implements World {
  readonly #member: Member;
  readonly #around: Surroundings;
  readonly #files: NodeFiles;
  readonly #ended: () => void;
  readonly #peers: Peers;
  /** The newest connection of each peer to this node. */
  readonly #incoming = new Map<NodeId, Connection>();
  lastApplied: LogIndex;
  #server: NodeServer | undefined;
  #driver: Driver | undefined;
  #alarm: Appointment | undefined;

  constructor(member: Member, around: Surroundings, files: NodeFiles, ended: () => void) {
    this.#member = member;
    this.#around = around;
    this.#files = files;
    this.#ended = ended;
    this.lastApplied = files.saved.snapshot?.index ?? 0;
    this.#peers = new Peers(member.id, around);
  }

  get port(): number | null {
    return this.#server?.port ?? null;
  }

  get state(): RaftState | undefined {
    return this.#driver?.state;
  }

  /** Opens the node's server. Rejects when there is no port to be had. */
  async listen(): Promise<void> {
    this.#server = await listen({
      preferredPort: portOf(this.#member.address),
      token: this.#around.token,
      onFrame: (connection, frame) => this.#take(connection, frame),
      onClose: (connection) => this.#lost(connection),
    });
  }

  begin(action: ActionId | null, imported: boolean): void {
    const { founders, timing, extensions, snapshotAfter } = this.#around;
    const { address, id } = this.#member;
    const { saved, notices } = this.#files;
    this.#driver = new Driver({
      id,
      // Who was added later has its members from the log.
      members: founders.includes(id) ? founders : [],
      timing,
      extensions,
      ...(snapshotAfter.entries > 0
        ? { snapshots: { entries: snapshotAfter.entries, keep: messageLimit.entries } }
        : {}),
      seed: Math.floor(Math.random() * 2 ** 32),
      saved,
      action,
      world: this,
    });
    if (imported) {
      const { currentTerm: term, log } = saved;
      this.record({ kind: "noticed", notice: { kind: "imported", entries: lastIndex(log), term } });
    }
    for (const notice of notices) this.record({ kind: "noticed", notice });
    if (this.#server?.moved === true) {
      const { port } = this.#server;
      this.record({ kind: "noticed", notice: { kind: "portMoved", address, port } });
    }
    this.#peers.connect();
  }

  crash(action: ActionId | null): void {
    this.#driver?.crash(action);
  }

  receive(id: MessageId, message: Message): void {
    this.#driver?.receive(id, message);
  }

  request(requests: readonly ClientRequest[]): void {
    this.#driver?.request(requests);
  }

  transfer(action: ActionId, to: NodeId): void {
    this.#driver?.transfer(action, to);
  }

  read(reads: readonly ClientRead[]): void {
    this.#driver?.read(reads);
  }

  compact(action: ActionId): void {
    this.#driver?.compact(action);
  }

  changeMembership(action: ActionId, request: MembershipRequest): void {
    this.#driver?.changeMembership(action, request);
  }

  peerIsUp(peer: NodeId): void {
    this.#peers.isUp(peer);
  }

  peerIsGone(peer: NodeId): void {
    this.#peers.isGone(peer);
  }

  settled(): Promise<void> {
    return this.#files.settled();
  }

  /**
   * Closes the sockets at once, and the files when what was written to them is in them. Never
   * rejects: whoever waits for a node to be gone would wait for ever.
   */
  async end(): Promise<void> {
    if (this.#alarm !== undefined) this.#alarm.cancelled = true;
    this.#peers.close();
    const [, files] = await Promise.allSettled([this.#server?.close(), this.#files.close()]);
    if (files.status === "rejected") {
      this.#around.fileFailed(this.#member.id, this.#files.walName, files.reason);
    }
  }

  /** The cluster stops: clients hear what nobody will answer now. */
  close(): void {
    this.#driver?.close();
  }

  now(): Millis {
    return this.#around.clock.now;
  }

  wakeAt(time: Millis): void {
    if (this.#alarm !== undefined) this.#alarm.cancelled = true;
    this.#alarm = this.#around.clock.at(time, () => this.#driver?.wake());
  }

  send(message: Message): void {
    this.#peers.send(message);
  }

  save(changes: readonly Change[], saved: () => void): void {
    const { clock } = this.#around;
    this.#files.save(changes).then(
      () => clock.soon(saved),
      (error: unknown) => {
        const failure = {
          kind: "disk",
          file: this.#files.walName,
          error: errorText(error),
        } as const;
        clock.soon(() => this.#driver?.fail(failure));
      },
    );
  }

  apply(first: LogIndex, entries: readonly Entry[]): void {
    this.lastApplied = first + entries.length - 1;
    this.#files.apply(entries);
  }

  /** The state machine has become what the snapshot says (§7). */
  restore(snapshot: Snapshot): void {
    this.lastApplied = snapshot.index;
    this.#files.restore(snapshot);
  }

  /** Something about the node's files, found out while it runs. */
  notice(notice: Notice): void {
    this.#around.clock.act(() => {
      if (this.#driver?.isRunning === true) this.record({ kind: "noticed", notice });
    });
  }

  record(happening: NodeHappening): void {
    this.#around.recorder.node(this.#member.id, happening);
  }

  stopped(): void {
    this.#ended();
  }

  #lost(connection: Connection): void {
    const { opening } = connection;
    // A peer that was quick to come back may be connected anew before its old socket is closed.
    if (opening?.kind !== "hello" || this.#incoming.get(opening.node) !== connection) return;
    this.#incoming.delete(opening.node);
    const { clock, network } = this.#around;
    clock.act(() => network.disconnected(opening.node, this.#member.id));
  }

  #take(connection: Connection, frame: IncomingFrame): void {
    const { network, members, cluster, requested } = this.#around;
    switch (frame.kind) {
      case "hello": {
        const known = members().some(({ id }) => id === frame.node && id !== this.#member.id);
        if (!known || frame.cluster !== cluster) return connection.refuse();
        this.#incoming.set(frame.node, connection);
        return;
      }
      case "message":
        if (frame.message.to !== this.#member.id) return connection.refuse();
        return network.arrive(frame);
      case "request":
      case "read":
        return requested(this.#member.id, connection, frame);
    }
  }
}
