import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";

// What translators work with: package.nls.json for package.json, and l10n/bundle.l10n.json for the
// source. UPDATE=1 writes the latter anew.

const root = join(import.meta.dirname, "../../..");
const bundleFile = join(root, "l10n/bundle.l10n.json");
const texts = v.record(v.string(), v.string());

/** A call whose first parameter is one literal, which is all that tools for translators read. */
const literal = String.raw`\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(,(?!\s*\))|)`;

interface Speaker {
  readonly folder: string;
  /** How texts are said there. The page and the tour know no VS Code and are handed a function. */
  readonly call: string;
}

const speakers: readonly Speaker[] = [
  { folder: "src/extension", call: String.raw`\bl10n\.t` },
  { folder: "src/panel", call: String.raw`(?<!function |\.)\bsay` },
  { folder: "src/tour", call: String.raw`(?<!function |\.)\bsay` },
];

const files = speakers.flatMap(({ folder, call }) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .map((name) => ({ name, call, source: readFileSync(join(root, name), "utf8") })),
);

const messages = files.flatMap(({ name, call, source }) =>
  [...source.matchAll(new RegExp(call + literal, "g"))].map(([, text = "", end]) => {
    return { name, text: unquoted(text), hasValues: end === "," };
  }),
);

test("every text is one literal", () => {
  for (const { folder } of speakers) {
    const { length } = messages.filter(({ name }) => name.startsWith(folder));
    assert(length > 30, `only ${length} texts in ${folder}`);
  }
  for (const { name, call, source } of files) {
    // `l10n.t` itself is handed to the tour, as a function.
    const calls = source.match(new RegExp(`${call}\\((?!text, \\.\\.\\.values)`, "g"))?.length ?? 0;
    assert.equal(messages.filter((message) => message.name === name).length, calls, name);
  }
});

test("a text has values if and only if it has places for them, counted from 0", () => {
  for (const { name, text, hasValues } of messages) {
    const places = new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index)));
    assert.equal(places.size > 0, hasValues, `${name}: ${text}`);
    assert.equal(Math.max(-1, ...places), places.size - 1, `${name}: ${text}`);
  }
});

test("no text is shown that is not translated", () => {
  const shown =
    /\b(?:show\w+Message|prompt:|placeholder:|title:|label:|refuse|notify)\(?\s*["'`](?=[A-Z])/;
  for (const { name, source } of files) {
    if (name.startsWith("src/extension")) assert.doesNotMatch(source, shown, name);
  }
});

test("l10n/bundle.l10n.json holds the texts of the source and no others", () => {
  const expected = Object.fromEntries(
    [...new Set(messages.map(({ text }) => text))].toSorted().map((text) => [text, text]),
  );
  if (process.env["UPDATE"] === "1") {
    writeFileSync(bundleFile, `${JSON.stringify(expected, undefined, 2)}\n`);
  }
  const bundle = v.parse(texts, JSON.parse(readFileSync(bundleFile, "utf8")));
  assert.deepEqual(bundle, expected);
});

test("package.nls.json holds the texts of package.json and no others", () => {
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key = ""]) => key);
  const nls = v.parse(texts, JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")));
  assert.deepEqual([...new Set(used)].toSorted(), Object.keys(nls).toSorted());
});

/** What a string literal says, read as JSON reads it. */
function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1);
  const text = quoted.startsWith("'") ? inner.replaceAll('"', '\\"') : inner;
  return v.parse(v.string(), JSON.parse(`"${text}"`));
}
