import assert from "node:assert/strict";
import { test } from "node:test";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { allowed } from "../regexes/allowed.ts";
import { jsonKindOf, jsonPatterns } from "../regexes/json-patterns.ts";
import { judge } from "../regexes/judge.ts";
import { asJavaScript } from "../regexes/oniguruma.ts";
import { ourPatterns } from "../regexes/ours.ts";
import type { Pattern } from "../regexes/pattern.ts";
import { sourcePatterns } from "../regexes/source-patterns.ts";

// `npm run check:regexes` judges every regular expression; here is what would make it say nothing.

const planted = String.raw`(\w+\s?)*$`;

function found(text: string): ReturnType<typeof sourcePatterns> {
  const files = createVirtualFileSystem({
    "/lab/tsconfig.json": '{ "compilerOptions": { "noLib": true }, "include": ["src"] }',
    "/lab/src/some.ts": text,
  });
  return sourcePatterns("/lab", "/lab/src", ["/lab/tsconfig.json"], files);
}

function pattern(source: string, engine: Pattern["engine"] = "JavaScript"): Pattern {
  return { where: "", source, flags: "", engine };
}

test("of the source every regular expression is taken, and nothing else that has slashes", () => {
  const { patterns, unreadable } = found(`
    const half = total / 2 / count; // not /this/ one
    const path = "/neither/this/g", text = \`/nor/\${/but this/u.test(path)}/\`;
    const made = new RegExp("a+" , "g"), called = RegExp(\`b\`);
    const all = [path.match("c"), path.matchAll(/d[/]\\/e/g), path.search('f'), path.split("no")];
    function quarter() { return /g/; } const eighth = (half) / 4 / 2;
  `);
  assert.deepEqual(
    patterns.map(({ source, flags }) => `/${source}/${flags}`),
    ["/but this/u", "/a+/g", "/b/", "/c/", "/d[/]\\/e/g", "/f/", "/g/"],
  );
  assert.deepEqual(unreadable, []);
  assert.equal(patterns[0]?.where, "src/some.ts:3");
});

test("an expression that is made of something else is told of", () => {
  const { unreadable } = found(`
    const a = new RegExp(words.join("|")); const b = RegExp("x", flags); const c = RegExp(/safe/);
  `);
  assert.deepEqual(unreadable, ["src/some.ts:2", "src/some.ts:2"]);
});

test("a project without files is no reason to be content", () => {
  const files = createVirtualFileSystem({ "/lab/tsconfig.json": '{ "files": [] }' });
  assert.throws(() => sourcePatterns("/lab", "/lab/src", ["/lab/tsconfig.json"], files));
});

test("of a grammar, a language configuration and the manifest every regular expression is taken", () => {
  const sources = (kind: Parameters<typeof jsonPatterns>[1], json: unknown): readonly string[] =>
    jsonPatterns("x.json", kind, json).patterns.map(({ source, flags }) => `/${source}/${flags}`);
  assert.deepEqual(
    sources("grammar", {
      name: "no",
      patterns: [{ match: "a", name: "no", captures: { 1: { patterns: [{ match: "b" }] } } }],
      repository: { one: { begin: "c", end: "d", beginCaptures: {} }, two: { while: "e" } },
    }),
    ["/a/", "/b/", "/c/", "/d/", "/e/"],
  );
  assert.deepEqual(
    sources("language configuration", {
      brackets: [["{", "}"]],
      wordPattern: { pattern: "a", flags: "u" },
      folding: { markers: { start: "b", end: "c" } },
    }),
    ["/a/u", "/b/", "/c/"],
  );
  assert.deepEqual(
    sources("manifest", {
      menus: [{ when: "viewItem =~ /^(a|b\\/)$/i && x == no" }, { when: "no" }],
      languages: [{ firstLine: "c", filenamePatterns: ["*.no"] }],
      setting: { pattern: "d" },
    }),
    ["/^(a|b\\/)$/i", "/c/", "/d/"],
  );
});

test("all kinds of places that have regular expressions of ours are looked at", () => {
  const { patterns } = ourPatterns();
  for (const start of ["src/language/", "src/runtime/", "src/extension/", "package.json "]) {
    assert(
      patterns.some(({ where }) => where.startsWith(start)),
      `none is seen in ${start}`,
    );
  }
  for (const language of ["raft-log", "raft-account"]) {
    for (const file of [".tmLanguage.json ", ".language-configuration.json "]) {
      const start = `syntaxes/${language}${file}`;
      assert(
        patterns.some(({ where }) => where.startsWith(start)),
        `none is seen in ${start}`,
      );
    }
  }
});

test("a file of an unknown kind is not passed over in silence", () => {
  assert.equal(jsonKindOf("syntaxes/something.json"), undefined);
  assert.equal(jsonKindOf("syntaxes/raft-log.tmLanguage.json"), "grammar");
});

test("what a grammar may say that JavaScript says otherwise is translated", () => {
  assert.equal(asJavaScript("\\Ga\\h+\\z"), "^a[0-9a-fA-F]+$");
  assert.equal(asJavaScript('(?<!\\\\)"(?=x)(?:y)(?<z>w)'), '(?<!\\\\)"(?=x)(?:y)(?<z>w)');
  assert.equal(asJavaScript("(?!)"), "(?!)");
  assert.equal(asJavaScript("\\\\G"), "\\\\G");
});

test("what only Oniguruma has is not judged as if it were something else", async () => {
  const sources = ["a++", "[^x]*+y", "a{2}+", "(?>a)", "(?i)a", "(?i:a)", "[[:alpha:]]", "[a&&b]"];
  for (const source of [...sources, "(a)\\1", "\\R", "\\x{41}", "(?#a)"]) {
    assert.equal(asJavaScript(source), undefined, source);
  }
  assert.equal((await judge(pattern("a++", "Oniguruma"))).kind, "unknown");
});

test("the tool tells what would run for ever from what does not", async () => {
  for (const engine of ["JavaScript", "Oniguruma"] as const) {
    const judgement = await judge(pattern(planted, engine));
    assert(judgement.kind === "vulnerable" && judgement.complexity === "exponential");
    assert.equal((await judge(pattern("^(?:\\w+ )?$", engine))).kind, "safe");
  }
});

test("what takes the square of the length is found, too", async () => {
  const judgement = await judge(pattern('"(?:[^"\\\\]|\\\\.)*"'));
  assert(judgement.kind === "vulnerable" && judgement.complexity.startsWith("2nd degree"));
});

test("whatever has leave to stay says why", () => {
  for (const { file, source, reason } of allowed) {
    assert(reason.length > 20, `${file}: why may /${source}/ stay?`);
  }
});
