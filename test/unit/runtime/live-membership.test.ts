import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { checks, Checker } from "../../../src/checks/index.ts";
import { newestConfiguration } from "../../../src/raft/index.ts";
import { inspectFolder, openCluster, type Preset } from "../../../src/runtime/index.ts";
import { readMembers } from "../../../src/language/members-file.ts";
import { readClusterFile, writeClusterFile } from "../../../src/runtime/cluster-file.ts";
import { WalFile } from "../../../src/runtime/wal-file.ts";
import { Replay, type TraceEvent } from "../../../src/trace/index.ts";
import { assertSame, folderOf, Lab } from "./lab.ts";

/** With timeouts so long that no leader is lost in the middle of a change, on a busy machine either. */
const preset: Preset = {
  timing: { electionTimeoutMillis: { min: 900, max: 1800 }, heartbeatMillis: 60 },
  delayMillis: null,
};

/** The ids that a lab's cluster has now. */
function idsOf({ cluster }: Lab): readonly string[] {
  return cluster.members.map(({ id }) => id);
}

/** What each node that runs takes for the voters, and the learners behind a plus. */
function configurationsOf({ events }: Lab): readonly string[] {
  const replay = new Replay();
  for (const event of events) replay.take(event);
  return [...replay.states.values()].map((state) => {
    const { voters, outgoing, learners } = newestConfiguration(state);
    assert.deepEqual(outgoing, []);
    return [voters.toSorted().join(" "), ...learners].join(" + ");
  });
}

async function change(
  lab: Lab,
  action: Parameters<Lab["act"]>[0],
  kind: "nodeAdded" | "nodeRemoved",
): Promise<void> {
  // Until an entry of its own term is committed, a new leader takes no change.
  await lab.write('{"ready": true}');
  const ended = await lab.act(action, "membershipEnded");
  assert(ended.kind === "membershipEnded" && ended.outcome.kind === "done");
  await lab.until(kind, () =>
    lab.events.find((event) => event.kind === kind && event.action === ended.action),
  );
}

/** Resolves once the removal has ended, whatever came of it. */
async function askedToRemove(lab: Lab, node: string, action: string): Promise<void> {
  lab.cluster.act(action, { kind: "removeNode", node });
  const ends: readonly TraceEvent["kind"][] = ["membershipEnded", "refused", "unanswered"];
  await lab.until("what comes of the removal", () =>
    lab.events.find(
      (event) => "action" in event && event.action === action && ends.includes(event.kind),
    ),
  );
}

function assertNothingFound({ events }: Lab): void {
  const checker = new Checker(checks);
  for (const event of events) checker.take(event);
  assert.deepEqual(checker.findings, []);
}

/** Has entries written one after the other until it is told to stop; answers what was acknowledged. */
function load(lab: Lab): () => Promise<ReadonlyMap<string, number>> {
  const acknowledged = new Map<string, number>();
  const stopping = new AbortController();
  const written = (async () => {
    for (let i = 1; !stopping.signal.aborted; i++) {
      acknowledged.set(`k${i}`, await lab.write(`{"k${i}": ${i}}`));
    }
  })();
  return async () => {
    stopping.abort();
    await written;
    return acknowledged;
  };
}

test("§6: a cluster grows from 3 to 5 and shrinks to 3 without its leader, under load, and loses nothing", async (context) => {
  const folder = await folderOf(context);
  const lab = await Lab.open(context, folder, { size: 3, preset });
  await lab.write('{"x": 1}');
  const stop = load(lab);
  await change(lab, { kind: "addNode", as: "voter" }, "nodeAdded");
  await change(lab, { kind: "addNode", as: "voter" }, "nodeAdded");
  assert.deepEqual(idsOf(lab), ["n1", "n2", "n3", "n4", "n5"]);
  const first = await lab.leader();
  await change(lab, { kind: "removeNode", node: first }, "nodeRemoved");
  const second = await lab.leader();
  assert.notEqual(second, first);
  await change(lab, { kind: "removeNode", node: second }, "nodeRemoved");
  await lab.leader();
  const acknowledged = await stop();
  await lab.agreed();

  const left = ["n1", "n2", "n3", "n4", "n5"].filter((id) => id !== first && id !== second);
  assert.deepEqual(idsOf(lab), left);
  assert.deepEqual(configurationsOf(lab), Array(3).fill(left.join(" ")));
  const lines = assertSame(await lab.files("log")).split("\n");
  assert(acknowledged.size > 5, `only ${acknowledged.size} entries were acknowledged`);
  for (const [name, index] of acknowledged) {
    assert.match(lines[index - 1] ?? "", new RegExp(`"${name}": `));
  }
  assertSame(await lab.files("stateMachine"));
  assert.deepEqual(await lab.cluster.compareFiles(), []);
  assertNothingFound(lab);
  // What a node that has left wrote stays where it is.
  const account = await readFile(lab.cluster.filesOf(first).account, "utf8");
  assert.match(account, new RegExp(`LEADER IS NOW NODE ${first.slice(1)}\\n`));
  assert.match(account, /is asked to take in node5\n/);
});

test("a cluster that is started again has the members it had, and the founders it began with", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 3, preset });
  await before.write('{"x": 1}');
  await change(before, { kind: "addNode", as: "voter" }, "nodeAdded");
  await change(before, { kind: "addNode", as: "learner" }, "nodeAdded");
  const [, second] = before.cluster.members;
  await change(before, { kind: "removeNode", node: "n2" }, "nodeRemoved");
  await before.agreed();
  await before.cluster.close();
  assert.deepEqual(await inspectFolder(folder), { kind: "cluster", size: 4 });

  const after = await Lab.open(context, folder, { size: 4, preset });
  assert.deepEqual(idsOf(after), ["n1", "n3", "n4", "n5"]);
  await after.write('{"x": 2}');
  await after.agreed();
  assert.deepEqual(configurationsOf(after), Array(4).fill("n1 n3 n4 + n5"));
  const founded = after.events.flatMap((event) =>
    event.kind === "started" ? [[event.node, event.members.join(" ")]] : [],
  );
  assert.deepEqual(Object.fromEntries(founded), {
    n1: "n1 n2 n3",
    n3: "n1 n2 n3",
    n4: "",
    n5: "",
  });
  assert.deepEqual(await after.cluster.compareFiles(), []);
  // Whoever has left, nobody is called like it again.
  await change(after, { kind: "addNode", as: "voter" }, "nodeAdded");
  assert.equal(idsOf(after).at(-1), "n6");
  const addresses = after.cluster.members.map(({ address }) => address);
  assert.equal(new Set([...addresses, second?.address]).size, 6);
  assertNothingFound(after);
});

test("nodes meet who came after them, and who came later catches up with all of the log", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 1, preset });
  for (let x = 1; x <= 5; x++) await lab.write(`{"x": ${x}}`);
  await change(lab, { kind: "addNode", as: "voter" }, "nodeAdded");
  await change(lab, { kind: "addNode", as: "voter" }, "nodeAdded");
  // The first cannot do it alone any more, nor the other two without each other.
  await lab.act({ kind: "crash", node: "n1" }, "crashed");
  await lab.write('{"y": 1}');
  await lab.act({ kind: "restart", node: "n1" }, "started");
  await lab.agreed();
  assert.equal(assertSame(await lab.files("stateMachine")), '{"x": 5, "ready": true, "y": 1}');
  assertNothingFound(lab);
});

test("the file says that a node belongs to the cluster before the node starts", async (context) => {
  const folder = await folderOf(context);
  const written: string[] = [];
  const cluster = await openCluster({
    folder,
    size: 1,
    startAnew: false,
    preset: "watch",
    signal: new AbortController().signal,
    listener: (event) => {
      if (event.kind !== "started" || event.node !== "n2") return;
      written.push(readFileSync(join(folder, "cluster.json"), "utf8"));
    },
  });
  context.after(() => cluster.close());
  await new Promise<void>((resolve) => {
    cluster.subscribe((event) => {
      if (event.kind === "roleChanged" && event.role === "leader") {
        cluster.act("add", { kind: "addNode", as: "learner" });
      }
      if (event.kind === "membershipEnded") resolve();
    });
  });
  assert.equal(written.length, 1);
  assert.match(written[0] ?? "", /"id": "n2"/);
});

test("a node does not start while the file cannot say that it belongs to the cluster", async (context) => {
  const folder = await folderOf(context);
  const failures: string[] = [];
  const fileFailed = (node: string, file: string) => void failures.push(`${node} ${file}`);
  const lab = await Lab.open(context, folder, { size: 1, preset, fileFailed });
  await lab.write('{"x": 1}');
  // Nothing can be put in the place of a folder.
  await rm(join(folder, "cluster.json"));
  await mkdir(join(folder, "cluster.json"));
  const failed = await lab.act({ kind: "addNode", as: "voter" }, "failed");
  assert(failed.kind === "failed" && failed.failure.kind === "disk");
  assert.equal(failed.failure.file, "cluster.json");
  await lab.until("it to be gone", () => lab.events.find(({ kind }) => kind === "nodeRemoved"));
  assert(!lab.events.some((event) => event.kind === "started" && event.node === "n2"));
  await lab.cluster.settled();
  assert.deepEqual(failures, ["n2 cluster.json"]);
  assert.deepEqual(idsOf(lab), ["n1"]);
});

test("a node that nobody takes in leaves again: one change at a time", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 1, preset });
  await lab.write('{"x": 1}');
  const [one, other] = await Promise.all([
    lab.act({ kind: "addNode", as: "voter" }, "membershipEnded"),
    lab.act({ kind: "addNode", as: "voter" }, "membershipEnded"),
  ]);
  assert(one.kind === "membershipEnded" && other.kind === "membershipEnded");
  assert.deepEqual([one.outcome.kind, other.outcome.kind].toSorted(), ["busy", "done"]);
  const removed = await lab.until("the one that leaves", () =>
    lab.events.find((event) => event.kind === "nodeRemoved"),
  );
  assert(removed.kind === "nodeRemoved");
  assert.equal(idsOf(lab).length, 2);
  assert(!idsOf(lab).includes(removed.member));
  await lab.write('{"x": 2}');
  await lab.agreed();
  assert.deepEqual(await lab.cluster.compareFiles(), []);
});

test("a node that cannot start is not taken in, and the next one is called otherwise", async (context) => {
  const folder = await folderOf(context);
  const lab = await Lab.open(context, folder, { size: 1, preset });
  await lab.write('{"x": 1}');
  const port = Number(lab.cluster.members[0]?.address.split(":")[1]) + 1;
  await writeFile(join(folder, `127.0.0.1_${port}.wal`), "no wal\nat all\n");
  const failed = await lab.act({ kind: "addNode", as: "voter" }, "failed");
  assert(failed.kind === "failed" && failed.node === "n2");
  await lab.until("it to be gone", () => lab.events.find(({ kind }) => kind === "nodeRemoved"));
  assert.deepEqual(idsOf(lab), ["n1"]);
  assert(!lab.events.some(({ kind }) => kind === "membershipRequested"));
  await change(lab, { kind: "addNode", as: "voter" }, "nodeAdded");
  assert.deepEqual(idsOf(lab), ["n1", "n3"]);
  await lab.agreed();
  assert.deepEqual(await lab.cluster.compareFiles(), []);
});

test("a node whose addition was cut short before the file told of it is added with the wal it has", async (context) => {
  const folder = await folderOf(context);
  const lab = await Lab.open(context, folder, { size: 1, preset });
  await lab.write('{"x": 1}');
  const { cluster } = Object.fromEntries(
    Object.entries(JSON.parse(await readFile(join(folder, "cluster.json"), "utf8"))),
  );
  assert(typeof cluster === "string");
  const port = Number(lab.cluster.members[0]?.address.split(":")[1]) + 1;
  await WalFile.make(join(folder, `127.0.0.1_${port}.wal`), { node: "n2", cluster });
  await change(lab, { kind: "addNode", as: "voter" }, "nodeAdded");
  await lab.agreed();
  assert.deepEqual(idsOf(lab), ["n1", "n2"]);
  assert.deepEqual(await lab.cluster.compareFiles(), []);
});

test("who cannot be added or removed is refused with the reason", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 9, preset });
  await lab.leader();
  const many = await lab.act({ kind: "addNode", as: "voter" });
  assert(many.kind === "refused" && many.reason.kind === "tooMany");
  const nobody = await lab.act({ kind: "removeNode", node: "n10" });
  assert(nobody.kind === "refused" && nobody.reason.kind === "unknownNode");
});

test("the only voter is not removed: nobody would be left to vote", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 1, preset });
  await lab.leader();
  const ended = await lab.act({ kind: "removeNode", node: "n1" }, "membershipEnded");
  assert(ended.kind === "membershipEnded" && ended.outcome.kind === "noVoters");
  await lab.write('{"x": 1}');
  assert.deepEqual(idsOf(lab), ["n1"]);
});

test("a cluster that is closed while a node is added can be started again", async (context) => {
  const folder = await folderOf(context);
  const lab = await Lab.open(context, folder, { size: 3, preset });
  await lab.write('{"x": 1}');
  lab.cluster.act("add", { kind: "addNode", as: "voter" });
  await lab.until("the node", () => lab.events.find(({ kind }) => kind === "nodeAdded"));
  await lab.cluster.close();
  const found = await inspectFolder(folder);
  assert(found.kind === "cluster");
  const again = await Lab.open(context, folder, { size: found.size, preset });
  await again.write('{"x": 2}');
  await change(again, { kind: "addNode", as: "voter" }, "nodeAdded");
  assert.deepEqual(await again.cluster.compareFiles(), []);
});

test("a removal of which the file was never told is done when it is asked for again", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 3, preset });
  await before.write('{"x": 1}');
  const path = join(folder, "cluster.json");
  const unaware = await readFile(path, "utf8");
  await change(before, { kind: "removeNode", node: "n3" }, "nodeRemoved");
  await before.agreed();
  await before.cluster.close();
  // As if the process had ended between what was committed and what was written.
  await writeFile(path, unaware);

  const after = await Lab.open(context, folder, { size: 3, preset });
  // Nobody sends it anything, so it stands for election, and may lead for a moment.
  for (let attempt = 1; idsOf(after).includes("n3"); attempt++) {
    assert(attempt <= 20, "it is still there");
    await after.leader();
    await askedToRemove(after, "n3", `again ${attempt}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await after.write('{"x": 2}');
  await after.agreed();
  assert.deepEqual(idsOf(after), ["n1", "n2"]);
  assert.deepEqual(await after.cluster.compareFiles(), []);
  assertNothingFound(after);
  await after.cluster.close();
  assert.deepEqual(await inspectFolder(folder), { kind: "cluster", size: 2 });
});

test("a removal that was cut short after it was committed is brought to its end by the next start", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 3, preset });
  await before.write('{"x": 1}');
  await change(before, { kind: "removeNode", node: "n3" }, "nodeRemoved");
  await before.agreed();
  await before.cluster.close();
  const found = await readClusterFile(folder);
  assert(found.kind === "cluster");
  const { file } = found;
  assert.deepEqual(file.departing, []);
  // As if the process had ended between what was committed and what was written.
  const members = [...file.members, ...file.departed];
  await writeClusterFile(folder, { ...file, members, departed: [], departing: ["n3"] });

  const after = await Lab.open(context, folder, { size: 3, preset });
  await after.write('{"x": 2}');
  const removed = await after.until("it to be gone", () =>
    after.events.find((event) => event.kind === "nodeRemoved"),
  );
  assert(removed.kind === "nodeRemoved" && removed.member === "n3" && removed.action === null);
  await after.write('{"x": 3}');
  await after.agreed();
  assert.deepEqual(idsOf(after), ["n1", "n2"]);
  assertNothingFound(after);
  await after.cluster.close();
  const then = await readClusterFile(folder);
  assert(then.kind === "cluster");
  assert.deepEqual([then.file.departing, then.file.departed.map(({ id }) => id)], [[], ["n3"]]);
});

test("the file says that a node is to go before the leader is asked, and not if nothing comes of it", async (context) => {
  const folder = await folderOf(context);
  const lab = await Lab.open(context, folder, { size: 2, preset });
  await lab.write('{"x": 1}');
  const departing = (): readonly string[] =>
    JSON.parse(readFileSync(join(folder, "cluster.json"), "utf8")).departing;
  let then: readonly string[] | undefined;
  lab.cluster.subscribe((event) => {
    if (event.kind === "membershipRequested") then = departing();
  });
  await change(lab, { kind: "removeNode", node: "n2" }, "nodeRemoved");
  assert.deepEqual(then, ["n2"]);
  // If n2 led, n1 has yet to be elected, and to commit an entry of its own term.
  await lab.write('{"x": 2}');
  const ended = await lab.act({ kind: "removeNode", node: "n1" }, "membershipEnded");
  assert(ended.kind === "membershipEnded" && ended.outcome.kind === "noVoters");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await lab.cluster.settled();
  assert.deepEqual([then, departing()], [["n1"], []]);
});

test("the file can be read however many have left, as far as ids reach", async (context) => {
  const folder = await folderOf(context);
  const known = Array.from({ length: 9999 }, (_, i) => {
    const number = i + 1;
    return { id: `n${number}`, name: `node${number}`, address: `127.0.0.1:${20_000 + number}` };
  });
  const [members, departed] = [known.slice(-3), known.slice(0, -3)];
  const file = {
    cluster: "a-cluster-of-long-ago",
    members,
    founders: ["n1"],
    departed,
    departing: [],
  };
  await writeClusterFile(folder, file);
  const found = await readClusterFile(folder);
  // Not at once with all of them: it takes minutes to say in what they differ.
  assert(found.kind === "cluster", found.kind === "bad" ? found.reason : found.kind);
  assert.deepEqual(found.file, file);
  assert.equal(readMembers(await readFile(join(folder, "cluster.json"), "utf8")).size, 9999);
});

test("a cluster.json from before members could change is read, and says who the founders are", async (context) => {
  const folder = await folderOf(context);
  const before = await Lab.open(context, folder, { size: 2, preset });
  await before.write('{"x": 1}');
  await before.cluster.close();
  const path = join(folder, "cluster.json");
  const { founders, departed, departing, ...old } = Object.fromEntries(
    Object.entries(JSON.parse(await readFile(path, "utf8"))),
  );
  assert.deepEqual([founders, departed, departing], [["n1", "n2"], [], []]);
  await writeFile(path, JSON.stringify(old));
  const after = await Lab.open(context, folder, { size: 2, preset });
  await after.write('{"x": 2}');
  const started = after.events.find((event) => event.kind === "started");
  assert(started?.kind === "started");
  assert.deepEqual(started.members, ["n1", "n2"]);
});
