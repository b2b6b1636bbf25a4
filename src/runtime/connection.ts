import type { RawData, WebSocket } from "ws";
import { unreachable } from "../raft/index.ts";
import {
  decodeFrame,
  encodeFrame,
  type AnswerFrame,
  type Frame,
  type MessageFrame,
  type Opening,
} from "./frames.ts";
import { bufferLimit, closeFollows } from "./sockets.ts";

/** What may come in at a node. */
export type IncomingFrame = Opening | MessageFrame;

export interface ConnectionEvents {
  /** The first frame of a connection is its `opening`. */
  readonly onFrame: (connection: Connection, frame: IncomingFrame) => void;
  /** Once for each connection that had handed over a frame. */
  readonly onClose: (connection: Connection) => void;
}

/** How long whoever connects may take to say what for. */
const openingMillis = 1000;

/** The close code for what breaks the rules (RFC 6455, §7.4.1). */
const policyViolation = 1008;

/**
 * What has come in at a node's server, with the right token: a peer, which sends messages of its
 * own and is sent nothing, or a client, which sends requests and is sent answers.
 */
export class Connection {
  readonly #socket: WebSocket;
  readonly #events: ConnectionEvents;
  #openingTimer: NodeJS.Timeout | undefined;
  #opening: Opening | undefined;
  /** Nothing that comes in counts any more, though the socket may not be closed yet. */
  #ended = false;
  #abandoned = false;

  constructor(socket: WebSocket, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on("message", (data, isBinary) => this.#take(data, isBinary));
    socket.on("close", () => this.#closed());
    socket.on("error", closeFollows);
    this.#awaitOpening();
  }

  /** Who is at the other end; undefined until it has said so. */
  get opening(): Opening | undefined {
    return this.#opening;
  }

  /** False if the answer cannot go out: its client is gone, or does not read. */
  send(frame: AnswerFrame): boolean {
    const socket = this.#socket;
    if (this.#ended || socket.readyState !== socket.OPEN) return false;
    if (socket.bufferedAmount > bufferLimit) {
      // It would wait for this answer for ever, so it had better see the end.
      socket.terminate();
      return false;
    }
    socket.send(encodeFrame(frame));
    return true;
  }

  /** Ends the connection of somebody who does not keep to the rules. */
  refuse(): void {
    this.#ended = true;
    this.#socket.close(policyViolation);
  }

  /** Ends the connection at once, and tells nobody. */
  abandon(): void {
    this.#ended = true;
    this.#abandoned = true;
    clearTimeout(this.#openingTimer);
    this.#socket.terminate();
  }

  #awaitOpening(): void {
    const due = performance.now() + openingMillis;
    this.#openingTimer = setTimeout(() => {
      // If we are late, this process was held, and what was sent in time may not be read yet.
      if (performance.now() > due + openingMillis / 4) this.#awaitOpening();
      else this.#socket.terminate();
    }, openingMillis);
  }

  #take(data: RawData, isBinary: boolean): void {
    // A socket hands over what it has read even when it has been closed since.
    if (this.#ended) return;
    const frame = Buffer.isBuffer(data) && !isBinary ? decodeFrame(data) : undefined;
    if (frame === undefined || !this.#mayCome(frame)) return this.refuse();
    if (frame.kind !== "message" && this.#opening === undefined) {
      this.#opening = frame;
      clearTimeout(this.#openingTimer);
    }
    this.#events.onFrame(this, frame);
  }

  #mayCome(frame: Frame): frame is IncomingFrame {
    const opening = this.#opening;
    switch (frame.kind) {
      case "hello":
        return opening === undefined;
      case "request":
      case "read":
        return opening?.kind !== "hello";
      case "message":
        return opening?.kind === "hello" && frame.message.from === opening.node;
      case "answer":
        return false;
      default:
        return unreachable(frame);
    }
  }

  #closed(): void {
    this.#ended = true;
    clearTimeout(this.#openingTimer);
    if (this.#opening !== undefined && !this.#abandoned) this.#events.onClose(this);
  }
}
