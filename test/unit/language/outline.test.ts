import assert from "node:assert/strict";
import { test } from "node:test";
import type { LabFolder } from "../../../src/language/index.ts";
import { account, lab, log, one } from "./lab.ts";

/** The outline as `NAME (DETAIL)`, what is below it after that. */
function outlined(folder: LabFolder, file: string): readonly string[] {
  return folder
    .outline(file)
    .flatMap(({ name, detail, children }) => [
      `${name} (${detail})`,
      ...children.map((child) => `- ${child.name} (${child.detail})`),
    ]);
}

function folded(folder: LabFolder, file: string): readonly string[] {
  return folder.folds(file).map(({ startLine, endLine }) => `${startLine + 1}-${endLine + 1}`);
}

test("a log is outlined and folded by term", () => {
  const folder = lab({ [one.log]: log("1:1 1:2 4:3 5:4 5:5") });
  assert.deepEqual(outlined(folder, one.log), [
    "term 1 (entries 1 to 2)",
    '- 1 ({"x": 1})',
    '- 2 ({"x": 2})',
    "term 4 (entry 3)",
    '- 3 ({"x": 3})',
    "term 5 (entries 4 to 5)",
    '- 4 ({"x": 4})',
    '- 5 ({"x": 5})',
  ]);
  assert.deepEqual(folded(folder, one.log), ["1-2", "4-5"]);
  const [first] = folder.outline(one.log);
  assert.deepEqual(first?.range, {
    start: { line: 0, character: 0 },
    end: { line: 1, character: 32 },
  });
});

test("a line that cannot be read parts a term", () => {
  const folder = lab({ [one.log]: `${log("1:1 1:2")}?\n${log("1:3 1:4")}` });
  assert.deepEqual(folded(folder, one.log), ["1-2", "4-5"]);
});

test("an account is outlined and folded by term and role", () => {
  const folder = lab({
    "node1.log": account(
      "1 follower votes for node2",
      "1 follower LEADER => None",
      "2 candidate votes for itself",
      "2 leader LEADER IS NOW NODE 1",
      "2 leader stores entry 1",
    ),
  });
  assert.deepEqual(outlined(folder, "node1.log"), [
    "term 1, follower (12:20:31)",
    "term 2, candidate (12:20:31)",
    "term 2, leader (12:20:31)",
  ]);
  assert.deepEqual(folded(folder, "node1.log"), ["1-2", "4-5"]);
});

test("what the scripts of the lab print is outlined by the leader it tells", () => {
  const text = "LEADER => None\nLEADER => a:1\nLEADER => a:1\nLEADER IS NOW NODE 2\n";
  const folder = lab({ "task1_node1.txt": text });
  assert.deepEqual(
    folder.outline("task1_node1.txt").map(({ name }) => name),
    ["no leader", "leader a:1", "leader: node 2"],
  );
  assert.deepEqual(folded(folder, "task1_node1.txt"), ["2-3"]);
});

test("a state is outlined by name", () => {
  const folder = lab({ [one.state]: '{"x": 1, "__proto__": {"a": []}}' });
  assert.deepEqual(outlined(folder, one.state), ["x (1)", '__proto__ ({"a": []})']);
});

test("of a long log only the last terms show their entries, and of very many terms the last are told", () => {
  const terms = (count: number, each: number) =>
    Array.from({ length: count * each }, (_, at) => `${1 + Math.floor(at / each)}:1`).join(" ");
  const long = lab({ [one.log]: log(terms(20, 1_000)) }).outline(one.log);
  assert.equal(long.length, 20);
  assert.equal(long[0]?.children.length, 0);
  assert.equal(long.at(-1)?.children.length, 1_000);
  assert.equal(long.at(-5)?.children.at(0)?.name, "15021");
  const shown = long.reduce((sum, { children }) => sum + 1 + children.length, 0);
  assert.equal(shown, 5_000);
  const many = lab({ [one.log]: log(terms(6_000, 1)) }).outline(one.log);
  assert.equal(many.length, 5_000);
  assert.equal(many.at(-1)?.name, "term 6000");
});

test("a file that is not there, or is none of a lab, has neither", () => {
  const folder = lab({ "notes.md": "# term 1\n" });
  for (const file of ["notes.md", "gone.log"]) {
    assert.deepEqual(folder.outline(file), []);
    assert.deepEqual(folder.folds(file), []);
  }
});
