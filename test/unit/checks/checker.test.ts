import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Checker, checks, findingLimit, type Finding } from "../../../src/checks/index.ts";
import { runSmallWorld } from "./small-world.ts";
import { n1, n2, n3, trace, type Line } from "./traces.ts";

function checked(...lines: readonly Line[]): Checker {
  const checker = new Checker(checks);
  for (const event of trace(...lines)) checker.take(event);
  return checker;
}

test("real nodes in rough weather give no findings", () => {
  let commits = 0;
  let elections = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
      const checker = new Checker(checks);
      runSmallWorld(seed, 2000, (event) => {
        checker.take(event);
        if (event.kind === "committed") commits++;
        if (event.kind === "roleChanged" && event.role === "leader") elections++;
      });
      assert.deepEqual(checker.findings, []);
    }),
    { numRuns: 60 },
  );
  assert(commits > 100 && elections > 60, `${commits} commits, ${elections} elections`);
});

test("one violation is one finding, however often it shows, and every time is counted", () => {
  const again = Array.from({ length: 10 }, () => n2.replicates("n3", 4));
  const checker = checked(n1.starts(), n1.leads(4), ...again);
  assert.equal(checker.findings.length, 1);
  assert.equal(checker.counts.get("election-safety"), 10);
});

test("of each check only the first findings are kept", () => {
  const terms = Array.from({ length: findingLimit + 20 }, (_, i) => i + 1);
  const lines = terms.flatMap((term) => [n1.grants("n2", term), n1.grants("n3", term)]);
  const checker = checked(n1.starts(), ...lines, n2.replicates("n3", 4), n3.replicates("n2", 4));
  const of = (id: string) => checker.findings.filter(({ check }) => check === id);
  assert.equal(of("one-vote-per-term").length, findingLimit);
  assert.equal(checker.counts.get("one-vote-per-term"), findingLimit + 20);
  assert.equal(of("election-safety").length, 1);
});

test("findings are handed over as they are made", () => {
  const heard: Finding[] = [];
  const checker = new Checker(checks, (finding) => heard.push(finding));
  const [first, second] = trace(n1.replicates("n2", 4), n2.replicates("n1", 4));
  assert(first !== undefined && second !== undefined);
  checker.take(first);
  assert.deepEqual(heard, []);
  checker.take(second);
  assert.deepEqual(heard, [
    {
      check: "election-safety",
      text: "n1 and n2 both lead term 4.",
      at: second,
      because: [first],
    },
  ]);
  assert.deepEqual(checker.findings, heard);
});

test("nothing is said of a node whose start, or part of whose log, the trace does not hold", () => {
  assert.deepEqual(checked(n1.leads(3), n1.truncates(2), n1.commits(7)).findings, []);
  assert.deepEqual(
    checked(n1.starts(), n1.appends(5, "1 1"), n1.commits(6), n1.applies(5, "1 1")).findings,
    [],
  );
});

test("every check has an id of its own", () => {
  assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
});
