import assert from "node:assert/strict";
import { test } from "node:test";
import { decodePanelUpdate } from "../../../src/panel/decode-update.ts";
import { loading, modelAfter, pictureAfter } from "../../../src/panel/model.ts";
import type { EventLine } from "../../../src/panel/protocol.ts";
import { readSavedState } from "../../../src/panel/saved-state.ts";
import { flight, node, picture } from "./pictures.ts";

const line = (seq: number): EventLine => ({ seq, time: seq, icon: "note", text: "", section: "" });

test("a node that changed takes its place; the others stay the same objects", () => {
  const before = picture([node("n1"), node("n2"), node("n3")]);
  const after = pictureAfter(before, { nodes: [node("n2", { currentTerm: 2 })] });
  assert.deepEqual(
    after.nodes.map(({ id, currentTerm }) => [id, currentTerm]),
    [
      ["n1", 1],
      ["n2", 2],
      ["n3", 1],
    ],
  );
  assert.equal(after.nodes[0], before.nodes[0]);
  assert.equal(after.flights, before.flights);
  assert.equal(after.tape, before.tape);
});

test("a node that comes stands where it belongs among the members, one that leaves is gone", () => {
  const before = picture([node("n1"), node("n2")]);
  const { members } = picture([node("n2"), node("n3")]);
  const after = pictureAfter(before, { members, nodes: [node("n3", { currentTerm: 3 })] });
  assert.deepEqual(
    after.nodes.map(({ id, currentTerm }) => [id, currentTerm]),
    [
      ["n2", 1],
      ["n3", 3],
    ],
  );
  assert.equal(after.nodes[0], before.nodes[1]);
  assert.equal(after.members, members);
});

test("a change that names nothing changes nothing", () => {
  const before = picture([node("n1")], { flights: [flight(1)] });
  assert.deepEqual(pictureAfter(before, {}), before);
});

test("a message that landed has its end, and is forgotten a while later", () => {
  const clock = (time: number) => ({ ...picture([]).clock, time });
  const sent = pictureAfter(picture([]), { flights: [flight(1)], clock: clock(10) });
  assert.deepEqual(sent.flights, [flight(1)]);
  assert.deepEqual(sent.strands, [flight(1)]);
  const landed = pictureAfter(sent, { landed: [1], clock: clock(100) });
  assert.deepEqual(landed.flights[0]?.end, { time: 100, how: "received" });
  assert.deepEqual(landed.strands[0]?.end, { time: 100, how: "received" });
  const later = pictureAfter(landed, { clock: clock(3000) });
  assert.deepEqual(later.flights, []);
  assert.equal(later.strands.length, 1);
});

test("a lost message keeps its own end when it is let go", () => {
  const end = { time: 40, how: "cut" as const };
  const before = pictureAfter(picture([]), { flights: [flight(1, { end })] });
  assert.deepEqual(pictureAfter(before, { landed: [1] }).flights[0]?.end, end);
});

test("events follow on those that are there; none stands twice; the oldest go", () => {
  let after = picture([], { events: [line(1), line(2)] });
  after = pictureAfter(after, { events: [line(2), line(3)] });
  assert.deepEqual(
    after.events.map(({ seq }) => seq),
    [1, 2, 3],
  );
  after = pictureAfter(after, { events: Array.from({ length: 900 }, (_, at) => line(at + 4)) });
  assert.equal(after.events.length, 300);
  assert.equal(after.events.at(-1)?.seq, 903);
});

test("the tape grows at its end and forgets what ended before its start", () => {
  const stretch = (from: number, term: number) => ({ from, what: "follower" as const, term });
  const before = picture([], {
    tape: {
      start: 0,
      end: 10,
      terms: [{ term: 1, from: 0 }],
      marks: [],
      lanes: { n1: [stretch(0, 1)] },
    },
  });
  const { tape } = pictureAfter(before, {
    tape: {
      start: 60,
      end: 90,
      terms: [{ term: 2, from: 50 }],
      lanes: { n1: [stretch(50, 2)], n2: [stretch(55, 2)] },
    },
  });
  assert.deepEqual(tape, {
    start: 60,
    end: 90,
    terms: [{ term: 2, from: 50 }],
    marks: [],
    lanes: { n1: [stretch(50, 2)], n2: [stretch(55, 2)] },
  });
});

test("an opened picture keeps what is selected; a closed one forgets everything", () => {
  const selection = { kind: "node", node: "n1" } as const;
  const opened = modelAfter(
    { ...loading, selection },
    { kind: "opened", picture: picture([]), strings: {} },
  );
  assert.equal(opened.phase, "open");
  assert.equal(opened.selection, selection);
  const closed = modelAfter(opened, { kind: "closed", why: "noCluster", strings: { a: "b" } });
  assert.deepEqual(closed, {
    ...loading,
    phase: "closed",
    closedBecause: "noCluster",
    strings: { a: "b" },
  });
});

test("a change before anything was opened is of no use", () => {
  assert.equal(modelAfter(loading, { kind: "changed", change: {} }), loading);
});

test("a refusal is kept until the next picture", () => {
  const opened = modelAfter(loading, { kind: "opened", picture: picture([]), strings: {} });
  const refused = modelAfter(opened, { kind: "refused", text: "no" });
  assert.equal(refused.refusal, "no");
  assert.equal(
    modelAfter(refused, { kind: "opened", picture: picture([]), strings: {} }).refusal,
    null,
  );
});

test("updates are decoded as they were written", () => {
  const whole = picture(
    [node("n1", { role: "leader", peers: { n2: { nextIndex: 2, matchIndex: 1 } } })],
    {
      flights: [flight(3, { end: { time: 4, how: "lost" } })],
      events: [line(1)],
      tour: { stop: 0, count: 2, title: "", text: ["a"], section: "", focus: "ring", isEnd: false },
    },
  );
  for (const update of [
    { kind: "opened", picture: whole, strings: { a: "b" } },
    { kind: "changed", change: { nodes: whole.nodes, landed: [1], detail: null } },
    { kind: "changed", change: {} },
    { kind: "closed", why: "starting", strings: {} },
    { kind: "refused", text: "because" },
  ]) {
    assert.deepEqual(decodePanelUpdate(JSON.parse(JSON.stringify(update))), update);
  }
});

test("what is no update is undefined", () => {
  const opened = { kind: "opened", picture: picture([node("n1")]), strings: {} };
  for (const raw of [
    null,
    7,
    "opened",
    [],
    {},
    { kind: "unknown" },
    { kind: "refused" },
    { kind: "closed", why: "bored", strings: {} },
    { kind: "changed", change: { nodes: [{ id: 1 }] } },
    { kind: "changed", change: { landed: [-1] } },
    {
      ...opened,
      picture: { ...opened.picture, clock: { ...opened.picture.clock, position: "future" } },
    },
  ]) {
    assert.equal(decodePanelUpdate(raw), undefined, JSON.stringify(raw));
  }
});

test("what an earlier page has kept is read back; anything else counts as nothing", () => {
  const selection = { kind: "entry", index: 3 };
  assert.deepEqual(readSavedState({ selection }), { selection, hadCluster: false });
  const kept = { selection: null, hadCluster: true };
  assert.deepEqual(readSavedState(kept), kept);
  for (const raw of [undefined, null, 3, {}, { selection: { kind: "node" } }, { selection: 1 }]) {
    assert.deepEqual(readSavedState(raw), { selection: null, hadCluster: false });
  }
});
