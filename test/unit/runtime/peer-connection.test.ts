import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { WebSocketServer, type WebSocket } from "ws";
import { frameLimit } from "../../../src/runtime/frames.ts";
import { PeerConnection, type PeerState } from "../../../src/runtime/peer-connection.ts";
import { protocol } from "../../../src/runtime/sockets.ts";
import { hello, messageFrame, peerTo, serve, token, until } from "./socket-cases.ts";

test("messages arrive in order, and a broken connection is told at both ends", async (t) => {
  const { server, frames, connections, closed: closedThere } = await serve(t);
  const states: PeerState[] = [];
  const peer = new PeerConnection({
    port: () => server.port,
    token,
    hello,
    onState: (state) => states.push(state),
  });
  t.after(() => peer.close());
  assert.equal(peer.send(messageFrame(0)), false);
  await until(() => peer.state === "open", "the connection that was asked for by sending");
  for (let id = 1; id <= 100; id++) assert.equal(peer.send(messageFrame(id)), true);
  await until(() => frames.length === 101, "all frames");
  assert.deepEqual(frames, [hello, ...Array.from({ length: 100 }, (_, i) => messageFrame(i + 1))]);
  assert.deepEqual(connections[0]?.opening, hello);

  peer.close();
  assert.equal(peer.send(messageFrame(101)), false);
  await until(() => closedThere.length === 1, "the end of the connection");
  assert.equal(closedThere[0], connections[0]);
  assert.deepEqual(states, ["connecting", "open", "closed"]);
});

test("a peer that comes back is found again, on its port or on another", async (t) => {
  let current = await serve(t);
  let port: number | null = current.server.port;
  const peer = peerTo(t, () => port);
  peer.connect();
  await until(() => peer.send(messageFrame(1)), "the first connection");

  for (const preferred of [current.server.port, 0]) {
    await current.server.close();
    port = null;
    await until(() => peer.state === "idle", "the peer to be known to be down");
    assert.equal(peer.send(messageFrame(2)), false);
    assert.equal(peer.state, "idle");
    current = await serve(t, preferred);
    port = current.server.port;
    const { ids } = current;
    await until(() => peer.send(messageFrame(3)), "the next connection");
    await until(() => ids().length > 0, "a message over it");
    assert.deepEqual(ids(), [3]);
  }
});

test("an attempt that fails is followed by others until one succeeds", async (t) => {
  const first = await serve(t);
  const { port } = first.server;
  await first.server.close();
  const states: PeerState[] = [];
  const peer = new PeerConnection({
    port: () => port,
    token,
    hello,
    onState: (state) => states.push(state),
  });
  t.after(() => peer.close());
  peer.connect();
  await until(() => states.filter((state) => state === "waiting").length >= 2, "two failures");
  await serve(t, port);
  await until(() => peer.state === "open", "success");
});

test("a peer that does not read is not buried in frames", async (t) => {
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  assert(typeof address === "object" && address !== null);
  const accepted: WebSocket[] = [];
  let arrived = 0;
  const websockets = new WebSocketServer({ server: http, handleProtocols: () => protocol });
  websockets.on("connection", (socket) => {
    accepted.push(socket);
    socket.on("message", () => arrived++);
    socket.pause();
  });
  t.after(() => {
    for (const socket of accepted) socket.terminate();
    http.close();
  });

  const peer = peerTo(t, () => address.port);
  peer.connect();
  await until(() => peer.state === "open" && accepted.length === 1, "the connection");
  let sent = 0;
  while (sent < 500 && peer.send(messageFrame(sent, "n1", "x".repeat(500_000)))) sent++;
  assert(sent < 500, "at some time it takes no more");
  assert.equal(peer.state, "open");

  accepted[0]?.resume();
  await until(() => peer.send(messageFrame(sent)), "room again");
  await until(() => arrived === sent + 2, "all that was taken, and hello, and nothing else");
});

test("a frame that the other end would refuse as too long is not sent", async (t) => {
  const { server, ids } = await serve(t);
  const peer = peerTo(t, () => server.port);
  peer.connect();
  await until(() => peer.state === "open", "the connection");
  assert.equal(peer.send(messageFrame(1, "n1", "é".repeat(frameLimit / 2))), false);
  assert.equal(peer.send(messageFrame(2)), true);
  await until(() => ids().length > 0, "the next message");
  assert.deepEqual(ids(), [2]);
});
