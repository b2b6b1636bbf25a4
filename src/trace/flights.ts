import type { Message, Millis } from "../raft/index.ts";
import type { MessageId, TraceEvent } from "./event.ts";

/** One copy of a message on its way. */
export interface Flight {
  readonly message: Message;
  readonly sent: Millis;
  /** When the network means to hand it over; null when it never will, and will be told dropped. */
  readonly arrival: Millis | null;
}

/** The messages in flight, kept up with the events. */
export class Flights {
  readonly #flights = new Map<MessageId, Flight>();
  /** What has landed lately, for the network may yet replay it. */
  readonly #landed = new Map<MessageId, Flight>();

  get inFlight(): ReadonlyMap<MessageId, Flight> {
    return this.#flights;
  }

  /** The message of that id, if it is in flight. */
  message(id: MessageId): Message | undefined {
    return this.#flights.get(id)?.message;
  }

  take(event: TraceEvent): void {
    switch (event.kind) {
      case "sent": {
        const { message, arrival, time } = event;
        this.#flights.set(event.id, { message, sent: time, arrival });
        return;
      }
      case "duplicated": {
        const original = this.#flights.get(event.id) ?? this.#landed.get(event.id);
        if (original === undefined) return;
        const { message } = original;
        this.#flights.set(event.copy, { message, sent: event.time, arrival: event.arrival });
        return;
      }
      case "received":
      case "dropped":
        return this.#land(event.id);
      default:
    }
  }

  #land(id: MessageId): void {
    const flight = this.#flights.get(id);
    if (flight === undefined) return;
    this.#flights.delete(id);
    this.#landed.set(id, flight);
    if (this.#landed.size <= rememberedLandings) return;
    for (const oldest of this.#landed.keys()) {
      this.#landed.delete(oldest);
      return;
    }
  }
}

/** A world replays no message older than this many others that have landed since. */
export const rememberedLandings = 1024;
