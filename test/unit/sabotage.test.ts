import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checks } from "../../src/checks/index.ts";
import { bugs } from "../sabotage/bugs.ts";

const root = join(import.meta.dirname, "../..");

test("every bug of the sabotage can still be planted, in one place", () => {
  for (const { name, file, find } of bugs) {
    const parts = readFileSync(join(root, "src", file), "utf8").split(find);
    assert.equal(parts.length, 2, `${name}: its text stands ${parts.length - 1} times in ${file}`);
  }
});

test("every bug names a check or a sentence that there is", () => {
  const known = new Set([...checks.map(({ id }) => id), "invariant"]);
  for (const { name, caughtBy } of bugs) {
    if (caughtBy.kind === "check") {
      assert(known.has(caughtBy.check), `${name}: there is no check ${caughtBy.check}`);
    } else {
      const text = readFileSync(join(root, caughtBy.file), "utf8");
      assert(text.includes(`test("${caughtBy.name}"`), `${name}: no test says so`);
    }
  }
});
