import assert from "node:assert/strict";
import { test } from "node:test";
import type { Member } from "../../../src/cluster/index.ts";
import { logOf, paperTiming, type Entry, type Message } from "../../../src/raft/index.ts";
import { Account } from "../../../src/runtime/account.ts";
import type { Failure, NodeHappening, Notice } from "../../../src/trace/index.ts";
import { grammarOf } from "./tokens.ts";

const grammar = await grammarOf("raft-account");

const time = "2026-11-25 12:20:31.250";
const head = `${time} | term 3 | leader    | `;
const leader = "keyword.control.role.leader";
const node = "entity.name.type.node";
const index = "constant.numeric.index";
const name = "variable.other.name";
const file = "string.unquoted.file";
const lost = "markup.deleted.lost";
const done = "keyword.other.done";

/** What is coloured after the head of a line. */
function sentence(text: string): readonly string[] {
  return grammar.shown(head + text).slice(7);
}

test("the head shows the term and the role; what stands in every line stays quiet", () => {
  const quiet = [
    `${time}  comment.line.time`,
    "|  punctuation.separator",
    "term  comment.line.term",
  ];
  for (const [role, scopes] of [
    ["leader", leader],
    ["candidate", "variable.parameter.role.candidate"],
    ["follower", "support.type.role.follower"],
  ] as const) {
    assert.deepEqual(grammar.shown(`${time} | term 12 | ${role.padEnd(9)} | `), [
      ...quiet,
      "12  constant.numeric.term",
      "|  punctuation.separator",
      `${role}  ${scopes}`,
      "|  punctuation.separator",
    ]);
  }
});

const said: readonly (readonly [text: string, ...shown: readonly string[]])[] = [
  ["LEADER => None", `LEADER  ${leader}`, "=>  keyword.operator", "None  constant.language.none"],
  [
    "LEADER => 127.0.0.1:8001",
    `LEADER  ${leader}`,
    "=>  keyword.operator",
    `127.0.0.1:8001  ${node}`,
  ],
  ["LEADER IS NOW NODE 2", `LEADER IS NOW NODE  ${leader} markup.bold`, `2  ${node}`],
  ["started with 1 entry", `1  ${index}`],
  ["started with 12 entries", `12  ${index}`],
  ["crashed", `crashed  ${lost}`],
  ["votes for itself", "itself  variable.language.self"],
  ["votes for node2", `node2  ${node}`],
  ["becomes candidate", "candidate  variable.parameter.role.candidate"],
  ["becomes follower", "follower  support.type.role.follower"],
  ["asks node3 for its vote", `node3  ${node}`],
  ["refuses node3 its vote", `node3  ${node}`],
  ["drops its entries from 4 on", `drops  ${lost}`, `4  ${index}`],
  ["stores entry 4", `4  ${index}`],
  ["stores entries 4 to 6", `4  ${index}`, `6  ${index}`],
  ["sends node1 entry 4", `node1  ${node}`, `4  ${index}`],
  ["sends node1 entries 4 to 6", `node1  ${node}`, `4  ${index}`, `6  ${index}`],
  ["tells node1 that its log does not agree at 9", `node1  ${node}`, `9  ${index}`],
  ["knows to be committed: all up to 7", `7  ${index}`],
  ["is asked to write data_id", `data_id  ${name}`],
  ["done writing data_id", `done writing  ${done}`, `data_id  ${name}`],
  ["is asked to read data_id", `data_id  ${name}`],
  [
    "done reading data_id, as of entry 5",
    `done reading  ${done}`,
    `data_id  ${name}`,
    `5  ${index}`,
  ],
  ["leaves unanswered: reading x", `leaves unanswered:  ${lost}`, `x  ${name}`],
  [
    "not read: x; the leader is None",
    `not read:  ${lost}`,
    `x  ${name}`,
    "None  constant.language.none",
  ],
  ["leaves unanswered: writing x", `leaves unanswered:  ${lost}`, `x  ${name}`],
  [
    "not written: x; the leader is 127.0.0.1:8002",
    `not written:  ${lost}`,
    `x  ${name}`,
    `127.0.0.1:8002  ${node}`,
  ],
  [
    "not written: x; the leader is None",
    `not written:  ${lost}`,
    `x  ${name}`,
    "None  constant.language.none",
  ],
  [
    "not written: x; another leader's entry 5 stands in its place",
    `not written:  ${lost}`,
    `x  ${name}`,
    `5  ${index}`,
  ],
];

for (const [text, ...shown] of said) {
  test(`of "${text}" what changes is coloured`, () => {
    assert.deepEqual(sentence(text), shown);
  });
}

test("the name of what is written may be anything, and has one colour", () => {
  for (const each of [
    "LEADER => None",
    "a b",
    "x; the leader is None",
    "entry 4",
    "crashed",
    "«é»",
  ]) {
    assert.deepEqual(sentence(`is asked to write ${each}`), [`${each}  ${name}`]);
    const [, written] = sentence(
      `not written: ${each}; another leader's entry 5 stands in its place`,
    );
    assert.equal(written, `${each}  ${name}`);
  }
});

const printed: readonly (readonly [text: string, ...shown: readonly string[]])[] = [
  ["LEADER => None", `LEADER  ${leader}`, "=>  keyword.operator", "None  constant.language.none"],
  [
    "LEADER => 127.0.0.1:8001",
    `LEADER  ${leader}`,
    "=>  keyword.operator",
    `127.0.0.1:8001  ${node}`,
  ],
  ["LEADER IS NOW NODE 2", `LEADER IS NOW NODE  ${leader} markup.bold`, `2  ${node}`],
  ["LEADER -> 3", `LEADER  ${leader}`, "->  keyword.operator", `3  ${node}`],
  ["done writing data_id", `done writing  ${done}`, `data_id  ${name}`],
  ["done", `done  ${done}`],
  ["Leader is now: None", `Leader is now:  ${leader}`, "None  constant.language.none"],
  ["Leader is now: 127.0.0.1:8000", `Leader is now:  ${leader}`, `127.0.0.1:8000  ${node}`],
  ["Done writing VARIABLE", `Done writing  ${done}`, `VARIABLE  ${name}`],
  [" Check the .log and .state_machine files!", `.log  ${file}`, `.state_machine  ${file}`],
];

for (const [text, ...shown] of printed) {
  test(`of "${text}", as the lab prints it, what changes is coloured`, () => {
    assert.deepEqual(grammar.shown(text), shown);
  });
}

test("the words of the lab in the middle of another line are not taken for its own", () => {
  for (const line of [
    "I think LEADER => None",
    "2026: done writing x",
    "well, LEADER IS NOW NODE 2",
  ]) {
    assert.deepEqual(grammar.shown(line), [], line);
  }
});

test("every sentence that our nodes can say has its colours", () => {
  const lines = everythingThatHappens()
    .flatMap((happening) => accountLines(happening).split("\n"))
    .filter((line) => line !== "");
  assert(lines.length > 25, `only ${lines.length} lines`);
  for (const line of lines) {
    assert(grammar.shown(line).length > 7, `nothing is coloured of: ${line}`);
  }
});

test("a line that is torn at any character leaves the next as it is", () => {
  const [expected] = grammar.lines(`${head}LEADER => None`);
  const [expectedPrinted] = grammar.lines("LEADER => None");
  const whole = [
    ...[...said, ...printed].map(([text]) => text),
    ...said.map(([text]) => head + text),
    `${head}done writing é😀"`,
  ];
  for (const line of new Set(whole)) {
    const bytes = Buffer.from(line);
    for (let length = 0; length <= bytes.length; length++) {
      const torn = bytes.subarray(0, length).toString("utf8");
      const [, next, last] = grammar.lines(`${torn}\r\n${head}LEADER => None\rLEADER => None`);
      assert.deepEqual(next, expected, JSON.stringify(torn));
      assert.deepEqual(last, expectedPrinted, JSON.stringify(torn));
    }
  }
});

test("a head that is torn is coloured as far as it goes", () => {
  const whole = grammar.shown(head);
  for (let length = time.length; length <= head.length; length++) {
    const shown = grammar.shown(head.slice(0, length));
    assert.deepEqual(shown, whole.slice(0, shown.length), head.slice(0, length));
  }
});

function accountLines(happening: NodeHappening): string {
  const account = new Account("n2", members);
  return account.lines({ seq: 0, time: 0, node: "n2", ...happening }, new Date(0));
}

const members: readonly Member[] = [1, 2, 3].map((i) => {
  return { id: `n${i}`, name: `node${i}`, address: `127.0.0.1:${7999 + i}` };
});

function everythingThatHappens(): readonly NodeHappening[] {
  const two = [1, 2].map((i) => ({ kind: "command" as const, term: 3, command: `{"x": ${i}}` }));
  const saved = { currentTerm: 2, votedFor: null, log: logOf(two) };
  const answered = { kind: "answered", action: "a" } as const;
  return [
    { kind: "started", members: ["n1"], timing: paperTiming, seed: 1, saved, action: null },
    { kind: "crashed", unsaved: 0, action: "a" },
    { kind: "voted", candidate: "n1", term: 3 },
    { kind: "voted", candidate: "n2", term: 3 },
    ...(["follower", "candidate", "leader"] as const).map((role) => {
      return { kind: "roleChanged", role, term: 3 } as const;
    }),
    { kind: "leaderKnown", leaderId: "n1" },
    { kind: "leaderKnown", leaderId: null },
    { kind: "truncated", from: 4 },
    { kind: "appended", first: 4, entries: two },
    { kind: "appended", first: 4, entries: two.slice(1) },
    { kind: "committed", index: 5 },
    { kind: "requested", requests: [{ id: "a", command: '{"data_id": 1}' }] },
    { ...answered, answer: { kind: "committed", index: 3, term: 3 } },
    { ...answered, answer: { kind: "superseded", index: 3 } },
    { ...answered, answer: { kind: "notLeader", leaderId: "n1" } },
    { ...answered, answer: { kind: "notLeader", leaderId: null } },
    { kind: "unanswered", action: "a" },
    { kind: "readRequested", reads: [{ id: "a", name: "x" }] },
    { ...answered, answer: { kind: "read", index: 3, value: "1" } },
    ...messages(two).map((message) => ({ kind: "sent", id: 1, message, arrival: 1 }) as const),
    ...Object.values(failures).map(
      (failure) => ({ kind: "failed", failure, action: null }) as const,
    ),
    ...Object.values(notices).map((notice) => ({ kind: "noticed", notice }) as const),
  ];
}

/** One for each sentence about a message. */
function messages(entries: readonly Entry[]): readonly Message[] {
  const envelope = { from: "n2", to: "n1", term: 3 };
  const request = {
    kind: "AppendEntries",
    prevLogIndex: 3,
    prevLogTerm: 2,
    leaderCommit: 1,
  } as const;
  const outcome = {
    success: false,
    prevLogIndex: 3,
    conflictTerm: null,
    conflictIndex: 2,
  } as const;
  return [
    { ...envelope, kind: "RequestVote", lastLogIndex: 3, lastLogTerm: 2 },
    { ...envelope, kind: "RequestVoteReply", voteGranted: false },
    { ...envelope, ...request, entries },
    { ...envelope, kind: "AppendEntriesReply", outcome },
  ];
}

// By their kinds, so that a new one does not compile before it stands here.
const failures: { readonly [Kind in Failure["kind"]]: Extract<Failure, { kind: Kind }> } = {
  invariant: { kind: "invariant", claim: "a merge leaves no gap" },
  disk: { kind: "disk", file: "127.0.0.1_8001.wal", error: "ENOSPC: no space left on device" },
  damagedWal: { kind: "damagedWal", file: "127.0.0.1_8001.wal", line: 3 },
  unsupportedWal: { kind: "unsupportedWal", file: "127.0.0.1_8001.wal", line: 1 },
  foreignWal: { kind: "foreignWal", file: "127.0.0.1_8001.wal", owner: "node3" },
  missingWal: { kind: "missingWal", file: "127.0.0.1_8001.wal" },
  socket: { kind: "socket", address: "127.0.0.1:8001", error: "EADDRINUSE" },
  missingSnapshot: { kind: "missingSnapshot", file: "127.0.0.1_8001.snapshot", index: 7 },
  damagedSnapshot: { kind: "damagedSnapshot", file: "127.0.0.1_8001.snapshot", line: 2, index: 7 },
};

const notices: { readonly [Kind in Notice["kind"]]: Extract<Notice, { kind: Kind }> } = {
  tailCut: { kind: "tailCut", file: "127.0.0.1_8001.wal", bytes: 12 },
  fileDiffers: { kind: "fileDiffers", file: "127.0.0.1_8001.log", keptAs: "127.0.0.1_8001.log.1" },
  fileCompleted: { kind: "fileCompleted", file: "127.0.0.1_8001.log" },
  imported: { kind: "imported", entries: 3, term: 2 },
  portMoved: { kind: "portMoved", address: "127.0.0.1:8001", port: 40001 },
  logFileBegins: {
    kind: "logFileBegins",
    file: "127.0.0.1_8001.log",
    after: 7,
    keptAs: "127.0.0.1_8001.log.differs",
  },
};
