import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProblemCode } from "../../../src/language/index.ts";
import { account, lab, log, members, one, two } from "./lab.ts";

// What each rule says is read by students who see it for the first time.

const entry = '{"term": 1, "command": {"x": 1}}';

/** Files in which the rule finds something, and the section of the paper that it cites. */
const examples: Readonly<Record<ProblemCode, readonly [section: string, Record<string, string>]>> =
  {
    "malformed-line": ["", { [one.log]: `?\n${entry}\n` }],
    "torn-line": ["", { [one.log]: `${entry}\n{"te` }],
    "missing-final-newline": ["", { [one.log]: entry }],
    "long-line": ["", { [one.log]: `${" ".repeat(1_100_000)}\n` }],
    "odd-number": ["", { [one.log]: '{"term": 1, "command": {"x": NaN}}\n' }],
    messagepack: ["", { [one.log]: "\ufffd\ufffdterm\u0001\n" }],
    "empty-file": ["5.1", { [one.storage]: "" }],
    "malformed-file": ["", { [one.storage]: "{" }],
    "term-decreases": ["5.3", { [one.log]: log("2:1 1:2") }],
    "index-gap": ["5.3", { [one.log]: [1, 3].map(indexed).join("") }],
    "log-matching": ["5.3", { [one.log]: log("1:1"), [two.log]: log("1:2") }],
    "logs-diverge": ["5.3", { [one.log]: log("1:1"), [two.log]: log("2:2") }],
    "committed-overwritten": [
      "5.4",
      {
        [one.log]: log("1:1"),
        [one.state]: '{"x": 1}',
        [two.log]: log("2:2"),
        [two.state]: '{"x": 2}',
      },
    ],
    "storage-behind-log": [
      "5.1",
      { [one.log]: log("2:1"), [one.storage]: '{"term": 1, "voted_for": null}' },
    ],
    "state-not-from-log": ["5.3", { [one.log]: log("1:1"), [one.state]: '{"x": 5}' }],
    "election-safety": [
      "5.2",
      { "node1.log": account("1 leader crashed"), "node2.log": account("1 leader crashed") },
    ],
    "one-vote-per-term": [
      "5.2",
      {
        "cluster.json": members,
        "node1.log": account("1 follower votes for node2", "1 follower votes for node3"),
      },
    ],
    "too-many-problems": ["", { [one.log]: "?\n".repeat(1_100) }],
  };

function indexed(index: number): string {
  return `{"index": ${index}, "term": 1, "command": {}}\n`;
}

for (const [code, [section, files]] of Object.entries(examples)) {
  test(`${code} says in few sentences what it means, and where the paper says it`, () => {
    const problems = [...lab(files).allProblems().values()].flat();
    const found = problems.filter((problem) => problem.code === code);
    assert(found.length > 0, JSON.stringify(problems.slice(0, 3)));
    for (const problem of found) {
      assert.equal(problem.section, section);
      assert.match(problem.message, /^\S.*[.?]$/);
      assert(sentences(problem.message) <= 3, problem.message);
      assert(problem.message.length <= 420, problem.message);
      for (const { message } of problem.related) assert.match(message, /^\S.*\.$/);
    }
  });
}

/** Quotes, names of functions and addresses have points, too, but no space after them. */
function sentences(message: string): number {
  return message.split(/[.?] /).length;
}
