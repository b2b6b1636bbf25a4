import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";

// What translators work with: package.nls.json for package.json, and l10n/bundle.l10n.json for the
// source. UPDATE=1 writes the latter anew.

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "src/extension");
const bundleFile = join(root, "l10n/bundle.l10n.json");
const texts = v.record(v.string(), v.string());

const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, source: readFileSync(join(folder, name), "utf8") }));

/** A call whose first parameter is one literal, which is all that tools for translators read. */
const call = /\bl10n\.t\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(,(?!\s*\))|)/g;

const messages = files.flatMap(({ name, source }) =>
  [...source.matchAll(call)].map(([, literal = "", end]) => {
    return { name, text: unquoted(literal), hasValues: end === "," };
  }),
);

test("every text is one literal", () => {
  assert(messages.length > 50, `only ${messages.length} texts`);
  for (const { name, source } of files) {
    const calls = source.match(/\bl10n\.t\(/g)?.length ?? 0;
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
  for (const { name, source } of files) assert.doesNotMatch(source, shown, name);
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
function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  const text = literal.startsWith("'") ? inner.replaceAll('"', '\\"') : inner;
  return v.parse(v.string(), JSON.parse(`"${text}"`));
}
