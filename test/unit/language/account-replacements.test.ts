import assert from "node:assert/strict";
import { test } from "node:test";
import { LabFolder } from "../../../src/language/index.ts";

// An account is written at once, the other files once the disk is done: in between, and after a
// crash in between for good, the account knows more than the log shows.

/** Two nodes: the first holds entries of these terms, and its account says this; so the second. */
function told(...nodes: readonly (readonly [terms: string, says: string])[]): readonly string[] {
  const folder = new LabFolder();
  const members = nodes.map((_, at) => ({
    name: `node${at + 1}`,
    address: `127.0.0.1:${8000 + at}`,
  }));
  folder.set("cluster.json", JSON.stringify({ members }));
  for (const [at, [terms, says]] of nodes.entries()) {
    const lines = terms.split(" ").map((term) => `{"term": ${term}, "command": {"x": ${term}}}\n`);
    folder.set(`127.0.0.1_${8000 + at}.log`, lines.join(""));
    folder.set(`127.0.0.1_${8000 + at}.storage`, '{"term": 9, "voted_for": null}');
    folder.set(`node${at + 1}.log`, account(says));
  }
  return [...folder.allProblems()].flatMap(([file, problems]) =>
    problems
      .filter(({ severity }) => severity === "error")
      .map(({ code, range }) => `${file}:${range.start.line + 1} ${code}`),
  );
}

/** Sentences, with `;` between them and none after the last if that line is not ended. */
function account(says: string): string {
  const head = "2026-11-25 09:00:00.000 | term 9 | follower  | ";
  return says
    .split("; ")
    .map((sentence) => head + sentence)
    .join("\n");
}

const committed = "knows to be committed: all up to";
const leader = ["1 2 2", `started with 3 entries; ${committed} 3; `] as const;

test("a log that does not show yet what replaced its entries is no sign of a lost entry", () => {
  const says = `started with 3 entries; drops its entries from 2 on; stores entries 2 to 3; ${committed} 3; `;
  assert.deepEqual(told(["1 1 1", says], leader), []);
});

test("a log that a crash kept from showing it is none either", () => {
  const says = `started with 3 entries; drops its entries from 2 on; stores entries 2 to 3; ${committed} 3; `;
  const restarted = `${says}crashed; started with 3 entries; drops its entries from 2 on; `;
  assert.deepEqual(told(["1 1 1", says + "crashed; started with 3 entries; "], leader), []);
  assert.deepEqual(told(["1 2 2", restarted], leader), []);
});

test("a log that has grown since shows what replaced its entries", () => {
  const says = `started with 3 entries; drops its entries from 2 on; stores entries 2 to 4; ${committed} 3; `;
  const problems = told(["1 1 1 1", says], leader);
  assert(problems.includes("127.0.0.1_8000.log:2 committed-overwritten"), problems.join());
});

test("without a replacement the log shows what was committed", () => {
  const says = `started with 0 entries; stores entries 1 to 3; ${committed} 3; `;
  const problems = told(["1 1 1", says], leader);
  assert(problems.includes("127.0.0.1_8000.log:2 committed-overwritten"), problems.join());
});

test("a node that drops in one life what it knew to be committed in it is told of", () => {
  const says = `started with 0 entries; stores entries 1 to 3; ${committed} 3; drops its entries from 3 on; `;
  assert.deepEqual(told(["1 2 2", says]), ["node1.log:4 committed-overwritten"]);
});

test("a commit index never falls while a node runs, but a node that starts has to learn it anew", () => {
  const before = `started with 3 entries; ${committed} 3; `;
  assert.deepEqual(told(["1 2 2", `${before}${committed} 2; `]), [
    "node1.log:3 committed-overwritten",
  ]);
  assert.deepEqual(
    told(["1 2 2", `${before}crashed; started with 3 entries; ${committed} 2; `]),
    [],
  );
});

test("a last line that is not ended says nothing yet", () => {
  const leads = (address: string, end: string): readonly [string, string] => [
    "1",
    `started with 1 entry; LEADER => ${address}${end}`,
  ];
  assert.deepEqual(told(leads("127.0.0.1:8001", "; "), leads("127.0.0.1:800", "")), []);
  assert.equal(told(leads("127.0.0.1:8001", "; "), leads("127.0.0.1:8000", "; ")).length, 1);
});
