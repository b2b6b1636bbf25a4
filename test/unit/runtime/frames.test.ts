import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { commandLimit } from "../../../src/cluster/index.ts";
import { messageLimit, type Entry, type Message } from "../../../src/raft/index.ts";
import {
  decodeFrame,
  encodeFrame,
  frameLimit,
  type ClientAnswer,
  type Frame,
} from "../../../src/runtime/frames.ts";
import { codePoint } from "../../support/code-point.ts";

const heartbeat = {
  kind: "AppendEntries",
  from: "n1",
  to: "n2",
  term: 3,
  prevLogIndex: 7,
  prevLogTerm: 2,
  entries: [],
  leaderCommit: 6,
} as const;

const messages: readonly Message[] = [
  heartbeat,
  withEntries(
    { kind: "noOp", term: 3 },
    { kind: "command", term: 3, command: '{"a": "\\u2028\\ud800"}' },
  ),
  {
    kind: "AppendEntriesReply",
    from: "n2",
    to: "n1",
    term: 3,
    outcome: { success: true, matchIndex: 9 },
  },
  {
    kind: "AppendEntriesReply",
    from: "n2",
    to: "n1",
    term: 3,
    outcome: { success: false, prevLogIndex: 7, conflictTerm: null, conflictIndex: 4 },
  },
  { kind: "RequestVote", from: "n1", to: "n2", term: 4, lastLogIndex: 7, lastLogTerm: 2 },
  { kind: "RequestVoteReply", from: "n2", to: "n1", term: 4, voteGranted: true },
  { ...heartbeat, round: 5 },
  { kind: "ReadIndex", from: "n2", to: "n1", term: 4, id: "r" },
  { kind: "ReadIndexReply", from: "n1", to: "n2", term: 4, id: "r", index: null },
  { kind: "ReadIndexReply", from: "n1", to: "n2", term: 4, id: "r", index: 7 },
];

const answers: readonly ClientAnswer[] = [
  { kind: "committed", index: 8, term: 3 },
  { kind: "superseded", index: 8 },
  { kind: "notLeader", leaderId: null },
  { kind: "notLeader", leaderId: "n3" },
  { kind: "read", index: 8, value: '{"x": 1}' },
  { kind: "read", index: 8, value: null },
  { kind: "readRefused", leaderId: "n3" },
  { kind: "unanswered" },
  { kind: "refused", reason: { kind: "tooLong", limit: 65_536 } },
  { kind: "refused", reason: { kind: "noLeader" } },
];

const hello: Frame = { kind: "hello", node: "n1", cluster: "a-cluster" };
const frames: readonly Frame[] = [
  hello,
  ...messages.map((message): Frame => ({ kind: "message", id: 12, arrival: 0.25, message })),
  { kind: "request", id: "r1", command: "x=1\ud800\u0000" },
  { kind: "read", id: "r2", name: "x\u0000" },
  { kind: "read", id: "r3", name: null },
  ...answers.map((answer): Frame => ({ kind: "answer", id: "r1", answer })),
];

function withEntries(...entries: readonly Entry[]): Message {
  return { ...heartbeat, entries };
}

function messageFrame(message: Message): Frame {
  return { kind: "message", id: 1, arrival: 0, message };
}

test("what is written of a frame is read back, as text and as bytes", () => {
  for (const frame of frames) {
    const text = encodeFrame(frame);
    assert.deepEqual(decodeFrame(text), frame);
    assert.deepEqual(decodeFrame(Buffer.from(text)), frame);
  }
});

test("the largest messages that a leader sends fit into a frame", () => {
  // Nothing in a command is longer in JSON than what has to be escaped.
  const length = messageLimit.characters / messageLimit.entries;
  const many = Array.from({ length: messageLimit.entries }, (): Entry => {
    return { kind: "command", term: Number.MAX_SAFE_INTEGER, command: '"\\'.repeat(length / 2) };
  });
  const long: Entry = { kind: "command", term: 1, command: '"'.repeat(commandLimit) };
  for (const message of [withEntries(...many), withEntries(long)]) {
    const frame = messageFrame(message);
    const text = encodeFrame(frame);
    assert(Buffer.byteLength(text) < frameLimit);
    assert.deepEqual(decodeFrame(text), frame);
  }
});

test("what is no frame is none, whatever it is", () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: codePoint }), fc.json(), bytes), (raw) => {
      assert.equal(decodeFrame(raw), undefined);
    }),
  );
});

test("a frame that was damaged on its way is none, or one that is whole", () => {
  const damage = fc.record({
    which: fc.nat(frames.length - 1),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(20),
    put: fc.oneof(fc.constantFrom("", "-", "0", "null", '"', "}", "[", "1e999"), fc.string()),
  });
  fc.assert(
    fc.property(damage, ({ which, at, cut, put }) => {
      const text = encodeFrame(frames[which] ?? hello);
      const start = Math.floor(at * text.length);
      const frame = decodeFrame(text.slice(0, start) + put + text.slice(start + cut));
      if (frame !== undefined) assert.deepEqual(decodeFrame(encodeFrame(frame)), frame);
    }),
    { numRuns: 1000 },
  );
});

test("a number that cannot be what it stands for makes it no frame", () => {
  const text = encodeFrame(messageFrame(heartbeat));
  assert.notEqual(decodeFrame(text), undefined);
  for (const field of ["id", "arrival", "term", "prevLogIndex", "prevLogTerm", "leaderCommit"]) {
    for (const bad of ["-1", "1e400", '"1"', "null", "true", "[]"]) {
      const changed = text.replace(new RegExp(`"${field}":\\d+`), `"${field}":${bad}`);
      assert.notEqual(changed, text);
      assert.equal(decodeFrame(changed), undefined, changed);
    }
  }
  for (const bad of ["1.5", "9007199254740992"]) {
    assert.equal(decodeFrame(text.replace('"term":3', `"term":${bad}`)), undefined);
  }
});

test("an unknown kind and an unknown field make it no frame", () => {
  const text = encodeFrame(hello);
  assert.equal(decodeFrame(text.replace("hello", "hallo")), undefined);
  assert.equal(decodeFrame(text.replace("}", ',"admin":true}')), undefined);
  assert.equal(decodeFrame(text.replace(',"cluster":"a-cluster"', "")), undefined);
});

test("a frame is no longer than its limit, in characters or in bytes", () => {
  const text = encodeFrame(hello);
  assert.deepEqual(decodeFrame(text.padEnd(frameLimit)), hello);
  assert.equal(decodeFrame(text.padEnd(frameLimit + 1)), undefined);
  assert.equal(decodeFrame(Buffer.from(text.padEnd(frameLimit + 1))), undefined);
  const command = "é".repeat(frameLimit / 2);
  assert.equal(
    decodeFrame(Buffer.from(`{"kind":"request","id":"r","command":"${command}"}`)),
    undefined,
  );
});

test("a frame is not nested deeply, however short it is", () => {
  for (const open of ["[", '{"kind":']) {
    assert.equal(decodeFrame(open.repeat(100_000)), undefined);
    assert.equal(decodeFrame(`{"kind":"hello","node":${open.repeat(65)}`), undefined);
  }
});

test("a message has at most 1024 entries", () => {
  const entries = Array.from({ length: 1024 }, (): Entry => ({ kind: "noOp", term: 1 }));
  const most = messageFrame(withEntries(...entries));
  assert.deepEqual(decodeFrame(encodeFrame(most)), most);
  const tooMany = messageFrame(withEntries(...entries, { kind: "noOp", term: 1 }));
  assert.equal(decodeFrame(encodeFrame(tooMany)), undefined);
});

test("names are short and not empty", () => {
  const long = "n".repeat(65);
  const bad: readonly Frame[] = [
    { kind: "hello", node: long, cluster: "c" },
    { kind: "hello", node: "", cluster: "c" },
    { kind: "hello", node: "n1", cluster: long },
    { kind: "request", id: long, command: "" },
    { kind: "request", id: "", command: "" },
    messageFrame({ ...heartbeat, from: long }),
    messageFrame({ ...heartbeat, to: long }),
  ];
  for (const frame of bad) assert.equal(decodeFrame(encodeFrame(frame)), undefined);
});
