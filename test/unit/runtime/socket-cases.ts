import assert from "node:assert/strict";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { WebSocket } from "ws";
import type { Message } from "../../../src/raft/index.ts";
import type { Connection, IncomingFrame } from "../../../src/runtime/connection.ts";
import type { HelloFrame, MessageFrame } from "../../../src/runtime/frames.ts";
import { PeerConnection } from "../../../src/runtime/peer-connection.ts";
import { listen, type NodeServer } from "../../../src/runtime/socket-server.ts";
import { dial } from "../../../src/runtime/sockets.ts";

// Real sockets. Nothing waits for a fixed time: `until` looks again and again, so a slow machine
// makes these tests slower and not wrong.

export const token = "a-token-of-32-letters-as-of-nano";
export const hello: HelloFrame = { kind: "hello", node: "n1", cluster: "cluster-1" };

/** A node's server, and what has come in there. */
export interface Served {
  readonly server: NodeServer;
  readonly frames: IncomingFrame[];
  readonly connections: Connection[];
  readonly closed: Connection[];
  /** The ids of the messages among the frames. */
  readonly ids: () => readonly number[];
}

export async function serve(
  t: TestContext,
  preferredPort = 0,
  take: (connection: Connection, frame: IncomingFrame) => void = () => {},
): Promise<Served> {
  const frames: IncomingFrame[] = [];
  const connections: Connection[] = [];
  const closed: Connection[] = [];
  const server = await listen({
    preferredPort,
    token,
    onFrame: (connection, frame) => {
      frames.push(frame);
      if (!connections.includes(connection)) connections.push(connection);
      take(connection, frame);
    },
    onClose: (connection) => closed.push(connection),
  });
  t.after(() => server.close());
  const ids = () => frames.flatMap((frame) => (frame.kind === "message" ? [frame.id] : []));
  return { server, frames, connections, closed, ids };
}

export function peerTo(t: TestContext, port: () => number | null): PeerConnection {
  const peer = new PeerConnection({ port, token, hello });
  t.after(() => peer.close());
  return peer;
}

export function messageFrame(id: number, from = "n1", padding = ""): MessageFrame {
  const entries = [{ kind: "command", term: 1, command: padding } as const];
  const message: Message = {
    kind: "AppendEntries",
    from,
    to: "n2",
    term: 1,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries,
    leaderCommit: 0,
  };
  return { kind: "message", id, arrival: 0, message };
}

/** A connection with the right token, on which a test says what it likes. */
export async function opened(t: TestContext, port: number): Promise<WebSocket> {
  const socket = dial(port, token);
  t.after(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

export async function closeCode(socket: WebSocket): Promise<unknown> {
  socket.on("error", () => {});
  const [code] = await once(socket, "close");
  return code;
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    assert(performance.now() < end, `in vain for ten seconds: ${what}`);
    await pause(5);
  }
}
