import assert from "node:assert/strict";
import { test } from "node:test";
import { hullsOf } from "../../../src/panel/hull.ts";
import { sidesOf, spareNodes } from "../../../src/panel/partition.ts";
import type { Picture } from "../../../src/panel/protocol.ts";
import { simpleConfiguration } from "../../../src/raft/index.ts";
import { ringLayout, type RingLayout } from "../../../src/panel/ring-layout.ts";
import { node, picture } from "./pictures.ts";

const ids = ["n1", "n2", "n3", "n4", "n5"];

/** `n1-n2` is cut both ways, `n1>n2` one way. */
function cuts(...links: readonly string[]): Picture {
  const cutLinks = links.flatMap((link) => {
    const [one = "", other = ""] = link.split(/[->]/);
    const there = { from: one, to: other };
    return link.includes(">") ? [there] : [there, { from: other, to: one }];
  });
  return picture(
    ids.map((id) => node(id)),
    { cutLinks },
  );
}

/** Nothing passes between these and the others. */
function apart(...minority: readonly string[]): Picture {
  const others = ids.filter((id) => !minority.includes(id));
  return cuts(...minority.flatMap((one) => others.map((other) => `${one}-${other}`)));
}

function layout(): RingLayout {
  const found = ringLayout(ids, 430, 500, true);
  assert(found !== null);
  return found;
}

test("a cluster has come apart only when no way leads from one side to the other", () => {
  assert.deepEqual(sidesOf(cuts()), []);
  assert.deepEqual(sidesOf(cuts("n1-n2", "n1-n3", "n1-n4", "n1>n5")), []);
  assert.deepEqual(sidesOf(cuts("n1-n2", "n3-n4")), []);
});

test("of the sides, the one with a quorum is the majority", () => {
  assert.deepEqual(sidesOf(apart("n4", "n1")), [
    { nodes: ["n1", "n4"], isMajority: false },
    { nodes: ["n2", "n3", "n5"], isMajority: true },
  ]);
});

test("when all are cut off, none is the majority", () => {
  const all = ids.flatMap((one) => ids.map((other) => `${one}-${other}`));
  const sides = sidesOf(cuts(...all));
  assert.equal(sides.length, 5);
  assert(sides.every(({ isMajority }) => !isMajority));
});

test("what a voter can reach tells how many may still be lost", () => {
  const all = simpleConfiguration(ids);
  assert.equal(spareNodes(cuts(), all), 2);
  assert.equal(spareNodes(apart("n1", "n2"), all), 0);
  // n1 hears n2 but cannot answer it; the others still reach all.
  assert.equal(spareNodes(cuts("n1>n2"), all), 2);
  // Nobody hears n1, and who cannot be answered is of no use to a leader.
  assert.equal(spareNodes(cuts("n1>n2", "n1>n3", "n1>n4", "n1>n5"), all), 1);
  const down = ids.map((id) => node(id, { life: id === "n5" ? "crashed" : "running" }));
  assert.equal(spareNodes(picture(down), all), 1);
});

test("§6: while two configurations are joint the scarcer majority counts, and learners never do", () => {
  const joint = { voters: ["n1", "n2", "n3"], outgoing: ["n3", "n4", "n5"], learners: [] };
  assert.equal(spareNodes(cuts(), joint), 1);
  assert.equal(spareNodes(apart("n4", "n5"), joint), -1);
  assert.deepEqual(
    sidesOf(apart("n4", "n5"), joint).map(({ isMajority }) => isMajority),
    [false, false],
  );
  const learning = { voters: ["n1", "n2", "n3"], outgoing: [], learners: ["n4", "n5"] };
  assert.equal(spareNodes(cuts(), learning), 1);
  assert.deepEqual(
    sidesOf(apart("n1", "n2"), learning).map(({ isMajority }) => isMajority),
    [true, false],
  );
  assert.equal(spareNodes(apart("n4", "n5"), learning), 1);
});

test("a hull is drawn around each side while the nodes of each stand together", () => {
  const hulls = hullsOf(sidesOf(apart("n1", "n5")), layout(), ids);
  assert.deepEqual(
    hulls.map(({ side }) => side.nodes),
    [
      ["n1", "n5"],
      ["n2", "n3", "n4"],
    ],
  );
  for (const { path } of hulls) assert.match(path, /^M[-\d. AL]+Z$/);
  assert.deepEqual(hullsOf(sidesOf(apart("n1", "n3")), layout(), ids), []);
});

test("the name of a hull stands outwards of its nodes", () => {
  const { centre, places } = layout();
  for (const { side, name } of hullsOf(sidesOf(apart("n2", "n3")), layout(), ids)) {
    const away = (point: { readonly x: number; readonly y: number }) =>
      Math.hypot(point.x - centre.x, point.y - centre.y);
    const inner = side.nodes.map((id) => away(places.get(id) ?? centre));
    assert(away(name) > Math.min(...inner) * 0.9, `${away(name)} among ${inner.join(", ")}`);
  }
});
