import { WebSocket } from "ws";
import { encodeFrame, frameLimit, type HelloFrame, type MessageFrame } from "./frames.ts";
import { bufferLimit, closeFollows, dial } from "./sockets.ts";

export interface PeerOptions {
  /** Where the peer listens now; null while it is down. Asked before each attempt. */
  readonly port: () => number | null;
  readonly token: string;
  /** What is said first on every connection. */
  readonly hello: HelloFrame;
  readonly onState?: (state: PeerState) => void;
}

export type PeerState = State["kind"];

type State =
  /** The peer was down when we last looked. Only a call changes that. */
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly socket: WebSocket }
  | { readonly kind: "open"; readonly socket: WebSocket; readonly since: number }
  /** The last connection ended; the next attempt is some time off. */
  | { readonly kind: "waiting"; readonly timer: NodeJS.Timeout }
  | { readonly kind: "closed" };

/** How long until the next attempt: twice as long each time, until a connection lasts. */
const pauseMillis = { first: 20, longest: 500 };

/**
 * One node's way to another, on which it sends; answers come on the other's own way back.
 *
 * It carries what it can and keeps nothing for later: Raft sends again what was lost, and a
 * message from before a crash must not leave after it. That is why whoever sends is told.
 */
export class PeerConnection {
  readonly #options: PeerOptions;
  #state: State = { kind: "idle" };
  #pause = pauseMillis.first;

  constructor(options: PeerOptions) {
    this.#options = options;
  }

  get state(): PeerState {
    return this.#state.kind;
  }

  /** Tries to connect without further delay, as when the peer is known to have come up. */
  connect(): void {
    const state = this.#state;
    if (state.kind !== "idle" && state.kind !== "waiting") return;
    if (state.kind === "waiting") clearTimeout(state.timer);
    this.#pause = pauseMillis.first;
    this.#dial();
  }

  /**
   * Whether the frame was handed to a connection; if not, it is lost. One that was handed over
   * is lost, too, if the connection breaks before it has arrived, which only the peer can tell.
   */
  send(frame: MessageFrame): boolean {
    const state = this.#state;
    if (state.kind === "idle") this.#dial();
    if (state.kind !== "open") return false;
    const { socket } = state;
    if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > bufferLimit) return false;
    const text = encodeFrame(frame);
    // The peer would break off the connection over it, and then over its repetition.
    if (Buffer.byteLength(text) > frameLimit) return false;
    socket.send(text);
    return true;
  }

  /** Breaks off at once, for good. */
  close(): void {
    const state = this.#state;
    this.#enter({ kind: "closed" });
    if (state.kind === "waiting") clearTimeout(state.timer);
    if (state.kind === "connecting" || state.kind === "open") state.socket.terminate();
  }

  #dial(): void {
    const { port: portNow, token } = this.#options;
    const port = portNow();
    if (port === null) return this.#enter({ kind: "idle" });
    const socket = dial(port, token);
    socket.on("open", () => this.#opened(socket));
    socket.on("close", () => this.#lost(socket));
    socket.on("error", closeFollows);
    this.#enter({ kind: "connecting", socket });
  }

  #opened(socket: WebSocket): void {
    if (!this.#isCurrent(socket)) return;
    socket.send(encodeFrame(this.#options.hello));
    this.#enter({ kind: "open", socket, since: performance.now() });
  }

  #lost(socket: WebSocket): void {
    const state = this.#state;
    if (!this.#isCurrent(socket)) return;
    const lasted = state.kind === "open" && performance.now() - state.since > pauseMillis.longest;
    if (lasted) this.#pause = pauseMillis.first;
    const timer = setTimeout(() => this.#dial(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, pauseMillis.longest);
    this.#enter({ kind: "waiting", timer });
  }

  /** What a socket tells after it was given up is of no interest. */
  #isCurrent(socket: WebSocket): boolean {
    return "socket" in this.#state && this.#state.socket === socket;
  }

  #enter(state: State): void {
    const isNews = this.#state.kind !== state.kind;
    this.#state = state;
    if (isNews) this.#options.onState?.(state.kind);
  }
}
