/** How long one piece of work may keep the extension host from its other work. */
const sliceMillis = 5;

/**
 * Cuts long work into slices, so that whoever has a hundred thousand records to read lets the
 * extension host do something else in between.
 *
 *     if (pace.isOver) await pace.rest();
 */
export class Pace {
  #end = performance.now() + sliceMillis;

  /** Whether this slice has lasted long enough. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets everybody else have their turn, then begins the next slice. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#end = performance.now() + sliceMillis;
  }
}

/** Does what comes in steps, each much shorter than a slice. */
export async function paced<T>(steps: Generator<void, T>, pace = new Pace()): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (pace.isOver) await pace.rest();
  }
}
