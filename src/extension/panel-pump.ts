import type { PanelUpdate } from "../panel/index.ts";

/** The least time between two updates: thirty a second at most. */
const leastMillis = 33;
/** If the host was busy for longer than this, a past that is played does not jump ahead. */
const longestTick = 100;

/** What the pump needs of a session. */
export interface Pumped {
  readonly isPlaying: boolean;
  tick(realMillis: number): void;
  nextUpdate(): PanelUpdate | undefined;
}

export interface PumpOptions {
  /** What is looked at now; undefined if there is nothing. */
  readonly session: () => Pumped | undefined;
  /** What to tell while there is nothing to look at. */
  readonly closed: () => PanelUpdate;
  /** Hands an update to the page; settles when the page has it or will never have it. */
  readonly post: (update: PanelUpdate) => PromiseLike<unknown>;
  readonly isVisible: () => boolean;
  /** Nothing more is told until the page is told everything anew. */
  readonly failed: (error: unknown) => void;
  /** Real time in milliseconds, from any origin. */
  readonly now: () => number;
}

/**
 * Brings updates to a page: at most thirty a second, one at a time, and none while nobody sees it.
 * It sleeps until it is asked, so that a cluster at rest costs nothing.
 */
export class PanelPump {
  readonly #options: PumpOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsked = false;
  /** What the page has not taken yet. */
  #underWay: PanelUpdate | undefined;
  #isEnded = false;
  #hasFailed = false;
  #posted = Number.NEGATIVE_INFINITY;
  #ticked: number;
  #toldClosed = "";

  constructor(options: PumpOptions) {
    this.#options = options;
    this.#ticked = options.now();
  }

  /** Something may be different. */
  ask(): void {
    this.#isAsked = true;
    this.#schedule();
  }

  /** The page has forgotten what it was told. */
  reset(): void {
    this.#toldClosed = "";
    this.#hasFailed = false;
    // It was for the page before; whether that ever takes it is no matter any more.
    this.#underWay = undefined;
    this.ask();
  }

  dispose(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#underWay !== undefined) return;
    if (this.#isEnded || this.#hasFailed) return;
    const { now, isVisible } = this.#options;
    if (!isVisible()) return;
    const wait = Math.max(0, this.#posted + leastMillis - now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump().catch((error: unknown) => {
        // A session that fails once would fail again with every event.
        this.#hasFailed = true;
        this.#options.failed(error);
      });
    }, wait);
  }

  async #pump(): Promise<void> {
    const { session: sessionNow, isVisible, now, post } = this.#options;
    if (!isVisible() || this.#isEnded) return;
    this.#isAsked = false;
    const session = sessionNow();
    const time = now();
    if (session?.isPlaying === true) session.tick(Math.min(time - this.#ticked, longestTick));
    this.#ticked = time;
    const update = session === undefined ? this.#closed() : session.nextUpdate();
    if (session !== undefined) this.#toldClosed = "";
    if (update !== undefined) {
      this.#posted = time;
      this.#underWay = update;
      await post(update);
      if (this.#underWay === update) this.#underWay = undefined;
    } else if (session?.isPlaying === true) {
      this.#posted = time;
    }
    if (this.#isAsked || sessionNow()?.isPlaying === true) this.#schedule();
  }

  #closed(): PanelUpdate | undefined {
    const update = this.#options.closed();
    const told = JSON.stringify(update);
    if (told === this.#toldClosed) return undefined;
    this.#toldClosed = told;
    return update;
  }
}
