import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as fc from "fast-check";
import { logOf } from "../../../src/raft/index.ts";
import { readRaftosFolder, type RaftosFolder } from "../../../src/runtime/import-raftos.ts";
import { RaftosFiles } from "../../../src/runtime/raftos-files.ts";
import { decodeLogLine, decodeStorage } from "../../../src/runtime/raftos-decode.ts";
import { wholeLogFile } from "../../../src/runtime/wal.ts";
import { codePoint } from "../../support/code-point.ts";
import { folderFor } from "./folders.ts";
import { entries } from "./logs.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/raftos");

type Contents = Readonly<Record<string, string | Uint8Array>>;

/** Reads a folder of these files; `8000.log` stands for `127.0.0.1_8000.log`. */
async function read(t: TestContext, contents: Contents): Promise<RaftosFolder> {
  const folder = await folderFor(t);
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(folder, name.replace(/^(?=\d{4,5}\.)/, "127.0.0.1_")), content);
  }
  return readRaftosFolder(folder);
}

/** What is imported of one node, whose `.storage` is of term 9 so that it allows any log. */
async function logOfOne(t: TestContext, log: string | Uint8Array): Promise<unknown> {
  const folder = await read(t, { "8000.log": log, "8000.storage": '{"term": 9}' });
  if (folder.kind === "found") return folder.nodes[0]?.saved.entries;
  return folder.kind === "bad" ? folder.problems : folder.kind;
}

function line(term: number, command: string): string {
  return `{"term": ${term}, "command": ${command}}\n`;
}

// What raftos wrote.

const terms: Readonly<Record<string, [term: number, ...lengths: number[]]>> = {
  a1_healthy: [1, 0, 0, 0],
  a2_writes: [1, 36, 36, 36],
  b2_crash: [9, 1, 2, 2],
  b4_diverged: [3, 7, 7, 6],
  b5_partitioned: [7, 7, 11, 11, 11, 7],
  d1_kill9: [1, 140, 45, 147],
};

test("every set of raftos files has its expectation here", async () => {
  const sets = (await readdir(fixtures)).filter((name) => !name.endsWith(".md"));
  assert.deepEqual(sets.toSorted(), Object.keys(terms));
});

for (const [set, [term, ...lengths]] of Object.entries(terms)) {
  test(`what raftos wrote is imported, and its logs are written as they were: ${set}`, async (t) => {
    const folder = await readRaftosFolder(join(fixtures, set));
    assert(folder.kind === "found", JSON.stringify(folder));
    assert.deepEqual(
      folder.nodes.map(({ saved }) => saved.entries.length),
      lengths,
    );
    assert(folder.nodes.every(({ saved }) => saved.currentTerm === term));

    const copy = await folderFor(t);
    await cp(join(fixtures, set), copy, { recursive: true });
    for (const { address, saved } of folder.nodes) {
      const name = address.replace(":", "_");
      for (const kept of [false, true]) {
        const { files, notices } = await RaftosFiles.open({
          paths: {
            log: join(copy, kept ? `${name}.log` : `${name}.new.log`),
            storage: join(copy, `${name}.new.storage`),
            stateMachine: join(copy, `${name}.new.state_machine`),
          },
          saved: { currentTerm: term, votedFor: null, log: logOf(saved.entries) },
          earlierLog: null,
          logFile: wholeLogFile,
          logFileLost: () => Promise.resolve(),
          onNotice: () => {},
          addressOf: (id) => id,
          onError: (file, error) => assert.fail(`${file}: ${String(error)}`),
        });
        await files.close();
        // Byte for byte what is there: the comparison at a start has nothing to say.
        assert.deepEqual(notices, []);
      }
      const original = await readFile(join(fixtures, set, `${name}.log`), "utf8");
      assert.equal(await readFile(join(copy, `${name}.new.log`), "utf8"), original);
    }
  });
}

test("a healthy cluster's state machines are what its logs come to, one that is ahead is not", async (t) => {
  for (const [set, ahead] of [
    ["a2_writes", []],
    ["b4_diverged", []],
    ["d1_kill9", ["127.0.0.1_21000", "127.0.0.1_21001"]],
  ] as const) {
    const folder = await readRaftosFolder(join(fixtures, set));
    assert(folder.kind === "found");
    const copy = await folderFor(t);
    await cp(join(fixtures, set), copy, { recursive: true });
    for (const { address, saved } of folder.nodes) {
      const stem = address.replace(":", "_");
      const { files, notices } = await RaftosFiles.open({
        paths: {
          log: join(copy, `${stem}.log`),
          storage: join(copy, `${stem}.new`),
          stateMachine: join(copy, `${stem}.state_machine`),
        },
        saved: { currentTerm: 9, votedFor: null, log: logOf(saved.entries) },
        earlierLog: null,
        logFile: wholeLogFile,
        logFileLost: () => Promise.resolve(),
        onNotice: () => {},
        addressOf: (id) => id,
        onError: (file, error) => assert.fail(`${file}: ${String(error)}`),
      });
      await files.close();
      const isAhead = ahead.some((name) => name === stem);
      assert.deepEqual(
        notices.map(({ kind }) => kind),
        isAhead ? ["fileDiffers"] : [],
      );
    }
  }
});

// Which files count.

test("a folder without raftos files is none", async (t) => {
  const contents = {
    "node1.log": "LEADER => None\n",
    "8000.state_machine": "{}",
    "192.168.0.7_8000.log": "",
    "127.0.0.1_08000.log": "",
    "127.0.0.1_99999.log": "",
    "127.0.0.1_8000.log.differs": "",
    "127.0.0.1_8000.wal": "",
    "localhost_8000.txt": "",
  };
  assert.deepEqual(await read(t, contents), { kind: "none" });
});

test("nodes come in the order of their ports", async (t) => {
  const folder = await read(t, {
    "10000.log": "",
    "8001.storage": "",
    "127.0.0.1_900.log": "",
    "8001.log": "",
  });
  assert(folder.kind === "found");
  assert.deepEqual(
    folder.nodes.map(({ address }) => address),
    ["127.0.0.1:900", "127.0.0.1:8001", "127.0.0.1:10000"],
  );
});

test("localhost is an address too, but not beside the same one in digits", async (t) => {
  const files = {
    "localhost_8000.log": "",
    "localhost_8000.storage": '{"term": 1, "voted_for": "localhost:8000"}',
  };
  assert.equal((await read(t, files)).kind, "found");
  const twice = await read(t, { ...files, "8000.log": "" });
  assert(twice.kind === "bad");
  assert.match(twice.problems[0]?.reason ?? "", /the same node/);
});

test(
  "a link or a folder is no file of raftos",
  { skip: process.platform === "win32" },
  async (t) => {
    const folder = await folderFor(t);
    await symlink("/dev/zero", join(folder, "127.0.0.1_8000.log"));
    await mkdir(join(folder, "127.0.0.1_8000.storage"));
    assert.deepEqual(await readRaftosFolder(folder), {
      kind: "bad",
      problems: [
        { file: "127.0.0.1_8000.log", line: 1, reason: "no regular file" },
        { file: "127.0.0.1_8000.storage", line: 1, reason: "no regular file" },
      ],
    });
  },
);

// Terms and votes.

test("all nodes are in the latest term, and a vote counts in that term only", async (t) => {
  const folder = await read(t, {
    "8000.storage": '{"term": 5, "voted_for": "127.0.0.1:8001"}',
    "8001.storage": '{"term": 3, "voted_for": "127.0.0.1:8001"}',
    "8002.storage": '{"term": 5, "voted_for": null}',
  });
  assert(folder.kind === "found");
  assert.deepEqual(
    folder.nodes.map(({ saved }) => [saved.currentTerm, saved.votedForAddress]),
    [
      [5, "127.0.0.1:8001"],
      [5, null],
      [5, null],
    ],
  );
});

test("a node whose term is behind its own log is refused", async (t) => {
  for (const storage of ['{"term": 1, "voted_for": null}', "", undefined]) {
    const contents = { "8000.log": line(1, '{"a": 1}') + line(2, '{"a": 2}') };
    const folder = await read(
      t,
      storage === undefined ? contents : { ...contents, "8000.storage": storage },
    );
    assert(folder.kind === "bad");
    assert.match(folder.problems[0]?.reason ?? "", /its term is [01], but/);
  }
});

const badStorages: Readonly<Record<string, RegExp>> = {
  '{"term": 1, "voted_for": "127.0.0.1:8009"}': /voted for 127.0.0.1:8009/,
  '{"term": -1, "voted_for": null}': /no term: -1/,
  '{"term": 1.5, "voted_for": null}': /no term: 1.5/,
  '{"term": "1", "voted_for": null}': /no term: "1"/,
  '{"term": 9007199254740993, "voted_for": null}': /no term/,
  '{"term": NaN, "voted_for": null}': /NaN/,
  '{"term": 1, "voted_for": 1}': /no vote: 1/,
  '{"term": 1, "voted_for": null, "x": 1}': /no storage of raftos/,
  "{}": /no storage of raftos/,
  "[1]": /not a JSON object/,
  '{"term": 1, "vo': /not JSON/,
};

for (const [text, reason] of Object.entries(badStorages)) {
  test(`a storage is refused that says ${text}`, async (t) => {
    const folder = await read(t, { "8000.storage": text });
    assert(folder.kind === "bad");
    const [problem] = folder.problems;
    assert.equal(problem?.file, "127.0.0.1_8000.storage");
    assert.match(problem.reason, reason);
  });
}

test("a storage in MessagePack is refused for what it is", async (t) => {
  const packed = Buffer.from("82a47465726d01a9766f7465645f666f72c0", "hex");
  const folder = await read(t, { "8000.storage": packed });
  assert(folder.kind === "bad");
  assert.match(folder.problems[0]?.reason ?? "", /^binary/);
});

// Logs.

test("a log is read in any way that JSON can be written", async (t) => {
  const expected = entries("2a 2 3b=5");
  const texts = [
    '{"term": 2, "command": {"a": 1}}\n{"term": 2, "command": {}}\n{"term": 3, "command": {"b": 5}}\n',
    '{"term":2,"command":{"a":1}}\n{"term":2,"command":{}}\n{"term":3,"command":{"b":5}}',
    '{"term": 2, "command": {"a": 1}}\r\n{"term": 2, "command": {}}\r\n{"command": {"b": 5}, "term": 3}\r\n',
    '\ufeff{"term": 2, "command": {"\\u0061": 1}}\n{"term": 2, "command": {}}\n{"term": 3, "command": {"b": 5}}\n',
  ];
  for (const text of texts) assert.deepEqual(await logOfOne(t, text), expected);
  assert.deepEqual(await logOfOne(t, ""), []);
});

test("a command is written anew the way of Python", async (t) => {
  const text = '{"term":2,"command":{"ë":[1,100.0,12345678901234567890],"url":"a\\/b\u2028"}}\n';
  assert.deepEqual(await logOfOne(t, text), [
    {
      kind: "command",
      term: 2,
      command: '{"\\u00eb": [1, 100.0, 12345678901234567890], "url": "a/b\\u2028"}',
    },
  ]);
});

const good = line(2, '{"a": 1}');

const badLogs: readonly (readonly [
  name: string,
  text: string | Uint8Array,
  line: number,
  reason: RegExp,
])[] = [
  ["NaN", good + line(2, '{"a": NaN}'), 2, /NaN or Infinity/],
  ["-Infinity", line(2, '{"a": [-Infinity, "NaN"]}') + good, 1, /NaN or Infinity/],
  ["a blank line", `${good}\n${good}`, 2, /blank/],
  ["a blank line at the end", `${good}\n`, 2, /blank/],
  ["a torn last line", good + good.slice(0, 12), 2, /^torn at its end: not JSON/],
  ["a line cut in the middle of the file", `${good.slice(0, 12)}\n${good}`, 1, /^not JSON/],
  ["two entries in a line", `${good.trim()}${good}`, 1, /not JSON/],
  ["a term that falls", good + line(1, '{"a": 1}'), 2, /term 1 comes after term 2/],
  ["term 0", line(0, '{"a": 1}'), 1, /no term: 0/],
  ["a negative term", line(-1, '{"a": 1}'), 1, /no term: -1/],
  ["a broken term", line(1.5, '{"a": 1}'), 1, /no term: 1.5/],
  ["no command", '{"term": 1}\n', 1, /no entry of raftos/],
  ["a command that is no object", line(1, '"a"'), 1, /no command: "a"/],
  ["something more", '{"term": 1, "command": {}, "index": 1}\n', 1, /no entry of raftos/],
  ["other text", "LEADER => None\n", 1, /not JSON/],
  ["deep nesting", line(1, `{"a": ${"[".repeat(100)}${"]".repeat(100)}}`), 1, /too deep/],
  ["a number out of range", line(1, '{"a": 1e999}'), 1, /too large/],
  ["a command beyond the limit", line(1, `{"a": "${"x".repeat(70_000)}"}`), 1, /more than 65536/],
  ["a line without end", "x".repeat(300_000), 1, /longer than/],
  [
    "MessagePack",
    Buffer.from("82a47465726d01a7636f6d6d616e6481a16101 0a".replace(" ", ""), "hex"),
    1,
    /^binary/,
  ],
  ["zeros", `${good}\0\0\0\n`, 2, /^binary/],
];

for (const [name, text, at, reason] of badLogs) {
  test(`a log is refused, with the line and why: ${name}`, async (t) => {
    const folder = await read(t, {
      "8000.log": text,
      "8000.storage": '{"term": 9, "voted_for": null}',
    });
    assert(folder.kind === "bad", JSON.stringify(folder));
    assert.equal(folder.problems.length, 1);
    const [problem] = folder.problems;
    assert.deepEqual([problem?.file, problem?.line], ["127.0.0.1_8000.log", at]);
    assert.match(problem?.reason ?? "", reason);
  });
}

test("an entry of the same index and term has to be the same in all logs (Figure 3)", async (t) => {
  const storage = '{"term": 9, "voted_for": null}';
  const folder = await read(t, {
    "8000.log": line(1, '{"a": 1}') + line(2, '{"a": 2}'),
    "8000.storage": storage,
    "8001.log": line(1, '{"a":1}') + line(2, '{"a": 3}'),
    "8001.storage": storage,
  });
  const reason = "entry 2 of term 2 is not the same in 127.0.0.1_8000.log";
  assert.deepEqual(folder, {
    kind: "bad",
    problems: [{ file: "127.0.0.1_8001.log", line: 2, reason }],
  });
});

test("logs that agree on an entry agree on the term before it (Figure 3)", async (t) => {
  const storage = '{"term": 9, "voted_for": null}';
  const folder = await read(t, {
    "8000.log": line(1, '{"a": 1}') + line(3, '{"a": 2}'),
    "8000.storage": storage,
    "8001.log": line(2, '{"a": 1}') + line(3, '{"a": 2}'),
    "8001.storage": storage,
  });
  assert(folder.kind === "bad");
  assert.equal(folder.problems[0]?.line, 2);
});

test("any text is an answer, never an error", () => {
  const json = fc.json().map((text) => `{"term": 1, "command": ${text}}`);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: codePoint }), fc.json(), json), (text) => {
      const decoded = decodeLogLine(text);
      if (decoded.kind === "good") assert(decoded.value.term > 0);
      decodeStorage(text);
    }),
  );
});
