import type { Message, Millis, NodeId, Timing } from "../raft/index.ts";
import {
  Replay,
  viewAfter,
  type ClusterView,
  type MessageId,
  type MessageOf,
  type TraceEvent,
} from "../trace/index.ts";
import {
  beginning,
  lostShownMillis,
  type LostFlight,
  type Moment,
  type Refusals,
} from "./moment.ts";

/** Goes through events from a moment on, and tells every moment that it comes to. */
export class Scene {
  readonly #replay: Replay;
  readonly #lost: Map<MessageId, LostFlight>;
  readonly #refusals: Map<NodeId, Refusals>;
  #seq: number;
  #time: Millis;
  #view: ClusterView;
  #timing: Timing | null;

  /** `messageOf` knows the messages of the trace; who starts at its beginning needs none. */
  constructor(from: Moment = beginning, messageOf?: MessageOf) {
    const { states, inFlight } = from;
    this.#replay = new Replay({ states, inFlight, ...(messageOf && { messageOf }) });
    this.#lost = new Map(from.lost);
    this.#refusals = new Map(from.refusals);
    this.#seq = from.seq;
    this.#time = from.time;
    this.#view = from.view;
    this.#timing = from.timing;
  }

  get seq(): number {
    return this.#seq;
  }

  get time(): Millis {
    return this.#time;
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** The message of that id, if it is in flight. */
  message(id: MessageId): Message | undefined {
    return this.#replay.message(id);
  }

  /** The moment come to. It stays as it is, whatever follows. */
  moment(): Moment {
    this.#forgetLost();
    return {
      seq: this.#seq,
      time: this.#time,
      view: this.#view,
      states: this.#replay.states,
      inFlight: new Map(this.#replay.inFlight),
      lost: new Map(this.#lost),
      refusals: new Map(this.#refusals),
      timing: this.#timing,
    };
  }

  take(event: TraceEvent): void {
    this.#seq++;
    this.#time = event.time;
    this.#view = viewAfter(this.#view, event);
    switch (event.kind) {
      case "received": {
        const message = this.#replay.message(event.id);
        this.#replay.take(event);
        if (message !== undefined) this.#noteRefusal(event.node, message);
        return;
      }
      case "dropped":
        this.#noteLost(event.id, { time: event.time, reason: event.reason });
        break;
      case "started":
        this.#timing = event.timing;
        break;
      case "crashed":
      case "failed":
        this.#refusals.delete(event.node);
        break;
      case "nodeRemoved":
        this.#refusals.delete(event.member);
        break;
      default:
    }
    this.#replay.take(event);
  }

  #noteRefusal(node: NodeId, message: Message): void {
    if (message.kind !== "RequestVoteReply" || message.voteGranted) return;
    const state = this.#replay.stateOf(node);
    // A refusal of an earlier term says nothing of this election.
    if (state?.role.kind !== "candidate" || message.term !== state.currentTerm) return;
    const before = this.#refusals.get(node);
    const by = before?.term === message.term ? before.by : [];
    this.#refusals.set(node, { term: message.term, by: new Set([...by, message.from]) });
  }

  #noteLost(id: MessageId, lost: LostFlight["lost"]): void {
    const flight = this.#replay.inFlight.get(id);
    if (flight !== undefined) this.#lost.set(id, { ...flight, lost });
  }

  #forgetLost(): void {
    for (const [id, { lost }] of this.#lost) {
      // They are in the order in which they were lost.
      if (lost.time >= this.#time - lostShownMillis) return;
      this.#lost.delete(id);
    }
  }
}
