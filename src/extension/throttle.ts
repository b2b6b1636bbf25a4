/** Calls `act` soon after it is asked to, and at most once in `millis`. */
export class Throttle {
  readonly #act: () => void;
  readonly #millis: number;
  #asked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(millis: number, act: () => void) {
    this.#millis = millis;
    this.#act = act;
  }

  ask(): void {
    this.#asked = true;
    if (this.#timer === undefined) this.#wait(0);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #wait(millis: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#asked) return;
      this.#asked = false;
      this.#wait(this.#millis);
      this.#act();
    }, millis);
  }
}
