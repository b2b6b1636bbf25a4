import assert from "node:assert/strict";
import { test } from "node:test";
import { Watch } from "../../../src/extension/watch.ts";
import type { Finding } from "../../../src/checks/index.ts";
import { emptyLog, paperTiming } from "../../../src/raft/index.ts";
import { leaderIn, type NodeHappening } from "../../../src/trace/index.ts";

function watching() {
  const findings: Finding[] = [];
  const watch = new Watch((finding) => findings.push(finding));
  let seq = 0;
  const happen = (node: string, happening: NodeHappening) =>
    watch.take({ seq: seq++, time: seq, node, ...happening });
  for (const node of ["n1", "n2"]) {
    happen(node, {
      kind: "started",
      members: ["n1", "n2"],
      timing: paperTiming,
      seed: 1,
      saved: { currentTerm: 0, votedFor: null, log: emptyLog },
      action: null,
    });
  }
  return { watch, findings, happen };
}

test("the view is that of now", () => {
  const { watch, happen } = watching();
  happen("n1", { kind: "termChanged", term: 4 });
  assert.equal(watch.view.nodes.get("n1")?.currentTerm, 4);
  assert.equal(watch.eventCount, 3);
});

test("whoever waits for a leader is told when there is one", async () => {
  const { watch, happen } = watching();
  const led = watch.until((view) => leaderIn(view) !== undefined, new AbortController().signal);
  happen("n2", { kind: "termChanged", term: 1 });
  happen("n2", { kind: "roleChanged", role: "leader", term: 1 });
  assert.equal(await led, true);
});

test("a wait that is cancelled ends", async () => {
  const { watch } = watching();
  const cancelling = new AbortController();
  const led = watch.until((view) => leaderIn(view) !== undefined, cancelling.signal);
  cancelling.abort();
  assert.equal(await led, false);
});

test("two leaders of a term are told as a finding, with the event that proves it", () => {
  const { watch, findings, happen } = watching();
  for (const node of ["n1", "n2"]) {
    happen(node, { kind: "termChanged", term: 1 });
    happen(node, { kind: "roleChanged", role: "leader", term: 1 });
  }
  const finding = findings.find(({ check }) => check === "election-safety");
  assert.deepEqual(
    finding?.because.map(({ node, kind }) => [node, kind]),
    [["n1", "roleChanged"]],
  );
  assert.deepEqual(watch.findings, findings);
});
