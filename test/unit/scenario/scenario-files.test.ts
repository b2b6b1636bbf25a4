import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseScenario, runScenario } from "../../../src/scenario/index.ts";
import { problemsIn } from "./texts.ts";

// `npm run scenarios -- NAME` tells the same of one file, with the findings' events.

const root = join(import.meta.dirname, "../../..");
const files = readdirSync(join(root, "scenarios")).map((name) => {
  return { name, text: readFileSync(join(root, "scenarios", name), "utf8") };
});

test("there are scenarios, and nothing else beside them", () => {
  assert(files.length > 30, `only ${files.length} files`);
  for (const { name } of files) assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*\.raft$/);
});

test("no two scenarios have the same title, or show the same", () => {
  const told = files.map(({ text }) => {
    const parsed = parseScenario(text);
    assert(parsed.kind === "scenario");
    return parsed.scenario;
  });
  assert.equal(new Set(told.map(({ title }) => title)).size, files.length);
  assert.equal(new Set(told.map(({ shows }) => shows)).size, files.length);
});

for (const { name, text } of files) {
  test(`the scenario ${name} passes`, () => {
    const parsed = parseScenario(text);
    assert(parsed.kind === "scenario", problemsIn(text).join("\n"));
    const { failures, findings } = runScenario(parsed.scenario);
    const found = findings.map(({ check, text: what }) => `${check}: ${what}`);
    assert.deepEqual([failures, found], [[], []]);
  });
}

test("every word of docs/scenarios.md stands in a scenario", () => {
  const used = new Set(
    files.flatMap(({ text }) =>
      text
        .replace(/#.*/g, "")
        .replace(/"[^"\n]*"/g, "")
        .split(/\s+/),
    ),
  );
  const spans = readFileSync(join(root, "docs/scenarios.md"), "utf8")
    // From the language on, and without the example and the last part.
    .replace(/^[\s\S]*?^## The cluster$/m, "")
    .replace(/^## Where they come from$[\s\S]*/m, "")
    .matchAll(/`([^`]+)`/g);
  const words = [...spans]
    .flatMap(([, span = ""]) => span.replace(/"[^"]*"/g, "").split(/\s+/))
    // What stands for something else is in capitals, numbers are examples.
    .filter((word) => /[a-z<>=%]/.test(word) && !/\d/.test(word));
  assert(words.length > 80, `only ${words.length} words`);
  assert.deepEqual(
    [...new Set(words)].filter((word) => !used.has(word)),
    [],
  );
});
