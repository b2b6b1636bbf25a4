import type { Millis } from "../raft/index.ts";

/** Something that is due at a time; it can be called off before. */
export interface Appointment {
  readonly time: Millis;
  readonly order: number;
  readonly act: () => void;
  cancelled: boolean;
}

/** What is due when: a binary heap by time, ties in the order in which they were made. */
export class Schedule {
  readonly #heap: Appointment[] = [];
  #made = 0;

  add(time: Millis, act: () => void): Appointment {
    const appointment = { time, order: this.#made++, act, cancelled: false };
    this.#heap.push(appointment);
    this.#rise(this.#heap.length - 1);
    return appointment;
  }

  /** The time of what is due next. */
  get nextTime(): Millis | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.time;
  }

  /** Takes out what is due next, if that is no later than `time`. */
  take(time: Millis): Appointment | undefined {
    this.#dropCancelled();
    const [first] = this.#heap;
    if (first === undefined || first.time > time) return undefined;
    this.#removeFirst();
    return first;
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.cancelled === true) this.#removeFirst();
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let first = at;
      if (this.#isBefore(left, first)) first = left;
      if (this.#isBefore(right, first)) first = right;
      if (first === at) return;
      this.#swap(at, first);
      at = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return false;
    return a.time === b.time ? a.order < b.order : a.time < b.time;
  }

  #swap(one: number, other: number): void {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
