import { paperOnly } from "../../../src/raft/index.ts";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { ClusterBundle } from "../../../src/extension/cluster-bundle.ts";
import { leaderIn } from "../../../src/trace/index.ts";
import { standInForVscode } from "./vscode-stand-in.ts";

standInForVscode();
const { LogLevel } = await import("vscode");
const { writeOutput } = await import("../../../src/extension/output.ts");
const { Lab } = await import("../../../src/extension/lab.ts");
const bundle: ClusterBundle = await import("../../../src/extension/node/cluster-entry.ts");

const never = new AbortController().signal;
/** From now on: all test files are read before the first of their tests begins. */
const soon = () => AbortSignal.timeout(20_000);

/** A lab, and how to start a fast cluster of three in a folder of its own. */
async function newLab(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "raft-lab-unit-"));
  const lab = new Lab();
  context.after(async () => {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  });
  const start = (signal: AbortSignal = never) =>
    lab.start({
      bundle,
      folder,
      size: 3,
      startAnew: false,
      preset: "paper",
      extensions: paperOnly,
      snapshotAfter: { entries: 0 },
      signal,
      fileFailed: (_node, _file, error) => assert.fail(String(error)),
    });
  return { lab, start };
}

test("events are told from the first on, in order, with the cluster they belong to", async (context) => {
  const { lab, start } = await newLab(context);
  const seqs: number[] = [];
  lab.onDidHappen(({ running, what }) => {
    assert.equal(running, lab.running);
    seqs.push(what.seq);
  });
  const running = await start();
  assert.equal(await running.watch.until((view) => leaderIn(view) !== undefined, soon()), true);
  assert.deepEqual(
    seqs,
    seqs.map((_, i) => i),
  );
  assert(seqs.length > 3);
});

test("an action is answered by its outcome", async (context) => {
  const { start } = await newLab(context);
  const running = await start();
  const crash = () => running.perform({ kind: "crash", node: "n1" }, soon());
  assert.deepEqual(await crash(), { kind: "done" });
  assert.deepEqual(await crash(), {
    kind: "refused",
    reason: { kind: "notRunning", node: "n1" },
  });
  assert.deepEqual(await running.perform({ kind: "restart", node: "n1" }, soon()), {
    kind: "done",
  });
});

test("of an entry that the leader has it is not said that it was refused", async (context) => {
  const { lab, start } = await newLab(context);
  const running = await start();
  await running.watch.until((view) => leaderIn(view) !== undefined, soon());
  await running.perform({ kind: "pause" }, soon());
  const requested = new Promise<void>((resolve) => {
    lab.onDidHappen(({ what }) => {
      if (what.kind === "requested") resolve();
    });
  });
  const submitted = running.perform({ kind: "submit", node: null, command: '{"x": 1}' }, soon());
  await requested;
  await lab.stop();
  assert.equal((await submitted).kind, "unanswered");
  assert.equal(lab.state.kind, "idle");
});

test("who waits for something when the cluster is stopped is told so", async (context) => {
  const { lab, start } = await newLab(context);
  const running = await start();
  const outcome = running.watch.outcomes.of("asked of nobody", soon());
  const led = running.watch.until(() => false, soon());
  await lab.stop();
  assert.deepEqual(await outcome, { kind: "stopped" });
  assert.equal(await led, false);
});

test("the output tells where the files are of a node that has left", async (context) => {
  const { lab, start } = await newLab(context);
  const lines: string[] = [];
  const info = (line: string) => void lines.push(line);
  const [logLevel, others] = [LogLevel.Info, () => {}];
  const rest = { trace: others, debug: others, warn: others, error: others };
  writeOutput({ logLevel, info, ...rest }, lab);
  const running = await start();
  await running.watch.until((view) => leaderIn(view) !== undefined, soon());
  await running.perform({ kind: "submit", node: null, command: '{"x": 1}' }, soon());
  const [member] = running.cluster.members.slice(-1);
  assert(member !== undefined);
  const node = member.id;
  // On a busy machine a leader may lose its office in the middle: then it is asked for again.
  const patience = soon();
  const remove = () => running.perform({ kind: "removeNode", node }, patience);
  while ((await remove()).kind !== "done") assert(!patience.aborted, "it was not removed");
  await running.watch.until(({ nodes }) => !nodes.has(node), soon());
  const told = lines.find((line) => line.startsWith("What node3 has written stays")) ?? "";
  assert.match(told, /: node3\.log, /);
  assert(told.includes(`${member.address.replace(":", "_")}.wal`), told);
});

test("a cluster can be started again in the same folder", async (context) => {
  const { lab, start } = await newLab(context);
  const first = await start();
  await lab.stop();
  const second = await start();
  assert.deepEqual(second.cluster.members, first.cluster.members);
});

test("a start that is cancelled leaves nothing behind", async (context) => {
  const { lab, start } = await newLab(context);
  const cancelling = new AbortController();
  const started = start(cancelling.signal);
  cancelling.abort();
  await assert.rejects(started);
  assert.equal(lab.state.kind, "idle");
  await start();
});

test("closing in the middle of a start ends what was started", async (context) => {
  const { lab, start } = await newLab(context);
  const started = start();
  await Promise.all([assert.rejects(started), lab.close()]);
  assert.equal(lab.running, undefined);
});

test("closing takes less than half a second", async (context) => {
  const { lab, start } = await newLab(context);
  await start();
  const before = performance.now();
  await lab.close();
  assert(performance.now() - before < 500);
});
