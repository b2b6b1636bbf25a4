import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checks } from "../../src/checks/index.ts";
import type { Catcher } from "../sabotage/bug.ts";
import { bugs } from "../sabotage/bugs.ts";
import { playScenario, scenarios } from "../sabotage/scenarios.ts";

// `npm run sabotage` plants the bugs; here is what would make it say nothing.

const root = join(import.meta.dirname, "../..");
const catchers: readonly Catcher[] = bugs.flatMap(({ caughtBy }) => caughtBy);

test("every bug of the sabotage can still be planted, in one place", () => {
  for (const { name, file, find } of bugs) {
    const parts = readFileSync(join(root, "src", file), "utf8").split(find);
    assert.equal(parts.length, 2, `${name}: its text stands ${parts.length - 1} times in ${file}`);
  }
});

test("every bug has a name of its own, and something that must notice it", () => {
  assert.equal(new Set(bugs.map(({ name }) => name)).size, bugs.length);
  for (const { name, caughtBy } of bugs) assert(caughtBy.length > 0, `${name}: who notices?`);
});

test("what must notice a bug is a check, a scenario or a sentence that there is", () => {
  const known = new Set([...checks.map(({ id }) => id), "invariant", "agreement", "endless"]);
  const files = readdirSync(join(root, "scenarios"));
  for (const catcher of catchers) {
    if (catcher.kind === "sentence") {
      const text = readFileSync(join(root, "test/unit", catcher.file), "utf8");
      assert(text.includes(`test("${catcher.name}"`), `no test says that ${catcher.name}`);
    } else if (catcher.kind === "file") {
      assert(files.includes(`${catcher.name}.raft`), `there is no scenario ${catcher.name}`);
    } else {
      assert(known.has(catcher.check), `there is no check ${catcher.check}`);
    }
    if (catcher.kind === "scenario") {
      assert(
        scenarios.some(({ name }) => name === catcher.name),
        `there is no scenario ${catcher.name}`,
      );
    }
  }
});

test("every check has a bug that it must notice: else its silence is worth nothing", () => {
  const named = new Set(catchers.flatMap((each) => ("check" in each ? [each.check] : [])));
  for (const { id } of checks) assert(named.has(id), `no bug is there for ${id}`);
});

for (const scenario of scenarios) {
  test(`without a bug nothing is found when ${scenario.name}`, () => {
    const { findings, stopped } = playScenario(scenario);
    assert.equal(stopped, null);
    assert.deepEqual(findings, []);
  });
}
