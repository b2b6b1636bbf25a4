import type { Message, Millis } from "../raft/index.ts";
import type { DropReason, MessageId, MessageOf, TraceEvent } from "../trace/index.ts";
import { Growing, placeOf } from "./growing.ts";

/** One copy of a message from its start to its end. */
export interface Journey {
  readonly id: MessageId;
  readonly message: Message;
  readonly sent: Millis;
  /** The moment at which it is first on its way. */
  readonly sentSeq: number;
  /** When the network means to hand it over; null when it never will. */
  readonly arrival: Millis | null;
  /** Null while it is on its way. */
  readonly end: JourneyEnd | null;
}

export interface JourneyEnd {
  readonly time: Millis;
  /** The moment at which it is first known. */
  readonly seq: number;
  readonly how: "received" | DropReason;
}

/** A stretch of time, and how many messages of it are enough. */
export interface Around {
  readonly from: Millis;
  readonly time: Millis;
  readonly to: Millis;
  readonly limit: number;
}

type Travel = Omit<Journey, "end"> & { end: JourneyEnd | null };

/** All messages of the part of the trace that is kept. */
export class Journeys {
  readonly #byId = new Map<MessageId, Travel>();
  readonly #inOrder = new Growing<Travel>();
  /** Sent before the part that is kept, and needed because they flew when it began. */
  #older: readonly MessageId[] = [];

  message(id: MessageId): Message | undefined {
    return this.#byId.get(id)?.message;
  }

  of(id: MessageId): Journey | undefined {
    return this.#byId.get(id);
  }

  /** `inFlight` knows what is on its way once the event has happened. */
  take(event: TraceEvent, inFlight: MessageOf): void {
    switch (event.kind) {
      case "sent":
        return this.#start(event, event.id, event.message, event.arrival);
      case "duplicated": {
        const message = inFlight(event.copy);
        if (message !== undefined) this.#start(event, event.copy, message, event.arrival);
        return;
      }
      case "received":
        return this.#end(event, event.id, "received");
      case "dropped":
        return this.#end(event, event.id, event.reason);
      default:
    }
  }

  /** Those that were sent after the moment `seq` and until the moment `to`, oldest first. */
  sentBetween(seq: number, to: number, limit: number): readonly Journey[] {
    const { items } = this.#inOrder;
    const first = placeOf(items, ({ sentSeq }) => sentSeq > seq);
    const last = placeOf(items, ({ sentSeq }) => sentSeq > to);
    return items.slice(Math.max(first, last - limit), last);
  }

  /** Those that were on their way at some time around another, the nearest to it; oldest first. */
  around({ from, time, to, limit }: Around): readonly Journey[] {
    const { items } = this.#inOrder;
    const middle = placeOf(items, ({ sent }) => sent > time);
    const found: Travel[] = [];
    let [before, after] = [middle - 1, middle];
    while (found.length < limit) {
      const [earlier, later] = [items[before], items[after]];
      const hasEarlier = earlier !== undefined && earlier.sent >= from - longestFlight;
      const hasLater = later !== undefined && later.sent <= to;
      if (hasLater && !(hasEarlier && time - earlier.sent <= later.sent - time)) {
        found.push(later);
        after++;
      } else if (hasEarlier) {
        if ((earlier.end?.time ?? to) >= from) found.push(earlier);
        before--;
      } else {
        break;
      }
    }
    return found.toSorted((one, other) => one.sentSeq - other.sentSeq);
  }

  /** Lets go of what was sent before the moment `seq`, but for what `isNeeded`. */
  forgetBefore(seq: number, isNeeded: (id: MessageId) => boolean): void {
    const { items } = this.#inOrder;
    const count = placeOf(items, ({ sentSeq }) => sentSeq > seq);
    const older = [...this.#older, ...items.slice(0, count).map(({ id }) => id)];
    this.#older = older.filter((id) => isNeeded(id));
    for (const id of older) if (!isNeeded(id)) this.#byId.delete(id);
    this.#inOrder.forgetFirst(count);
  }

  #start(
    { time: sent, seq }: TraceEvent,
    id: MessageId,
    message: Message,
    arrival: Millis | null,
  ): void {
    const travel = { id, message, sent, sentSeq: seq + 1, arrival, end: null };
    this.#byId.set(id, travel);
    this.#inOrder.push(travel);
  }

  #end({ time, seq }: TraceEvent, id: MessageId, how: JourneyEnd["how"]): void {
    const travel = this.#byId.get(id);
    if (travel !== undefined) travel.end = { time, seq: seq + 1, how };
  }
}

/** How long before a stretch of time a message may have been sent that is still looked for in it. */
const longestFlight = 5000;
