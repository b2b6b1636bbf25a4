import { setImmediate } from "node:timers/promises";

/** How long the process may be kept from its other work, in milliseconds. */
const sliceMillis = 10;

/** Does work that is cut into steps without keeping the process from its other work for long. */
export async function inSlices(steps: Generator<void, void>): Promise<void> {
  const slices = new Slices();
  while (steps.next().done !== true) await slices.rest();
}

/** Tells when work has gone on for long enough, and lets others have their turn then. */
export class Slices {
  #began = performance.now();

  async rest(): Promise<void> {
    if (performance.now() - this.#began < sliceMillis) return;
    await setImmediate();
    this.#began = performance.now();
  }
}
