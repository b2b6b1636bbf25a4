import {
  lostShownMillis,
  type Exploration,
  type Journey,
  type Moment,
} from "../exploration/index.ts";
import type { FlightPicture, PictureChange } from "../panel/index.ts";
import type { Message, Millis } from "../raft/index.ts";
import type { MessageId } from "../trace/index.ts";
import { messageLabel } from "./panel-texts.ts";

/** How many messages are told of at once that were sent and received since the last time. */
const mostAtOnce = 400;

/** The messages on their way, for one panel: all of them, then what has become of them. */
export class FlightFeed {
  readonly #exploration: Exploration;
  /** The messages that the panel takes to be in flight, or to have been lost a short while ago. */
  #told = new Map<MessageId, "flying" | "lost">();
  #toldTo = 0;

  constructor(exploration: Exploration) {
    this.#exploration = exploration;
  }

  whole(moment: Moment, time: Millis): readonly FlightPicture[] {
    this.#told = new Map();
    this.#toldTo = moment.seq;
    const flights: FlightPicture[] = [];
    for (const id of moment.inFlight.keys()) this.#tell(id, moment, flights);
    for (const [id, { lost }] of moment.lost) {
      if (lost.time >= time - lostShownMillis) this.#tell(id, moment, flights);
    }
    return flights;
  }

  /**
   * What is new since the last time. A message may have come and gone in between: it is told with
   * its end. One that arrived when it was meant to has its end told by `landed` alone.
   */
  change(moment: Moment, time: Millis): Pick<PictureChange, "flights" | "landed"> {
    const flights: FlightPicture[] = [];
    const landed: MessageId[] = [];
    for (const [id, was] of this.#told) {
      if (moment.inFlight.has(id)) continue;
      const lost = moment.lost.get(id)?.lost;
      if (lost !== undefined && lost.time >= time - lostShownMillis) {
        if (was === "flying") this.#tell(id, moment, flights);
        continue;
      }
      this.#told.delete(id);
      const journey = this.#exploration.journey(id);
      if (was === "flying" && journey !== undefined && !isOnTime(journey)) {
        flights.push(flightPicture(journey, moment.seq));
      }
      landed.push(id);
    }
    const fresh = this.#exploration.sentBetween(this.#toldTo, moment.seq, mostAtOnce);
    for (const { id } of fresh) this.#tell(id, moment, flights);
    for (const id of moment.inFlight.keys()) {
      if (!this.#told.has(id)) this.#tell(id, moment, flights);
    }
    this.#toldTo = moment.seq;
    return {
      ...(flights.length === 0 ? {} : { flights }),
      ...(landed.length === 0 ? {} : { landed }),
    };
  }

  #tell(id: MessageId, { seq }: Moment, flights: FlightPicture[]): void {
    const journey = this.#exploration.journey(id);
    if (journey === undefined) return;
    const picture = flightPicture(journey, seq);
    flights.push(picture);
    if (picture.end === null) this.#told.set(id, "flying");
    else if (picture.end.how !== "received") this.#told.set(id, "lost");
  }
}

function isOnTime({ arrival, end }: Journey): boolean {
  return end?.how === "received" && end.time === arrival;
}

/** A message as it was known at the moment `seq`: what was later is not told. */
export function flightPicture(journey: Journey, seq: number): FlightPicture {
  const { id, message, sent, arrival, end } = journey;
  const { kind, from, to, term } = message;
  return {
    id,
    kind,
    from,
    to,
    term,
    success: successOf(message),
    entries: message.kind === "AppendEntries" ? message.entries.length : 0,
    label: messageLabel(message),
    sent,
    arrival,
    end: end === null || end.seq > seq ? null : { time: end.time, how: end.how },
  };
}

function successOf(message: Message): boolean | null {
  if (message.kind === "RequestVoteReply" || message.kind === "PreVoteReply") {
    return message.voteGranted;
  }
  if (message.kind === "ReadIndexReply") return message.index !== null;
  return message.kind === "AppendEntriesReply" ? message.outcome.success : null;
}
