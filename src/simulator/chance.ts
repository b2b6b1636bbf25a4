import { draw, type Millis } from "../raft/index.ts";

/** A length of time drawn evenly from [min, max]. */
export interface Range {
  readonly min: Millis;
  readonly max: Millis;
}

/** Chance that is the same for the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A number in [0, 1). */
  next(): number {
    const { value, next } = draw(this.#state);
    this.#state = next;
    return value;
  }

  /** Whether something of this probability happens. Draws nothing for what never does. */
  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  within({ min, max }: Range): Millis {
    return min + this.below(max - min + 1);
  }

  /** A seed for somebody else's chance. */
  seed(): number {
    return this.below(2 ** 32);
  }

  pick<T>(choices: readonly T[]): T | undefined {
    return choices[this.below(choices.length)];
  }
}
