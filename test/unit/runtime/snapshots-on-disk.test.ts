import assert from "node:assert/strict";
import fs, { cp, readdir, readFile, rm, writeFile, type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, join } from "node:path";
import { test, type TestContext } from "node:test";
import {
  nothingSaved,
  slice,
  type Change,
  type Entry,
  type Persistent,
  type Snapshot,
} from "../../../src/raft/index.ts";
import { compareFiles } from "../../../src/runtime/compare-files.ts";
import { openNodeFiles, type NodeFiles } from "../../../src/runtime/node-files.ts";
import { pathsOf } from "../../../src/runtime/node-paths.ts";
import { logLine } from "../../../src/runtime/raftos-format.ts";
import { snapshotLines } from "../../../src/runtime/snapshot-file.ts";
import { WalFile } from "../../../src/runtime/wal-file.ts";
import { removeLeftovers } from "../../../src/runtime/write-atomically.ts";
import { Chance } from "../../../src/simulator/chance.ts";
import { Disk } from "../../../src/simulator/disk.ts";
import type { Failure, Notice } from "../../../src/trace/index.ts";
import { folderFor } from "./folders.ts";
import { entries, log, voted, written } from "./logs.ts";

const stem = "127.0.0.1_8000";
const member = { id: "n1", name: "node1", address: "127.0.0.1:8000" };
const owner = { node: "n1", cluster: "cluster-1" };
const members = [member, { id: "n2", name: "node2", address: "127.0.0.1:8001" }];

function snapshotOf(index: number, term: number, data: string): Snapshot {
  const configuration = { voters: ["n1", "n2"], outgoing: [], learners: [] };
  return { index, term, configuration, data };
}

/** A snapshot alone, after which so much of the log is gone. */
function taken(snapshot: Snapshot, logStart: number): Change {
  return { vote: null, log: null, snapshot: { snapshot, logStart } };
}

/** The files of one node in a folder, with what went wrong with them. */
interface Opened {
  readonly files: NodeFiles;
  readonly notices: readonly Notice[];
  readonly told: readonly Notice[];
}

async function open(t: TestContext, folder: string): Promise<Opened> {
  const opened = await tryToOpen(folder);
  assert(opened.kind === "opened", JSON.stringify(opened));
  t.after(() => opened.files.close());
  return opened;
}

async function tryToOpen(
  folder: string,
): Promise<
  ({ readonly kind: "opened" } & Opened) | { readonly kind: "failed"; readonly failure: Failure }
> {
  const told: Notice[] = [];
  const fileFailed = (_node: string, file: string, error: unknown): never => {
    throw new Error(file, { cause: error });
  };
  const options = { folder, cluster: owner.cluster, addressOf, fileFailed };
  const opened = await openNodeFiles(member, options, (notice) => told.push(notice));
  if (opened.kind === "failed") return opened;
  const { files } = opened;
  return { kind: "opened", files, notices: files.notices, told };
}

async function newNode(t: TestContext): Promise<string> {
  const folder = await folderFor(t);
  await WalFile.create(join(folder, `${stem}.wal`), owner, nothingSaved);
  return folder;
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

function addressOf(id: string): string {
  return members.find((each) => each.id === id)?.address ?? id;
}

async function differencesIn(folder: string): Promise<readonly unknown[]> {
  const { signal } = new AbortController();
  const nodes = [{ member, running: null }];
  return await compareFiles({ folder, cluster: owner.cluster, nodes, addressOf, signal });
}

const own = snapshotOf(4, 1, '{"a": 1, "b": 1}');
const installed = snapshotOf(9, 2, '{"a": 2, "b": 1, "c": 1}');

/** What a node may live through: its saves, and what it applies after each. */
const life: readonly {
  readonly save: readonly Change[];
  readonly restored?: Snapshot;
  readonly applied?: readonly Entry[];
}[] = [
  { save: [voted(1, "n1"), written(1, "1 1a 1 1b 1c")], applied: entries("1 1a 1 1b") },
  // Its own snapshot, with something before it and after it in the same write.
  { save: [written(6, "1d"), taken(own, 3), written(7, "1e 1f")] },
  { save: [written(7, "1g")] },
  // One of a leader whose log it does not have.
  {
    save: [
      {
        vote: { currentTerm: 2, votedFor: null },
        log: { from: 10, entries: entries("2 2x") },
        snapshot: { snapshot: installed, logStart: 9 },
      },
    ],
    restored: installed,
    applied: entries("2"),
  },
  { save: [written(12, "2y")], applied: entries("2x 2y") },
];

test("a node's own snapshot shortens its wal, and its log file keeps every entry", async (t) => {
  const folder = await newNode(t);
  const { files } = await open(t, folder);
  for (const { save, applied } of life.slice(0, 3)) {
    await files.save(save);
    files.apply(applied ?? []);
  }
  await files.close();
  assert.doesNotMatch(await content(folder, "wal"), /"index":[12],/);
  const history = lines("1 1a 1 1b 1c 1d 1g");
  assert.equal(await content(folder, "log"), history);
  assert.deepEqual(await differencesIn(folder), []);

  const again = await open(t, folder);
  assert.deepEqual(again.notices, []);
  const { saved } = again.files;
  assert.deepEqual([saved.log.start, saved.log.startTerm, saved.snapshot], [3, 1, own]);
  assert.deepEqual(slice(saved.log, 1), entries("1b 1c 1d 1g"));
  await again.files.save([written(7, "1h")]);
  await again.files.close();
  assert.equal(await content(folder, "log"), lines("1 1a 1 1b 1c 1d 1h"));
  assert.equal(await content(folder, "state_machine"), '{"a": 1, "b": 1}');
});

test("where a snapshot brought what a node never had, its log file begins after it", async (t) => {
  const folder = await newNode(t);
  const { files, told } = await open(t, folder);
  for (const { save, restored, applied } of life) {
    await files.save(save);
    if (restored !== undefined) files.restore(restored);
    files.apply(applied ?? []);
  }
  await files.settled();
  const begins = { kind: "logFileBegins", file: `${stem}.log`, after: 9 };
  assert.deepEqual(told, [{ ...begins, keptAs: `${stem}.log.differs` }]);
  assert.equal(await content(folder, "log"), lines("2 2x 2y"));
  assert.equal(await content(folder, "log.differs"), lines("1 1a 1 1b 1c 1d 1g"));
  assert.equal(await content(folder, "state_machine"), '{"a": 2, "b": 1, "c": 1, "x": 1, "y": 1}');
  await files.close();
  assert.deepEqual(await differencesIn(folder), []);

  // It says so at every start, and goes on from there with further snapshots of its own.
  const again = await open(t, folder);
  assert.deepEqual(again.notices, [{ ...begins, keptAs: null }]);
  const next = snapshotOf(11, 2, '{"a": 2, "b": 1, "c": 1, "x": 1}');
  await again.files.save([taken(next, 11), written(13, "2z")]);
  await again.files.close();
  assert.equal(await content(folder, "log"), lines("2 2x 2y 2z"));
  const third = await open(t, folder);
  assert.deepEqual(third.notices, [{ ...begins, keptAs: null }]);
  assert.deepEqual(slice(third.files.saved.log, 1), entries("2y 2z"));
});

/** A node after its own snapshot, whose files nobody has open. */
async function cutNode(t: TestContext): Promise<string> {
  const folder = await newNode(t);
  const { files } = await open(t, folder);
  for (const { save, applied } of life.slice(0, 3)) {
    await files.save(save);
    files.apply(applied ?? []);
  }
  await files.close();
  return folder;
}

test("a snapshot that is gone, older, damaged or another's stops its node", async (t) => {
  const folder = await cutNode(t);
  const file = `${stem}.snapshot`;
  const text = await content(folder, "snapshot");
  const failureOf = async (): Promise<unknown> => {
    const opened = await tryToOpen(folder);
    assert(opened.kind === "failed");
    return opened.failure;
  };
  await put(folder, "snapshot", text.replace('"a', '"b').replaceAll("a", "b"));
  assert.deepEqual(await failureOf(), { kind: "damagedSnapshot", file, line: 1, index: 3 });
  const difference = { kind: "damaged", line: 1 };
  assert.deepEqual(await differencesIn(folder), [{ node: "n1", file, difference }]);

  const write = async (of: typeof owner, snapshot: Snapshot): Promise<void> => {
    await put(folder, "snapshot", [...snapshotLines(of, snapshot)].join(""));
  };
  await write(owner, snapshotOf(2, 1, "{}"));
  assert.deepEqual(await failureOf(), { kind: "missingSnapshot", file, index: 3 });
  await write({ ...owner, node: "n2" }, own);
  assert.deepEqual(await failureOf(), { kind: "foreignWal", file, owner: "n2" });
  await write(owner, snapshotOf(9, 7, "{}"));
  assert.deepEqual(await failureOf(), { kind: "damagedSnapshot", file, line: 1, index: 3 });

  await rm(join(folder, file));
  assert.deepEqual(await failureOf(), { kind: "missingSnapshot", file, index: 3 });
  const gone = { kind: "noSnapshot", upTo: 3 };
  assert.deepEqual(await differencesIn(folder), [{ node: "n1", file, difference: gone }]);
  await put(folder, "snapshot", text);
  await open(t, folder);
});

test("a snapshot that nothing rests on is kept aside if it is damaged", async (t) => {
  const folder = await newNode(t);
  await put(folder, "snapshot", "hello");
  const { notices, files } = await open(t, folder);
  const keptAs = `${stem}.snapshot.differs`;
  assert.deepEqual(notices, [{ kind: "fileDiffers", file: `${stem}.snapshot`, keptAs }]);
  assert.deepEqual(files.saved, nothingSaved);
});

test("a log file is completed after its snapshot, and a change in its old lines is noticed", async (t) => {
  const folder = await cutNode(t);
  const whole = lines("1 1a 1 1b 1c 1d 1g");
  await put(folder, "log", whole.slice(0, -5));
  const first = await open(t, folder);
  assert.deepEqual(first.notices, [{ kind: "fileCompleted", file: `${stem}.log` }]);
  await first.files.close();
  assert.equal(await content(folder, "log"), whole);

  // A line that can be written anew, after lines that cannot.
  await put(folder, "log", lines("1 1a 1 1b 1c 1x 1g"));
  const second = await open(t, folder);
  await second.files.close();
  const differs = { kind: "fileDiffers", file: `${stem}.log`, keptAs: `${stem}.log.differs` };
  assert.deepEqual(second.notices, [differs]);
  assert.equal(await content(folder, "log"), whole);

  // One of those lines.
  await put(folder, "log", lines("1 1x 1 1b 1c 1d 1g"));
  const upTo = { kind: "otherBeginning", upTo: 3 };
  const file = `${stem}.log`;
  assert.deepEqual(await differencesIn(folder), [{ node: "n1", file, difference: upTo }]);
  const third = await open(t, folder);
  await third.files.close();
  const begins = { kind: "logFileBegins", file, after: 3 };
  assert.deepEqual(third.notices, [{ ...begins, keptAs: `${stem}.log.differs-2` }]);
  assert.equal(await content(folder, "log"), lines("1b 1c 1d 1g"));
  assert.deepEqual(await differencesIn(folder), []);
  const fourth = await open(t, folder);
  assert.deepEqual(fourth.notices, [{ ...begins, keptAs: null }]);
  assert.equal(await content(folder, "log"), lines("1b 1c 1d 1g"));
});

test("a log file that is gone begins where the wal does", async (t) => {
  const folder = await cutNode(t);
  await rm(join(folder, `${stem}.log`));
  const { notices, files } = await open(t, folder);
  assert.deepEqual(notices, [
    { kind: "logFileBegins", file: `${stem}.log`, after: 3, keptAs: null },
  ]);
  await files.close();
  assert.equal(await content(folder, "log"), lines("1b 1c 1d 1g"));
  const line = { kind: "otherLine", line: 2 };
  await put(folder, "log", lines("1b 1x 1d 1g"));
  assert.deepEqual(await differencesIn(folder), [
    { node: "n1", file: `${stem}.log`, difference: line },
  ]);
});

test("what is gone from one wal is not missed beside another that has it", async (t) => {
  const folder = await cutNode(t);
  const [, other] = members;
  assert(other !== undefined);
  const past = { currentTerm: 1, votedFor: null, log: log("1 1a 1 1b 1c 1d 1g") };
  await WalFile.create(pathsOf(folder, other).wal, { ...owner, node: other.id }, past);
  const options = { folder, cluster: owner.cluster, addressOf, fileFailed: () => assert.fail() };
  const opened = await openNodeFiles(other, options, () => {});
  assert(opened.kind === "opened");
  opened.files.apply(entries("1 1a 1 1b"));
  await opened.files.close();
  const compare = async (inOrder = members): Promise<readonly unknown[]> => {
    const running = { committed: 7, lastApplied: 4 };
    const nodes = inOrder.map((each) => ({ member: each, running }));
    const { signal } = new AbortController();
    return await compareFiles({ folder, cluster: owner.cluster, nodes, addressOf, signal });
  };
  assert.deepEqual(await compare(), []);
  assert.deepEqual(await compare(members.toReversed()), []);
  const { files } = await open(t, folder);
  await files.save([written(7, "1h")]);
  await files.close();
  const difference = { kind: "otherEntry", index: 7, than: "n1" };
  const file = "127.0.0.1_8001.wal";
  assert.deepEqual(await compare(), [{ node: "n2", file, difference }]);
});

test("a state machine begins with what the snapshot says, and is never taken back", async (t) => {
  const folder = await cutNode(t);
  const differs = { kind: "fileDiffers", file: `${stem}.state_machine` };
  const keptAs = `${stem}.state_machine.differs`;
  // What follows the snapshot may be in it, though nobody knows yet whether that is committed.
  const later = '{"a": 1, "b": 1, "c": 1}';
  for (const [text, notices, shown] of [
    [later, [], later],
    ['{"a": 1, "b": 1}', [], '{"a": 1, "b": 1}'],
    ['{"a": 1}', [{ ...differs, keptAs }], '{"a": 1, "b": 1}'],
    ['{"a": 1, "b": 2}', [{ ...differs, keptAs: `${keptAs}-2` }], '{"a": 1, "b": 1}'],
    ["", [{ kind: "fileCompleted", file: `${stem}.state_machine` }], '{"a": 1, "b": 1}'],
  ] as const) {
    await put(folder, "state_machine", text);
    const opened = await open(t, folder);
    assert.deepEqual(opened.notices, notices, text);
    assert.equal(await content(folder, "state_machine"), shown);
    // The driver may hand over once more what the file began with.
    opened.files.restore(own);
    await opened.files.settled();
    assert.equal(await content(folder, "state_machine"), shown);
    opened.files.apply(entries("1c 1d"));
    opened.files.restore(own);
    await opened.files.close();
    assert.equal(await content(folder, "state_machine"), '{"a": 1, "b": 1, "c": 1, "d": 1}');
  }
});

test("a snapshot is synced before it has its name, and the wal is cut after that", async (t) => {
  const folder = await newNode(t);
  const steps: string[] = [];
  await onEachStep(t, folder, async (step) => {
    if (/sync|rename|write log/.test(step)) steps.push(step);
  });
  const { files } = await open(t, folder);
  await files.save([voted(1, null), written(1, "1 1a 1b")]);
  await files.settled();
  steps.length = 0;
  await files.save([voted(2, null), written(4, "1c"), taken(snapshotOf(2, 1, '{"a": 1}'), 2)]);
  assert.deepEqual(steps, [
    "datasync wal", // What comes before it …
    "rename storage",
    "write log",
    "datasync log", // … and the lines that only this file will hold.
    "datasync new",
    "rename snapshot",
    "sync folder",
    "datasync new",
    "rename wal",
    "sync folder",
  ]);
});

test("a crash between any two steps of the disk leaves what the node can go on from", async (t) => {
  const folder = await newNode(t);
  const copies = await folderFor(t);
  const { files } = await open(t, folder);
  const disk = new Disk();
  /** What the disk may hold at each copy. */
  const allowed: (readonly Persistent[])[] = [];
  let states: readonly Persistent[] = [disk.saved];
  const stop = await onEachStep(t, folder, async () => {
    await cp(folder, join(copies, `${allowed.length}`), { recursive: true });
    allowed.push(states);
  });
  for (const { save, restored, applied } of life) {
    states = prefixesOf(disk.saved, save);
    await files.save(save);
    disk.write(save);
    disk.sync();
    states = [disk.saved];
    if (restored !== undefined) files.restore(restored);
    files.apply(applied ?? []);
    await files.settled();
  }
  stop();
  assert(allowed.length > 45, `only ${allowed.length} steps`);

  for (const [at, possible] of allowed.entries()) {
    const copy = join(copies, `${at}`);
    await removeLeftovers(copy);
    assert(!(await readdir(copy)).some((name) => name.startsWith(".")));
    // Whatever the crash left, the start mends it once, and finds it mended the next time.
    for (const turn of ["first", "second"]) {
      const opened = await tryToOpen(copy);
      assert(opened.kind === "opened", `step ${at}: ${JSON.stringify(opened)}`);
      const { saved } = opened.files;
      const isAllowed = possible.some((state) => isSame(saved, state));
      assert(isAllowed, `step ${at}: ${JSON.stringify(saved)}\n${JSON.stringify(possible)}`);
      await opened.files.close();
      const differences = await differencesIn(copy);
      assert.deepEqual(differences, [], `step ${at}, ${turn} start`);
      await assertHistory(copy, saved);
    }
    await rm(copy, { recursive: true });
  }
});

/** All that a disk may hold while it writes these. */
function prefixesOf(before: Persistent, changes: readonly Change[]): readonly Persistent[] {
  const states: Persistent[] = [];
  for (let kept = 0; ; kept++) {
    let most = 0;
    const disk = new Disk(before);
    disk.write(changes);
    disk.crash(
      new (class extends Chance {
        override below(below: number): number {
          most = below - 1;
          return kept;
        }
      })(0),
    );
    states.push(disk.saved);
    if (kept >= most) return states;
  }
}

/** Entries that the snapshot stands for may still be there. */
function isSame(one: Persistent, other: Persistent): boolean {
  const of = ({ currentTerm, votedFor, snapshot, log: held }: Persistent): string =>
    JSON.stringify([currentTerm, votedFor, snapshot, slice(held, other.log.start + 1)]);
  return of(one) === of(other) && one.log.start <= other.log.start;
}

/** The log file has every entry that the node had, or begins where a snapshot did. */
async function assertHistory(folder: string, saved: Persistent): Promise<void> {
  const text = await content(folder, "log");
  const { start, length } = saved.log;
  const end = slice(saved.log, 1).map(logLine).join("");
  assert(text.endsWith(end));
  const count = text.split("\n").length - 1;
  const isInstalled = saved.snapshot?.index === installed.index;
  assert.equal(count, isInstalled ? length : start + length);
}

type Step = (name: string) => Promise<void>;

/** Calls this before every step that changes something on the disk. Answers how to end that. */
async function onEachStep(t: TestContext, folder: string, before: Step): Promise<() => void> {
  const sample = await fs.open(join(folder, `${stem}.wal`));
  const methods: FileHandle = Object.getPrototypeOf(sample);
  await sample.close();
  const mocks: { readonly restore: () => void }[] = [];
  /** By their descriptors, since a handle does not know its name. */
  const names = new Map<number, string>();
  let last = Promise.resolve();
  let isOff = false;
  const step = (name: string): Promise<void> => {
    if (isOff) return Promise.resolve();
    last = last.then(() => (isOff ? undefined : before(name)));
    return last;
  };
  const openFile = fs.open;
  const { mock } = t.mock.method(fs, "open", async (...all: Parameters<typeof fs.open>) => {
    const handle = await openFile(...all);
    const [path] = all;
    const name = path === folder ? "folder" : basename(String(path));
    names.set(handle.fd, name.startsWith(".") ? "new" : name.replace(`${stem}.`, ""));
    return handle;
  });
  mocks.push(mock);
  const renameFile = fs.rename;
  mocks.push(
    t.mock.method(fs, "rename", async (from: string, to: string) => {
      await step(`rename ${basename(to).replace(`${stem}.`, "")}`);
      await renameFile(from, to);
    }).mock,
  );
  for (const name of ["write", "appendFile", "truncate", "datasync", "sync"] as const) {
    const real: unknown = methods[name];
    assert(typeof real === "function");
    mocks.push(
      t.mock.method(methods, name, async function (this: FileHandle, ...all: unknown[]) {
        await step(`${name} ${names.get(this.fd) ?? this.fd}`);
        const done: unknown = await Reflect.apply(real, this, all);
        return done;
      }).mock,
    );
  }
  syncBuiltinESMExports();
  const stop = (): void => {
    isOff = true;
    for (const each of mocks) each.restore();
    syncBuiltinESMExports();
  };
  t.after(stop);
  return stop;
}
