import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { kindOf, LabFolder, type Problem } from "../../../src/language/index.ts";

// What a script of its own found in files that raftos wrote, beside those files, against what is
// found here. It is read for comparison only.

interface Expected {
  readonly code: string;
  readonly severity: string;
  readonly file?: string;
  readonly index?: number;
  readonly explainedBy?: readonly string[];
  readonly nodes?: readonly { readonly term: number; readonly nodes: readonly string[] }[];
}

const fixtures = join(import.meta.dirname, "../../fixtures/raftos-sets");
const sets = readdirSync(fixtures).filter((set) =>
  existsSync(join(fixtures, set, "expected.json")),
);

test("there are sets with and without something to find", () => {
  const counts = sets.flatMap((set) => Object.values(expectedOf(set)).map(({ length }) => length));
  assert(counts.length > 10);
  assert(counts.some((count) => count > 1) && counts.includes(0));
});

for (const set of sets) {
  for (const [name, expected] of Object.entries(expectedOf(set))) {
    test(`what is wrong with files of raftos is found, and nothing else: ${join(set, name)}`, () => {
      const folder = folderOf(join(fixtures, set, name));
      const found = [...folder.allProblems()].flatMap(([file, problems]) =>
        problems.filter(isAbove).map((problem) => ({ file, problem })),
      );
      const told = new Set(found.map(({ file, problem }) => textOf(file, problem)));
      const wanted = new Set(expected.filter(isAbove).flatMap(textsOf));
      assert.deepEqual([...told].toSorted(), [...wanted].toSorted());
    });
  }
}

/** One text for each file that takes part, so that the two sides can be compared as sets. */
function textsOf({
  code,
  severity,
  file,
  index,
  explainedBy = [],
  nodes = [],
}: Expected): string[] {
  if (file !== undefined) {
    return [
      `${file} ${code} ${severity} ${explainedBy.map((node) => `${node}.log`).join(" ")}`.trim(),
    ];
  }
  return nodes.flatMap((version) =>
    version.nodes.map((node) => {
      const others = nodes.filter((each) => each !== version).flatMap((each) => each.nodes);
      const related = others.map((other) => `${other}.log:${index}`).join(" ");
      return `${node}.log:${index} ${code} ${severity} ${related}`;
    }),
  );
}

function textOf(file: string, { code, severity, range, related }: Problem): string {
  const isOfLine = code === "logs-diverge" || code === "log-matching";
  const place = (name: string, line: number) => (isOfLine ? `${name}:${line + 1}` : name);
  const places =
    code === "empty-file" ? [] : related.map((each) => place(each.file, each.range.start.line));
  return `${place(file, range.start.line)} ${code} ${severity} ${places.join(" ")}`.trim();
}

function isAbove({ severity }: { readonly severity: string }): boolean {
  return severity === "error" || severity === "warning";
}

function folderOf(path: string): LabFolder {
  const folder = new LabFolder();
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (!entry.isFile() || kindOf(entry.name) === null) continue;
    folder.set(entry.name, readFileSync(join(path, entry.name), "utf8"));
  }
  return folder;
}

function expectedOf(set: string): Readonly<Record<string, readonly Expected[]>> {
  // The file is ours, so its form is known.
  const expected: Readonly<Record<string, readonly Expected[]>> = JSON.parse(
    readFileSync(join(fixtures, set, "expected.json"), "utf8"),
  );
  return expected;
}
