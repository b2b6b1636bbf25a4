import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { HoverPart } from "../../../../src/language/index.ts";
import { markdownOf, plainTextOf } from "../../../../src/language/server/markdown.ts";
import { messageOf, visible } from "../../../../src/language/server/texts.ts";
import { codePoint } from "../../../support/code-point.ts";

/** Texts that are something else than text in Markdown, in HTML or in VS Code's own notation. */
const hostile = [
  "[click](command:workbench.action.terminal.new)",
  "![x](https://evil.example/x.png)",
  "<img src=x onerror=alert(1)>",
  "<a href='command:x'>y</a>",
  "https://evil.example and www.evil.example and me@evil.example",
  "<https://evil.example>",
  "$(error) **bold** _it_ ~~gone~~",
  "# title",
  "- item\n1. item\n> quote\n```js\nalert(1)\n```",
  "| a | b |\n|---|---|",
  "[a]: https://evil.example",
  "&lt;script&gt; &#60;",
  "` `` ``` ````",
  "`</code>[x](y)`",
  "ends with a backslash \\",
];

const shown = (kind: "text" | "code", text: string): string => markdownOf([[{ kind, text }]]);

test("text is nothing but its own characters", () => {
  for (const text of hostile) {
    const markdown = shown("text", text);
    assert.doesNotMatch(markdown.replaceAll(/\\[!-/:-@[-`{-~]/g, ""), /[!-/:-@[-`{-~]|\n/, text);
    assert.equal(markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1"), visible(text));
  }
});

test("code stands in one span, whose fence nothing within can close", () => {
  for (const text of hostile) {
    const markdown = shown("code", text);
    const [fence = ""] = /^`+/.exec(markdown) ?? [];
    assert(fence.length > 0 && markdown.endsWith(fence), text);
    const inner = markdown.slice(fence.length, -fence.length);
    for (const [run] of inner.matchAll(/`+/g)) assert.notEqual(run.length, fence.length, text);
    assert.equal(inner.slice(1, -1), visible(text));
  }
});

test("that holds for any text", () => {
  const seed = Date.now() % 1e9;
  fc.assert(
    fc.property(fc.string({ unit: codePoint }), (text) => {
      const markdown = shown("text", text);
      assert.equal(markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1"), visible(text));
      const code = shown("code", text);
      const fence = /^`+/.exec(code)?.[0].length ?? 0;
      const runs = [...code.slice(fence, -fence).matchAll(/`+/g)].map(([run]) => run.length);
      assert(!runs.includes(fence));
    }),
    { seed, numRuns: 300 },
  );
});

test("what cannot be seen is written out", () => {
  assert.equal(
    visible("a\u0000b\u001b[31m\u202ec\u2028\ud800"),
    ["a\\u{0000}b\\u{001b}[31m\\u{202e}c\\u{2028}\\u{d800}"][0],
  );
  assert.equal(visible("ä 漢 🙂"), "ä 漢 🙂");
  assert.equal(visible("x".repeat(5_000)).length, 1_001);
});

test("a problem tells its section", () => {
  assert.equal(messageOf({ message: "So.", section: "5.3" }), "So. (Raft §5.3)");
  assert.equal(messageOf({ message: "So.", section: "Figure 8" }), "So. (Raft, Figure 8)");
  assert.equal(messageOf({ message: "So.", section: "" }), "So.");
});

test("without Markdown it is the text", () => {
  const parts: readonly HoverPart[] = [
    { kind: "text", text: "Entry " },
    { kind: "code", text: "`x`" },
    { kind: "section", section: "5.3" },
  ];
  assert.equal(plainTextOf([parts, parts]), "Entry `x`Raft §5.3\nEntry `x`Raft §5.3");
});
