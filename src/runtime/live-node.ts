import type { Member } from "../cluster/index.ts";
import { Driver, type World } from "../driver/index.ts";
import {
  lastIndex,
  type Change,
  type Entry,
  type LogIndex,
  type Message,
  type Millis,
  type NodeId,
  type RaftState,
  type Snapshot,
} from "../raft/index.ts";
import type {
  ActionId,
  ClientRequest,
  Failure,
  MessageId,
  NodeHappening,
  Notice,
} from "../trace/index.ts";
import type { Appointment } from "../driver/index.ts";
import { portOf } from "./cluster-file.ts";
import type { Connection } from "./connection.ts";
import { errorText } from "./error-text.ts";
import type { IncomingFrame } from "./connection.ts";
import { openNodeFiles, type NodeFiles } from "./node-files.ts";
import { PeerConnection, type PeerState } from "./peer-connection.ts";
import { listen, type NodeServer } from "./socket-server.ts";
import type { Surroundings } from "./surroundings.ts";

type Phase =
  | { readonly kind: "down" }
  | { readonly kind: "starting" }
  | { readonly kind: "up"; readonly life: Life };

/** One node through all its lives. Between two of them there is nothing but its files. */
export class LiveNode {
  readonly member: Member;
  readonly #around: Surroundings;
  #phase: Phase = { kind: "down" };
  /** The start that is under way, or the last one. */
  #starting: Promise<void> = Promise.resolve();
  /** What the last life still has to close. */
  #ending: Promise<void> = Promise.resolve();
  #closed = false;
  #imported: boolean;

  constructor(member: Member, around: Surroundings) {
    this.member = member;
    this.#around = around;
    this.#imported = around.imported;
  }

  get life(): Phase["kind"] {
    return this.#phase.kind;
  }

  get port(): number | null {
    return this.#phase.kind === "up" ? this.#phase.life.port : null;
  }

  get state(): RaftState | undefined {
    return this.#phase.kind === "up" ? this.#phase.life.state : undefined;
  }

  /** How far the state machine has come; undefined while the node is down. */
  get lastApplied(): LogIndex | undefined {
    return this.#phase.kind === "up" ? this.#phase.life.lastApplied : undefined;
  }

  /**
   * Recovers what the files hold and begins to take part. Resolves when the node is up or has
   * failed, which the trace tells; never rejects.
   */
  start(action: ActionId | null): Promise<void> {
    if (this.#phase.kind !== "down" || this.#closed) return this.#starting;
    this.#phase = { kind: "starting" };
    this.#starting = this.#start(action);
    return this.#starting;
  }

  async #start(action: ActionId | null): Promise<void> {
    await this.#ending;
    const begun = await this.#begin();
    if (this.#closed) {
      if (begun.kind === "begun") await begun.life.end();
      this.#phase = { kind: "down" };
      return;
    }
    this.#around.clock.act(() => {
      if (begun.kind === "failed") {
        this.#phase = { kind: "down" };
        const { failure } = begun;
        this.#around.recorder.node(this.member.id, { kind: "failed", failure, action });
      } else {
        this.#phase = { kind: "up", life: begun.life };
        begun.life.begin(action, this.#imported);
        this.#imported = false;
      }
    });
  }

  /** Drops all but the files. */
  crash(action: ActionId | null): void {
    if (this.#phase.kind !== "up") return;
    this.#phase.life.crash(action);
    this.#lifeEnded();
  }

  /** False if the node is not there to take it. */
  receive(id: MessageId, message: Message): boolean {
    if (this.#phase.kind !== "up") return false;
    this.#phase.life.receive(id, message);
    return true;
  }

  request(requests: readonly ClientRequest[]): void {
    if (this.#phase.kind === "up") this.#phase.life.request(requests);
  }

  transfer(action: ActionId, to: NodeId): void {
    if (this.#phase.kind === "up") this.#phase.life.transfer(action, to);
  }

  /** A peer has come up: a connection to it need not wait. */
  peerIsUp(peer: NodeId): void {
    if (this.#phase.kind === "up") this.#phase.life.peerIsUp(peer);
  }

  /** Resolves when the files hold all that has happened so far. */
  async settled(): Promise<void> {
    if (this.#phase.kind === "starting") await this.#starting;
    if (this.#phase.kind === "up") await this.#phase.life.settled();
    else await this.#ending;
  }

  /** Ends the node for good. That is no crash of it: it is the cluster that stops. */
  async close(): Promise<void> {
    this.#closed = true;
    // A start that is under way sees that, and closes what it has opened.
    await this.#starting;
    if (this.#phase.kind === "up") {
      this.#phase.life.close();
      this.#ending = this.#phase.life.end();
      this.#phase = { kind: "down" };
    }
    await this.#ending;
  }

  async #begin(): Promise<
    | { readonly kind: "begun"; readonly life: Life }
    | { readonly kind: "failed"; readonly failure: Failure }
  > {
    const { member } = this;
    let life: Life | undefined;
    const opened = await openNodeFiles(member, this.#around, (notice) => life?.notice(notice));
    if (opened.kind === "failed") return opened;
    life = new Life(member, this.#around, opened.files, () => this.#lifeEnded());
    try {
      await life.listen();
      return { kind: "begun", life };
    } catch (error) {
      await life.end();
      const { address } = member;
      return { kind: "failed", failure: { kind: "socket", address, error: errorText(error) } };
    }
  }

  #lifeEnded(): void {
    if (this.#phase.kind !== "up") return;
    this.#ending = this.#phase.life.end();
    this.#phase = { kind: "down" };
    this.#around.network.nodeDown(this.member.id);
  }
}

/** One life of a node: its driver, its sockets, its open files. */
class Life implements World {
  readonly #member: Member;
  readonly #around: Surroundings;
  readonly #files: NodeFiles;
  readonly #ended: () => void;
  /** Its own ways to its peers. */
  readonly #peers: ReadonlyMap<NodeId, PeerConnection>;
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
    const { members, token, cluster } = around;
    const others = members.filter(({ id }) => id !== member.id);
    this.#peers = new Map(
      others.map(({ id }) => {
        const hello = { kind: "hello", node: member.id, cluster } as const;
        let wasOpen = false;
        const onState = (state: PeerState): void => {
          // What was put into a socket that has closed since does not arrive.
          if (wasOpen) around.clock.act(() => around.network.disconnected(member.id, id));
          wasOpen = state === "open";
        };
        return [id, new PeerConnection({ port: () => around.portOf(id), token, hello, onState })];
      }),
    );
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
    const { members, timing, extensions } = this.#around;
    const { address, id } = this.#member;
    const { saved, notices } = this.#files;
    this.#driver = new Driver({
      id,
      members: members.map((member) => member.id),
      timing,
      extensions,
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
    for (const connection of this.#peers.values()) connection.connect();
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

  peerIsUp(peer: NodeId): void {
    this.#peers.get(peer)?.connect();
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
    for (const connection of this.#peers.values()) connection.close();
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
    const peer = this.#peers.get(message.to);
    this.#around.network.send(
      message,
      // A socket to a node that has crashed may not have noticed yet.
      (sealed) =>
        this.#around.portOf(message.to) !== null &&
        peer?.send({ kind: "message", ...sealed }) === true,
    );
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
        const known = members.some(({ id }) => id === frame.node && id !== this.#member.id);
        if (!known || frame.cluster !== cluster) return connection.refuse();
        this.#incoming.set(frame.node, connection);
        return;
      }
      case "message":
        if (frame.message.to !== this.#member.id) return connection.refuse();
        return network.arrive(frame);
      case "request":
        return requested(this.#member.id, connection, frame);
    }
  }
}
