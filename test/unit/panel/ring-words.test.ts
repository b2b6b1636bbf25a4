import assert from "node:assert/strict";
import { test } from "node:test";
import { overlaps, ringLayout, type RingLayout } from "../../../src/panel/ring-layout.ts";
import { placeWords, type WordWish } from "../../../src/panel/ring-words.ts";

function scene(
  count: number,
  width: number,
  height: number,
): { readonly layout: RingLayout; readonly wishes: readonly WordWish[] } {
  const ids = Array.from({ length: count }, (_, at) => `n${at + 1}`);
  const layout = ringLayout(ids, width, height);
  assert(layout !== null);
  const wishes = ids.map((id) => {
    return { id, width: 120, titleWidth: 60, weight: 0, away: layout.radius + 12 };
  });
  return { layout, wishes };
}

const sizes = [
  [430, 500],
  [800, 310],
  [360, 380],
  [600, 600],
] as const;

test("words cover neither nodes nor each other, and stay inside, whatever the size", () => {
  for (const [width, height] of sizes) {
    for (let count = 1; count <= 9; count++) {
      const { layout, wishes } = scene(count, width, height);
      const boxes = [...placeWords(wishes, layout, [], { width, height }).values()];
      for (const [at, { box }] of boxes.entries()) {
        const about = `${count} nodes in ${width} × ${height}`;
        assert(box.left >= 0 && box.left + box.width <= width, about);
        assert(box.top >= 0 && box.top + box.height <= height, about);
        for (const other of boxes.slice(at + 1)) assert(!overlaps(box, other.box), about);
        for (const { x, y } of layout.places.values()) {
          const { radius } = layout;
          const circle = {
            left: x - radius,
            top: y - radius,
            width: 2 * radius,
            height: 2 * radius,
          };
          assert(!overlaps(box, circle), about);
        }
      }
    }
  }
});

test("all nodes of a small cluster have both lines", () => {
  for (const count of [1, 3, 5]) {
    const { layout, wishes } = scene(count, 430, 500);
    const places = placeWords(wishes, layout, [], { width: 430, height: 500 });
    assert.equal(places.size, count);
    assert([...places.values()].every(({ lines }) => lines === 2));
  }
});

test("where there is little room, who matters more keeps its words", () => {
  const { layout, wishes } = scene(9, 360, 300);
  const space = { width: 360, height: 300 };
  const all = placeWords(wishes, layout, [], space);
  const without = wishes.find(({ id }) => all.get(id)?.lines !== 2);
  assert(without !== undefined, "there was room for all");
  const weighed = wishes.map((wish) => ({ ...wish, weight: wish === without ? 1 : 0 }));
  assert.equal(placeWords(weighed, layout, [], space).get(without.id)?.lines, 2);
});

test("words keep clear of what is there already", () => {
  const { layout, wishes } = scene(5, 430, 500);
  const space = { width: 430, height: 500 };
  const before = placeWords(wishes, layout, [], space).get("n1");
  assert(before !== undefined);
  const after = placeWords(wishes, layout, [before.box], space).get("n1");
  assert(after === undefined || !overlaps(after.box, before.box));
});
