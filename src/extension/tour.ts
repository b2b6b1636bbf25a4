import type { TourPicture } from "../panel/index.ts";
import type { Millis } from "../raft/index.ts";
import type { TourStop } from "../tour/index.ts";

/** What the tour needs of the panel's session: to stand somewhere in the run, and to play it. */
export interface TourSession {
  /** The moment that is shown. */
  readonly seq: number;
  readonly isPlaying: boolean;
  seek(seq: number): void;
  playTo(until: number, speed: number): void;
}

export interface TourOptions {
  readonly stops: readonly TourStop[];
  /** The cluster's time at a moment of the run. */
  readonly timeAt: (seq: number) => Millis;
  /** Undefined once the panel shows something else. */
  readonly session: () => TourSession | undefined;
  /** Called when the end page is first reached. */
  readonly ended: () => void;
}

/** How long it takes to play from one stop to the next, in real time. */
const playMillis = { min: 3000, max: 6000 };

/** A guided tour under way: it stands at a stop, or is being played to one. */
export class Tour {
  readonly #options: TourOptions;
  /** The number of the stop at which it stands, or to which it goes. */
  #at = 0;
  #hasEnded = false;

  constructor(options: TourOptions) {
    this.#options = options;
  }

  /** To the first stop. */
  start(): void {
    this.#jump(0);
  }

  /**
   * What the card of the tour shows. On the way to a stop, what to watch: what is said at a stop is
   * true once the stop is reached. Asked whenever the panel is told something, so this is also
   * where the end is noticed.
   */
  picture(): TourPicture | null {
    const { stops, session: sessionNow } = this.#options;
    const stop = stops[this.#at];
    const session = sessionNow();
    if (stop === undefined || session === undefined) return null;
    const { section, focus, isEnd } = stop;
    const common = { stop: this.#at, count: stops.length, section, focus };
    if (session.seq < stop.seq) return { ...common, title: stop.watch, text: [], isEnd: false };
    if (isEnd && !this.#hasEnded) {
      this.#hasEnded = true;
      this.#options.ended();
    }
    return { ...common, title: stop.title, text: stop.text, isEnd };
  }

  /** Plays to the next stop; on the way to one, jumps there. */
  next(): void {
    const { stops, session: sessionNow } = this.#options;
    const [here, next] = [stops[this.#at], stops[this.#at + 1]];
    const session = sessionNow();
    if (here === undefined || session === undefined) return;
    if (session.seq < here.seq) {
      // The user may have stopped on the way, or gone elsewhere by the tape.
      if (session.isPlaying) session.seek(here.seq);
      else this.#play(session, session.seq, here);
    } else if (next !== undefined) {
      this.#at++;
      if (session.seq >= next.seq) session.seek(here.seq);
      this.#play(session, session.seq, next);
    }
  }

  /** Jumps to the stop before. */
  back(): void {
    this.#jump(Math.max(this.#at - 1, 0));
  }

  #jump(to: number): void {
    const { stops, session } = this.#options;
    const stop = stops[to];
    if (stop === undefined) return;
    this.#at = to;
    session()?.seek(stop.seq);
  }

  #play(session: TourSession, from: number, { seq }: TourStop): void {
    const { timeAt } = this.#options;
    const span = timeAt(seq) - timeAt(from);
    if (span <= 0) return session.seek(seq);
    const millis = Math.min(Math.max(span, playMillis.min), playMillis.max);
    session.playTo(seq, span / millis);
  }
}
