import { StateMachine } from "../cluster/index.ts";
import {
  InvariantViolation,
  lastIndex,
  lastTerm,
  RaftNode,
  unreachable,
  type Change,
  type Effect,
  type Entry,
  type Input,
  type LogIndex,
  type MembershipOutcome,
  type MembershipRequest,
  type Message,
  type Millis,
  type NodeId,
  type RaftState,
  type Snapshot,
  type SavedUpTo,
  type TransferOutcome,
} from "../raft/index.ts";
import {
  observe,
  type ActionId,
  type Answer,
  type ClientRead,
  type ClientRequest,
  type Failure,
  type MessageId,
} from "../trace/index.ts";
import type { DriverOptions, SnapshotPolicy } from "./driver-options.ts";
import { Proposals } from "./proposals.ts";
import { Reads } from "./reads.ts";
import type { World } from "./world.ts";

/** An effect that waits, and the requests that it answers if it answers any. */
interface Waiting {
  readonly effect: Effect;
  readonly requests: readonly ClientRequest[];
}

type Apply = Extract<Effect, { kind: "apply" | "restore" }>;

/**
 * Runs one node in a world: inputs in, effects out, in order.
 *
 * This is the only place that decides when something leaves the node. A promise rests on what
 * the node has written down, so while the disk is at work everything behind it waits; and all
 * that has gathered meanwhile goes to the disk at once.
 */
export class Driver {
  readonly #node: RaftNode;
  readonly #world: World;
  readonly #proposals = new Proposals();
  readonly #reads = new Reads();
  readonly #machine = new StateMachine();
  readonly #policy: SnapshotPolicy | undefined;
  #waiting: Waiting[] = [];
  /** What is committed and not yet applied, in order. */
  #committed: Apply[] = [];
  /** How far the newest snapshot goes that a leader sent and the disk holds. */
  #savedSnapshot: LogIndex = 0;
  /** The transfers of the leadership that have not ended, in order. */
  readonly #transfers: ActionId[] = [];
  /** The changes of the membership that have not ended, in order. */
  readonly #changes: ActionId[] = [];
  /** How far the state machine has come. */
  #lastApplied: LogIndex;
  /** How many changes the disk has been given and not yet told saved. */
  #unsaved = 0;
  #wakeTime: Millis | null = null;
  #running = true;

  constructor(options: DriverOptions) {
    const { world, action, id, snapshots, ...made } = options;
    this.#world = world;
    this.#lastApplied = made.saved.snapshot?.index ?? 0;
    this.#node = new RaftNode({ id, now: world.now(), ...made });
    this.#policy = snapshots;
    world.record({ kind: "started", action, ...made });
    if (made.saved.snapshot !== undefined) this.#become(made.saved.snapshot);
    this.#armWake();
  }

  get state(): RaftState {
    return this.#node.state;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** The message `id` has arrived. */
  receive(id: MessageId, message: Message): void {
    if (!this.#running) return;
    this.#world.record({ kind: "received", id });
    this.#step({ kind: "receive", message });
  }

  /** Clients ask for their commands to be appended, in this order. */
  request(requests: readonly ClientRequest[]): void {
    if (!this.#running || requests.length === 0) return;
    this.#world.record({ kind: "requested", requests });
    this.#proposals.ask(requests);
    this.#step({ kind: "propose", commands: requests.map(({ command }) => command) }, requests);
  }

  /** The leadership is to go to another node. */
  transfer(action: ActionId, to: NodeId): void {
    if (!this.#running) return;
    this.#world.record({ kind: "transferRequested", to, action });
    this.#transfers.push(action);
    this.#step({ kind: "transfer", to });
  }

  /** The membership is to change. */
  changeMembership(action: ActionId, request: MembershipRequest): void {
    if (!this.#running) return;
    this.#world.record({ kind: "membershipRequested", ...request, action });
    this.#changes.push(action);
    this.#step({ kind: "changeMembership", ...request });
  }

  /** Clients want to read what is committed. */
  read(reads: readonly ClientRead[]): void {
    if (!this.#running || reads.length === 0) return;
    this.#world.record({ kind: "readRequested", reads });
    this.#reads.ask(reads);
    this.#step({ kind: "read", ids: reads.map(({ id }) => id) });
  }

  /** The state machine is written down now, and the log cut to what it does not tell. */
  compact(action: ActionId): void {
    if (!this.#running) return;
    this.#takeSnapshot(this.#policy?.keep ?? 0, action);
    this.#proceed();
    this.#armWake();
  }

  /** The time that the driver had asked for has come. */
  wake(): void {
    if (!this.#running) return;
    this.#wakeTime = null;
    // Deadlines mostly move away before they are reached; the alarm is then set once more.
    if (this.#world.now() >= this.#node.nextDeadline) {
      this.#world.record({ kind: "woke" });
      this.#step({ kind: "wake" });
    } else {
      this.#armWake();
    }
  }

  /** All but what is saved is gone. */
  crash(action: ActionId | null): void {
    if (!this.#running) return;
    this.#world.record({ kind: "crashed", unsaved: this.#unsaved, action });
    this.#stop();
  }

  /** The node cannot go on. */
  fail(failure: Failure): void {
    if (!this.#running) return;
    this.#world.record({ kind: "failed", failure, action: null });
    this.#stop();
    this.#world.stopped();
  }

  /** The world ends around the node, which has done nothing wrong. */
  close(): void {
    if (this.#running) this.#stop();
  }

  #stop(): void {
    this.#running = false;
    this.#waiting = [];
    this.#committed = [];
    const open = [
      ...this.#proposals.open(),
      ...this.#transfers,
      ...this.#changes,
      ...this.#reads.open(),
    ];
    for (const action of open) {
      this.#world.record({ kind: "unanswered", action });
    }
  }

  #step(input: Input, requests: readonly ClientRequest[] = []): void {
    this.#take(input, requests);
    this.#proceed();
    this.#armWake();
  }

  /** Gives the node its input, and queues what it asks for. */
  #take(input: Input, requests: readonly ClientRequest[] = []): void {
    const before = this.#node.state;
    try {
      const effects = this.#node.step(input, this.#world.now());
      for (const happening of observe(before, this.#node.state)) this.#world.record(happening);
      for (const effect of effects) this.#queue(effect, requests);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      this.fail({ kind: "invariant", claim: error.message });
    }
  }

  #queue(effect: Effect, requests: readonly ClientRequest[]): void {
    if (effect.kind === "apply" || effect.kind === "restore") this.#committed.push(effect);
    // A restore has its turn among what is applied, but not before its snapshot is saved.
    if (effect.kind === "restore") this.#waiting.push({ effect, requests });
    if (effect.kind === "apply" || effect.kind === "restore") return;
    // A leader's term and vote are saved since its election, and of its entries a request promises
    // nothing: it counts its own disk like any follower's (dissertation, §10.2.1).
    // Nor does a snapshot, and it is all that some peer hears of its leader.
    if (isFromLeader(effect)) this.#perform({ effect, requests });
    // What came of a transfer rests on nothing that is saved, and is told before the next begins.
    else if (effect.kind === "transferEnded") this.#transferEnded(effect.outcome);
    else if (effect.kind === "membershipEnded") this.#membershipEnded(effect.outcome);
    // Nor does what is known of a read: it is answered from what is applied, and that is saved.
    else if (effect.kind === "readReady") this.#readReady(effect.id, effect.index);
    else if (effect.kind === "readRefused") this.#readRefused(effect.id, effect.leaderId);
    else this.#waiting.push({ effect, requests });
  }

  /** Lets go what waits for nothing, then gives the disk all changes that have gathered. */
  #proceed(): void {
    if (!this.#running) return;
    this.#applyWhatIsSaved();
    if (this.#unsaved > 0) return;
    const firstSave = this.#waiting.findIndex(({ effect }) => effect.kind === "save");
    if (firstSave === -1) return this.#release(this.#waiting.length);
    this.#release(firstSave);

    const changes = this.#waiting.flatMap(({ effect }): Change[] =>
      effect.kind === "save" ? [effect.change] : [],
    );
    const behind = this.#waiting.length;
    const saved = savedBy(this.#node.state);
    this.#unsaved = changes.length;
    this.#world.record({ kind: "saving", changes });
    this.#world.save(changes, () => this.#saved(saved, behind));
  }

  /** The disk holds what was `saved`, and the first `behind` effects may go. */
  #saved(saved: SavedUpTo, behind: number): void {
    if (!this.#running) return;
    this.#world.record({ kind: "saved", ...saved });
    this.#take({ kind: "saved", ...saved });
    this.#release(behind);
    this.#unsaved = 0;
    this.#proceed();
    this.#armWake();
  }

  /** The state machine gets nothing that a crash of this node could still take back. */
  #applyWhatIsSaved(): void {
    const { savedIndex } = this.#node.state;
    for (let next = this.#committed[0]; next !== undefined; next = this.#committed[0]) {
      if (lastOf(next) > savedIndex) break;
      if (next.kind === "restore" && next.snapshot.index > this.#savedSnapshot) break;
      this.#committed.shift();
      if (next.kind === "restore") this.#restore(next.snapshot);
      else this.#apply(next.first, next.entries);
    }
    const policy = this.#policy;
    const since = this.#lastApplied - (this.#node.state.snapshot?.index ?? 0);
    if (policy !== undefined && since >= policy.entries) this.#takeSnapshot(policy.keep, null);
  }

  #release(count: number): void {
    const free = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    for (const waiting of free) this.#perform(waiting);
  }

  #perform({ effect, requests }: Waiting): void {
    switch (effect.kind) {
      case "save":
        return; // The disk had it before anything behind it was released.
      case "send":
        return this.#world.send(effect.message);
      case "apply":
        return; // It waits for the log alone.
      case "restore":
        this.#savedSnapshot = effect.snapshot.index;
        return;
      case "accept":
        return this.#proposals.accept(requests, effect.first, effect.term);
      case "reject":
        this.#proposals.forget(requests);
        for (const { id } of requests) {
          const answer = { kind: "notLeader", leaderId: effect.leaderId } as const;
          this.#world.record({ kind: "answered", action: id, answer });
        }
        return;
      case "transferEnded":
      case "membershipEnded":
      case "readReady":
      case "readRefused":
        return; // It was told when it was taken.
      default:
        return unreachable(effect);
    }
  }

  #transferEnded(outcome: TransferOutcome): void {
    // What did not even begin is the newest; all else ends the one that is under way.
    const isRefused = outcome.kind === "notLeader" || outcome.kind === "noPeer";
    const action = isRefused ? this.#transfers.pop() : this.#transfers.shift();
    if (action !== undefined) this.#world.record({ kind: "transferEnded", action, outcome });
  }

  #membershipEnded(outcome: MembershipOutcome): void {
    const { kind } = outcome;
    const isRefused = kind === "notLeader" || kind === "busy" || kind === "noVoters";
    const action = isRefused ? this.#changes.pop() : this.#changes.shift();
    if (action !== undefined) this.#world.record({ kind: "membershipEnded", action, outcome });
  }

  #readReady(id: ActionId, index: LogIndex): void {
    this.#reads.ready(id, index);
    this.#answerReads();
  }

  #readRefused(id: ActionId, leaderId: NodeId | null): void {
    if (this.#reads.take(id)) this.#answer(id, { kind: "readRefused", leaderId });
  }

  #answerReads(): void {
    for (const { id, name } of this.#reads.answerable(this.#lastApplied)) {
      const value = name === null ? this.#machine.text() : (this.#machine.values.get(name) ?? null);
      this.#answer(id, { kind: "read", index: this.#lastApplied, value });
    }
  }

  #answer(action: ActionId, answer: Answer): void {
    this.#world.record({ kind: "answered", action, answer });
  }

  #takeSnapshot(keep: number, action: ActionId | null): void {
    const [index, data] = [this.#lastApplied, this.#machine.snapshot()];
    this.#world.record({ kind: "snapshotTaken", index, data, keep, action });
    this.#take({ kind: "compact", index, data, keep });
  }

  #restore(snapshot: Snapshot): void {
    this.#become(snapshot);
    if (!this.#running) return;
    this.#world.record({ kind: "restored", index: snapshot.index });
    this.#world.restore(snapshot);
    for (const action of this.#proposals.passed(snapshot.index)) {
      this.#world.record({ kind: "unanswered", action });
    }
    this.#answerReads();
  }

  /** The state machine is that of the snapshot. */
  #become({ index, data }: Snapshot): void {
    if (this.#machine.restore(data)) this.#lastApplied = index;
    else this.fail({ kind: "invariant", claim: "a snapshot is what a state machine has written" });
  }

  #apply(first: LogIndex, entries: readonly Entry[]): void {
    for (const entry of entries) if (entry.kind === "command") this.#machine.apply(entry.command);
    this.#world.record({ kind: "applied", first, entries });
    this.#world.apply(first, entries);
    this.#lastApplied = first + entries.length - 1;
    for (const { action, answer } of this.#proposals.applied(first, entries)) {
      this.#answer(action, answer);
    }
    this.#answerReads();
  }

  #armWake(): void {
    if (!this.#running) return;
    const deadline = this.#node.nextDeadline;
    if (this.#wakeTime !== null && this.#wakeTime <= deadline) return;
    this.#wakeTime = deadline;
    this.#world.wakeAt(deadline);
  }
}

function isFromLeader(effect: Effect): boolean {
  if (effect.kind !== "send") return false;
  return effect.message.kind === "AppendEntries" || effect.message.kind === "InstallSnapshot";
}

function lastOf(effect: Apply): LogIndex {
  return effect.kind === "restore"
    ? effect.snapshot.index
    : effect.first + effect.entries.length - 1;
}

function savedBy({ currentTerm, log }: RaftState): SavedUpTo {
  return { currentTerm, index: lastIndex(log), term: lastTerm(log) };
}
