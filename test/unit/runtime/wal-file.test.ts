import assert from "node:assert/strict";
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { nothingSaved, type Persistent } from "../../../src/raft/index.ts";
import { WalFile, type OpenedWal } from "../../../src/runtime/wal-file.ts";
import {
  removeLeftovers,
  replaceFile,
  writeAtomically,
} from "../../../src/runtime/write-atomically.ts";
import { folderFor } from "./folders.ts";
import { log, voted, written } from "./logs.ts";

const owner = { node: "n1", cluster: "cluster-1" };
const isWindows = process.platform === "win32";

type Opened = Extract<OpenedWal, { kind: "opened" }>;

async function openWal(t: TestContext, path: string): Promise<Opened> {
  const opened = await WalFile.open(path, owner);
  assert(opened.kind === "opened", JSON.stringify(opened));
  t.after(() => opened.wal.close());
  return opened;
}

async function newWal(t: TestContext, saved: Persistent = nothingSaved): Promise<string> {
  const path = join(await folderFor(t), "127.0.0.1_8000.wal");
  await WalFile.create(path, owner, saved);
  return path;
}

/** The methods that all open files share, so that a test can make the disk fail. */
async function disk(path: string): Promise<FileHandle> {
  const handle = await open(path);
  await handle.close();
  const methods: FileHandle = Object.getPrototypeOf(handle);
  return methods;
}

test("what was appended is there after the next start", async (t) => {
  const path = await newWal(t);
  const first = await openWal(t, path);
  assert.deepEqual(first.saved, nothingSaved);
  await first.wal.append([voted(1, "n2"), written(1, "1 1a")]);
  await first.wal.append([written(2, "1b 1c")]);
  await first.wal.close();

  const second = await openWal(t, path);
  assert.deepEqual(second.saved, { currentTerm: 1, votedFor: "n2", log: log("1 1b 1c") });
  assert.deepEqual(second.earlierLog, log("1 1a"));
  await second.wal.append([written(4, "1d")]);
  await second.wal.close();
  assert.deepEqual((await openWal(t, path)).saved.log, log("1 1b 1c 1d"));
});

test("a new wal holds the past that it is given", async (t) => {
  const words = Array.from({ length: 3000 }, (_, i) => `2k=${i}`);
  const saved = { currentTerm: 3, votedFor: "n3", log: log(words.join(" ")) };
  const path = await newWal(t, saved);
  const opened = await openWal(t, path);
  assert.deepEqual(opened.saved, saved);
  await opened.wal.append([written(3001, "3")]);
});

test("a wal is not created in place of another", async (t) => {
  const path = await newWal(t);
  const before = await readFile(path, "utf8");
  await assert.rejects(WalFile.create(path, owner, nothingSaved), /exists/);
  assert.equal(await readFile(path, "utf8"), before);
});

test("only the user may read a wal", { skip: isWindows }, async (t) => {
  const path = await newWal(t);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("a batch is one write and one sync, whatever is in it", async (t) => {
  const path = await newWal(t);
  const { wal } = await openWal(t, path);
  const methods = await disk(path);
  const write = t.mock.method(methods, "write");
  const sync = t.mock.method(methods, "datasync");
  await wal.append([voted(1, null), written(1, "1 1a 1b"), voted(2, "n2"), written(3, "2 2c")]);
  assert.equal(write.mock.callCount(), 1);
  assert.equal(sync.mock.callCount(), 1);
});

test("an append resolves after the sync, not before", async (t) => {
  const path = await newWal(t);
  const { wal } = await openWal(t, path);
  const steps: string[] = [];
  const methods = await disk(path);
  t.mock.method(methods, "datasync", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    steps.push("synced");
  });
  await wal.append([voted(1, null)]).then(() => steps.push("resolved"));
  assert.deepEqual(steps, ["synced", "resolved"]);
});

test("appends that do not wait for one another stand in their order", async (t) => {
  const path = await newWal(t);
  const { wal } = await openWal(t, path);
  await Promise.all([
    wal.append([voted(1, null)]),
    wal.append([written(1, "1 1a")]),
    wal.append([written(3, "1b")]),
  ]);
  await wal.close();
  assert.deepEqual((await openWal(t, path)).saved.log, log("1 1a 1b"));
});

for (const operation of ["write", "datasync"] as const) {
  test(`after a failed ${operation} every later append fails, though the disk would not`, async (t) => {
    const path = await newWal(t);
    const { wal } = await openWal(t, path);
    const methods = await disk(path);
    const mock = t.mock.method(methods, operation, () => Promise.reject(new Error("EIO")));
    await assert.rejects(wal.append([voted(1, null)]), /EIO/);
    mock.mock.restore();
    await assert.rejects(wal.append([voted(2, null)]), /EIO/);
    await wal.close();
  });
}

test("nothing is appended to a wal that is closed", async (t) => {
  const path = await newWal(t);
  const { wal } = await openWal(t, path);
  await wal.close();
  await assert.rejects(wal.append([voted(1, null)]), /closed/);
});

test("a torn tail is cut off the file, and appends go on from there", async (t) => {
  const path = await newWal(t);
  const first = await openWal(t, path);
  await first.wal.append([voted(1, null), written(1, "1 1a")]);
  await first.wal.close();
  const { size } = await stat(path);
  await appendFile(path, '12345678 {"kind":"entry","n":4\0\0');

  const second = await openWal(t, path);
  assert.equal(second.tornBytes, 32);
  assert.equal((await stat(path)).size, size);
  await second.wal.append([written(3, "1b")]);
  await second.wal.close();
  const third = await openWal(t, path);
  assert.deepEqual(
    { log: third.saved.log, torn: third.tornBytes },
    { log: log("1 1a 1b"), torn: 0 },
  );
});

test("what a killed process wrote is synced before the node rests on it", async (t) => {
  const path = await newWal(t);
  const sync = t.mock.method(await disk(path), "sync");
  await openWal(t, path);
  assert.equal(sync.mock.callCount(), 1);
});

test("a wal longer than what is read at once is recovered, and its damage found", async (t) => {
  const words = Array.from({ length: 4000 }, (_, i) => `1k=${i}`);
  const path = await newWal(t, { currentTerm: 1, votedFor: null, log: log(words.join(" ")) });
  const bytes = await readFile(path);
  assert(bytes.length > 256 * 1024);
  bytes.writeUInt8(bytes.readUInt8(200_000) ^ 1, 200_000);
  await writeFile(path, bytes);
  const line = bytes.subarray(0, 200_000).filter((byte) => byte === 10).length + 1;
  assert.deepEqual(await WalFile.open(path, owner), { kind: "damaged", line });
  assert.deepEqual(await readFile(path), bytes);
});

test("a wal that is gone, empty or another's is told, and left as it is", async (t) => {
  const path = await newWal(t);
  assert.deepEqual(await WalFile.open(`${path}.gone`, owner), { kind: "missing" });
  assert.deepEqual(await WalFile.open(path, { node: "n2", cluster: owner.cluster }), {
    kind: "foreign",
    owner: "n1",
  });
  await truncate(path, 0);
  assert.deepEqual(await WalFile.open(path, owner), { kind: "damaged", line: 1 });
  assert.equal((await stat(path)).size, 0);
});

test("a link or a folder is no wal, wherever it leads", { skip: isWindows }, async (t) => {
  const path = await newWal(t);
  const elsewhere = join(await folderFor(t), "target");
  await rename(path, elsewhere);
  await symlink(elsewhere, path);
  await assert.rejects(WalFile.open(path, owner), { name: "NotAFile" });
  await assert.rejects(WalFile.create(path, owner, nothingSaved), /exists/);
  await mkdir(`${path}.folder`);
  await assert.rejects(WalFile.open(`${path}.folder`, owner), { name: "NotAFile" });
});

// What is written atomically.

test("a file is replaced as a whole, with nothing left beside it", async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, "cluster.json");
  await writeAtomically(path, "one");
  await writeAtomically(path, ["two", "three"]);
  assert.equal(await readFile(path, "utf8"), "twothree");
  await replaceFile(path, "four");
  assert.equal(await readFile(path, "utf8"), "four");
  assert.deepEqual(await readdir(folder), ["cluster.json"]);
  if (!isWindows) assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("what is replaced durably is synced before it has its name, and the name after", async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, "cluster.json");
  await writeFile(path, "old");
  const methods = await disk(path);
  const seen: string[] = [];
  t.mock.method(methods, "datasync", async () =>
    seen.push(`data: ${await readFile(path, "utf8")}`),
  );
  t.mock.method(methods, "sync", async () => seen.push(`folder: ${await readFile(path, "utf8")}`));
  await writeAtomically(path, "new");
  assert.deepEqual(seen, ["data: old", "folder: new"]);
});

test("a replacement that fails leaves the old file and nothing else", async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, "cluster.json");
  await writeFile(path, "old");
  const failing = t.mock.method(await disk(path), "datasync", () =>
    Promise.reject(new Error("ENOSPC")),
  );
  await assert.rejects(writeAtomically(path, "new"), /ENOSPC/);
  failing.mock.restore();
  assert.deepEqual(await readdir(folder), ["cluster.json"]);
  assert.equal(await readFile(path, "utf8"), "old");

  await mkdir(join(folder, "taken", "inside"), { recursive: true });
  await assert.rejects(writeAtomically(join(folder, "taken"), "new"));
  assert.deepEqual((await readdir(folder)).toSorted(), ["cluster.json", "taken"]);
});

test("leftovers of a killed process are removed, and nothing else", async (t) => {
  const folder = await folderFor(t);
  await writeFile(join(folder, ".a.storage.0123456789abcdef.raft-lab"), "half");
  for (const name of [".a.storage.tmp", "a.storage", ".env", "x.0123456789abcdef.raft-lab"]) {
    await writeFile(join(folder, name), "");
  }
  await removeLeftovers(folder);
  assert.deepEqual((await readdir(folder)).toSorted(), [
    ".a.storage.tmp",
    ".env",
    "a.storage",
    "x.0123456789abcdef.raft-lab",
  ]);
});
