import assert from "node:assert/strict";
import { test } from "node:test";
import { Exploration, type Mark } from "../../../src/exploration/index.ts";
import { emptyLog, paperTiming, type Millis, type NodeId } from "../../../src/raft/index.ts";
import { Chance } from "../../../src/simulator/index.ts";
import { Recorder, type NodeHappening } from "../../../src/trace/index.ts";
import { explorationOf, runOf } from "./runs.ts";

// The run at a glance says the same as the moments that it leads to.

const seeds = Array.from({ length: 15 }, (_, i) => i + 1);
const repeat = (seed: number) => `seed ${seed}: repeat with runOf(${seed})`;

test("a lane tells at any time what its node was, and in which term", () => {
  for (const seed of seeds) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    const chance = new Chance(seed);
    for (let look = 0; look < 40; look++) {
      const time = chance.below(exploration.end + 1);
      const { view } = exploration.moment(exploration.seqAt(time));
      for (const [id, { items }] of exploration.tape.lanes) {
        const node = view.nodes.get(id);
        const stretch = items.findLast(({ from }) => from <= time);
        const what = node?.life.kind === "running" ? node.role : "down";
        assert.deepEqual([stretch?.what, stretch?.term], [what, node?.currentTerm], repeat(seed));
      }
    }
  }
});

test("the terms come in order, and each begins when its first node is in it", () => {
  for (const seed of seeds) {
    const { events } = runOf(seed);
    const { items } = explorationOf(events).tape.terms;
    const first = new Map<number, number>();
    for (const event of events) {
      if (event.kind === "termChanged" && !first.has(event.term)) first.set(event.term, event.time);
    }
    for (const { term, from } of items) assert.equal(from, first.get(term), repeat(seed));
    assert.deepEqual(
      items.map(({ term }) => term),
      items.map(({ term }) => term).toSorted((one, other) => one - other),
    );
    assert.equal(items.at(-1)?.term, Math.max(...first.keys()));
  }
});

test("a mark leads to the moment at which what it says has just happened", () => {
  const kinds = new Set<string>();
  for (const seed of seeds) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    for (const { kind, seq, time, event } of exploration.tape.marks.items) {
      kinds.add(kind);
      assert.equal(events[seq - 1], event);
      assert.equal(time, event.time);
      const [before, after] = [exploration.moment(seq - 1).view, exploration.moment(seq).view];
      assert(before !== after || kind === "submit", `${kind} of seed ${seed} at ${seq}`);
    }
  }
  assert.deepEqual([...kinds].toSorted(), [
    "commit",
    "crash",
    "cut",
    "election",
    "heal",
    "leader",
    "restart",
    "submit",
  ]);
});

test("there is one mark at most for the commits of 100 ms, and none is far from a commit", () => {
  const exploration = explorationOfNodes(
    ...[0, 10, 99, 100, 150, 200, 500].map((time, at): Happened => [
      time,
      "n1",
      { kind: "committed", index: at + 1 },
    ]),
    // What another node learns later is no news.
    [900, "n2", { kind: "committed", index: 3 }],
  );
  const marks = exploration.tape.marks.items;
  assert.deepEqual(
    marks.map((mark) => mark.time),
    [0, 100, 200, 500],
  );
});

test("the first start of a node is no restart", () => {
  const exploration = explorationOfNodes(
    [0, "n1", started],
    [5, "n1", crashed],
    [9, "n1", started],
  );
  assert.deepEqual(kindsOf(exploration.tape.marks.items), ["crash", "restart"]);
});

test("a violation is marked where it was shown, and found from both sides", () => {
  const exploration = explorationOfNodes(
    [0, "n1", started],
    [5, "n1", crashed],
    [9, "n1", started],
  );
  const at = exploration.eventBefore(1);
  assert(at);
  exploration.note({ check: "election-safety", text: "two leaders", at, because: [] });
  assert.deepEqual(kindsOf(exploration.tape.marks.items), ["crash", "restart", "violation"]);
  assert.equal(exploration.nextInteresting(0, 1), 1);
  assert.equal(exploration.nextInteresting(1, 1), 2);
  assert.equal(exploration.nextInteresting(2, -1), 1);
  assert.equal(exploration.findings.length, 1);
});

test("what is new on the tape since the last time, put together, is the tape", () => {
  const { events } = runOf(9);
  const exploration = new Exploration();
  const marks: Mark[] = [];
  let end = 0;
  for (const each of events) {
    exploration.take(each);
    if (each.seq % 37 !== 0) continue;
    marks.push(...exploration.tape.marks.since(end));
    end = exploration.tape.marks.end;
  }
  marks.push(...exploration.tape.marks.since(end));
  assert(marks.length > 10);
  assert.deepEqual(marks, exploration.tape.marks.items);
});

test("a tape that has forgotten still covers all from its start", () => {
  const { events } = runOf(2, 400);
  const exploration = explorationOf(events, 512);
  const { start } = exploration;
  assert(start.seq > 0);
  const { terms, lanes, marks } = exploration.tape;
  const [firstTerm, secondTerm] = terms.items;
  assert(firstTerm && firstTerm.from <= start.time);
  assert(secondTerm === undefined || secondTerm.from > start.time);
  for (const { items } of lanes.values()) {
    assert((items[0]?.from ?? Infinity) <= start.time);
    assert((items[1]?.from ?? Infinity) > start.time);
  }
  assert(marks.items.every(({ time }) => time >= start.time));
});

function kindsOf(marks: readonly Mark[]): readonly string[] {
  return marks.map(({ kind }) => kind);
}

type Happened = readonly [time: Millis, node: NodeId, happening: NodeHappening];

function explorationOfNodes(...happened: readonly Happened[]): Exploration {
  const exploration = new Exploration();
  let now = 0;
  const recorder = new Recorder(() => now);
  recorder.subscribe((event) => exploration.take(event));
  for (const [time, node, happening] of happened) {
    now = time;
    recorder.node(node, happening);
  }
  return exploration;
}

const started: NodeHappening = {
  kind: "started",
  members: ["n1", "n2"],
  timing: paperTiming,
  seed: 1,
  saved: { currentTerm: 1, votedFor: null, log: emptyLog },
  action: null,
};

const crashed: NodeHappening = { kind: "crashed", unsaved: 0, action: null };
