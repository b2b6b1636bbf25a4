import assert from "node:assert/strict";
import { test } from "node:test";
import { firstAfter, placeAfter } from "../../../src/panel/ledger-scrolling.ts";
import { columnsThatFit, columnWidth, ledgerShape } from "../../../src/panel/ledger-shape.ts";
import { cellLabel } from "../../../src/panel/ledger-words.ts";
import { ledgerModel } from "../../../src/panel/ledger-model.ts";
import { sayIn } from "../../../src/panel/texts.ts";
import { holding, picture } from "./pictures.ts";

const state = { first: null, last: 100, fit: 20 };
const size = { rows: 5, first: 81, last: 100, columns: 20 };

test("scrolling back from the end leaves it, and scrolling on again follows it", () => {
  assert.equal(firstAfter(state, -1), 80);
  assert.equal(firstAfter({ ...state, first: 80 }, 1), null);
});

test("scrolling stops at the first entry", () => {
  assert.equal(firstAfter({ ...state, first: 3 }, -10), 1);
});

test("logs that fit are always followed", () => {
  assert.equal(firstAfter({ first: null, last: 5, fit: 20 }, -3), null);
});

test("arrows go from cell to cell and from row to row, and up to the heads", () => {
  assert.deepEqual(placeAfter("ArrowRight", { row: 0, index: 90 }, size), { row: 0, index: 91 });
  assert.deepEqual(placeAfter("ArrowLeft", { row: 0, index: 90 }, size), { row: 0, index: 89 });
  assert.deepEqual(placeAfter("ArrowDown", { row: 4, index: 90 }, size), { row: 4, index: 90 });
  assert.deepEqual(placeAfter("ArrowUp", { row: 0, index: 90 }, size), { row: -1, index: 90 });
});

test("an arrow at the edge of the window goes on beyond it, and not beyond the logs", () => {
  assert.deepEqual(placeAfter("ArrowLeft", { row: 0, index: 81 }, size), { row: 0, index: 80 });
  assert.deepEqual(placeAfter("ArrowRight", { row: 0, index: 100 }, size), { row: 0, index: 100 });
});

test("before the first entry stands the label of the row, and above the labels there is no head", () => {
  const start = { ...size, first: 1 };
  assert.deepEqual(placeAfter("ArrowLeft", { row: 2, index: 1 }, start), { row: 2, index: null });
  assert.deepEqual(placeAfter("ArrowUp", { row: 0, index: null }, start), { row: 0, index: null });
});

test("a key that means nothing here is left to others", () => {
  assert.equal(placeAfter("a", { row: 0, index: 90 }, size), null);
});

test("with empty logs the keys reach the labels only", () => {
  const empty = { rows: 5, first: 1, last: 0, columns: 0 };
  assert.deepEqual(placeAfter("ArrowDown", { row: 0, index: null }, empty), {
    row: 1,
    index: null,
  });
  assert.equal(placeAfter("ArrowRight", { row: 0, index: null }, empty), null);
  assert.equal(placeAfter("End", { row: 0, index: null }, empty), null);
});

test("columns and the one that nextIndex points at fit into the width, at every size", () => {
  for (const nodes of [1, 5, 9, 10, 25, 31, 32, 50]) {
    for (const isNarrow of [true, false]) {
      for (let width = isNarrow ? 260 : 420; width < 1700; width += 37) {
        const shape = ledgerShape(nodes, isNarrow);
        const columns = columnsThatFit(shape, width);
        const used = shape.left + (columns + 1) * columnWidth(shape, width, columns) + shape.right;
        assert(used <= width + 0.001, `${nodes} nodes at ${width}: ${used}`);
      }
    }
  }
});

test("a cell is named by index, term, node and standing", () => {
  const nodes = [holding("n1", 14, 12, { savedIndex: 12 }), holding("n2", 13, 12)];
  const ledger = { first: 13, last: 14, rows: { n1: [3, 3], n2: [3] }, commands: [] };
  const model = ledgerModel(picture(nodes, { ledger }));
  const [row, other] = model.rows;
  assert(row !== undefined && other !== undefined);
  const say = sayIn({});
  const told = cellLabel(model, row, 0, { name: "n1", say });
  assert.equal(told, "index 13, term 3, on n1: uncommitted, not durable");
  assert.equal(cellLabel(model, other, 1, { name: "n2", say }), "index 14, on n2: missing");
});
