import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { LabFolder, type Position, type Problem } from "../../../src/language/index.ts";
import { codePoint } from "../../support/code-point.ts";
import { drawn } from "../../support/drawn.ts";
import { account, log, one, two } from "./lab.ts";

// Whatever stands in the files. A failure prints its seed; `{ seed, path }` as the second argument
// of `fc.assert` repeats it.

const names = [
  one.log,
  one.state,
  one.storage,
  two.log,
  two.state,
  two.storage,
  "node1.log",
  "node2.log",
  "task2_node3.txt",
  "cluster.json",
];

const pieces: readonly string[] = [
  ...log("1:1 1:2 2:1 2:2 3:3").split(/(?<=\n)/),
  ...account(
    "1 leader LEADER IS NOW NODE 1",
    "1 leader LEADER => 127.0.0.1:8000",
    "1 follower LEADER => 127.0.0.1:8001",
    "1 follower votes for node2",
    "1 follower votes for itself",
    "2 follower knows to be committed: all up to 2",
    "2 follower drops its entries from 2 on",
    "1 follower started with 1 entry",
    "2 follower stores entries 1 to 2",
  ).split(/(?<=\n)/),
  '{"term": 1, "voted_for": "127.0.0.1:8000"}',
  '{"x": 1}',
  '{"x": 2, "y": {}}',
  '{"index": 3, "term": 1, "command": {"x": NaN}}\n',
  '{"index": 9007199254740991, "term": 1, "command": {}}\n',
  '{"members": [{"name": "node1", "address": "127.0.0.1:8000"}, null, 5]}',
  '{"term": 1, "command": {"__proto__": 1, "__proto__": 2}}\n',
  "LEADER => None\n",
  "\n",
  "\r\n",
  "\r",
  "\ufeff",
  "\u0000",
  "\u001b[31m",
  "\u202e",
  "\u2028",
  "\ud800",
  "\ufffd\ufffdterm",
  "{",
  "}",
  '"',
  "\\",
  "[".repeat(50),
];

const anyText = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: codePoint, maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => new TextDecoder().decode(bytes)),
  },
);

/** Part of a text is replaced. */
const edit = fc.record({ at: fc.nat(400), remove: fc.nat(80), put: anyText });

const anyName = fc.constantFrom(...names);

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(text: string, { at, remove, put }: Edit): string {
  const from = at % (text.length + 1);
  return text.slice(0, from) + put + text.slice(from + remove);
}

test("after any edits everything is as if all files had been read anew", () => {
  const steps = fc.array(fc.tuple(anyName, edit), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(steps, (edits) => {
      const texts = new Map<string, string>();
      const folder = new LabFolder();
      for (const [name, each] of edits) {
        const text = edited(texts.get(name) ?? "", each);
        texts.set(name, text);
        folder.set(name, text);
      }
      assert.deepEqual(answersOf(folder, texts), answersOf(folderOf(texts), texts));
    }),
    { numRuns: drawn(400) },
  );
});

test("in steps comes to the same as at once, and what is overtaken ends", () => {
  fc.assert(
    fc.property(fc.dictionary(anyName, anyText), anyText, (files, last) => {
      const texts = new Map(Object.entries(files));
      const folder = new LabFolder();
      const overtaken = folder.setInSteps(one.log, `${"?".repeat(999)}\n`.repeat(100));
      overtaken.next();
      for (const [name, text] of texts) for (const _ of folder.setInSteps(name, text));
      for (const _ of folder.judgeInSteps());
      folder.set(one.log, last);
      while (overtaken.next().done !== true);
      texts.set(one.log, last);
      const afresh = folderOf(texts);
      for (const name of texts.keys()) {
        assert.deepEqual(folder.problems(name), afresh.problems(name));
      }
    }),
    { numRuns: drawn(100) },
  );
});

test("every problem lies within its file, is one line to read, and leads to places that are there", () => {
  fc.assert(
    fc.property(fc.dictionary(anyName, anyText), (files) => {
      const texts = new Map(Object.entries(files));
      for (const [file, problems] of folderOf(texts).allProblems()) {
        for (const problem of problems) {
          assertWithin(texts.get(file), problem.range, problem);
          assert.doesNotMatch(problem.message, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          for (const { file: other, range } of problem.related) {
            assertWithin(texts.get(other), range, problem);
          }
        }
      }
    }),
    { numRuns: drawn(400) },
  );
});

test("an edit of a line leaves the lines around it as they are read", () => {
  const entries = fc.array(fc.constantFrom(...pieces), { minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(entries, fc.array(edit, { maxLength: 5 }), (all, edits) => {
      let text = all.join("");
      const folder = new LabFolder();
      folder.set(one.log, text);
      for (const each of edits) {
        text = edited(text, each);
        folder.set(one.log, text);
        const afresh = new LabFolder();
        afresh.set(one.log, text);
        assert.deepEqual(folder.problems(one.log), afresh.problems(one.log));
        assert.deepEqual(folder.outline(one.log), afresh.outline(one.log));
      }
    }),
    { numRuns: drawn(400) },
  );
});

function assertWithin(
  text: string | undefined,
  { start, end }: { readonly start: Position; readonly end: Position },
  problem: Problem,
): void {
  assert(text !== undefined, JSON.stringify(problem));
  const lines = text.split("\n");
  for (const { line, character } of [start, end]) {
    assert(line >= 0 && line < lines.length, JSON.stringify(problem));
    assert(
      character >= 0 && character <= (lines[line]?.length ?? 0),
      JSON.stringify({ text, problem }),
    );
  }
  assert(start.line < end.line || start.character <= end.character, JSON.stringify(problem));
}

function folderOf(texts: ReadonlyMap<string, string>): LabFolder {
  const folder = new LabFolder();
  for (const [name, text] of texts) folder.set(name, text);
  return folder;
}

/** All that can be asked. */
function answersOf(folder: LabFolder, texts: ReadonlyMap<string, string>): unknown {
  return [...texts].map(([file, text]) => ({
    file,
    problems: folder.problems(file),
    outline: folder.outline(file),
    folds: folder.folds(file),
    tokens: folder.tokens(file, 0, Infinity),
    places: text.split("\n").map((_, line) => {
      const place = { line, character: 9 };
      return [
        folder.hover(file, place),
        folder.sameEntry(file, place),
        folder.allPlaces(file, place),
      ];
    }),
  }));
}
