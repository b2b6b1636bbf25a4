import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceEvent } from "../../../src/trace/index.ts";
import { explorationOf, grown } from "./runs.ts";

// Who belongs to the cluster at each moment (§6).

test("at each moment those belong to it who had come and not left", () => {
  const { simulator, first, events, removed } = grown();
  const exploration = explorationOf(events, 512);
  const idsAt = (seq: number) => exploration.membersAt(seq, first).map(({ id }) => id);
  const seqOf = (kind: TraceEvent["kind"], action: string) => {
    const found = events.find(
      (event) => event.kind === kind && "action" in event && event.action === action,
    );
    assert(found, `${kind} of ${action} never happened`);
    return found.seq;
  };
  assert.deepEqual(idsAt(0), ["n1", "n2", "n3"]);
  const added = seqOf("nodeAdded", "a");
  assert.deepEqual(idsAt(added), ["n1", "n2", "n3"]);
  assert.deepEqual(idsAt(added + 1), ["n1", "n2", "n3", "n4"]);
  const gone = seqOf("nodeRemoved", "c");
  assert.deepEqual(idsAt(gone), ["n1", "n2", "n3", "n4", "n5"]);
  assert.deepEqual(
    idsAt(gone + 1),
    ["n1", "n2", "n3", "n4", "n5"].filter((id) => id !== removed),
  );
  assert.deepEqual(exploration.membersAt(exploration.count, first), simulator.members);
  assert.equal(exploration.newcomer("n5")?.name, "node5");
  assert.equal(exploration.newcomer("n1"), undefined);
});

test("between two changes it is the same list, so that nobody is told of it anew", () => {
  const { first, events } = grown();
  const exploration = explorationOf(events);
  const end = exploration.count;
  assert.equal(exploration.membersAt(end, first), exploration.membersAt(end - 1, first));
  assert.equal(exploration.membersAt(0, first), first);
});

test("the lane of a node that has left ends when it was stopped", () => {
  const { events, removed } = grown();
  const exploration = explorationOf(events);
  const gone = events.find((event) => event.kind === "nodeRemoved");
  const last = exploration.tape.lanes.get(removed)?.items.at(-1);
  assert.deepEqual([last?.what, last?.from], ["down", gone?.time]);
});
