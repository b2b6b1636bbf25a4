import assert from "node:assert/strict";
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { checks, Checker } from "../../../src/checks/index.ts";
import {
  connectClient,
  FolderInUse,
  inspectFolder,
  OpenFailure,
} from "../../../src/runtime/index.ts";
import { Replay, type TraceEvent } from "../../../src/trace/index.ts";
import { assertSame, folderOf, Lab } from "./lab.ts";

for (const size of [1, 2, 3, 4, 5, 9]) {
  test(`a live cluster of ${size} stores on every node what it is given`, async (context) => {
    const lab = await Lab.open(context, await folderOf(context), { size });
    await lab.write('{"x": 1}');
    await lab.write('{"y": "two"}');
    await lab.agreed();
    assert.match(
      assertSame(await lab.files("log")),
      /"command": \{"x": 1\}\}\n[^]*\{"y": "two"\}\}\n$/,
    );
    assert.equal(assertSame(await lab.files("stateMachine")), '{"x": 1, "y": "two"}');
    assert.deepEqual(await lab.cluster.compareFiles(), []);
  });
}

test("the lab: the leader crashes, another is elected, and the first catches up", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  for (const x of [1, 2, 3]) await lab.write(`{"x": ${x}}`);
  const first = await lab.leader();
  await lab.act({ kind: "crash", node: first }, "crashed");
  await lab.write('{"y": 4}');
  const second = await lab.leader();
  assert.notEqual(second, first);
  await lab.act({ kind: "restart", node: first }, "started");
  await lab.write('{"y": 5}');
  await lab.agreed();
  assertSame(await lab.files("log"));
  assert.equal(assertSame(await lab.files("stateMachine")), '{"x": 3, "y": 5}');
  for (const storage of await lab.files("storage")) {
    assert.match(storage, /^\{"term": \d+, "voted_for": (?:null|"127\.0\.0\.1:\d+")\}$/);
  }
  const accounts = (await lab.files("account")).join("");
  const number = lab.cluster.members.findIndex(({ id }) => id === second) + 1;
  assert.match(accounts, new RegExp(`\\| leader    \\| LEADER IS NOW NODE ${number}\\n`));
  assert.match(accounts, /\| LEADER => None\n/);
  assert.match(accounts, /\| LEADER => 127\.0\.0\.1:\d+\n/);
  assert.match(accounts, /\| done writing y\n/);

  const checker = new Checker(checks);
  for (const event of lab.events) checker.take(event);
  assert.deepEqual(checker.findings, []);
});

test("the trace of a live cluster rebuilds the states of its nodes", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  const first = await lab.leader();
  await lab.write('{"x": 1}');
  await lab.act({ kind: "crash", node: first });
  await lab.write('{"x": 2}');
  const replay = new Replay();
  for (const event of lab.events) replay.take(event);
  assert.equal(replay.states.size, 2);
  for (const [id, state] of replay.states) {
    const told = lab.events.findLast((event) => event.kind === "committed" && event.node === id);
    assert.equal(state.commitIndex, told?.kind === "committed" ? told.index : 0);
    assert.equal(state.currentTerm, [...replay.states.values()][0]?.currentTerm);
  }
});

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
  assert(!after.kinds.includes("noticed"), "something was wrong with the files");
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
  const other = createServer().listen(port, "127.0.0.1");
  context.after(() => other.close());
  await new Promise((resolve) => other.once("listening", resolve));

  const after = await Lab.open(context, folder, { size: 3 });
  const notice = after.events.find((event) => event.kind === "noticed");
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
  const notice = after.events.find((event) => event.kind === "noticed");
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
  assert.deepEqual([difference?.node, difference?.text], ["n1", "is damaged at line 5."]);
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
  const notice = after.events.find((event) => event.kind === "noticed");
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
    differences.map(({ node, text }) => [node, text]),
    [["n2", "is not what was written: see its line 3."]],
  );
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

test("while the cluster is paused nothing is received and no time passes", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.leader();
  const paused = await lab.act({ kind: "pause" });
  const { length } = lab.events;
  await new Promise((resolve) => setTimeout(resolve, 600));
  const meanwhile = lab.events.slice(length).filter(({ kind }) => kind !== "dropped");
  assert.deepEqual(meanwhile, []);
  const resumed = await lab.act({ kind: "resume" });
  assert(resumed.time - paused.time < 100, `${resumed.time - paused.time} ms passed`);
  await lab.write('{"x": 1}');
});

test("at a tenth of the speed a leader takes ten times as long to be heard of", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.leader();
  await lab.act({ kind: "setSpeed", speed: 0.1 });
  const [from, real] = [lab.events.at(-1)?.time ?? 0, performance.now()];
  await lab.until("some heartbeats", () =>
    (lab.events.at(-1)?.time ?? 0) - from > 100 ? true : undefined,
  );
  const ratio = ((lab.events.at(-1)?.time ?? 0) - from) / (performance.now() - real);
  assert(ratio < 0.11, `cluster time went by at ${ratio} of real time`);
});

test("what cannot be done is refused with the reason", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 1 });
  const reasons: string[] = [];
  const actions: readonly Parameters<Lab["act"]>[0][] = [
    { kind: "crash", node: "n7" },
    { kind: "restart", node: "n1" },
    { kind: "submit", node: null, command: "no JSON" },
    { kind: "submit", node: null, command: `{"x": "${"x".repeat(70_000)}"}` },
    { kind: "resume" },
    { kind: "setSpeed", speed: 1000 },
    { kind: "healLink", from: "n1", to: "n1" },
  ];
  for (const action of actions) {
    const event = await lab.act(action);
    assert.equal(event.kind, "refused");
    if (event.kind === "refused") reasons.push(event.reason.kind);
  }
  assert.deepEqual(reasons, [
    "unknownNode",
    "alreadyRunning",
    "badCommand",
    "tooLong",
    "notPaused",
    "badSpeed",
    "linkIsWhole",
  ]);
});

test("a leader whose links are cut cannot commit, and after they heal the others' log is its own", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.write('{"x": 1}');
  const first = await lab.leader();
  const others = lab.cluster.members.map(({ id }) => id).filter((id) => id !== first);
  const links = others.flatMap((id) => [
    { from: first, to: id },
    { from: id, to: first },
  ]);
  for (const link of links) await lab.act({ kind: "cutLink", ...link });
  lab.cluster.act("lonely", { kind: "submit", node: first, command: '{"x": "lonely"}' });
  await lab.until("another leader", () =>
    lab.events.find(
      (event) =>
        event.kind === "roleChanged" && event.role === "leader" && others.includes(event.node),
    ),
  );
  await lab.write('{"x": "together"}');
  for (const link of links) await lab.act({ kind: "healLink", ...link });
  await lab.agreed();
  assert.doesNotMatch(assertSame(await lab.files("log")), /lonely/);
  const answer = lab.events.find(
    (event): event is TraceEvent & { kind: "answered" } =>
      event.kind === "answered" && event.action === "lonely",
  );
  assert.equal(answer?.answer.kind, "superseded");
});

test("a client with the token writes over a socket, one without it does not come in", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 1 });
  await lab.leader();
  const port = lab.cluster.portOf("n1");
  assert(port !== null);
  const client = await connectClient({ port, token: lab.cluster.token });
  context.after(() => client.close());
  const answer = await client.request("mine", '{"a":1}');
  assert.equal(answer.kind, "committed");
  await lab.agreed();
  assert.equal(assertSame(await lab.files("stateMachine")), '{"a": 1}');
  const refused = await client.request("bad", "[1, 2]");
  assert.equal(refused.kind === "refused" && refused.reason.kind, "badCommand");
  await assert.rejects(connectClient({ port, token: "x".repeat(32) }));
});

test("after closing, no socket, timer or file is left", async (context) => {
  const folder = await folderOf(context);
  const resources = (): readonly string[] =>
    process
      .getActiveResourcesInfo()
      .filter((name) => !name.startsWith("FSReq"))
      .toSorted();
  const before = resources();
  const lab = await Lab.open(context, folder, { size: 3, preset: "watch" });
  await lab.until("a message in flight", () => lab.events.find(({ kind }) => kind === "sent"));
  const start = performance.now();
  await lab.cluster.close();
  const millis = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(resources(), before);
  assert(!(await readdir(folder)).includes(".running"));
  assert(millis < 5000, `it took ${millis} ms`);
  for (const name of await readdir("/proc/self/fd").catch(() => [])) {
    const target = await stat(`/proc/self/fd/${name}`).catch(() => undefined);
    for (const { id } of lab.cluster.members) {
      const own = await stat(lab.cluster.filesOf(id).wal);
      assert(target?.ino !== own.ino || target.dev !== own.dev, "a wal is still open");
    }
  }
});

test("starting can be called off, and leaves nothing running", async (context) => {
  const folder = await folderOf(context);
  await mkdir(folder, { recursive: true });
  const controller = new AbortController();
  const opening = Lab.open(context, folder, { size: 9, signal: controller.signal });
  controller.abort();
  await assert.rejects(opening, { name: "AbortError" });
  await Lab.open(context, folder, { size: 9 });
});
