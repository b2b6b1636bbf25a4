import assert from "node:assert/strict";
import { Driver, type World } from "../../src/driver/index.ts";
import {
  append,
  nothingSaved,
  paperTiming,
  truncateFrom,
  type Change,
  type Message,
  type Millis,
  type NodeId,
  type Persistent,
  type RaftState,
  type Term,
} from "../../src/raft/index.ts";
import { Recorder, type MessageId, type TraceEvent } from "../../src/trace/index.ts";

interface Flight {
  readonly id: MessageId;
  readonly message: Message;
}

interface Actor {
  readonly driver: Driver;
  wakeTime: Millis;
  disk: Persistent;
  saving: { readonly changes: readonly Change[]; readonly saved: () => void } | undefined;
}

/**
 * A cluster in which nothing comes about by itself: a scenario says whose alarm rings, which
 * message arrives and whose disk is done. It plays what a search by chance would take for ever to
 * meet. Time moves only when an alarm rings.
 */
export class Stage {
  readonly #recorder = new Recorder(() => this.#now);
  readonly #members: readonly NodeId[];
  readonly #actors = new Map<NodeId, Actor>();
  #flights: Flight[] = [];
  #now: Millis = 0;
  #messages = 0;
  #requests = 0;

  /** Nodes n1, n2 and so on, that have never run before. */
  constructor(size: number, listener: (event: TraceEvent) => void) {
    this.#recorder.subscribe(listener);
    this.#members = Array.from({ length: size }, (_, i) => `n${i + 1}`);
    for (const id of this.#members) this.#start(id, nothingSaved);
  }

  stateOf(id: NodeId): RaftState {
    return this.#actor(id).driver.state;
  }

  /** The alarm of `id` rings. */
  wake(id: NodeId): void {
    const actor = this.#actor(id);
    // It may have been set before the deadline moved, and is then set again.
    for (let rings = 0; rings < 2; rings++) {
      this.#now = Math.max(this.#now, actor.wakeTime);
      const { length } = this.#flights;
      actor.driver.wake();
      if (actor.saving !== undefined || this.#flights.length > length) return;
    }
  }

  /** A client asks `id` to append a command of so many characters, or a few more. */
  request(id: NodeId, length = 0): void {
    const command = `{"x": "${this.#requests}${" ".repeat(length)}"}`;
    this.#actor(id).driver.request([{ id: `a${this.#requests++}`, command }]);
  }

  /** The disk of `id` is done with all that it was given, and with what it is given then. */
  sync(id: NodeId): void {
    const actor = this.#actor(id);
    for (let { saving } = actor; saving !== undefined; { saving } = actor) {
      actor.saving = undefined;
      for (const change of saving.changes) actor.disk = after(actor.disk, change);
      saving.saved();
    }
  }

  /** What is on its way between the two arrives, oldest first, and so do the answers to that. */
  talk(one: NodeId, other: NodeId): void {
    const between = [one, other];
    for (;;) {
      for (const id of between) this.sync(id);
      const at = this.#flights.findIndex(
        ({ message: { from, to } }) => between.includes(from) && between.includes(to),
      );
      if (at === -1) return;
      this.#arrive(at);
    }
  }

  /** What is on its way from one to the other arrives; what that leads to stays on its way. */
  deliver(from: NodeId, to: NodeId): void {
    const ids = this.#flights
      .filter(({ message }) => message.from === from && message.to === to)
      .map(({ id }) => id);
    assert(ids.length > 0, `nothing is on its way from ${from} to ${to}`);
    for (const id of ids) this.#arrive(this.#flights.findIndex((flight) => flight.id === id));
  }

  /** All that is on its way is lost, but for what goes from the one to the other of `kept`. */
  loseAllBut(...kept: readonly (readonly [from: NodeId, to: NodeId])[]): void {
    this.#lose(({ from, to }) => !kept.some(([one, other]) => one === from && other === to));
  }

  /** `id` wins the election of `term` by these votes; what it says as a leader is on its way. */
  elect(id: NodeId, term: Term, voters: readonly NodeId[]): void {
    while (this.stateOf(id).currentTerm < term) {
      // Of the elections before nobody hears.
      this.#lose(({ from }) => from === id);
      this.wake(id);
      this.sync(id);
    }
    for (const voter of voters) {
      this.deliver(id, voter);
      this.sync(voter);
      this.deliver(voter, id);
    }
    const { role, currentTerm } = this.stateOf(id);
    assert(role.kind === "leader" && currentTerm === term, `${id} does not lead term ${term}`);
  }

  /** `id` crashes, which loses all that its disk is not done with, and starts again. */
  restart(id: NodeId): void {
    const { driver, disk } = this.#actor(id);
    driver.crash(null);
    this.#start(id, disk);
  }

  #start(id: NodeId, disk: Persistent): void {
    const world = this.#worldOf(id);
    const given = { id, members: this.#members, timing: paperTiming, seed: 1, action: null };
    const driver = new Driver({ ...given, saved: disk, world });
    // The driver asked for its first alarm before there was an actor to keep it.
    const wakeTime = driver.state.electionDeadline;
    this.#actors.set(id, { driver, wakeTime, disk, saving: undefined });
  }

  #lose(isLost: (message: Message) => boolean): void {
    for (const { id, message } of this.#flights) {
      if (isLost(message)) this.#recorder.cluster({ kind: "dropped", id, reason: "lost" });
    }
    this.#flights = this.#flights.filter(({ message }) => !isLost(message));
  }

  #arrive(at: number): void {
    const [flight] = this.#flights.splice(at, 1);
    if (flight !== undefined) {
      this.#actor(flight.message.to).driver.receive(flight.id, flight.message);
    }
  }

  #actor(id: NodeId): Actor {
    const actor = this.#actors.get(id);
    assert(actor, `${id} is not on the stage`);
    return actor;
  }

  #worldOf(id: NodeId): World {
    return {
      now: () => this.#now,
      wakeAt: (time) => {
        const actor = this.#actors.get(id);
        if (actor !== undefined) actor.wakeTime = time;
      },
      send: (message) => {
        const flight = { id: this.#messages++, message };
        this.#recorder.node(id, { kind: "sent", ...flight, arrival: this.#now });
        this.#flights.push(flight);
      },
      save: (changes, saved) => {
        this.#actor(id).saving = { changes, saved };
      },
      apply: () => {},
      restore: () => {},
      record: (happening) => this.#recorder.node(id, happening),
      stopped: () => {},
    };
  }
}

function after(disk: Persistent, { vote, log }: Change): Persistent {
  const voted = vote === null ? disk : { ...disk, ...vote };
  if (log === null) return voted;
  return { ...voted, log: append(truncateFrom(voted.log, log.from), log.entries) };
}
