import assert from "node:assert/strict";
import { test } from "node:test";
import { Outcomes } from "../../../src/extension/outcomes.ts";
import type { ClusterHappening, NodeHappening, TraceEvent } from "../../../src/trace/index.ts";

const never = new AbortController().signal;
let seq = 0;

function at(node: string, happening: NodeHappening): TraceEvent {
  return { seq: seq++, time: 0, node, ...happening };
}

function inCluster(happening: ClusterHappening): TraceEvent {
  return { seq: seq++, time: 0, node: null, ...happening };
}

test("the answer to a submission is its outcome, with the node that gave it", async () => {
  const outcomes = new Outcomes();
  const outcome = outcomes.of("a1", never);
  outcomes.take(at("n2", { kind: "requested", requests: [{ id: "a1", command: "{}" }] }));
  const answer = { kind: "committed", index: 5, term: 3 } as const;
  outcomes.take(at("n2", { kind: "answered", action: "a1", answer }));
  assert.deepEqual(await outcome, { kind: "answered", node: "n2", answer });
});

test("each wait gets the outcome of its own action only", async () => {
  const outcomes = new Outcomes();
  const [first, second] = [outcomes.of("a1", never), outcomes.of("a2", never)];
  outcomes.take(inCluster({ kind: "refused", action: "a2", reason: { kind: "noLeader" } }));
  outcomes.take(inCluster({ kind: "paused", action: "a1" }));
  assert.deepEqual(await first, { kind: "done" });
  assert.deepEqual(await second, { kind: "refused", reason: { kind: "noLeader" } });
});

test("a crash and a start are done when the event carries the action", async () => {
  const outcomes = new Outcomes();
  const crash = outcomes.of("a1", never);
  outcomes.take(at("n1", { kind: "crashed", unsaved: 0, action: null }));
  outcomes.take(at("n2", { kind: "crashed", unsaved: 1, action: "a1" }));
  assert.deepEqual(await crash, { kind: "done" });
});

test("a node that cannot be restarted says why", async () => {
  const outcomes = new Outcomes();
  const restart = outcomes.of("a1", never);
  const failure = { kind: "missingWal", file: "127.0.0.1_8000.wal" } as const;
  outcomes.take(at("n1", { kind: "failed", failure, action: "a1" }));
  assert.deepEqual(await restart, { kind: "failed", node: "n1", failure });
});

test("a submission whose node stopped is left unanswered", async () => {
  const outcomes = new Outcomes();
  const outcome = outcomes.of("a1", never);
  outcomes.take(at("n3", { kind: "unanswered", action: "a1" }));
  assert.deepEqual(await outcome, { kind: "unanswered", node: "n3" });
});

test("a wait ends with its signal, and what comes later is nobody's", async () => {
  const outcomes = new Outcomes();
  const cancelling = new AbortController();
  const outcome = outcomes.of("a1", cancelling.signal);
  cancelling.abort();
  assert.deepEqual(await outcome, { kind: "nothingYet" });
  outcomes.take(inCluster({ kind: "resumed", action: "a1" }));
  assert.deepEqual(await outcomes.of("a2", cancelling.signal), { kind: "nothingYet" });
});

test("when the cluster is stopped, everyone who waits is told so", async () => {
  const outcomes = new Outcomes();
  const waits = [outcomes.of("a1", never), outcomes.of("a2", never)];
  outcomes.end();
  const stopped = { kind: "stopped" };
  assert.deepEqual(await Promise.all(waits), [stopped, stopped]);
  assert.deepEqual(await outcomes.of("a3", never), stopped);
});
