import {
  Driver,
  type Appointment,
  type Schedule,
  type SnapshotPolicy,
  type World,
} from "../driver/index.ts";
import type {
  Change,
  Extensions,
  MembershipRequest,
  Message,
  Millis,
  NodeId,
  Persistent,
  RaftState,
  Timing,
} from "../raft/index.ts";
import type { ActionId, ClientRead, ClientRequest, MessageId, Recorder } from "../trace/index.ts";
import type { Chance } from "./chance.ts";
import { Disk } from "./disk.ts";
import { diskDelay, drawDelay, type Weather } from "./weather.ts";

/** What the simulator lends to each of its nodes. */
export interface Surroundings {
  /** With whom the cluster began. */
  readonly founders: readonly NodeId[];
  readonly timing: Timing;
  readonly extensions: Extensions;
  /** When nodes take snapshots, and in what parts they send them. */
  readonly snapshots: SnapshotOptions;
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly recorder: Recorder;
  readonly now: () => Millis;
  readonly weather: () => Weather;
  readonly send: (message: Message) => void;
}

export interface SnapshotOptions {
  readonly snapshots?: SnapshotPolicy;
  readonly chunkCharacters?: number;
}

/** One node through all its lives: its disk, and while it is up its driver. */
export class SimulatedNode {
  readonly #id: NodeId;
  readonly #around: Surroundings;
  readonly #disk: Disk;
  #driver: Driver | undefined;

  constructor(id: NodeId, around: Surroundings, saved?: Persistent) {
    this.#id = id;
    this.#around = around;
    this.#disk = new Disk(saved);
  }

  get isUp(): boolean {
    return this.#driver !== undefined;
  }

  get state(): RaftState | undefined {
    return this.#driver?.state;
  }

  start(action: ActionId | null): void {
    const { founders, timing, extensions, chance, snapshots } = this.#around;
    const id = this.#id;
    // Who was added later has its members from the log.
    const members = founders.includes(id) ? founders : [];
    const life = new Life(id, this.#disk, this.#around, () => (this.#driver = undefined));
    const { saved } = this.#disk;
    const seed = chance.seed();
    this.#driver = life.begin({
      id,
      members,
      timing,
      extensions,
      seed,
      saved,
      action,
      ...snapshots,
    });
  }

  crash(action: ActionId | null): void {
    this.#driver?.crash(action);
    this.#driver = undefined;
    this.#disk.crash(this.#around.chance);
  }

  receive(id: MessageId, message: Message): boolean {
    if (this.#driver === undefined) return false;
    this.#driver.receive(id, message);
    return true;
  }

  request(requests: readonly ClientRequest[]): void {
    this.#driver?.request(requests);
  }

  transfer(action: ActionId, to: NodeId): void {
    this.#driver?.transfer(action, to);
  }

  changeMembership(action: ActionId, request: MembershipRequest): void {
    this.#driver?.changeMembership(action, request);
  }

  compact(action: ActionId): void {
    this.#driver?.compact(action);
  }

  /** The node is stopped for good; its disk is kept. */
  close(): void {
    this.#driver?.close();
    this.#driver = undefined;
  }

  read(reads: readonly ClientRead[]): void {
    this.#driver?.read(reads);
  }
}

/** The world of one life of a node: whatever it had asked for dies with it. */
class Life implements World {
  readonly #id: NodeId;
  readonly #disk: Disk;
  readonly #around: Surroundings;
  readonly #ended: () => void;
  #driver: Driver | undefined;
  #alarm: Appointment | undefined;

  constructor(id: NodeId, disk: Disk, around: Surroundings, ended: () => void) {
    this.#id = id;
    this.#disk = disk;
    this.#around = around;
    this.#ended = ended;
  }

  begin(options: Omit<ConstructorParameters<typeof Driver>[0], "world">): Driver {
    this.#driver = new Driver({ ...options, world: this });
    return this.#driver;
  }

  now(): Millis {
    return this.#around.now();
  }

  wakeAt(time: Millis): void {
    if (this.#alarm !== undefined) this.#alarm.cancelled = true;
    this.#alarm = this.#around.schedule.add(time, () => this.#driver?.wake());
  }

  send(message: Message): void {
    this.#around.send(message);
  }

  save(changes: readonly Change[], saved: () => void): void {
    const { chance, schedule, weather } = this.#around;
    this.#disk.write(changes);
    schedule.add(this.now() + drawDelay(diskDelay(weather()), chance), () => {
      // After a crash what was written is the disk's to keep or lose.
      if (this.#driver?.isRunning !== true) return;
      this.#disk.sync();
      saved();
    });
  }

  apply(): void {
    // The trace tells what was applied; a simulated state machine would add nothing to it.
  }

  restore(): void {
    // Nor would it add what was restored.
  }

  record(happening: Parameters<World["record"]>[0]): void {
    this.#around.recorder.node(this.#id, happening);
  }

  stopped(): void {
    this.#disk.crash(this.#around.chance);
    this.#ended();
  }
}
