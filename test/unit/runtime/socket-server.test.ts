import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { connectClient } from "../../../src/runtime/connect-client.ts";
import { encodeFrame, frameLimit } from "../../../src/runtime/frames.ts";
import { dial, hostOf, protocol } from "../../../src/runtime/sockets.ts";
import {
  closeCode,
  hello,
  messageFrame,
  opened,
  peerTo,
  serve,
  token,
  until,
} from "./socket-cases.ts";

const protocols = "sec-websocket-protocol";

test("whoever has the token comes in", async (t) => {
  const { server } = await serve(t);
  assert.equal(await status(server.port), 101);
});

test("whoever has not the token stays out, and a token in the URL is none", async (t) => {
  const { server } = await serve(t);
  const bad = [
    undefined,
    protocol,
    `t.${token}`,
    `${protocol}, ${token}`,
    `${protocol}, t.`,
    `${protocol}, t.${token.slice(1)}`,
    `${protocol}, t.${token}x`,
    `${protocol}, t.${token.toUpperCase()}`,
    `${protocol}, t.wrong, t.${token}`,
    `raftlab.v2, t.${token}`,
  ];
  for (const offer of bad)
    assert.equal(await status(server.port, { [protocols]: offer }), 401, offer);
  const inUrl = `/?token=${token}&t.${token}`;
  assert.equal(await status(server.port, { [protocols]: protocol }, inUrl), 401);
  assert.equal(
    await status(server.port, { authorization: `Bearer ${token}`, [protocols]: undefined }),
    401,
  );
});

test("a web page stays out, wherever it is from, even with the token", async (t) => {
  const { server } = await serve(t);
  const pages = [
    `http://127.0.0.1:${server.port}`,
    "https://example.com",
    "null",
    "vscode-webview://a",
    "",
  ];
  for (const origin of pages) assert.equal(await status(server.port, { origin }), 403, origin);
});

test("whoever means another host stays out, however like ours it looks", async (t) => {
  const { server } = await serve(t);
  const { port } = server;
  const hosts = [
    `127.0.0.1.evil.example:${port}`,
    `evil.example:${port}`,
    `localhost:${port}`,
    `127.0.0.1`,
    `127.0.0.1:${port}0`,
    `127.0.0.1:1`,
    `[::1]:${port}`,
    `0177.0.0.1:${port}`,
  ];
  for (const host of hosts) assert.equal(await status(port, { host }), 403, host);
});

test("there is one path", async (t) => {
  const { server } = await serve(t);
  for (const path of ["/x", "//", "/?", "/..", `http://127.0.0.1:${server.port}/`]) {
    assert.equal(await status(server.port, {}, path), 404, path);
  }
});

test("ordinary HTTP is told to upgrade", async (t) => {
  const { server } = await serve(t);
  const response = await fetch(`http://127.0.0.1:${server.port}/`, { method: "POST", body: "x" });
  assert.equal(response.status, 426);
  assert.equal(await response.text(), "");
});

test("only the loopback address listens", async (t) => {
  const { server } = await serve(t);
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address, scopeid }) => address !== "127.0.0.1" && (scopeid ?? 0) === 0)
    .map(({ address }) => address);
  for (const host of ["127.0.0.2", "::1", ...others]) {
    const socket = connect({ host, port: server.port });
    t.after(() => socket.destroy());
    await assert.rejects(once(socket, "connect"), host);
  }
});

test("a frame too long closes its connection and harms no other", async (t) => {
  const { server, frames, ids } = await serve(t);
  const peer = peerTo(t, () => server.port);
  peer.connect();
  const socket = await opened(t, server.port);
  socket.send("x".repeat(frameLimit + 1));
  assert.equal(await closeCode(socket), 1009);
  await until(() => peer.send(messageFrame(1)), "the other connection to be open");
  await until(() => ids().length === 1, "the message");
  assert.deepEqual(frames, [hello, messageFrame(1)]);
});

test("whoever breaks the rules is refused, and nobody else is", async (t) => {
  const { server, ids } = await serve(t);
  const peer = peerTo(t, () => server.port);
  peer.connect();
  const opening = encodeFrame(hello);
  const request = encodeFrame({ kind: "request", id: "r", command: "x=1" });
  const answer = encodeFrame({ kind: "answer", id: "r", answer: { kind: "unanswered" } });
  const bad: Readonly<Record<string, readonly (string | Buffer)[]>> = {
    "no frame": ["hello"],
    "no JSON to the end": [opening.slice(1)],
    "nested deeply": ["[".repeat(100_000)],
    "bytes instead of text": [Buffer.from(opening)],
    "a message before hello": [encodeFrame(messageFrame(9))],
    "an answer first": [answer],
    "hello twice": [opening, opening],
    "a request from a peer": [opening, request],
    "an answer from a peer": [opening, answer],
    "a message in the name of another": [opening, encodeFrame(messageFrame(9, "n3"))],
    "hello from a client": [request, opening],
    "a message from a client": [request, encodeFrame(messageFrame(9))],
    "no frame after hello": [opening, "{}"],
  };
  for (const [what, frames] of Object.entries(bad)) {
    const socket = await opened(t, server.port);
    for (const frame of frames) socket.send(frame);
    // What follows a breach is not listened to.
    socket.send(encodeFrame(messageFrame(9)));
    assert.equal(await closeCode(socket), 1008, what);
  }
  await until(() => peer.send(messageFrame(1)), "the peer to be open");
  await until(() => ids().length > 0, "the message");
  assert.deepEqual(ids(), [1]);
});

test("whoever dawdles is let go, and whoever has said hello may be silent", async (t) => {
  const { server } = await serve(t);
  const peer = peerTo(t, () => server.port);
  peer.connect();
  await until(() => peer.state === "open", "the peer to be open");

  const silent = await opened(t, server.port);
  const idle = connect(server.port, "127.0.0.1");
  const slow = connect(server.port, "127.0.0.1");
  slow.write("GET / HTTP/1.1\r\nHost: ");
  const drip = setInterval(() => slow.write("x"), 50);
  t.after(() => clearInterval(drip));
  const unfinished = connect(server.port, "127.0.0.1");
  unfinished.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\nx`);

  const start = performance.now();
  assert.equal(await within(closeCode(silent)), 1006);
  await Promise.all([idle, slow, unfinished].map((socket) => within(closeOf(socket))));
  // By default Node would give them one to five minutes.
  assert(performance.now() - start > 500, "they had some time");
  assert.equal(peer.state, "open");
});

test("a server has at most 64 connections", async (t) => {
  const { server } = await serve(t);
  const sockets = await Promise.all(Array.from({ length: 64 }, () => opened(t, server.port)));
  for (const socket of sockets) socket.send(encodeFrame(hello));
  const oneMore = dial(server.port, token);
  await assert.rejects(once(oneMore, "open"));
  assert(sockets.every((socket) => socket.readyState === socket.OPEN));
});

test("a port that is taken is exchanged for a free one, and that is said", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  assert(typeof address === "object" && address !== null);
  t.after(() => other.close());

  const { server } = await serve(t, address.port);
  assert.equal(server.moved, true);
  assert.notEqual(server.port, address.port);
  assert.equal(await status(server.port), 101);

  await server.close();
  const again = await serve(t, server.port);
  assert.equal(again.server.port, server.port);
  assert.equal(again.server.moved, false);
});

test("once a server is closed nothing comes in any more, not even what it has read", async (t) => {
  const {
    server,
    frames,
    closed: closedThere,
  } = await serve(t, 0, (_, frame) => {
    if (frame.kind === "message") void server.close();
  });
  const socket = await opened(t, server.port);
  socket.send(encodeFrame(hello));
  for (let id = 0; id < 20; id++) socket.send(encodeFrame(messageFrame(id)));
  assert.equal(await closeCode(socket), 1006);
  await server.close();
  assert.deepEqual(frames, [hello, messageFrame(0)]);
  assert.deepEqual(closedThere, []);
});

test("closing leaves nothing open, whatever was under way", async (t) => {
  const before = resources();
  const { server, frames } = await serve(t);
  const { port } = server;
  const peer = peerTo(t, () => port);
  peer.connect();
  const client = await connectClient({ port, token });
  const asked = assert.rejects(client.request("r1", "x=1"), /r1/);
  const half = connect(port, "127.0.0.1");
  half.write("GET / HTTP/1.1\r\n");
  half.on("error", () => {});
  const silent = await opened(t, port);
  await until(() => frames.length === 2, "the peer and the client");

  await Promise.all([server.close(), server.close()]);
  await until(() => peer.state === "waiting", "the peer to lose its connection");
  peer.close();
  client.close();
  await asked;
  silent.terminate();
  half.destroy();
  await until(() => {
    const after = resources();
    return Object.entries(after).every(([kind, count]) => count <= (before[kind] ?? 0));
  }, "no more handles than before");
  await assert.rejects(connectClient({ port, token }));
});

async function closeOf(socket: Socket): Promise<void> {
  socket.on("error", () => {});
  socket.resume();
  if (socket.closed) return;
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    // What was still being written may be answered by a reset, which closes it as well.
    socket.on("error", () => {});
  });
}

async function within<T>(promise: Promise<T>): Promise<T> {
  const late = new AbortController();
  const limit = pause(10_000, undefined, { signal: late.signal, ref: false }).then(() =>
    assert.fail("still open after ten seconds"),
  );
  limit.catch(() => {});
  try {
    return await Promise.race([promise, limit]);
  } finally {
    late.abort();
  }
}

/** What keeps this process alive, counted by kind; `until` itself waits on one timer. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/TCP|Timeout|HTTP/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** The status with which a handshake is answered; 101 lets it in. */
async function status(
  port: number,
  change: Readonly<Record<string, string | undefined>> = {},
  path = "/",
): Promise<number | undefined> {
  const usual = {
    connection: "Upgrade",
    upgrade: "websocket",
    host: hostOf(port),
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": `${protocol}, t.${token}`,
  };
  const headers = Object.entries({ ...usual, ...change }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return await new Promise((resolve, reject) => {
    const asked = httpRequest({
      host: "127.0.0.1",
      port,
      path,
      headers: Object.fromEntries(headers),
    });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
}
