import assert from "node:assert/strict";
import { test } from "node:test";
import { LabFolder } from "../../../src/language/index.ts";
import { account, lab, log, one, three, told, two } from "./lab.ts";

// What is long costs in proportion to its length, and never more than that. Costs are compared with
// each other, not with a clock, since machines differ and may be busy.

/** Ten times as much may take so many times as long. */
const mostTimes = 15;

/** In milliseconds of the processor, whose clock is coarse: less than this is taken for it. */
const leastCost = 20;

function costOf(files: Readonly<Record<string, string>>): number {
  const start = process.cpuUsage();
  const folder = new LabFolder();
  for (const [file, text] of Object.entries(files)) {
    folder.set(file, text);
    folder.outline(file);
    folder.folds(file);
  }
  for (const file of folder.files) folder.problems(file);
  folder.tokens(one.log, 0, Number.POSITIVE_INFINITY);
  const { user, system } = process.cpuUsage(start);
  return Math.max((user + system) / 1_000, leastCost);
}

const object = (count: number, member: (at: number) => string) =>
  `{${Array.from({ length: count }, (_, at) => member(at)).join(", ")}}`;
const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => `${line(at)}\n`).join("");
const entry = (at: number, term = 1) => `{"term": ${term}, "command": {"x": ${at}}}`;

/** What there is much of, how much of it at first, and the files that hold so much. */
type Case = readonly [
  name: string,
  size: number,
  files: (count: number) => Readonly<Record<string, string>>,
];

const cases: readonly Case[] = [
  ["lines of a log", 2_500, (count) => ({ [one.log]: lines(count, (at) => entry(at)) })],
  [
    "logs that differ all along",
    1_000,
    (count) => ({
      [one.log]: lines(count, (at) => entry(at)),
      [two.log]: lines(count, (at) => entry(at + 1)),
      [three.log]: lines(count, (at) => entry(at, 2)),
    }),
  ],
  ["lines that cannot be read", 2_000, (count) => ({ [one.log]: "{?\n".repeat(count) })],
  ["blank lines", 10_000, (count) => ({ [one.log]: "\n".repeat(count) })],
  ["white space in a line", 80_000, (count) => ({ [one.log]: " ".repeat(count) })],
  ["brackets in a line", 20_000, (count) => ({ [one.log]: "[".repeat(count) })],
  ["backslashes in a line", 80_000, (count) => ({ [one.log]: `"${"\\".repeat(count)}` })],
  ["digits in a line", 80_000, (count) => ({ [one.log]: "1".repeat(count) })],
  [
    "keys of a command",
    3_000,
    (count) => ({
      [one.log]: `{"term": 1, "command": ${object(count, (at) => `"k${at}": 1`)}}\n`,
    }),
  ],
  [
    "the same key in a command",
    6_000,
    (count) => ({ [one.log]: `{"term": 1, "command": ${object(count, () => `"k": 1`)}}\n` }),
  ],
  [
    "names of a state, each set by an entry",
    2_000,
    (count) => ({
      [one.log]: lines(count, (at) => `{"term": 1, "command": {"k${at}": ${at}}}`),
      [one.state]: object(count, (at) => `"k${at}": ${at === 0 ? -1 : at}`),
    }),
  ],
  [
    "lines of an account",
    2_000,
    (count) => ({
      "node1.log": account(
        ...Array.from({ length: count }, (_, at) => `${at} follower votes for node${at % 7}`),
      ),
      "node2.log": account(
        ...Array.from({ length: count }, (_, at) => `${at} leader drops its entries from ${at} on`),
      ),
    }),
  ],
];

for (const [name, size, files] of cases) {
  test(`ten times as much costs about ten times as much: ${name}`, () => {
    const [small, large] = [files(size), files(10 * size)];
    costOf(small);
    const before = costOf(small);
    // What else the machine does only ever adds to a cost, so the least of some counts.
    let after = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 4 && after > mostTimes * before; turn++) {
      after = Math.min(after, costOf(large));
    }
    assert(after <= mostTimes * before, `${before.toFixed(1)} ms, then ${after.toFixed(1)} ms`);
  });
}

test("a million brackets are read to their end", () => {
  const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
  const short = `{"term": 1, "command": {"x": ${deep.slice(2, -2)}}}`;
  assert.deepEqual(told(lab({ [one.log]: `${short}\n` }).problems(one.log)), []);
  assert.deepEqual(told(lab({ [one.state]: `{"x": ${deep}}` }).problems(one.state)), []);
  const open = lab({ [one.state]: `{"x": ${"[".repeat(1_000_000)}` });
  assert.deepEqual(told(open.problems(one.state)), ["1 malformed-file error"]);
});

test("a line of ten million characters is told of, and the lines around it are read", () => {
  const text = `${log("1:1")}{"term": 1, "command": {"x": "${"a".repeat(10_000_000)}"}}\n?\n`;
  assert.deepEqual(toldOfLong(text), ["2 long-line information", "3 malformed-line error"]);
});

function toldOfLong(text: string): readonly string[] {
  return told(lab({ [one.log]: text }).problems(one.log));
}

test("a state or storage of very many characters is told of, and not read", () => {
  const text = `{"x": "${"a".repeat(4_200_000)}"}`;
  for (const file of [one.state, one.storage]) {
    assert.deepEqual(told(lab({ [file]: text }).problems(file)), ["1 long-line information"]);
  }
});

test("work on long files is cut into pieces that are all small parts of it", () => {
  const text = lines(40_000, (at) => entry(at));
  const folder = new LabFolder();
  const files = [one.log, two.log, three.log];
  for (const file of files) {
    const steps = [...folder.setInSteps(file, text)].length;
    assert(steps >= text.length / 100_000, `${steps} steps`);
  }
  const steps = [...folder.judgeInSteps()].length;
  assert(steps >= files.length + 1, `${steps} steps`);
});
