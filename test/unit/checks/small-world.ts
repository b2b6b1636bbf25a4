import { Driver } from "../../../src/driver/index.ts";
import {
  append,
  draw,
  nothingSaved,
  paperTiming,
  truncateFrom,
  type Change,
  type Message,
  type Millis,
  type NodeId,
  type Persistent,
} from "../../../src/raft/index.ts";
import { Recorder, type MessageId, type TraceEvent } from "../../../src/trace/index.ts";

/**
 * Runs real nodes in rough weather, all of it drawn from one seed: messages are late, lost and
 * doubled, disks slow, and a crash keeps any part of what was not yet saved.
 *
 * It knows as little as possible, so that a false alarm is the checks' fault: no delays, only an
 * order; time goes on when somebody wakes.
 */
export function runSmallWorld(
  seed: number,
  steps: number,
  onEvent: (event: TraceEvent) => void,
): void {
  const world = new SmallWorld(seed, onEvent);
  for (let step = 0; step < steps; step++) world.step();
}

interface Place {
  readonly id: NodeId;
  driver: Driver | null;
  disk: Persistent;
  saving: { readonly changes: readonly Change[]; readonly saved: () => void } | null;
  wakeTime: Millis;
}

class SmallWorld {
  readonly #recorder = new Recorder(() => this.#now);
  readonly #places: Place[];
  readonly #crashing: number;
  readonly #losing: number;
  /** How often time goes on while there is still something to do: elections come of that. */
  readonly #hurry: number;
  #flights: { readonly id: MessageId; readonly message: Message }[] = [];
  /** Whom no message reaches or leaves for now. */
  readonly #cutOff = new Set<NodeId>();
  #now: Millis = 0;
  #random: number;
  #messages = 0;
  #requests = 0;

  constructor(seed: number, onEvent: (event: TraceEvent) => void) {
    this.#random = seed;
    this.#recorder.subscribe(onEvent);
    const size = 1 + this.#pick(5);
    this.#crashing = this.#pick(3) === 0 ? 0 : 0.004;
    this.#losing = this.#pick(3) * 0.15;
    this.#hurry = [0.005, 0.01, 0.02, 0.04][this.#pick(4)] ?? 0;
    this.#places = Array.from({ length: size }, (_, i) => ({
      id: `n${i + 1}`,
      driver: null,
      disk: nothingSaved,
      saving: null,
      wakeTime: Infinity,
    }));
    for (const place of this.#places) this.#start(place);
  }

  step(): void {
    const chance = this.#chance();
    const place = this.#places[this.#pick(this.#places.length)];
    if (place === undefined) return;
    if (chance < this.#crashing) this.#crash(place);
    else if (chance < 0.02) this.#restart(place);
    else if (chance < 0.023) this.#cutOff.add(place.id);
    else if (chance < 0.026) this.#cutOff.clear();
    else if (chance < 0.06) this.#request(place);
    else if (chance < 0.4) this.#finishSaving(place);
    else if (chance < 1 - this.#hurry && this.#flights.length > 0) this.#deliver();
    else this.#wakeNext();
  }

  #start(place: Place): void {
    place.driver = new Driver({
      id: place.id,
      members: this.#places.map(({ id }) => id),
      timing: paperTiming,
      seed: this.#pick(2 ** 31),
      saved: place.disk,
      action: null,
      world: {
        now: () => this.#now,
        wakeAt: (time) => void (place.wakeTime = time),
        send: (message) => this.#send(place.id, message),
        save: (changes, saved) => void (place.saving = { changes, saved }),
        apply: () => {},
        restore: () => {},
        record: (happening) => this.#recorder.node(place.id, happening),
        stopped: () => void (place.driver = null),
      },
    });
  }

  #send(from: NodeId, message: Message): void {
    const id = this.#messages++;
    const isCut = this.#cutOff.has(from) || this.#cutOff.has(message.to);
    const lost = isCut || this.#chance() < this.#losing;
    this.#recorder.node(from, { kind: "sent", id, message, arrival: lost ? null : this.#now });
    if (!lost) this.#flights.push({ id, message });
    if (this.#flights.length > 200) this.#flights.shift();
  }

  /** Any message that is on its way, in any order; some stay there, to come again much later. */
  #deliver(): void {
    const at = this.#pick(Math.min(this.#flights.length, this.#chance() < 0.1 ? 200 : 8));
    const flight = this.#flights[at];
    if (flight === undefined) return;
    if (this.#chance() > 0.1) this.#flights.splice(at, 1);
    const { id, message } = flight;
    this.#places.find((place) => place.id === message.to)?.driver?.receive(id, message);
  }

  #finishSaving(place: Place): void {
    const { saving } = place;
    if (saving === null) return;
    place.saving = null;
    place.disk = after(place.disk, saving.changes);
    saving.saved();
  }

  #wakeNext(): void {
    const [first] = this.#places
      .filter(({ driver }) => driver !== null)
      .toSorted((one, other) => one.wakeTime - other.wakeTime);
    if (first === undefined) return;
    this.#now = Math.max(this.#now, first.wakeTime);
    first.driver?.wake();
  }

  #request(place: Place): void {
    const count = this.#requests++;
    const requests = [{ id: `a${count}`, command: `c${count % 50}` }];
    place.driver?.request(requests);
  }

  #crash(place: Place): void {
    const { driver, saving } = place;
    if (driver === null) return;
    driver.crash(null);
    place.driver = null;
    place.saving = null;
    const changes = saving?.changes ?? [];
    place.disk = after(place.disk, changes.slice(0, this.#pick(changes.length + 1)));
  }

  #restart(place: Place): void {
    if (place.driver === null) this.#start(place);
  }

  #chance(): number {
    const { value, next } = draw(this.#random);
    this.#random = next;
    return value;
  }

  #pick(count: number): number {
    return Math.floor(this.#chance() * count);
  }
}

function after(disk: Persistent, changes: readonly Change[]): Persistent {
  return changes.reduce(
    (saved, { vote, log }) => ({
      ...saved,
      ...vote,
      log: log === null ? saved.log : append(truncateFrom(saved.log, log.from), log.entries),
    }),
    disk,
  );
}
