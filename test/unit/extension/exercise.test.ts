import assert from "node:assert/strict";
import { test } from "node:test";
import { exerciseOf, isLog, sampleLogs, type NamedText } from "../../../src/extension/exercise.ts";
import { LabFolder } from "../../../src/language/index.ts";

const line = (term: number, command: string) => `{"term": ${term}, "command": ${command}}`;

function logs(...texts: readonly (readonly string[])[]) {
  return texts.map((lines, i) => {
    return { name: `127.0.0.1_800${i}.log`, text: lines.map((each) => `${each}\n`).join("") };
  });
}

/** What the editor says of these files. */
function judged(files: readonly NamedText[]) {
  const lab = new LabFolder();
  for (const { name, text } of files) lab.set(name, text);
  return files.flatMap(({ name }) =>
    lab.problems(name).map(({ code, range }) => ({ name, code, line: range.start.line + 1 })),
  );
}

test("logs are told by their names", () => {
  for (const name of ["127.0.0.1_8000.log", "localhost_1.log"]) assert(isLog(name), name);
  for (const name of [
    "node1.log",
    "127.0.0.1_8000.wal",
    "a/b_1.log",
    "_8000.log",
    "x_123456.log",
  ]) {
    assert(!isLog(name), name);
  }
});

test("the place to break is the last entry with a value that two logs have in the same line", () => {
  const found = exerciseOf(
    logs(
      [line(1, "{}"), line(1, '{"x": 1}'), line(1, '{"y": "a"}')],
      [line(1, "{}"), line(1, '{"x": 1}'), line(2, '{"y": "a"}')],
    ),
  );
  assert(found);
  assert.deepEqual([found.open, found.line], ["127.0.0.1_8001.log", 2]);
  const [broken] = found.files.filter(({ name }) => name === found.open);
  const text = broken?.text.split("\n")[found.line - 1] ?? "";
  assert.equal(text.slice(found.from, found.to), "1");
});

test("a log that lags behind, or has nothing yet, does not matter", () => {
  const [one, two] = [line(1, '{"x": 1}'), line(1, '{"x": 2}')];
  const found = exerciseOf(logs([one], [one, two], [one, two], []));
  assert.deepEqual([found?.open, found?.line], ["127.0.0.1_8002.log", 2]);
  assert.equal(found?.files.length, 4);
});

test("logs without a common entry, or fewer than two, are no exercise", () => {
  assert.equal(exerciseOf([]), undefined);
  assert.equal(exerciseOf(logs([line(1, '{"x": 1}')])), undefined);
  assert.equal(exerciseOf(logs([line(1, '{"x": 1}')], [])), undefined);
  assert.equal(exerciseOf(logs([line(1, "{}")], [line(1, "{}")])), undefined);
  assert.equal(exerciseOf(logs([line(1, '{"x": [1]}')], [line(1, '{"x": [1]}')])), undefined);
});

test("a long log is copied in part, and lines are kept whole", () => {
  const many = Array.from({ length: 5000 }, (_, i) => line(1, `{"x": ${i}}`));
  const found = exerciseOf(logs(many, many));
  assert.equal(found?.line, 200);
  for (const { text } of found?.files ?? []) {
    assert.equal(text.split("\n").length, 201);
    assert(text.endsWith("}}\n"));
  }
});

test("a line of any length and kind is gone through quickly", () => {
  const long = `${'{"term": 1, "command": {"x": '.repeat(20_000)}}}`;
  const start = performance.now();
  exerciseOf(logs([long, `: ${'"'.repeat(100_000)}`], [long, `: ${'"'.repeat(100_000)}`]));
  assert(performance.now() - start < 1000);
});

test("the sample has nothing wrong with it until its value is changed", () => {
  const sample = exerciseOf(sampleLogs);
  assert(sample);
  assert.deepEqual(judged(sample.files), []);
  const broken = sample.files.map(({ name, text }) => {
    if (name !== sample.open) return { name, text };
    const lines = text.split("\n");
    const old = lines[sample.line - 1] ?? "";
    lines[sample.line - 1] = `${old.slice(0, sample.from)}77${old.slice(sample.to)}`;
    return { name, text: lines.join("\n") };
  });
  const found = judged(broken);
  assert(
    found.some(
      ({ name, code, line: at }) =>
        name === sample.open && code === "log-matching" && at === sample.line,
    ),
    JSON.stringify(found),
  );
});
