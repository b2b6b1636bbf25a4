import assert from "node:assert/strict";
import { test } from "node:test";
import { connectClient } from "../../../src/runtime/connect-client.ts";
import { encodeFrame, type ClientAnswer } from "../../../src/runtime/frames.ts";
import { opened, serve, token, until } from "./socket-cases.ts";

test("a client gets the answer to each of its requests, in whichever order", async (t) => {
  const answers: (() => void)[] = [];
  const { server } = await serve(t, 0, (connection, frame) => {
    if (frame.kind !== "request") return;
    const index = Number(frame.command);
    const answer: ClientAnswer = { kind: "committed", index, term: 1 };
    answers.unshift(() => connection.send({ kind: "answer", id: frame.id, answer }));
    if (answers.length === 3) for (const each of answers) each();
  });
  const client = await connectClient({ port: server.port, token });
  t.after(() => client.close());
  const got = await Promise.all(["1", "2", "3"].map((each) => client.request(`r${each}`, each)));
  assert.deepEqual(
    got.map((answer) => answer.kind === "committed" && answer.index),
    [1, 2, 3],
  );
});

test("a client that was let go connects again when it next asks", async (t) => {
  const { server, closed } = await serve(t, 0, (connection, frame) => {
    if (frame.kind !== "request") return;
    connection.send({ kind: "answer", id: frame.id, answer: { kind: "unanswered" } });
    connection.refuse();
  });
  const client = await connectClient({ port: server.port, token });
  t.after(() => client.close());
  for (const count of [1, 2, 3]) {
    assert.deepEqual(await client.request("r1", "x=1"), { kind: "unanswered" });
    await until(() => closed.length === count, "the connection to be closed");
  }
});

test("a client that does not read its answers is let go", async (t) => {
  const leaderId = "x".repeat(500_000);
  let sent = 0;
  const { server, closed } = await serve(t, 0, (connection, { kind }) => {
    if (kind !== "request") return;
    const answer = { kind: "answer", id: "r1", answer: { kind: "notLeader", leaderId } } as const;
    while (sent < 500 && connection.send(answer)) sent++;
  });
  const socket = await opened(t, server.port);
  socket.on("error", () => {});
  socket.pause();
  socket.send(encodeFrame({ kind: "request", id: "r1", command: "x=1" }));
  await until(() => closed.length === 1, "the end of the connection");
  assert(sent < 500);
});

test("a client without the token, or of a node that is gone, is told", async (t) => {
  const { server, frames } = await serve(t);
  await assert.rejects(connectClient({ port: server.port, token: "wrong" }), /401/);
  const client = await connectClient({ port: server.port, token });
  t.after(() => client.close());
  const asked = assert.rejects(client.request("r1", "x=1"), /before r1 was answered/);
  await until(() => frames.length === 1, "the request");
  await server.close();
  await asked;
  await assert.rejects(client.request("r2", "x=1"), /ECONNREFUSED/);
  client.close();
  await assert.rejects(client.request("r3", "x=1"), /closed/);
});
