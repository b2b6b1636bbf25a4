import assert from "node:assert/strict";
import { mkdir, open, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as fc from "fast-check";
import { membersOfState, StateMachine } from "../../../src/cluster/index.ts";
import {
  append,
  emptyLog,
  slice,
  truncateFrom,
  type Log,
  type Persistent,
} from "../../../src/raft/index.ts";
import { logLine } from "../../../src/runtime/raftos-format.ts";
import { RaftosFiles, type OpenedRaftosFiles } from "../../../src/runtime/raftos-files.ts";
import type { LogFileBeginning } from "../../../src/runtime/wal-record.ts";
import { wholeLogFile } from "../../../src/runtime/wal.ts";
import type { Notice } from "../../../src/trace/index.ts";
import { codePoint } from "../../support/code-point.ts";
import { drawn } from "../../support/drawn.ts";
import { folderFor } from "./folders.ts";
import { entries, log, voted, written } from "./logs.ts";

const stem = "127.0.0.1_8000";

interface Start {
  readonly saved: Persistent;
  readonly earlierLog?: Log | null;
  readonly logFile?: LogFileBeginning;
}

interface Opened extends OpenedRaftosFiles {
  readonly errors: readonly string[];
  /** What there was to tell after the start. */
  readonly told: readonly Notice[];
  /** How often the wal was told that the beginning of the log file is lost. */
  readonly lost: { readonly count: number };
}

function saved(words: string, currentTerm = 1, votedFor: string | null = null): Persistent {
  return { currentTerm, votedFor, log: log(words) };
}

async function openFiles(t: TestContext, folder: string, start: Start): Promise<Opened> {
  const errors: string[] = [];
  const told: Notice[] = [];
  const lost = { count: 0 };
  const opened = await RaftosFiles.open({
    paths: {
      log: join(folder, `${stem}.log`),
      storage: join(folder, `${stem}.storage`),
      stateMachine: join(folder, `${stem}.state_machine`),
    },
    saved: start.saved,
    earlierLog: start.earlierLog ?? null,
    logFile: start.logFile ?? wholeLogFile,
    logFileLost: async () => {
      lost.count++;
    },
    onNotice: (notice) => told.push(notice),
    addressOf: (id) => `127.0.0.1:${7999 + Number(id.slice(1))}`,
    onError: (file) => errors.push(file),
  });
  t.after(() => opened.files.close());
  return { ...opened, errors, told, lost };
}

function content(folder: string, ending: string): Promise<string> {
  return readFile(join(folder, `${stem}.${ending}`), "utf8");
}

function put(folder: string, ending: string, text: string): Promise<void> {
  return writeFile(join(folder, `${stem}.${ending}`), text);
}

function lines(words: string): string {
  return entries(words).map(logLine).join("");
}

/** What raftos would have in its `.state_machine` after these. */
function state(words: string): string {
  const machine = new StateMachine();
  for (const entry of entries(words)) if (entry.kind === "command") machine.apply(entry.command);
  return machine.text();
}

const completed = (ending: string) => ({ kind: "fileCompleted", file: `${stem}.${ending}` });
const differs = (ending: string, count = "") => ({
  kind: "fileDiffers",
  file: `${stem}.${ending}`,
  keptAs: `${stem}.${ending}.differs${count}`,
});

// What is written.

test("the files are those of raftos, to the byte", async (t) => {
  const folder = await folderFor(t);
  const { files, notices } = await openFiles(t, folder, { saved: saved("", 0) });
  assert.deepEqual(notices, []);
  assert.equal(await content(folder, "storage"), '{"term": 0, "voted_for": null}');
  assert.equal(await content(folder, "log"), "");

  files.saved([voted(3, "n2"), written(1, "3 3data_id=7")]);
  files.applied(entries("3 3data_id=7"));
  await files.settled();
  assert.equal(await content(folder, "storage"), '{"term": 3, "voted_for": "127.0.0.1:8001"}');
  assert.equal(
    await content(folder, "log"),
    '{"term": 3, "command": {}}\n{"term": 3, "command": {"data_id": 7}}\n',
  );
  assert.equal(await content(folder, "state_machine"), '{"data_id": 7}');
  assert.deepEqual((await readdir(folder)).toSorted(), [
    `${stem}.log`,
    `${stem}.state_machine`,
    `${stem}.storage`,
  ]);
});

test("there is no state machine before the first command", async (t) => {
  const folder = await folderFor(t);
  const { files } = await openFiles(t, folder, { saved: saved("1", 1) });
  files.applied(entries("1"));
  await files.settled();
  assert.deepEqual((await readdir(folder)).toSorted(), [`${stem}.log`, `${stem}.storage`]);
});

test("a no-op leaves the state machine as it is", async (t) => {
  const folder = await folderFor(t);
  const { files } = await openFiles(t, folder, { saved: saved("1a", 1) });
  files.applied(entries("1a"));
  await files.settled();
  const path = join(folder, `${stem}.state_machine`);
  const { ino } = await stat(path);
  files.saved([written(2, "1")]);
  files.applied(entries("1"));
  await files.settled();
  assert.equal((await stat(path)).ino, ino);
});

test("the log file follows any changes of the log, however they are gathered", async (t) => {
  const folder = await folderFor(t);
  const change = fc.record({ from: fc.nat(12), words: fc.nat(8), settles: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 25 }), async (changes) => {
      await rm(join(folder, `${stem}.log`), { force: true });
      const { files, errors } = await openFiles(t, folder, { saved: saved("", 1) });
      let expected = emptyLog;
      for (const [position, { from: at, words, settles }] of changes.entries()) {
        const from = Math.min(at, expected.length) + 1;
        const text = `1k=${position} `.repeat(words);
        files.saved([written(from, text)]);
        expected = append(truncateFrom(expected, from), entries(text));
        if (settles) await files.settled();
      }
      await files.close();
      assert.equal(await content(folder, "log"), slice(expected, 1).map(logLine).join(""));
      assert.deepEqual(errors, []);
    }),
    { numRuns: drawn(40) },
  );
});

test("a batch may write, overwrite and truncate the same entries", async (t) => {
  const folder = await folderFor(t);
  const { files } = await openFiles(t, folder, { saved: saved("1 1a", 1) });
  const batch = [written(3, "1b 1c 1d 1e"), written(5, "1f 1g"), written(7, "1h"), written(6, "")];
  files.saved(batch);
  await files.settled();
  assert.equal(await content(folder, "log"), lines("1 1a 1b 1c 1f"));
});

test("an append does not touch what stands before it", async (t) => {
  const folder = await folderFor(t);
  const { files } = await openFiles(t, folder, { saved: saved("1 1a ".repeat(2000)) });
  const methods = await disk(folder);
  const write = t.mock.method(methods, "write");
  const cut = t.mock.method(methods, "truncate");
  files.saved([written(4001, "1b 1c 1d")]);
  await files.settled();
  assert.equal(cut.mock.callCount(), 0);
  assert.deepEqual(
    write.mock.calls.map(({ arguments: [bytes] }) => Buffer.from(bytes).toString()),
    [lines("1b 1c 1d")],
  );
});

test("a log file that is to begin anew does so, whatever is gathered meanwhile", async (t) => {
  const folder = await folderFor(t);
  const { files, told } = await openFiles(t, folder, { saved: saved("1 1a", 1) });
  files.saved([voted(2, null), written(3, "1b")]);
  files.restarted(9);
  files.saved([written(10, "2c 2d")]);
  files.saved([written(10, "2e"), written(11, "2f 2g")]);
  await files.settled();
  assert.equal(await content(folder, "log"), lines("2e 2f 2g"));
  assert.equal(await content(folder, "log.differs"), lines("1 1a 1b"));
  const keptAs = `${stem}.log.differs`;
  assert.deepEqual(told, [{ kind: "logFileBegins", file: `${stem}.log`, after: 9, keptAs }]);
});

test("of what waits, only the newest is written", async (t) => {
  const folder = await folderFor(t);
  const { files } = await openFiles(t, folder, { saved: saved("", 1) });
  const text = t.mock.method(StateMachine.prototype, "text");
  for (let i = 1; i <= 100; i++) {
    files.saved([voted(i + 1, null), written(i, `${i}a=${i}`)]);
    files.applied(entries(`${i}a=${i}`));
  }
  await files.settled();
  assert(text.mock.callCount() <= 2);
  assert.equal(await content(folder, "state_machine"), '{"a": 100}');
  assert.equal(await content(folder, "storage"), '{"term": 101, "voted_for": null}');
});

test("the state machine never holds more than the log file", async (t) => {
  const folder = await folderFor(t);
  const { files } = await openFiles(t, folder, { saved: saved("", 1) });
  let looks = 0;
  const look = async (): Promise<void> => {
    const held = /\d+/.exec(await content(folder, "state_machine").catch(() => "0"))?.[0];
    const length = (await content(folder, "log")).split("\n").length - 1;
    assert(Number(held) <= length, `${held} in the state machine, ${length} in the log`);
    looks++;
  };
  for (let i = 1; i <= 60; i++) {
    files.saved([written(i, `1a=${i}`)]);
    files.applied(entries(`1a=${i}`));
    await look();
  }
  await files.settled();
  await look();
  assert.equal(looks, 61);
});

// What is found at the start.

test("files that are as they should be are left alone, and nothing is told", async (t) => {
  const folder = await folderFor(t);
  const now = saved("1 1a 1b", 2, "n3");
  const first = await openFiles(t, folder, { saved: now });
  first.files.applied(entries("1 1a 1b"));
  await first.files.close();
  const write = t.mock.method(await disk(folder), "write");
  const { notices } = await openFiles(t, folder, { saved: now });
  assert.deepEqual(notices, []);
  assert.equal(write.mock.callCount(), 0);
  assert.equal(await content(folder, "state_machine"), '{"a": 1, "b": 1}');
});

test("a log file cut at any byte is completed", async (t) => {
  const folder = await folderFor(t);
  const now = saved("1 1a 1b 1c");
  const whole = lines("1 1a 1b 1c");
  for (let end = 0; end < whole.length; end++) {
    await put(folder, "log", whole.slice(0, end));
    const { files, notices } = await openFiles(t, folder, { saved: now });
    files.saved([written(5, "1d")]);
    await files.close();
    assert.deepEqual(notices, [completed("log")]);
    assert.equal(await content(folder, "log"), lines("1 1a 1b 1c 1d"));
  }
});

test("a log file that the last truncation did not reach is completed", async (t) => {
  const folder = await folderFor(t);
  const before = log("1 1a 1b 1c 1d");
  const now = append(truncateFrom(before, 3), entries("2 2e"));
  const start = { saved: { currentTerm: 2, votedFor: null, log: now }, earlierLog: before };
  const old = lines("1 1a 1b 1c 1d");
  for (let end = lines("1 1a").length + 9; end <= old.length; end++) {
    await put(folder, "log", old.slice(0, end));
    const { files, notices } = await openFiles(t, folder, start);
    await files.close();
    assert.deepEqual(notices, [completed("log")]);
    assert.equal(await content(folder, "log"), lines("1 1a 2 2e"));
  }
});

const foreignLogs: Readonly<Record<string, string>> = {
  "a line is changed": lines("1 1x 1b"),
  "there are more lines": lines("1 1a 1b 1c"),
  "there is more at its end": `${lines("1 1a 1b")}{`,
  "lines end like those of Windows": lines("1 1a 1b").replaceAll("\n", "\r\n"),
  "it is something else": "hello",
};

for (const [name, text] of Object.entries(foreignLogs)) {
  test(`a log file that differs is kept aside: ${name}`, async (t) => {
    const folder = await folderFor(t);
    await put(folder, "log", text);
    const { notices } = await openFiles(t, folder, { saved: saved("1 1a 1b") });
    assert.deepEqual(notices, [differs("log")]);
    assert.equal(await content(folder, "log.differs"), text);
    assert.equal(await content(folder, "log"), lines("1 1a 1b"));
  });
}

test("what was kept aside before is not overwritten", async (t) => {
  const folder = await folderFor(t);
  for (const [text, count] of [
    ["one", ""],
    ["two", "-2"],
    ["three", "-3"],
  ]) {
    await put(folder, "log", text ?? "");
    const { files, notices } = await openFiles(t, folder, { saved: saved("1") });
    await files.close();
    assert.deepEqual(notices, [differs("log", count)]);
  }
  assert.equal(await content(folder, "log.differs"), "one");
  assert.equal(await content(folder, "log.differs-3"), "three");
});

const storages: readonly (readonly [string, "same" | "lags" | "differs"])[] = [
  ['{"term": 5, "voted_for": "127.0.0.1:8001"}', "same"],
  ['{"term": 5, "voted_for": null}', "lags"],
  ['{"term": 4, "voted_for": "127.0.0.1:8002"}', "lags"],
  ["", "lags"],
  ['{"term": 5, "voted_for": "127.0.0.1:8002"}', "differs"],
  ['{"term": 6, "voted_for": null}', "differs"],
  ['{"term":4,"voted_for":null}', "differs"],
  ['{"term": 4, "voted_for": null}\n', "differs"],
  ['{"term": 4', "differs"],
  ['{"term": 04, "voted_for": null}', "differs"],
  ["x".repeat(5000), "differs"],
];

for (const [text, expected] of storages) {
  test(`a storage file that says ${text.slice(0, 50) || "nothing"}: ${expected}`, async (t) => {
    const folder = await folderFor(t);
    await put(folder, "storage", text);
    const { notices } = await openFiles(t, folder, { saved: saved("", 5, "n2") });
    const notice = { same: [], lags: [completed("storage")], differs: [differs("storage")] };
    assert.deepEqual(notices, notice[expected]);
    assert.equal(await content(folder, "storage"), '{"term": 5, "voted_for": "127.0.0.1:8001"}');
    if (expected === "differs") assert.equal(await content(folder, "storage.differs"), text);
  });
}

test("a state machine passes if some first entries of the log come to it", async (t) => {
  const words = "1 1a=1 1b=1 1a=2 1 1c=1 1b=3";
  const folder = await folderFor(t);
  for (let length = 2; length <= 7; length++) {
    const prefix = words.split(" ").slice(0, length).join(" ");
    await put(folder, "state_machine", state(prefix));
    const { files, notices } = await openFiles(t, folder, { saved: saved(words) });
    await files.close();
    assert.deepEqual(notices, []);
  }
  const foreign = ['{"b": 1, "a": 1}', '{"a": 3}', '{"a": 1,"b": 1}', '{"a": 1}\n', '{"a"', "[]"];
  for (const [position, text] of foreign.entries()) {
    await put(folder, "state_machine", text);
    const { files, notices } = await openFiles(t, folder, { saved: saved(words) });
    await files.close();
    assert.deepEqual(notices, [differs("state_machine", position === 0 ? "" : `-${position + 1}`)]);
    await assert.rejects(content(folder, "state_machine"), { code: "ENOENT" });
  }
});

test("a state machine is told from all that the log never came to", async (t) => {
  const folder = await folderFor(t);
  const word = fc.constantFrom("1", "1a=1", "1a=2", "1b=1", "1b=2", "1c=1");
  const words = fc.array(word, { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(words, words, async (own, other) => {
      const text = state(other.join(" "));
      const passes = [...own.keys(), own.length].some(
        (length) => state(own.slice(0, length).join(" ")) === text,
      );
      await put(folder, "state_machine", text);
      const { files, notices } = await openFiles(t, folder, { saved: saved(own.join(" ")) });
      await files.close();
      await rm(join(folder, `${stem}.log`));
      await rm(join(folder, `${stem}.state_machine.differs`), { force: true });
      assert.deepEqual(notices, passes ? [] : [differs("state_machine")]);
    }),
    { numRuns: drawn(300) },
  );
});

test("a state that was shown is not taken back while the node applies its log anew", async (t) => {
  const folder = await folderFor(t);
  const words = "1a=1 1b=1 1a=2 1c=1".split(" ");
  await put(folder, "state_machine", state("1a=1 1b=1 1a=2"));
  const { files, notices } = await openFiles(t, folder, { saved: saved(words.join(" ")) });
  assert.deepEqual(notices, []);
  const seen: string[] = [];
  for (const word of words) {
    files.applied(entries(word));
    await files.settled();
    seen.push(await content(folder, "state_machine"));
  }
  const held = '{"a": 2, "b": 1}';
  assert.deepEqual(seen, [held, held, held, '{"a": 2, "b": 1, "c": 1}']);
});

test("a state that came from entries which are gone is replaced by what was applied", async (t) => {
  const folder = await folderFor(t);
  await put(folder, "state_machine", state("1a=1 1a=2 1a=3"));
  const { files } = await openFiles(t, folder, { saved: saved("1a=1 1a=2 1a=3") });
  files.applied(entries("1a=1"));
  await files.settled();
  assert.equal(await content(folder, "state_machine"), '{"a": 3}');
  files.saved([voted(2, null), written(2, "2")]);
  await files.settled();
  assert.equal(await content(folder, "state_machine"), '{"a": 1}');
  files.saved([written(3, "2b")]);
  files.applied(entries("2 2b"));
  await files.settled();
  assert.equal(await content(folder, "state_machine"), '{"a": 1, "b": 1}');
});

test("a folder or a link in the place of a file is kept aside", async (t) => {
  const folder = await folderFor(t);
  await mkdir(join(folder, `${stem}.storage`));
  if (process.platform !== "win32") {
    await put(folder, "elsewhere", lines("1 1a"));
    await symlink(join(folder, `${stem}.elsewhere`), join(folder, `${stem}.log`));
  } else await put(folder, "log", "hello");
  const { notices, errors } = await openFiles(t, folder, { saved: saved("1 1a") });
  assert.deepEqual(notices, [differs("storage"), differs("log")]);
  assert.deepEqual(errors, []);
  assert((await stat(join(folder, `${stem}.log`))).isFile());
});

// The disk fails.

test("a file that cannot be written is told once, and the others go on", async (t) => {
  const folder = await folderFor(t);
  const { files, errors } = await openFiles(t, folder, { saved: saved("", 1) });
  const failing = t.mock.method(await disk(folder), "write", () =>
    Promise.reject(new Error("EIO")),
  );
  for (let i = 1; i <= 3; i++) {
    files.saved([voted(i + 1, null), written(i, `1a=${i}`)]);
    files.applied(entries(`1a=${i}`));
    await files.settled();
  }
  failing.mock.restore();
  await files.close();
  assert.deepEqual(errors, [`${stem}.log`]);
  assert.equal(await content(folder, "storage"), '{"term": 4, "voted_for": null}');
  assert.equal(await content(folder, "state_machine"), '{"a": 3}');

  // What is missing comes with the next start.
  const { notices } = await openFiles(t, folder, { saved: saved("1a=1 1a=2 1a=3", 4) });
  assert.deepEqual(notices, [completed("log")]);
});

test("a file that could be written again holds the newest, and is told once all the same", async (t) => {
  const folder = await folderFor(t);
  const { files, errors } = await openFiles(t, folder, { saved: saved("", 1) });
  const methods = await disk(folder);
  const failing = t.mock.method(methods, "appendFile", () => Promise.reject(new Error("EIO")));
  for (let i = 1; i <= 3; i++) {
    files.saved([voted(i + 1, null), written(i, `1a=${i}`)]);
    files.applied(entries(`1a=${i}`));
    await files.settled();
  }
  assert.deepEqual(errors, [`${stem}.storage`, `${stem}.state_machine`]);
  failing.mock.restore();
  files.saved([voted(9, null), written(4, "1")]);
  files.applied(entries("1"));
  await files.settled();
  assert.equal(await content(folder, "storage"), '{"term": 9, "voted_for": null}');
  assert.equal(await content(folder, "state_machine"), '{"a": 3}');
});

test("what is told after the end is not written", async (t) => {
  const folder = await folderFor(t);
  const { files, errors } = await openFiles(t, folder, { saved: saved("1", 1) });
  await files.close();
  files.saved([voted(2, null), written(2, "1a")]);
  await files.settled();
  assert.equal(await content(folder, "log"), lines("1"));
  assert.equal(await content(folder, "storage"), '{"term": 1, "voted_for": null}');
  assert.deepEqual(errors, []);
});

test("a state machine's members are found whatever their names and values are", () => {
  const value = fc.oneof(fc.string({ unit: codePoint }), fc.integer(), fc.array(fc.string()));
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: codePoint }), value), (object) => {
      const machine = new StateMachine();
      machine.apply(JSON.stringify(object));
      assert.deepEqual(membersOfState(machine.text()), machine.values);
    }),
  );
});

/** The methods that all open files share, so that a test can watch the disk or make it fail. */
async function disk(folder: string): Promise<FileHandle> {
  const handle = await open(join(folder, `${stem}.log`));
  await handle.close();
  const methods: FileHandle = Object.getPrototypeOf(handle);
  return methods;
}
