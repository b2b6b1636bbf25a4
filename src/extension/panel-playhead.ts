import type { Exploration, Moment } from "../exploration/index.ts";
import type { ClockPicture, Source } from "../panel/index.ts";
import type { Millis } from "../raft/index.ts";

type Position =
  /** At the end, and with it as it moves on. */
  | { readonly kind: "live" }
  | {
      readonly kind: "past";
      readonly seq: number;
      /** Not before the moment `seq`, and before the event that follows it. */
      readonly time: Millis;
      readonly play: Play | null;
      /** What goes on when it is played again. */
      readonly paused?: Play;
    };

/** A past that is being played. */
interface Play {
  /** How much of the cluster's time passes per real time. */
  readonly speed: number;
  /** The moment at which it stops; null goes on to the end. */
  readonly until: number | null;
}

/** Where in time one panel stands. */
export class Playhead {
  readonly #exploration: Exploration;
  readonly #source: () => Source;
  #position: Position = { kind: "live" };
  #jumps = 0;

  constructor(exploration: Exploration, source: () => Source) {
    this.#exploration = exploration;
    this.#source = source;
  }

  get isPast(): boolean {
    return this.#position.kind === "past";
  }

  get isPlaying(): boolean {
    return this.#position.kind === "past" && this.#position.play !== null;
  }

  /** How often time went on otherwise than by itself. */
  get jumps(): number {
    return this.#jumps;
  }

  /** The moment at which it stands. */
  get seq(): number {
    return this.#position.kind === "live" ? this.#exploration.count : this.#position.seq;
  }

  get time(): Millis {
    return this.#position.kind === "live" ? this.#exploration.end : this.#position.time;
  }

  /** The clock at the moment at which it stands. */
  clock({ view }: Moment): ClockPicture {
    const { count, end } = this.#exploration;
    const { seq, time } = this;
    const at = { time, seq, count, end };
    if (this.#position.kind === "past") {
      const { play } = this.#position;
      return { position: "past", ...at, runs: play !== null, speed: play?.speed ?? view.speed };
    }
    const source = this.#source();
    const runs = source.kind === "live" && !source.paused;
    return { position: "live", ...at, runs, speed: view.speed };
  }

  /** To a moment; to the end, and to stay there, if it is the last or later. */
  seek(seq: number): void {
    if (seq >= this.#exploration.count) return this.goLive();
    this.#stand(Math.max(seq, this.#exploration.start.seq));
  }

  seekTime(time: Millis): void {
    const seq = this.#exploration.seqAt(time);
    if (seq >= this.#exploration.count) return this.goLive();
    this.#stand(seq, Math.max(time, this.#exploration.start.time));
  }

  goLive(): void {
    if (this.#position.kind === "past") this.#jumps++;
    this.#position = { kind: "live" };
  }

  /** Answers whether there was a past to play or to pause. */
  playOrPause(): boolean {
    const position = this.#position;
    if (position.kind === "live") return false;
    // As fast as it went then.
    const { speed } = this.#exploration.moment(position.seq).view;
    const { play, paused = { speed, until: null }, ...at } = position;
    this.#position = play === null ? { ...at, play: paused } : { ...at, play: null, paused: play };
    return true;
  }

  /** Plays from where it stands to the moment `until`, and stands still there. */
  playTo(until: number, speed: number): void {
    const { seq, time } = this;
    this.#position = { kind: "past", seq, time, play: { speed, until } };
  }

  /** Real time goes on by that much. */
  tick(realMillis: number): void {
    const position = this.#position;
    if (position.kind === "live" || position.play === null) return;
    const { play } = position;
    const { count } = this.#exploration;
    const time = position.time + realMillis * play.speed;
    const seq = this.#exploration.seqAt(time);
    if (play.until !== null && play.until < count && seq >= play.until) {
      this.#position = this.#at(play.until);
    } else if (seq < count) {
      this.#position = { kind: "past", seq, time, play };
    } else if (this.#source().kind === "live") {
      this.#position = { kind: "live" };
    } else {
      this.#position = this.#at(count);
    }
  }

  /** Where it stands may have been forgotten: then it stands at the first moment that is known. */
  keepWithin(): void {
    const { start } = this.#exploration;
    const position = this.#position;
    if (position.kind === "live" || position.seq >= start.seq) return;
    this.#position = { ...position, ...start };
    this.#jumps++;
  }

  #stand(seq: number, time?: Millis): void {
    this.#position = this.#at(seq, time);
    this.#jumps++;
  }

  #at(seq: number, time = this.#exploration.timeAt(seq)): Position {
    return { kind: "past", seq, time, play: null };
  }
}
