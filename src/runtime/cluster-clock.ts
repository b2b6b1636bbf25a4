import { Schedule, type Appointment } from "../driver/index.ts";
import type { Millis } from "../raft/index.ts";

/** How long one turn may keep the extension host from its other work, in real milliseconds. */
const sliceMillis = 4;

/** Being late by more than this means that the machine slept or its process was held. */
const lapseMillis = 500;

/**
 * The one clock of a live cluster: real time, slowed down, paused, and without the gaps in which
 * the machine slept, after which every election timeout would have passed at once.
 *
 * Everything that happens to a node happens in a turn of this clock. Time stands still within a
 * turn, so that an input and what is recorded of it have the same time and can be replayed.
 */
export class ClusterClock {
  readonly #schedule = new Schedule();
  #now: Millis = 0;
  #realNow = performance.now();
  #speed = 1;
  #paused = false;
  #closed = false;
  #inTurn = false;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  /** When the timer should go off, in real milliseconds. */
  #timerDue: number | undefined;

  /** The time of this turn. */
  get now(): Millis {
    return this.#now;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  at(time: Millis, act: () => void): Appointment {
    const appointment = this.#schedule.add(time, act);
    this.#arm();
    return appointment;
  }

  /** Next in turn; while the clock is paused, once it goes on. */
  soon(act: () => void): void {
    this.at(this.#now, act);
  }

  /** Right away, even while the clock is paused, as what a user does to the cluster is. */
  act(act: () => void): void {
    if (this.#closed) return;
    if (!this.#inTurn) this.#moveOn();
    this.#do(act);
    this.#arm();
  }

  pause(): void {
    this.#paused = true;
    this.#disarm();
  }

  resume(): void {
    this.#realNow = performance.now();
    this.#paused = false;
    this.#arm();
  }

  /** From this turn on. */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#disarm();
    this.#arm();
  }

  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  #moveOn(): void {
    const real = performance.now();
    const lapsed = this.#timerDue !== undefined && real > this.#timerDue + lapseMillis;
    const until = lapsed && this.#timerDue !== undefined ? this.#timerDue : real;
    const passed = Math.max(until - this.#realNow, 0) * this.#speed;
    // To the microsecond, for more digits would only make a trace harder to read.
    if (!this.#paused) this.#now = Math.round((this.#now + passed) * 1000) / 1000;
    this.#realNow = real;
  }

  #turn(): void {
    this.#disarm();
    if (this.#closed || this.#paused) return;
    const end = performance.now() + sliceMillis;
    try {
      do {
        const due = this.#schedule.take(this.#now);
        if (due === undefined) break;
        this.#do(due.act);
      } while (!this.#isStopped() && performance.now() < end);
    } finally {
      // Whatever goes wrong with one node, the others' time goes on.
      this.#arm();
    }
  }

  /** Time stands still while something is done. */
  #do(act: () => void): void {
    const before = this.#inTurn;
    this.#inTurn = true;
    try {
      act();
    } finally {
      this.#inTurn = before;
    }
  }

  /** Pausing and closing may be what was due. */
  #isStopped(): boolean {
    return this.#closed || this.#paused;
  }

  #arm(): void {
    if (this.#closed || this.#paused || this.#immediate !== undefined) return;
    const next = this.#schedule.nextTime;
    if (next === undefined) return;
    if (next <= this.#now) {
      // Being late for what is due is how a lapse is noticed.
      this.#timerDue ??= this.#realNow;
      this.#immediate = setImmediate(() => {
        this.#moveOn();
        this.#turn();
      });
      return;
    }
    const due = this.#realNow + (next - this.#now) / this.#speed;
    if (this.#timerDue !== undefined && this.#timerDue <= due) return;
    this.#disarm();
    this.#timerDue = due;
    this.#timer = setTimeout(
      () => {
        this.#moveOn();
        this.#turn();
      },
      Math.max(due - performance.now(), 0),
    );
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#timerDue = undefined;
  }
}
