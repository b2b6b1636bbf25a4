/** How bad it is what a user is told. */
export type Severity = "warning" | "error";

/** Shows one notification: the first of what happened, and how much else did. */
export type Show = (severity: Severity, text: string, more: number) => void;

/** What happens within this time belongs together: a start may find something at every node. */
const gatherMillis = 300;

/** The least time from one notification to the next of the same severity. */
export const restMillis = 10_000;

/**
 * Tells the user what a cluster does of itself, without flooding them: what comes while a
 * notification is still fresh is gathered into the next one. The output tells everything.
 */
export class Announcer {
  readonly #warnings: Queue;
  readonly #errors: Queue;

  constructor(show: Show) {
    this.#warnings = new Queue((text, more) => show("warning", text, more));
    this.#errors = new Queue((text, more) => show("error", text, more));
  }

  tell(severity: Severity, text: string): void {
    (severity === "error" ? this.#errors : this.#warnings).add(text);
  }

  /** Forgets what it was going to tell. */
  clear(): void {
    this.#warnings.clear();
    this.#errors.clear();
  }
}

class Queue {
  readonly #show: (text: string, more: number) => void;
  #texts: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (text: string, more: number) => void) {
    this.#show = show;
  }

  add(text: string): void {
    this.#texts.push(text);
    this.#timer ??= this.#showAfter(gatherMillis);
  }

  clear(): void {
    this.#texts = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #showAfter(millis: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#timer = undefined;
      const [first, ...others] = this.#texts;
      if (first === undefined) return;
      this.#texts = [];
      this.#timer = this.#showAfter(restMillis);
      this.#show(first, others.length);
    }, millis);
  }
}
