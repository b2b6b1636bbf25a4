import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type {
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  MarkupContent,
  SemanticTokens,
} from "vscode-languageserver";
import { log, TestEditor } from "./test-editor.ts";

// Documents of a folder that is not on disk: all there is, is open.
const folder = "vscode-vfs://lab";
const uris = [1, 2, 3].map((node) => `${folder}/127.0.0.1_800${node}.log`);

async function opened(t: TestContext, ...logs: readonly string[]): Promise<TestEditor> {
  const editor = await TestEditor.open(t);
  for (const [i, text] of logs.entries()) await editor.show(uris[i] ?? "", text);
  return editor;
}

const uri = uris[0] ?? "";
const other = uris[1] ?? "";
const good = log("1: 1:x=1 2:x=2");
const at = (line: number, character = 12) => ({ position: { line, character } });

test("an entry that differs from that of another node is told in both, each naming the other", async (t) => {
  const editor = await opened(t, good, log("1: 1:x=1 2:x=9"), good);
  await editor.hasCodes(uri, "log-matching");
  await editor.hasCodes(other, "log-matching");
  const [told] = editor.diagnostics(uri);
  assert(told);
  assert.equal(told.range.start.line, 2);
  assert.equal(told.severity, 1);
  assert.equal(told.source, "Raft Lab");
  assert.match(JSON.stringify(told.message), /\(Raft §5\.3\)"$/);
  const related = told.relatedInformation?.map(({ location }) => location) ?? [];
  const place = related.find((each) => each.uri === other);
  assert.equal(place?.range.start.line, 2);
});

test("an edit is judged, and takes a finding back", async (t) => {
  const editor = await opened(t, good, good, good);
  await editor.hasCodes(uri);
  const range = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
  await editor.change(uri, { range, text: log("2:x=7") });
  await editor.hasCodes(uri, "log-matching");
  await editor.change(uri, { range, text: log("2:x=2") });
  await editor.hasCodes(uri);
  await editor.hasCodes(other);
});

test("a hover tells about the entry, in Markdown that files cannot write", async (t) => {
  const link = "[x](command:y) <b>https://evil.example</b> `` ` ``";
  const text = `${log("1:")}{"term": 1, "command": {"x": ${JSON.stringify(link)}}}\n`;
  const editor = await opened(t, text, text);
  const { contents } = await editor.ask<Hover & { contents: MarkupContent }>(
    "textDocument/hover",
    uri,
    at(1),
  );
  assert.equal(contents.kind, "markdown");
  assert.match(contents.value, /2/);
  const outsideOfCode = contents.value.replaceAll(/(`+) .*? \1(?!`)/gs, "");
  assert.doesNotMatch(outsideOfCode, /(?<!\\)[<>[\]]|(?<!\\)\(command|(?<!\\):\/\//);
});

test("outline and folds follow the terms", async (t) => {
  const editor = await opened(t, log("1: 1:x=1 1:x=2 4:x=3 4:x=4"));
  const symbols = await editor.ask<DocumentSymbol[]>("textDocument/documentSymbol", uri);
  assert.equal(symbols.length, 2);
  for (const { name, range, selectionRange } of symbols) {
    assert.match(name, /[14]/);
    assert(selectionRange.start.line >= range.start.line);
    assert(selectionRange.end.line <= range.end.line);
  }
  const folds = await editor.ask<FoldingRange[]>("textDocument/foldingRange", uri);
  assert.deepEqual(
    folds.map(({ startLine, endLine }) => [startLine, endLine]),
    [
      [0, 2],
      [3, 4],
    ],
  );
});

test("the definition of an entry is the same entry at the next node, its references are all", async (t) => {
  const editor = await opened(t, good, good, log("1:"));
  const next = await editor.ask<Location>("textDocument/definition", uri, at(1));
  assert.equal(next.uri, other);
  assert.equal(next.range.start.line, 1);
  const all = await editor.ask<Location[]>("textDocument/references", uri, {
    ...at(1),
    context: { includeDeclaration: true },
  });
  assert.deepEqual(all.map((each) => each.uri).toSorted(), [uri, other].toSorted());
});

test("tokens of some lines are those of the whole file there", async (t) => {
  const text = good.repeat(1) + log("3:y=1 3:y=2 3:y=3");
  const editor = await opened(t, text, text, good);
  const whole = await editor.ask<SemanticTokens>("textDocument/semanticTokens/full", uri);
  const range = { start: { line: 1, character: 0 }, end: { line: 3, character: 5 } };
  const some = await editor.ask<SemanticTokens>("textDocument/semanticTokens/range", uri, {
    range,
  });
  const places = placesOf(whole.data);
  assert(places.length > 0);
  assert.deepEqual(
    placesOf(some.data),
    places.filter(({ line }) => line >= 1 && line <= 3),
  );
});

test("nothing is said about a document that is not open, and none is an error", async (t) => {
  const editor = await opened(t);
  for (const method of ["hover", "definition", "documentSymbol", "foldingRange"]) {
    assert.equal(await editor.ask(`textDocument/${method}`, uri, at(0)), null);
  }
  const tokens = await editor.ask<SemanticTokens>("textDocument/semanticTokens/full", uri);
  assert.deepEqual(tokens.data, []);
  assert.deepEqual(editor.errors, []);
});

test("the language of a document says what it is where its name does not", async (t) => {
  const editor = await TestEditor.open(t);
  await editor.show(`${folder}/some.txt`, "{}\n", "plaintext");
  await editor.show(`${folder}/other.txt`, '{"term": 2, "command": {}}\n{"term": 1, "comm\n');
  await editor.hasCodes(`${folder}/other.txt`, "malformed-line");
  assert.deepEqual(editor.diagnostics(`${folder}/some.txt`), []);
});

test("what was never saved is compared with nothing", async (t) => {
  const editor = await TestEditor.open(t);
  await editor.show("untitled:Untitled-1", log("2:x=1"));
  await editor.show("untitled:Untitled-2", log("2:x=2 1:x=3"));
  await editor.hasCodes("untitled:Untitled-2", "term-decreases");
  assert.deepEqual(editor.codes("untitled:Untitled-1"), []);
});

interface TokenPlace {
  readonly line: number;
  readonly character: number;
  readonly rest: readonly number[];
}

function placesOf(data: readonly number[]): readonly TokenPlace[] {
  const places: TokenPlace[] = [];
  let line = 0;
  let character = 0;
  for (let i = 0; i < data.length; i += 5) {
    const [lines = 0, characters = 0, ...rest] = data.slice(i, i + 5);
    character = lines === 0 ? character + characters : characters;
    line += lines;
    places.push({ line, character, rest });
  }
  return places;
}
