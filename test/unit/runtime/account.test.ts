import assert from "node:assert/strict";
import { test } from "node:test";
import type { Member } from "../../../src/cluster/index.ts";
import { append, logAfter, logOf, paperTiming } from "../../../src/raft/index.ts";
import { Account } from "../../../src/runtime/account.ts";
import type { NodeHappening } from "../../../src/trace/index.ts";

const members: readonly Member[] = [1, 2, 3].map((i) => {
  return { id: `n${i}`, name: `node${i}`, address: `127.0.0.1:${7999 + i}` };
});

const started: NodeHappening = {
  kind: "started",
  members: members.map(({ id }) => id),
  timing: paperTiming,
  seed: 1,
  saved: { currentTerm: 2, votedFor: null, log: logOf([{ kind: "noOp", term: 2 }]) },
  action: null,
};

/** What node 2 tells of this, without the time. */
function told(...happened: readonly NodeHappening[]): readonly string[] {
  const account = new Account("n2", members);
  return happened.flatMap((happening, seq) =>
    account
      .lines({ seq, time: 0, node: "n2", ...happening }, new Date())
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \| /, "")),
  );
}

test("a line tells the local time, the term and the role", () => {
  const line = new Account("n2", members).lines(
    { seq: 0, time: 0, node: "n2", kind: "leaderKnown", leaderId: "n1" },
    new Date(2026, 10, 25, 9, 5, 7, 42),
  );
  assert.equal(line, "2026-11-25 09:05:07.042 | term 0 | follower  | LEADER => 127.0.0.1:8000\n");
});

test("an account speaks as the lab does", () => {
  const lines = told(
    started,
    { kind: "termChanged", term: 3 },
    { kind: "roleChanged", role: "candidate", term: 3 },
    { kind: "voted", candidate: "n2", term: 3 },
    { kind: "roleChanged", role: "leader", term: 3 },
    { kind: "leaderKnown", leaderId: "n2" },
    { kind: "requested", requests: [{ id: "a", command: '{"data_id": 1}' }] },
    { kind: "answered", action: "a", answer: { kind: "committed", index: 3, term: 3 } },
    { kind: "roleChanged", role: "follower", term: 3 },
    { kind: "leaderKnown", leaderId: null },
  );
  assert.deepEqual(lines, [
    "term 2 | follower  | started with 1 entry",
    "term 2 | follower  | LEADER => None",
    "term 3 | candidate | becomes candidate",
    "term 3 | candidate | votes for itself",
    "term 3 | leader    | LEADER IS NOW NODE 2",
    "term 3 | leader    | LEADER => 127.0.0.1:8001",
    "term 3 | leader    | is asked to write data_id",
    "term 3 | leader    | done writing data_id",
    "term 3 | follower  | becomes follower",
    "term 3 | follower  | LEADER => None",
  ]);
});

test("heartbeats and what is sent once more are not told", () => {
  const send = (prevLogIndex: number, count: number): NodeHappening => ({
    kind: "sent",
    id: 1,
    arrival: 0,
    message: {
      kind: "AppendEntries",
      from: "n2",
      to: "n1",
      term: 2,
      prevLogIndex,
      prevLogTerm: 2,
      entries: Array.from({ length: count }, () => ({ kind: "noOp", term: 2 }) as const),
      leaderCommit: 0,
    },
  });
  assert.deepEqual(told(started, send(1, 0), send(1, 2), send(1, 2), send(1, 3)).slice(2), [
    "term 2 | follower  | sends node1 entries 2 to 3",
    "term 2 | follower  | sends node1 entries 2 to 4",
  ]);
});

test("an entry's name cannot break a line or forge another", () => {
  const command = JSON.stringify({ "x\n2026-11-25 | LEADER IS NOW NODE 9": 1 });
  const lines = told(started, { kind: "requested", requests: [{ id: "a", command }] });
  assert.equal(lines.length, 3);
  assert.match(lines[2] ?? "", /is asked to write x\\n2026/);
});

test("a log that begins after a snapshot counts from the first entry, and the file is told of", () => {
  const log = append(logAfter(7, 1), [{ kind: "noOp", term: 2 }]);
  const begins = { kind: "logFileBegins", file: "127.0.0.1_8001.log", after: 7 } as const;
  assert.deepEqual(
    told(
      { ...started, saved: { currentTerm: 2, votedFor: null, log } },
      { kind: "noticed", notice: { ...begins, keptAs: null } },
      { kind: "noticed", notice: { ...begins, keptAs: "x.differs" } },
    ),
    [
      "term 2 | follower  | started with 8 entries",
      "term 2 | follower  | LEADER => None",
      "term 2 | follower  | 127.0.0.1_8001.log begins after entry 7",
      "term 2 | follower  | 127.0.0.1_8001.log begins after entry 7; what it held before is kept as x.differs",
    ],
  );
});
