import assert from "node:assert/strict";
import { test } from "node:test";
import { ledgerModel, referenceIn, type LedgerModel } from "../../../src/panel/ledger-model.ts";
import type { NodePicture } from "../../../src/panel/protocol.ts";
import { node as pictured, picture } from "./pictures.ts";

// A log is written as its terms, one digit each; then what else is told of the node.

const sign = {
  committed: "#",
  uncommitted: "u",
  conflicting: "!",
  missing: "-",
  onDisk: "d",
} as const;

test("an entry of the leader's log is committed up to the newest commitIndex, and not beyond", () => {
  const model = ledgerOf({ n1: leads("111", 2), n2: follows("111", 1), n3: follows("11", 0) });
  assert.deepEqual(cells(model), { n1: "##u", n2: "##u", n3: "##-" });
  assert.equal(model.commitIndex, 2);
});

test("an entry of another term than the leader's is a conflict, however old", () => {
  const model = ledgerOf({
    n1: leads("1133", 3, 3),
    n2: follows("1122", 2),
    n3: follows("112", 2),
  });
  assert.deepEqual(cells(model), { n1: "###u", n2: "##!!", n3: "##!-" });
  assert.deepEqual(
    model.columns.map(({ copies }) => copies),
    [3, 3, 1, 1],
  );
});

test("what stands beyond the end of the leader's log is neither committed nor a conflict yet", () => {
  const model = ledgerOf({ n1: leads("11", 2, 3), n2: follows("112", 2) });
  assert.deepEqual(cells(model), { n1: "##-", n2: "##u" });
  assert.equal(model.columns[2]?.term, null);
  assert.equal(model.columns[2]?.copies, 0);
});

test("on a node that is down committed entries are on disk, and nothing is applied", () => {
  const model = ledgerOf({ n1: leads("111", 2), n2: { ...follows("111", 2), life: "crashed" } });
  assert.deepEqual(cells(model), { n1: "##u", n2: "ddu" });
  const down = model.rows.find(({ key }) => key === "n2");
  assert(down?.cells.every(({ isApplied }) => !isApplied));
});

test("entries after savedIndex are not durable", () => {
  const model = ledgerOf({ n1: { ...leads("111", 0), savedIndex: 2 } });
  assert.deepEqual(
    model.rows[0]?.cells.map(({ isSaved }) => isSaved),
    [true, true, false],
  );
});

test("a majority of copies of an older term does not commit: the column is locked (§5.4.2)", () => {
  const model = ledgerOf({
    n1: leads("12", 1, 3),
    n2: follows("12", 1),
    n3: follows("1", 1),
  });
  assert.deepEqual(
    model.columns.map(({ isLocked }) => isLocked),
    [false, true],
  );
});

test("an entry of the leader's own term on a majority is not locked", () => {
  const model = ledgerOf({ n1: leads("13", 1, 3), n2: follows("13", 1), n3: follows("1", 1) });
  assert.equal(model.columns[1]?.isLocked, false);
});

test("a committed entry that the leader's log has otherwise is a violation where it stands", () => {
  const model = ledgerOf({ n1: leads("13", 2, 3), n2: follows("12", 2), n3: follows("12", 1) });
  assert.deepEqual(
    model.rows.map(({ cells: row }) => row[1]?.isBroken),
    [false, true, false],
  );
  assert.equal(model.columns[1]?.isBroken, true);
  assert.equal(model.columns[0]?.isBroken, false);
});

test("a leader that others have outlived counts for nothing, so its log breaks no promise", () => {
  const nodes = [
    node("n1", leads("112", 2, 2)),
    node("n2", { ...follows("113", 3), currentTerm: 3, life: "crashed" }),
    node("n3", { ...follows("113", 3), currentTerm: 3, life: "crashed" }),
  ];
  assert.equal(referenceIn({ nodes })?.id, "n2");
});

test("without a leader the most up-to-date log counts: newest term first, then length", () => {
  const nodes = [
    node("n1", follows("1111", 0)),
    node("n2", follows("112", 0)),
    node("n3", follows("1122", 0)),
  ];
  assert.equal(referenceIn({ nodes })?.id, "n3");
});

test("nextIndex and matchIndex stand in the rows of the peers as the leader has them", () => {
  const leader = { ...leads("111", 1), peers: { n2: { nextIndex: 3, matchIndex: 2 } } };
  const model = ledgerOf({ n1: leader, n2: follows("11", 1) });
  assert.deepEqual(
    model.rows.map(({ nextIndex, matchIndex }) => [nextIndex, matchIndex]),
    [
      [null, null],
      [3, 2],
    ],
  );
});

test("a window in the middle of the logs has columns for its own indexes", () => {
  const model = ledgerOf({ n1: leads("11122", 5, 2), n2: follows("11122", 4) }, 3);
  assert.deepEqual(
    model.columns.map(({ index }) => index),
    [3, 4, 5],
  );
  assert.deepEqual(cells(model), { n1: "###", n2: "###" });
});

test("of many nodes those whose logs end alike share a row; leader, candidates and the down keep theirs", () => {
  const many: Record<string, Partial<NodePicture> & { readonly log: string }> = {
    n1: leads("1111", 3),
  };
  for (let at = 2; at <= 38; at++) many[`n${at}`] = follows("1111", 2);
  many["n39"] = follows("111", 2);
  many["n40"] = { ...follows("11", 2), life: "crashed" };
  const model = ledgerOf(many);
  assert.deepEqual(
    model.rows.map(({ nodes }) => nodes.length),
    [1, 1, 37, 1],
  );
  assert.equal(model.rows[0]?.node.id, "n1");
  assert.equal(model.columns[3]?.copies, 38, "grouping hides no copies");
});

test("the row of several nodes promises no more than the least of them", () => {
  const many: Record<string, Partial<NodePicture> & { readonly log: string }> = {
    n1: leads("111", 3),
  };
  for (let at = 2; at <= 40; at++) many[`n${at}`] = follows("111", at === 17 ? 1 : 3);
  const group = ledgerOf(many).rows.find(({ nodes }) => nodes.length > 1);
  assert.equal(group?.commitIndex, 1);
});

type Told = Partial<NodePicture> & { readonly log: string };

function leads(log: string, commitIndex: number, currentTerm = Number(log.at(-1) ?? 1)): Told {
  return { log, commitIndex, currentTerm, role: "leader", peers: {} };
}

function follows(log: string, commitIndex: number): Told {
  return { log, commitIndex, currentTerm: Number(log.at(-1) ?? 1) };
}

function node(id: string, { log, ...told }: Told): NodePicture {
  return pictured(id, {
    lastLogIndex: log.length,
    lastLogTerm: Number(log.at(-1) ?? 0),
    savedIndex: log.length,
    lastApplied: told.commitIndex ?? 0,
    ...told,
  });
}

function ledgerOf(logs: Readonly<Record<string, Told>>, first = 1): LedgerModel {
  const nodes = Object.entries(logs).map(([id, told]) => node(id, told));
  const rows = Object.fromEntries(
    Object.entries(logs).map(([id, { log }]) => [id, Array.from(log.slice(first - 1), Number)]),
  );
  const last = Math.max(...nodes.map(({ lastLogIndex }) => lastLogIndex));
  return ledgerModel(picture(nodes, { ledger: { first, last, rows, commands: [] } }));
}

function cells({ rows }: LedgerModel): Record<string, string> {
  return Object.fromEntries(
    rows.map(({ key, cells: row }) => [key, row.map(({ kind }) => sign[kind]).join("")]),
  );
}
