import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Diagnostic, SemanticTokens } from "vscode-languageserver";
import { log, quiet, TestEditor, until, uriOf } from "./test-editor.ts";

const folder = "vscode-vfs://hostile";
const uri = `${folder}/127.0.0.1_8000.log`;
const entry = '{"term": 1, "command": {"x": 1}}';

/** Texts that have broken readers of logs, by what they are. */
const texts: Readonly<Record<string, string>> = {
  nothing: "",
  "empty lines": "\n\n\n\r\n",
  "no end of the last line": entry,
  "a byte order mark": `\ufeff${entry}\n`,
  "carriage returns": `${entry}\r\n${entry}\r${entry}\n`,
  "separators that are no ends of lines": `{"term": 1, "command": {"x": "\u2028\u2029\u0085"}}\n`,
  "controls and marks of direction": `{"term": 1, "command": {"\u0000\u001b[2J": "\u202e\u2066"}}\n`,
  "halves of characters": `{"term": 1, "command": {"x": "\ud800"}}\n\udc00\n`,
  "UTF-16 read as UTF-8": '\ufffd\ufffd{\u0000"\u0000t\u0000e\u0000r\u0000m\u0000\n',
  MessagePack: "\ufffd\ufffdterm\u0001\ufffdcommand\ufffd\ufffdx\u0001\n",
  "one long line": `{"term": 1, "command": {"x": "${"a".repeat(2_000_000)}"}}\n`,
  "an abyss of brackets": `{"term": 1, "command": {"x": ${"[".repeat(100_000)}${"]".repeat(100_000)}}}\n`,
  "brackets without an end": `{"term": 1, "command": ${'{"a":'.repeat(100_000)}\n`,
  "names of prototypes": `{"term": 1, "command": {"__proto__": 1, "constructor": 2, "toString": 3, "": 4}}\n`,
  "names given twice": '{"term": 1, "term": 2, "command": {"x": 1, "x": 2}}\n',
  "many names": `{"term": 1, "command": {${Array.from({ length: 20_000 }, (_, i) => `"k${i}": ${i}`).join()}}}\n`,
  "odd numbers": ["9007199254740993", "1e400", "-0", "1.5", '"3"', "null", "NaN", "-1", "1e2"]
    .map((term) => `{"term": ${term}, "command": {"x": ${term}}}\n`)
    .join(""),
  "falling and huge terms": log("5: 4: 9007199254740992: 1:"),
  "two entries on one line": `${entry}${entry}\n`,
  "an entry over two lines": entry.replace(", ", ",\n"),
  "lines of two writers": `{"term": 1, "comm{"term": 1, "command": {}}\nand": {}}\n`,
  "torn lines": Array.from(entry, (_, i) => entry.slice(0, i)).join("\n"),
  "what slow patterns love": `${"a ".repeat(20_000)}!\n${" ".repeat(50_000)}x\n`,
  markup: `{"term": 1, "command": {"](command:x)": "<img src=x onerror=alert(1)>"}}\n`,
  "very many mistakes": "x\n".repeat(20_000),
};

for (const language of ["raft-log", "raft-account"]) {
  for (const [what, text] of Object.entries(texts)) {
    test(`${what} in a ${language} does no harm`, async (t) => {
      const editor = await TestEditor.open(t);
      await editor.show(`${folder}/127.0.0.1_8001.log`, log("2:"));
      await editor.show(uri, text, language);
      await everything(editor);
      await editor.change(uri, { text: `${text}{` });
      await editor.change(uri, { text });
      await everything(editor);
      // It goes on as if nothing had been.
      await editor.change(uri, { text: log("2: 1:") });
      if (language === "raft-log") await editor.hasCodes(uri, "term-decreases");
      assert.deepEqual(editor.errors, []);
      for (const { diagnostics } of editor.published) assert(diagnostics.length <= 1_001);
    });
  }
}

test("storage and state of a node may hold anything, too", async (t) => {
  const editor = await TestEditor.open(t);
  for (const name of ["127.0.0.1_8000.storage", "127.0.0.1_8000.state_machine"]) {
    const file = `${folder}/${name}`;
    await editor.show(file, "{}", "json");
    for (const text of Object.values(texts)) {
      await editor.change(file, { text });
      await editor.ask("textDocument/hover", file, { position: { line: 0, character: 1 } });
    }
  }
  assert.deepEqual(editor.errors, []);
});

test("any bytes in any file of a folder are read", async (t) => {
  const disk = await mkdtemp(join(tmpdir(), "raft-lab-server-"));
  t.after(() => rm(disk, { recursive: true, force: true }));
  const editor = await TestEditor.open(t);
  const names = [
    "127.0.0.1_1.log",
    "127.0.0.1_1.storage",
    "127.0.0.1_1.state_machine",
    "node1.log",
  ];
  await editor.show(uriOf(join(disk, "127.0.0.1_2.log")), log("2: 1:"));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.nat(), async (bytes, which) => {
      const file = join(disk, names[which % names.length] ?? "");
      await writeFile(file, bytes);
      await editor.changedOnDisk(uriOf(file));
      await editor.connection.sendRequest("raftLab/checkFolder", { folder: uriOf(disk) });
    }),
    { numRuns: 20 },
  );
  assert.deepEqual(editor.errors, []);
  assert.deepEqual(editor.codes(uriOf(join(disk, "127.0.0.1_2.log"))), ["term-decreases"]);
});

test(
  "edits, however many, come to what the whole text comes to",
  { timeout: 60_000 },
  async (t) => {
    const editor = await TestEditor.open(t);
    const fresh = await TestEditor.open(t);
    const peer = `${folder}/127.0.0.1_8001.log`;
    const start = log("1: 1:x=1 2:x=2 2:x=3 3:x=4");
    for (const each of [editor, fresh]) await each.show(peer, start);
    const piece = fc.constantFrom(
      ...start.split("\n").map((line) => `${line}\n`),
      "{",
      "",
      "\n",
      "x",
    );
    const edit = fc.record({ from: fc.nat(), length: fc.nat({ max: 60 }), piece });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), async (edits) => {
        let text = start;
        await editor.show(uri, text);
        for (const { from, length, piece: inserted } of edits) {
          const begin = from % (text.length + 1);
          const end = Math.min(begin + length, text.length);
          const range = { start: positionAt(text, begin), end: positionAt(text, end) };
          await editor.change(uri, { range, text: inserted });
          text = text.slice(0, begin) + inserted + text.slice(end);
        }
        await fresh.show(uri, text);
        const asked = [editor, fresh].map((each) => tokensAndHover(each));
        const [one, other] = await Promise.all(asked);
        assert.deepEqual(one, other);
        const found = (each: TestEditor): string => placesOf(each.diagnostics(uri));
        // What looks unfinished is waited for by one of them only.
        await until(
          () => found(editor) === found(fresh),
          () => `the same findings in ${JSON.stringify(text)}: ${found(editor)}, ${found(fresh)}`,
        );
        for (const each of [editor, fresh]) await each.hide(uri);
      }),
      { numRuns: 15 },
    );
    await quiet();
  },
);

async function tokensAndHover(editor: TestEditor): Promise<readonly unknown[]> {
  return Promise.all([
    editor.ask("textDocument/semanticTokens/full", uri),
    editor.ask("textDocument/documentSymbol", uri),
    editor.ask("textDocument/hover", uri, { position: { line: 1, character: 10 } }),
  ]);
}

/** Asks all there is to ask about the document, at some places. */
async function everything(editor: TestEditor): Promise<void> {
  const { data } = await editor.ask<SemanticTokens>("textDocument/semanticTokens/full", uri);
  assert.equal(data.length % 5, 0);
  assert(data.every((number) => Number.isInteger(number) && number >= 0));
  await editor.ask("textDocument/documentSymbol", uri);
  await editor.ask("textDocument/foldingRange", uri);
  for (const position of [
    { line: 0, character: 0 },
    { line: 0, character: 30 },
    { line: 7, character: 12 },
    { line: 1e6, character: 1e6 },
  ]) {
    const context = { includeDeclaration: true };
    for (const method of ["hover", "definition", "references"]) {
      await editor.ask(`textDocument/${method}`, uri, { position, context });
    }
  }
}

function positionAt(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

function placesOf(diagnostics: readonly Diagnostic[]): string {
  return JSON.stringify(diagnostics.map(({ code, range }) => [code, range]));
}
