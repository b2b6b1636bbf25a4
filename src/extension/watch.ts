import { Checker, checks, type Finding } from "../checks/index.ts";
import { emptyView, viewAfter, type ClusterView, type TraceEvent } from "../trace/index.ts";
import { Outcomes } from "./outcomes.ts";

/**
 * What the extension keeps of a cluster's events: the view of now, the findings of the checks, and
 * who waits for what. Part of the bundle of the cluster, because without events it has no use.
 */
export class Watch {
  readonly outcomes = new Outcomes();
  readonly #checker: Checker;
  readonly #waiting = new Set<() => void>();
  #view = emptyView;
  #eventCount = 0;
  #isEnded = false;

  constructor(onFinding: (finding: Finding) => void) {
    this.#checker = new Checker(checks, onFinding);
  }

  /** The cluster after the events so far. */
  get view(): ClusterView {
    return this.#view;
  }

  get findings(): readonly Finding[] {
    return this.#checker.findings;
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** Whether the cluster is gone, so that nothing happens any more. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  take(event: TraceEvent): void {
    this.#eventCount++;
    const before = this.#view;
    this.#view = viewAfter(before, event);
    this.#checker.take(event);
    this.outcomes.take(event);
    if (this.#view !== before) for (const look of this.#waiting) look();
  }

  /** The cluster is gone. Whoever waits for something is told so. */
  end(): void {
    this.#isEnded = true;
    this.outcomes.end();
    for (const look of this.#waiting) look();
  }

  /** Answers true once the view is as asked, false if the cluster ends or `signal` aborts before. */
  until(isSo: (view: ClusterView) => boolean, signal: AbortSignal): Promise<boolean> {
    if (isSo(this.#view)) return Promise.resolve(true);
    if (this.#isEnded || signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (answer: boolean) => {
        this.#waiting.delete(look);
        signal.removeEventListener("abort", giveUp);
        resolve(answer);
      };
      const look = () => {
        if (isSo(this.#view)) end(true);
        else if (this.#isEnded) end(false);
      };
      const giveUp = () => end(false);
      signal.addEventListener("abort", giveUp);
      this.#waiting.add(look);
    });
  }
}
