import type { Message, Millis } from "../raft/index.ts";
import type { MessageId, TraceEvent } from "./event.ts";

/** One copy of a message on its way. */
export interface Flight {
  readonly message: Message;
  readonly sent: Millis;
  /** When the network means to hand it over; null when it never will, and will be told dropped. */
  readonly arrival: Millis | null;
}

/** Finds a message by its id. */
export type MessageOf = (id: MessageId) => Message | undefined;

/** Where to go on from, for who follows a trace from somewhere in its middle. */
export interface FlightsOptions {
  readonly inFlight?: ReadonlyMap<MessageId, Flight>;
  /** Knows the messages of the trace. Without it, those that landed lately are kept here. */
  readonly messageOf?: MessageOf;
}

/** The messages in flight, kept up with the events. */
export class Flights {
  readonly #flights: Map<MessageId, Flight>;
  readonly #messageOf: MessageOf | undefined;
  /** What has landed lately, for the network may yet replay it. */
  readonly #landed = new Map<MessageId, Message>();

  constructor({ inFlight, messageOf }: FlightsOptions = {}) {
    this.#flights = new Map(inFlight);
    this.#messageOf = messageOf;
  }

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
        // The copy is asked for: it is known for as long as it flies, and the original may not be.
        const message = this.message(event.id) ?? this.#landedAs(event.id, event.copy);
        if (message === undefined) return;
        this.#flights.set(event.copy, { message, sent: event.time, arrival: event.arrival });
        return;
      }
      case "received":
      case "dropped":
        return this.#land(event.id);
      default:
    }
  }

  #landedAs(id: MessageId, copy: MessageId): Message | undefined {
    return this.#messageOf === undefined ? this.#landed.get(id) : this.#messageOf(copy);
  }

  #land(id: MessageId): void {
    const flight = this.#flights.get(id);
    if (flight === undefined) return;
    this.#flights.delete(id);
    if (this.#messageOf !== undefined) return;
    this.#landed.set(id, flight.message);
    if (this.#landed.size <= rememberedLandings) return;
    for (const oldest of this.#landed.keys()) {
      this.#landed.delete(oldest);
      return;
    }
  }
}

/** A world replays no message older than this many others that have landed since. */
export const rememberedLandings = 1024;
