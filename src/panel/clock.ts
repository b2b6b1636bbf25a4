import type { ClockPicture } from "./protocol.ts";

/**
 * Behind the host by that much real time is what is drawn: so that a message has been heard of
 * before it is drawn to leave, whenever the host's updates come within this time of each other.
 */
export const drawnBehindMillis = 60;

/** By how much a running clock may be told to go back without that being a jump: none in the past. */
function slack({ position }: ClockPicture): number {
  return position === "live" ? 500 : 0;
}

/** How much of a lead over the host is given back with each of its updates. */
const easing = 0.2;

/**
 * What time it is in the cluster, between the updates that tell it.
 *
 * The host says a few times a second what time it was when something last happened. In between,
 * time goes on here at the same speed. While it runs it never goes back, for a message would jump.
 */
export class DisplayClock {
  #told: ClockPicture | null = null;
  /** Cluster time minus real time as scaled: what cluster time was at real time 0. */
  #offset = 0;
  #drawn = Number.NEGATIVE_INFINITY;
  #toldAt = 0;

  /** `now` is real time in milliseconds, from any origin. */
  tell(clock: ClockPicture, now: number): void {
    const before = this.#told;
    const goesOn =
      before !== null &&
      before.runs &&
      clock.runs &&
      before.position === clock.position &&
      before.speed === clock.speed &&
      clock.time >= before.time - slack(clock);
    const offset = clock.time - now * clock.speed;
    if (!goesOn) {
      this.#offset = offset;
      // Where time goes on after a stop it must not be drawn behind what stood there already.
      if (before?.position !== clock.position || clock.time < before.time - slack(clock)) {
        this.#drawn = Number.NEGATIVE_INFINITY;
      }
    } else if (offset > this.#offset) {
      this.#offset = offset;
    } else {
      // Told late: the message was held up, or nothing happened for a while. Drift back slowly.
      this.#offset += (offset - this.#offset) * easing * Math.min(1, 50 / (now - this.#toldAt + 1));
    }
    this.#told = clock;
    this.#toldAt = now;
  }

  /** The cluster's time to draw at real time `now`. */
  at(now: number): number {
    const told = this.#told;
    if (told === null) return 0;
    if (!told.runs) return told.time;
    const time = this.#offset + (now - drawnBehindMillis) * told.speed;
    this.#drawn = Math.max(this.#drawn, time);
    return this.#drawn;
  }
}
