import { once } from "node:events";
import type { RawData, WebSocket } from "ws";
import type { ActionId } from "../trace/index.ts";
import { decodeFrame, encodeFrame, type ClientAnswer, type ClientFrame } from "./frames.ts";
import { dial } from "./sockets.ts";

export interface ClientOptions {
  readonly port: number;
  readonly token: string;
}

/** A client of one node, in whichever process. */
export interface Client {
  /**
   * What the node answers. Rejects if the connection breaks first: the command may then have been
   * committed, or never be.
   */
  request(id: ActionId, command: string): Promise<ClientAnswer>;
  /** The value of a name, or all values if that is null. Rejects as `request` does. */
  read(id: ActionId, name: string | null): Promise<ClientAnswer>;
  close(): void;
}

/** Connects to a node. Rejects if nobody listens there, or not to us. */
export async function connectClient(options: ClientOptions): Promise<Client> {
  const client = new SocketClient(options);
  await client.connect();
  return client;
}

interface Waiting {
  readonly answer: (answer: ClientAnswer) => void;
  readonly fail: (error: Error) => void;
}

class SocketClient implements Client {
  readonly #options: ClientOptions;
  readonly #waiting = new Map<ActionId, Waiting>();
  #socket: Promise<WebSocket> | undefined;
  #closed = false;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** A node lets go who asks nothing for a while, so this may be wanted more than once. */
  connect(): Promise<WebSocket> {
    if (this.#closed) return Promise.reject(new Error("the client is closed"));
    this.#socket ??= this.#dial();
    return this.#socket;
  }

  request(id: ActionId, command: string): Promise<ClientAnswer> {
    return this.#ask({ kind: "request", id, command });
  }

  read(id: ActionId, name: string | null): Promise<ClientAnswer> {
    return this.#ask({ kind: "read", id, name });
  }

  async #ask(frame: ClientFrame): Promise<ClientAnswer> {
    const { id } = frame;
    let socket = await this.connect();
    if (socket.readyState !== socket.OPEN) {
      await once(socket, "close");
      socket = await this.connect();
    }
    if (this.#waiting.has(id)) throw new Error(`a request called ${id} is under way`);
    const answered = new Promise<ClientAnswer>((answer, fail) => {
      this.#waiting.set(id, { answer, fail });
    });
    socket.send(encodeFrame(frame));
    return await answered;
  }

  close(): void {
    this.#closed = true;
    void this.#socket?.then(
      (socket) => socket.terminate(),
      () => {}, // What did not open is closed, and whoever waits for it is told.
    );
  }

  #dial(): Promise<WebSocket> {
    const { port, token } = this.#options;
    const socket = dial(port, token);
    socket.on("message", (data) => this.#take(socket, data));
    return new Promise((opened, fail) => {
      socket.on("open", () => opened(socket));
      socket.on("error", fail);
      socket.on("close", () => this.#lost());
    });
  }

  #take(socket: WebSocket, data: RawData): void {
    const frame = Buffer.isBuffer(data) ? decodeFrame(data) : undefined;
    if (frame?.kind !== "answer") return socket.terminate();
    this.#waiting.get(frame.id)?.answer(frame.answer);
    this.#waiting.delete(frame.id);
  }

  #lost(): void {
    this.#socket = undefined;
    for (const [id, { fail }] of this.#waiting) {
      fail(new Error(`the connection broke before ${id} was answered`));
    }
    this.#waiting.clear();
  }
}
