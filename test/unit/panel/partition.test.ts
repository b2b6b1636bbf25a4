import assert from "node:assert/strict";
import { test } from "node:test";
import { hullsOf } from "../../../src/panel/hull.ts";
import { bestReach, sidesOf } from "../../../src/panel/partition.ts";
import type { Picture } from "../../../src/panel/protocol.ts";
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

test("what one node can reach tells how many may still be lost", () => {
  assert.equal(bestReach(cuts()), 5);
  assert.equal(bestReach(apart("n1", "n2")), 3);
  // n1 hears n2 but cannot answer it; the others still reach all.
  assert.equal(bestReach(cuts("n1>n2")), 5);
  // Nobody hears n1, and who cannot be answered is of no use to a leader.
  assert.equal(bestReach(cuts("n1>n2", "n1>n3", "n1>n4", "n1>n5")), 4);
  const down = ids.map((id) => node(id, { life: id === "n5" ? "crashed" : "running" }));
  assert.equal(bestReach(picture(down)), 4);
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
