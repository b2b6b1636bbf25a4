import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { invariant } from "../raft/index.ts";
import { Connection, type ConnectionEvents } from "./connection.ts";
import { closeFollows, hostOf, loopback, offeredToken, protocol, socketLimits } from "./sockets.ts";

export interface ListenOptions extends ConnectionEvents {
  readonly preferredPort: number;
  /** Whoever has it may come in. */
  readonly token: string;
}

/** The server of one node, which lives as long as the node does. */
export interface NodeServer {
  readonly port: number;
  /** The preferred port was taken, so this is another. */
  readonly moved: boolean;
  /**
   * Ends every connection at once, and resolves when nothing is left. Nobody is told anything
   * from here on: neither a frame nor the end of a connection.
   */
  close(): Promise<void>;
}

/**
 * Opens a node's server on the loopback address, on the preferred port or else on any free one.
 * Rejects when the system grants no port at all.
 *
 * Web pages can connect to it as well, without asking anybody. They are kept out three times:
 * they always tell an Origin, whose name for us is not our address tells another Host (DNS
 * rebinding), and they do not know the token.
 */
export async function listen(options: ListenOptions): Promise<NodeServer> {
  const server = new SocketServer(options);
  await server.open();
  return server;
}

class SocketServer implements NodeServer {
  readonly #options: ListenOptions;
  readonly #digest: Buffer;
  readonly #http: Server;
  readonly #websockets = new WebSocketServer({
    ...socketLimits,
    noServer: true,
    clientTracking: false,
    handleProtocols: () => protocol,
  });
  /** All that is open, whether or not it has come to be a connection. */
  readonly #sockets = new Set<Duplex>();
  readonly #connections = new Set<Connection>();
  #port = 0;
  #moved = false;
  #closing: Promise<void> | undefined;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#digest = digestOf(options.token);
    const http = createServer(httpLimits, (_request, response) => {
      response.writeHead(426, { connection: "close", upgrade: "websocket" }).end();
    });
    http.maxConnections = 64;
    http.maxHeadersCount = 32;
    http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#http = http;
  }

  get port(): number {
    return this.#port;
  }

  get moved(): boolean {
    return this.#moved;
  }

  async open(): Promise<void> {
    try {
      await listenOn(this.#http, this.#options.preferredPort);
    } catch (error) {
      if (!isTaken(error)) throw error;
      await listenOn(this.#http, 0);
      this.#moved = true;
    }
    const address = this.#http.address();
    invariant(address !== null && typeof address === "object", "a server that listens has a port");
    this.#port = address.port;
    // A connection that could not be accepted is the loss of who tried, and they will again.
    this.#http.on("error", () => {});
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#http.close(() => resolve());
      for (const connection of this.#connections) connection.abandon();
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#closing;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", closeFollows);
    const status = this.#refusal(request);
    if (status !== undefined) return refuse(socket, status);
    this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
      const connection = new Connection(websocket, this.#options);
      this.#connections.add(connection);
      websocket.once("close", () => this.#connections.delete(connection));
    });
  }

  /** Why this request may not become a connection. */
  #refusal({ headers, url }: IncomingMessage): Status | undefined {
    if (headers.origin !== undefined) return "403 Forbidden";
    if (headers.host !== hostOf(this.#port)) return "403 Forbidden";
    const token = offeredToken(headers["sec-websocket-protocol"]);
    // Digests are of one length, whatever was sent, and comparing them tells nothing by its time.
    if (token === undefined || !timingSafeEqual(digestOf(token), this.#digest)) {
      return "401 Unauthorized";
    }
    return url === "/" ? undefined : "404 Not Found";
  }
}

type Status = "401 Unauthorized" | "403 Forbidden" | "404 Not Found";

/** Who connects and then dawdles is let go; the intervals are what Node checks that by. */
const httpLimits = {
  headersTimeout: 1000,
  requestTimeout: 1500,
  connectionsCheckingInterval: 250,
  maxHeaderSize: 8 * 1024,
};

async function listenOn(http: Server, port: number): Promise<void> {
  http.listen({ host: loopback, port, exclusive: true });
  await once(http, "listening");
}

/** Another program has the port, or the system keeps it to itself. */
function isTaken(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  return error.code === "EADDRINUSE" || error.code === "EACCES";
}

function refuse(socket: Duplex, status: Status): void {
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
