import { basename } from "node:path";
import {
  happeningOf,
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
import { unreachable, type Extensions, type NodeId } from "../raft/index.ts";
import {
  Recorder,
  type ActionId,
  type ClientRequest,
  type Refusal,
  type TraceEvent,
} from "../trace/index.ts";
import { Account } from "./account.ts";
import { AppendFile } from "./append-file.ts";
import { ClientDesk } from "./client-desk.ts";
import { ClusterClock } from "./cluster-clock.ts";
import type { ClusterFile } from "./cluster-file.ts";
import { compareFiles, type FileDifference } from "./compare-files.ts";
import type { Unlock } from "./folder-lock.ts";
import { LiveNetwork } from "./live-network.ts";
import { LiveNode } from "./live-node.ts";
import { pathsOf, type NodePaths } from "./node-paths.ts";
import type { Preset } from "./presets.ts";
import { MemberChanges } from "./member-changes.ts";
import { Roster } from "./roster.ts";
import type { SnapshotAfter, Surroundings } from "./surroundings.ts";

export interface LiveClusterOptions {
  readonly folder: string;
  readonly file: ClusterFile;
  readonly preset: Preset;
  readonly extensions: Extensions;
  readonly snapshotAfter: SnapshotAfter;
  /** What lets a peer or client in. */
  readonly token: string;
  readonly unlock: Unlock;
  /** Gets every event from the very first. */
  readonly listener: Listener;
  /** The nodes' pasts were read from raftos's files just now. */
  readonly imported: boolean;
  /** A file that is not the truth could not be written, so the node goes on. */
  readonly fileFailed: (node: NodeId, file: string, error: unknown) => void;
}

/** A cluster of sockets and files, all of its nodes in this process. */
export class LiveCluster implements Cluster {
  readonly capabilities: Capabilities = { clock: true, links: true };
  readonly folder: string;
  /** What lets a peer or client in. To be handed on with care, and never written down. */
  readonly token: string;
  readonly #clock = new ClusterClock();
  readonly #recorder = new Recorder(() => this.#clock.now);
  readonly #network: LiveNetwork;
  readonly #roster: Roster;
  readonly #nodes: Map<NodeId, LiveNode>;
  readonly #around: Surroundings;
  /** Of every node there was since the start, with the file that it is written to. */
  readonly #accounts: { readonly account: Account; readonly file: AppendFile }[] = [];
  readonly #changes: MemberChanges;
  readonly #desk: ClientDesk;
  readonly #options: LiveClusterOptions;
  readonly #situation: Situation = {
    lifeOf: (id) => this.#nodes.get(id)?.life,
    leader: () => newestLeader([...this.#nodes.values()].map(({ state }) => state)),
    isCut: (from, to) => this.#network.isCut(from, to),
    isPaused: () => this.#clock.isPaused,
    size: () => this.#nodes.size,
  };
  #asked: { readonly id: ActionId; readonly action: Action }[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: LiveClusterOptions) {
    const { folder, file, preset, extensions, token, imported } = options;
    const { listener, fileFailed } = options;
    this.#options = options;
    this.folder = folder;
    this.#roster = new Roster(folder, file);
    this.token = token;
    const [clock, recorder] = [this.#clock, this.#recorder];
    this.#network = new LiveNetwork({
      clock,
      recorder,
      delayMillis: preset.delayMillis,
      deliver: (id, message) => this.#nodes.get(message.to)?.receive(id, message) ?? false,
    });
    this.#desk = new ClientDesk((id, action) => this.act(id, action));
    const roster = this.#roster;
    this.#around = {
      folder,
      cluster: file.cluster,
      founders: roster.founders,
      members: () => roster.members,
      addressOf: roster.addressOf,
      timing: preset.timing,
      extensions,
      snapshotAfter: options.snapshotAfter,
      token,
      clock,
      recorder,
      imported,
      fileFailed,
      network: this.#network,
      portOf: (id: NodeId) => this.#nodes.get(id)?.port ?? null,
      requested: this.#desk.requested,
    };
    this.#nodes = new Map(
      roster.members.map((member) => [member.id, new LiveNode(member, this.#around)]),
    );
    for (const member of roster.members) this.#keepAccount(member);
    this.#changes = new MemberChanges({
      around: this.#around,
      roster,
      nodes: this.#nodes,
      leader: () => this.#receiver(null),
      arrived: (member) => this.#keepAccount(member),
      subscribe: (reader) => this.subscribe(reader),
    });
    this.subscribe((event) => this.#desk.take(event));
    this.subscribe((event) => this.#tellPeers(event));
    this.subscribe(listener);
  }

  get members(): readonly Member[] {
    return this.#roster.members;
  }

  /** All that there ever were. */
  get known(): readonly Member[] {
    return this.#roster.known;
  }

  /** Starts every node. Resolves when each is up or has failed, which the events tell. */
  async start(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.start(null)));
  }

  act(id: ActionId, action: Action): void {
    if (this.#closing !== undefined) return this.#refuse(id, { kind: "stopped" });
    this.#asked.push({ id, action });
    // Not at once: whoever reads an event may ask for something, and no node is to be disturbed
    // in the middle of a step. What is asked for together is also done together.
    if (this.#asked.length === 1) setImmediate(() => this.#clock.act(() => this.#perform()));
  }

  subscribe(listener: Listener): Unsubscribe {
    return this.#recorder.subscribe((event) => {
      try {
        listener(event);
      } catch (error) {
        // A reader that fails must not stop a node halfway. It fails where nothing is under way.
        setImmediate(() => {
          throw error;
        });
      }
    });
  }

  /** Where a node's files are, or those that it left behind. */
  filesOf(node: NodeId): NodePaths {
    const member = this.#roster.known.find(({ id }) => id === node);
    if (member === undefined) throw new RangeError(`there is no node ${node}`);
    return pathsOf(this.folder, member);
  }

  /** What these files are called. */
  fileNamesOf(node: NodeId): readonly string[] {
    return Object.values(this.filesOf(node)).map((path) => basename(path));
  }

  /** Where a client reaches a node; null while the node is down. */
  portOf(node: NodeId): number | null {
    return this.#nodes.get(node)?.port ?? null;
  }

  /** Resolves when the files hold all that has happened so far. */
  async settled(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.settled()));
    await Promise.all(this.#accounts.map(({ file }) => file.settled()));
    await this.#changes.settled();
  }

  /**
   * Compares every node's files with its wal, and the nodes' logs with each other. Rejects when it
   * is aborted.
   */
  async compareFiles(
    signal: AbortSignal = new AbortController().signal,
  ): Promise<readonly FileDifference[]> {
    // What is true now must be in the files once they are settled; they may be further by then.
    const nodes = [...this.#nodes.values()].map(({ member, state, lastApplied }) => {
      if (state === undefined || lastApplied === undefined) return { member, running: null };
      const committed = Math.min(state.commitIndex, state.savedIndex);
      return { member, running: { committed, lastApplied } };
    });
    await this.settled();
    const { folder, cluster, addressOf } = this.#around;
    return await compareFiles({ folder, cluster, nodes, addressOf, signal });
  }

  /** Ends everything: sockets and timers at once, files when they are written. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#refuseTheRest();
    this.#clock.close();
    try {
      await Promise.all([...this.#nodes.values()].map((node) => node.close()));
      await this.#changes.settled();
      await Promise.all(this.#accounts.map(({ file }) => file.close()));
    } finally {
      await this.#options.unlock();
    }
  }

  #keepAccount(member: Member): void {
    const account = new Account(member.id, this.#roster.known);
    const path = pathsOf(this.folder, member).account;
    const file = new AppendFile(path, (error) =>
      this.#options.fileFailed(member.id, basename(path), error),
    );
    this.subscribe((event) => {
      if (event.node === member.id) file.write(account.lines(event, new Date()));
    });
    for (const other of this.#accounts) other.account.know(member);
    this.#accounts.push({ account, file });
  }

  #tellPeers(event: TraceEvent): void {
    if (event.kind === "started") {
      for (const node of this.#nodes.values()) node.peerIsUp(event.node);
    } else if (event.kind === "nodeRemoved") {
      for (const node of this.#nodes.values()) node.peerIsGone(event.member);
    }
  }

  #refuseTheRest(): void {
    for (const { id } of this.#asked) this.#refuse(id, { kind: "stopped" });
    this.#asked = [];
  }

  #refuse(action: ActionId, reason: Refusal): void {
    this.#recorder.cluster({ kind: "refused", action, reason });
  }

  #perform(): void {
    const asked = this.#asked;
    this.#asked = [];
    let batch: { readonly node: LiveNode; readonly requests: ClientRequest[] } | undefined;
    const handOver = (): void => {
      batch?.node.request(batch.requests);
      batch = undefined;
    };
    for (const { id, action } of asked) {
      const receiver = action.kind === "submit" ? this.#receiver(action.node) : undefined;
      // Requests in a row to one node are one input to it, and one write of its disk.
      if (batch !== undefined && batch.node !== receiver) handOver();
      const reason = refusalOf(action, this.#situation);
      if (reason !== null) {
        this.#refuse(id, reason);
      } else if (action.kind !== "submit") {
        this.#do(id, action);
      } else if (receiver !== undefined) {
        batch ??= { node: receiver, requests: [] };
        batch.requests.push({ id, command: action.command });
      }
    }
    handOver();
  }

  #receiver(node: NodeId | null): LiveNode | undefined {
    const id = node ?? this.#situation.leader();
    return id === null ? undefined : this.#nodes.get(id);
  }

  #do(id: ActionId, action: Exclude<Action, { kind: "submit" }>): void {
    switch (action.kind) {
      case "transfer":
        return this.#receiver(null)?.transfer(id, action.to);
      case "addNode":
        return this.#changes.add(id, action.as);
      case "removeNode":
        return this.#changes.remove(id, action.node);
      case "compact":
        return this.#nodes.get(action.node)?.compact(id);
      case "crash":
        return this.#nodes.get(action.node)?.crash(id);
      case "restart":
        return void this.#nodes.get(action.node)?.start(id);
      case "cutLink":
        this.#network.cut(action.from, action.to);
        break;
      case "healLink":
        this.#network.heal(action.from, action.to);
        break;
      case "pause":
        this.#clock.pause();
        break;
      case "resume":
        this.#clock.resume();
        break;
      case "setSpeed":
        this.#clock.setSpeed(action.speed);
        break;
      case "read":
        return this.#receiver(action.node)?.read([{ id, name: action.name }]);
      default:
        return unreachable(action);
    }
    this.#recorder.cluster(happeningOf(id, action));
  }
}
