import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { lastIndex, lastTerm } from "../../../src/raft/index.ts";
import { readClusterFile } from "../../../src/runtime/cluster-file.ts";
import { openNodeFiles } from "../../../src/runtime/node-files.ts";
import { FolderInUse, inspectFolder, OpenFailure } from "../../../src/runtime/index.ts";
import { lockFolder } from "../../../src/runtime/folder-lock.ts";
import { assertSame, folderOf, Lab } from "./lab.ts";

test("a cluster that was closed goes on where it was", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 3 });
  await before.write('{"x": 1}');
  await before.agreed();
  await before.cluster.close();
  assert.deepEqual(await inspectFolder(folder), { kind: "cluster", size: 3 });

  const after = await Lab.open(context, folder, { size: 3 });
  assert.deepEqual(after.cluster.members, before.cluster.members);
  await after.write('{"y": 2}');
  await after.agreed();
  assert.equal(assertSame(await after.files("stateMachine")), '{"x": 1, "y": 2}');
  // A port may have gone to one of the tests that run beside this one.
  const notices = after.events.flatMap((event) => (event.kind === "noticed" ? [event.notice] : []));
  assert.deepEqual(
    notices.filter(({ kind }) => kind !== "portMoved"),
    [],
  );
});

test("in a folder that is not there yet there is nothing, and looking makes none", async (context) => {
  const folder = join(await folderOf(context), "raft-lab");
  assert.deepEqual(await inspectFolder(folder), { kind: "nothing" });
  await assert.rejects(stat(folder), { code: "ENOENT" });
  const lab = await Lab.open(context, folder, { size: 1 });
  await lab.write('{"x": 1}');
});

test("starting anew moves what was there out of the way", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 3 });
  await before.write('{"x": 1}');
  await before.cluster.close();
  await writeFile(join(folder, "report.md"), "mine");

  const after = await Lab.open(context, folder, { size: 5, startAnew: true });
  await after.write('{"z": 1}');
  assert.equal(after.cluster.members.length, 5);
  const [earlier = ""] = await readdir(join(folder, "earlier"));
  const moved = await readdir(join(folder, "earlier", earlier));
  assert(moved.includes("cluster.json") && moved.includes("node1.log"));
  assert.equal(moved.filter((name) => name.endsWith(".wal")).length, 3);
  assert.equal(await readFile(join(folder, "report.md"), "utf8"), "mine");
});

test("another size than the folder's is refused, and changes nothing", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 1 });
  await before.cluster.close();
  await assert.rejects(Lab.open(context, folder, { size: 3 }), OpenFailure);
  assert.deepEqual(await inspectFolder(folder), { kind: "cluster", size: 1 });
});

test("a folder is run by one cluster at a time", async (context) => {
  const folder = await folderOf(context);
  const first = await Lab.open(context, folder, { size: 1 });
  await assert.rejects(Lab.open(context, folder, { size: 1 }), FolderInUse);
  await first.cluster.close();
  await Lab.open(context, folder, { size: 1 });
});

test("what a process that is gone left behind does not keep a folder from being started", async (context) => {
  const folder = await folderOf(context);
  await writeFile(join(folder, ".running"), "4194305\n");
  await Lab.open(context, folder, { size: 1 });
});

test("a cluster.json that says something else is refused with the reason", async (context) => {
  const folder = await folderOf(context);
  const cases: readonly [string, RegExp][] = [
    ["{", /JSON/],
    ['{"version": 2}', /version 1/],
    ['{"version": 1, "cluster": "abcdefgh", "members": []}', /at least one node/],
    [
      '{"version": 1, "cluster": "abcdefgh", "members": [{"id": "n1", "name": "node1", "address": "127.0.0.1:../../x"}]}',
      /address/,
    ],
    [clusterJson([member(1), member(1, 8001)]), /same id/],
    [clusterJson([member(1), member(2)]), /share a port/],
    [clusterJson([{ ...member(1), name: "node2" }]), /called by its number/],
    [clusterJson([member(1)], { departed: [member(2)] }), /share a port/],
    [clusterJson([member(1)], { founders: ["n2"] }), /founders/],
    [clusterJson([member(1)], { founders: [] }), /founders/],
    [clusterJson([member(1)], { departing: ["n2"] }), /departing/],
    [clusterJson([member(1)], { learners: [] }), /learners/],
    [
      clusterJson(Array.from({ length: 10 }, (_, at) => member(at + 1, 8000 + at))),
      /at most 9 nodes/,
    ],
  ];
  for (const [text, reason] of cases) {
    await writeFile(join(folder, "cluster.json"), text);
    const contents = await inspectFolder(folder);
    assert(contents.kind === "unusable");
    assert.match(contents.problems[0]?.reason ?? "", reason);
    await assert.rejects(Lab.open(context, folder, { size: 1 }), OpenFailure);
    assert.equal(await readFile(join(folder, "cluster.json"), "utf8"), text);
  }
});

test("when a port is taken, only the socket moves, and the user is told", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 3 });
  await before.write('{"x": 1}');
  await before.cluster.close();
  const port = Number(before.cluster.members[0]?.address.split(":")[1]);
  const other = createServer();
  context.after(() => other.close());
  await new Promise<void>((resolve) => {
    // If one of the tests beside this one has the port already, it is taken all the same.
    other.once("error", () => resolve());
    other.listen(port, "127.0.0.1", () => resolve());
  });

  const after = await Lab.open(context, folder, { size: 3 });
  const notice = after.events.find((event) => event.kind === "noticed" && event.node === "n1");
  assert(notice?.kind === "noticed" && notice.notice.kind === "portMoved");
  assert.equal(notice.notice.address, before.cluster.members[0]?.address);
  assert.equal(after.cluster.portOf("n1"), notice.notice.port);
  await after.write('{"y": 2}');
  await after.agreed();
  assertSame(await after.files("log"));
});

test("a torn end of the wal is cut off and told", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 1 });
  await before.write('{"x": 1}');
  await before.cluster.close();
  const { wal } = before.cluster.filesOf("n1");
  await appendFile(wal, '1234abcd {"kind":"entry","n":9,"ind');

  const after = await Lab.open(context, folder, { size: 1 });
  const notice = after.events.find(
    (event) => event.kind === "noticed" && event.notice.kind !== "portMoved",
  );
  assert(notice?.kind === "noticed" && notice.notice.kind === "tailCut");
  assert.equal(notice.notice.bytes, 35);
  await after.write('{"y": 2}');
  await after.agreed();
  assert.deepEqual(await after.cluster.compareFiles(), []);
});

test("a node whose wal is damaged, foreign or gone does not start; the others go on", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 5 });
  for (const x of [1, 2, 3]) await before.write(`{"x": ${x}}`);
  await before.agreed();
  await before.cluster.close();
  const wal = (node: string): string => before.cluster.filesOf(node).wal;
  const text = await readFile(wal("n1"), "utf8");
  await writeFile(wal("n1"), text.replace('"index":2', '"index":7'));
  await rm(wal("n2"));

  const after = await Lab.open(context, folder, { size: 5 });
  const failures = after.events.flatMap((event) =>
    event.kind === "failed" ? [[event.node, event.failure.kind]] : [],
  );
  assert.deepEqual(Object.fromEntries(failures), { n1: "damagedWal", n2: "missingWal" });
  await after.write('{"x": 4}');
  const [difference] = await after.cluster.compareFiles();
  assert.deepEqual(
    [difference?.node, difference?.difference],
    ["n1", { kind: "damaged", line: 5 }],
  );
  await after.cluster.close();

  await writeFile(wal("n2"), await readFile(wal("n3"), "utf8"));
  const last = await Lab.open(context, folder, { size: 5 });
  const foreign = last.events.find((event) => event.kind === "failed" && event.node === "n2");
  assert(foreign?.kind === "failed" && foreign.failure.kind === "foreignWal");
});

test("a file that a user has changed is kept and told, and the node goes on", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 1 });
  await before.write('{"x": 1}');
  await before.agreed();
  await before.cluster.close();
  const { log } = before.cluster.filesOf("n1");
  const written = await readFile(log, "utf8");
  await writeFile(log, written.replace('{"x": 1}', '{"x": 9}'));

  const after = await Lab.open(context, folder, { size: 1 });
  const notice = after.events.find(
    (event) => event.kind === "noticed" && event.notice.kind !== "portMoved",
  );
  assert(notice?.kind === "noticed" && notice.notice.kind === "fileDiffers");
  assert.match(await readFile(join(folder, notice.notice.keptAs), "utf8"), /\{"x": 9\}/);
  await after.agreed();
  assert.match(await readFile(log, "utf8"), /^\{"term": 1, "command": \{\}\}\n[^]*\{"x": 1\}/);
});

test("comparing finds what somebody has written into a file of a running node", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.write('{"x": 1}');
  await lab.agreed();
  await appendFile(lab.cluster.filesOf("n2").log, "mine\n");
  const differences = await lab.cluster.compareFiles();
  assert.deepEqual(
    differences.map(({ node, difference }) => [node, difference]),
    [["n2", { kind: "otherLine", line: 3 }]],
  );
});

test("comparing finds a state machine that is not what was applied", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.write('{"x": 1}');
  await lab.agreed();
  await writeFile(lab.cluster.filesOf("n1").stateMachine, "{}");
  await rm(lab.cluster.filesOf("n3").stateMachine);
  const differences = await lab.cluster.compareFiles();
  assert.deepEqual(
    differences.map(({ node, difference }) => [node, difference]),
    [
      ["n1", { kind: "oldState" }],
      ["n3", { kind: "oldState" }],
    ],
  );
});

test("comparing while entries are written finds nothing, and comes to an end", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.write('{"x": 0}');
  let count = 0;
  const submit = (): void =>
    lab.cluster.act(`busy-${count}`, {
      kind: "submit",
      node: null,
      command: `{"x": ${++count}}`,
    });
  const stop = lab.cluster.subscribe((event) => {
    if (event.kind === "answered" && event.action.startsWith("busy")) submit();
  });
  for (let i = 0; i < 64; i++) submit();
  // On a busy machine the first answers may take longer than three rounds.
  const isBusy = (): boolean => count > 64;
  for (let round = 0; round < 3 || (!isBusy() && round < 300); round++) {
    assert.deepEqual(await lab.cluster.compareFiles(), []);
  }
  stop();
  assert(isBusy(), "nothing was written meanwhile");
});

test("wals without a cluster.json are not taken for raftos's files", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 1 });
  await before.write('{"x": 1}');
  await before.cluster.close();
  await rm(join(folder, "cluster.json"));
  const contents = await inspectFolder(folder);
  assert(contents.kind === "unusable");
  assert.match(contents.problems[0]?.reason ?? "", /cluster\.json/);
  await assert.rejects(Lab.open(context, folder, { size: 1 }), OpenFailure);
});

test("a folder that is a link is refused", async (context) => {
  const folder = await folderOf(context);
  await symlink(folder, join(folder, "link"));
  await assert.rejects(Lab.open(context, join(folder, "link"), { size: 1 }), OpenFailure);
});

test("of two that start at once, one gets the folder", async (context) => {
  const folder = await folderOf(context);
  for (const leftover of ["", "4194305\n"]) {
    await writeFile(join(folder, ".running"), leftover);
    const first = await lockFolder(folder);
    await assert.rejects(lockFolder(folder), FolderInUse);
    await first();
    assert.deepEqual(await readdir(folder), []);
  }
  // Our parent is another process, and alive.
  await writeFile(join(folder, ".running"), `${process.ppid}\n`);
  await assert.rejects(lockFolder(folder), FolderInUse);
  assert.equal(await readFile(join(folder, ".running"), "utf8"), `${process.ppid}\n`);
});

test("files that only look like ours stay where they are when a cluster is started anew", async (context) => {
  const folder = await folderOf(context);
  for (const name of ["experiment_3.log", "my.server_2024.log"]) {
    await writeFile(join(folder, name), "mine");
  }
  const lab = await Lab.open(context, folder, { size: 1, startAnew: true });
  await lab.write('{"x": 1}');
  assert.equal(await readFile(join(folder, "experiment_3.log"), "utf8"), "mine");
  assert(!(await readdir(folder)).includes("earlier"));
});

test("a folder with raftos's files only is imported and goes on from there", async (context) => {
  const folder = await folderOf(context);
  const log = '{"term": 1, "command": {"data_id": 1}}\n{"term": 4, "command": {"data_id": 3}}\n';
  for (const port of [8000, 8001, 8002]) {
    await writeFile(join(folder, `127.0.0.1_${port}.log`), log);
    await writeFile(join(folder, `127.0.0.1_${port}.storage`), '{"term": 9, "voted_for": null}');
    await writeFile(join(folder, `127.0.0.1_${port}.state_machine`), '{"data_id": 3}');
  }
  assert.deepEqual(await inspectFolder(folder), { kind: "raftosFiles", size: 3 });
  const lab = await Lab.open(context, folder, { size: 3 });
  const notices = lab.events.flatMap((event) => (event.kind === "noticed" ? [event.notice] : []));
  assert.deepEqual(
    notices.filter(({ kind }) => kind === "imported"),
    Array.from({ length: 3 }, () => ({ kind: "imported", entries: 2, term: 9 })),
  );
  assert(notices.every(({ kind }) => kind === "imported" || kind === "portMoved"));
  await lab.write('{"data_id": 4}');
  await lab.agreed();
  const after = assertSame(await lab.files("log"));
  assert(after.startsWith(log) && after.endsWith('"command": {"data_id": 4}}\n'));
  assert.equal(assertSame(await lab.files("stateMachine")), '{"data_id": 4}');
});

test("nodes that raftos knew as localhost keep that name in their files", async (context) => {
  const folder = await folderOf(context);
  await writeFile(join(folder, "localhost_8000.log"), '{"term": 1, "command": {"a": 1}}\n');
  await writeFile(join(folder, "localhost_8000.storage"), '{"term": 1, "voted_for": null}');
  const first = await Lab.open(context, folder, { size: 1 });
  await first.write('{"a": 2}');
  await first.agreed();
  await first.cluster.close();
  const second = await Lab.open(context, folder, { size: 1 });
  await second.write('{"a": 3}');
  await second.agreed();
  assert.match(await readFile(join(folder, "localhost_8000.log"), "utf8"), /"a": 1[^]*"a": 3/);
});

test("a bad file of raftos is refused with its line, and nothing is written", async (context) => {
  const folder = await folderOf(context);
  await writeFile(join(folder, "127.0.0.1_8000.log"), '{"term": 1, "command": {"a": 1}}\n{"te');
  await writeFile(join(folder, "127.0.0.1_8000.storage"), '{"term": 1, "voted_for": null}');
  const contents = await inspectFolder(folder);
  assert(contents.kind === "unusable");
  assert.deepEqual(
    [contents.problems[0]?.file, contents.problems[0]?.line],
    ["127.0.0.1_8000.log", 2],
  );
  await assert.rejects(Lab.open(context, folder, { size: 1 }), OpenFailure);
  assert.deepEqual((await readdir(folder)).toSorted(), [
    "127.0.0.1_8000.log",
    "127.0.0.1_8000.storage",
  ]);
});

test("a snapshot without a cluster.json is told, and no log beside it is taken for raftos's", async (context) => {
  const folder = await folderOf(context);
  await writeFile(join(folder, "127.0.0.1_8000.log"), '{"term": 1, "command": {"x": 1}}\n');
  await writeFile(join(folder, "127.0.0.1_8000.storage"), '{"term": 1, "voted_for": null}');
  assert.equal((await inspectFolder(folder)).kind, "raftosFiles");
  await writeFile(join(folder, "127.0.0.1_8000.snapshot"), "");
  const contents = await inspectFolder(folder);
  assert(contents.kind === "unusable");
  assert.equal(contents.problems[0]?.file, "127.0.0.1_8000.snapshot");
});

test("nodes go on from their snapshots, and their log files keep every entry", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 3 });
  for (let i = 1; i <= 12; i++) await before.write(`{"x${i % 5}": ${i}}`);
  await before.agreed();
  const whole = assertSame(await before.files("log"));
  const state = assertSame(await before.files("stateMachine"));
  const { members } = before.cluster;
  await before.cluster.close();

  const found = await readClusterFile(folder);
  assert(found.kind === "cluster");
  const { cluster } = found.file;
  for (const node of members) {
    const fileFailed = (): never => assert.fail();
    const addressOf = (id: string): string => members.find((each) => each.id === id)?.address ?? id;
    const options = { folder, cluster, addressOf, fileFailed };
    const opened = await openNodeFiles(node, options, () => {});
    assert(opened.kind === "opened");
    const { saved } = opened.files;
    const [index, term] = [lastIndex(saved.log), lastTerm(saved.log)];
    const configuration = { voters: members.map(({ id }) => id), outgoing: [], learners: [] };
    const snapshot = { index, term, configuration, data: state };
    const change = { vote: null, log: null, snapshot: { snapshot, logStart: index - 2 } };
    await opened.files.save([change]);
    await opened.files.close();
  }

  const lab = await Lab.open(context, folder, { size: 3 });
  assert(!lab.events.some(({ kind }) => kind === "failed"));
  const index = await lab.write('{"x1": "after"}');
  for (const { id } of members) {
    await lab.until("everybody to have applied it", () =>
      lab.events.find(
        (event) =>
          event.kind === "applied" &&
          event.node === id &&
          event.first + event.entries.length > index,
      ),
    );
  }
  await lab.cluster.settled();
  assert.deepEqual(await lab.cluster.compareFiles(), []);
  const now = assertSame(await lab.files("log"));
  assert(now.startsWith(whole) && now.endsWith('"command": {"x1": "after"}}\n'));
  assert.match(assertSame(await lab.files("stateMachine")), /"x1": "after"/);
  const accounts = await lab.files("account");
  for (const account of accounts) assert.doesNotMatch(account, /begins after entry/);

  // A new cluster in the same folder has nothing to do with them.
  await lab.cluster.close();
  const anew = await Lab.open(context, folder, { size: 3, startAnew: true });
  await anew.cluster.close();
  assert(!(await readdir(folder)).some((name) => name.includes(".snapshot")));
});

function member(number: number, port = 8000) {
  return { id: `n${number}`, name: `node${number}`, address: `127.0.0.1:${port}` };
}

function clusterJson(members: readonly object[], more: object = {}): string {
  return JSON.stringify({ version: 1, cluster: "abcdefgh", members, ...more });
}
