import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { suite, suiteTeardown, teardown, test } from "mocha";
import * as vscode from "vscode";
import type { LogsChecked, SameEntry } from "../../../src/extension/api.ts";
import { hasWindow, press, screenshot, texts } from "../../support/rig.ts";

const good =
  '{"term": 1, "command": {}}\n{"term": 1, "command": {"x": 1}}\n{"term": 3, "command": {"y": 2}}\n';
const lastValue = new vscode.Range(2, 29, 2, 30);
const names = [8000, 8001, 8002].map((port) => `127.0.0.1_${port}.log`);

let folders = 0;

/** A folder of its own in the workspace, with these files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert(root !== undefined, "no folder is open");
  folders += 1;
  const folder = join(root, `logs-${folders}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

function threeLogs(): Promise<string> {
  return folderWith(Object.fromEntries(names.map((name) => [name, good])));
}

async function show(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(path));
}

async function until<T>(what: string, ask: () => T | undefined, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The findings of ours in a file, once there are as many. */
function findings(path: string, count: number): Promise<readonly vscode.Diagnostic[]> {
  return until(`${count} findings in ${basename(path)}`, () => {
    const all = vscode.languages.getDiagnostics(vscode.Uri.file(path));
    const ours = all.filter(({ source }) => source === "Raft Lab");
    return ours.length === count ? ours : undefined;
  });
}

const codes = (list: readonly vscode.Diagnostic[]) => list.map(({ code }) => code);

suite("the logs of nodes", () => {
  teardown(async () => {
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("notifications.clearAll");
  });

  const detection = (value: string | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration("raftLab")
      .update("detectLogs", value, vscode.ConfigurationTarget.Global);

  suiteTeardown(() => detection(undefined));

  test("a conflict that is planted is underlined, and leads to the other node's log", async function () {
    this.timeout(60_000);
    const folder = await threeLogs();
    const [first = "", second = ""] = names.map((name) => join(folder, name));
    const editor = await show(first);
    assert.equal(editor.document.languageId, "raft-log");
    await findings(first, 0);
    await editor.edit((edit) => edit.replace(lastValue, "7"));
    const [found] = await findings(first, 1);
    assert.equal(found?.code, "log-matching");
    assert.equal(found.range.start.line, 2);
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    // The same is told in the file that is not open.
    assert.deepEqual(codes(await findings(second, 1)), ["log-matching"]);
    const related = found.relatedInformation?.map(({ location }) => location) ?? [];
    const place = related.find(({ uri }) => uri.fsPath === second);
    assert(place, JSON.stringify(related));
    if (hasWindow) await lookAtTheConflict(second);
    await editor.edit((edit) => edit.replace(lastValue, "2"));
    await findings(first, 0);
    await findings(second, 0);
    await editor.document.save();
  });

  test("hover, outline, folds, tokens and places are answered", async function () {
    this.timeout(60_000);
    const folder = await threeLogs();
    const editor = await show(join(folder, names[0] ?? ""));
    const { uri } = editor.document;
    await findings(uri.fsPath, 0);
    const at = new vscode.Position(1, 12);
    const ask = async <T>(command: string, ...more: unknown[]): Promise<T> =>
      vscode.commands.executeCommand<T>(`vscode.${command}`, uri, ...more);

    const symbols = await answered(() =>
      ask<vscode.DocumentSymbol[]>("executeDocumentSymbolProvider"),
    );
    assert.equal(symbols.length, 2);
    const folds = await ask<vscode.FoldingRange[]>("executeFoldingRangeProvider");
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [[0, 1]],
    );
    const hovers = await ask<vscode.Hover[]>("executeHoverProvider", at);
    const markdown = hovers.flatMap(({ contents }) => contents);
    assert(markdown.length > 0);
    for (const each of markdown) {
      assert(each instanceof vscode.MarkdownString);
      assert(each.isTrusted !== true && each.supportHtml !== true);
    }
    const tokens = await ask<vscode.SemanticTokens>("provideDocumentSemanticTokens");
    assert(tokens.data.length > 0);
    const legend = await ask<vscode.SemanticTokensLegend>("provideDocumentSemanticTokensLegend");
    assert(legend.tokenTypes.includes("raftEntry"));
    const places = await ask<vscode.Location[]>("executeReferenceProvider", at);
    assert.equal(places.length, 3);
  });

  test("what is in a file becomes no link in a hover", async function () {
    this.timeout(60_000);
    if (!hasWindow) this.skip();
    const hostile =
      "[press](command:workbench.action.closeAllEditors) <a href='https://evil.example'>x</a> <img src=x onerror=alert(1)> www.evil.example $(error) `` ` ``";
    const entry = JSON.stringify({ term: 1, command: { [hostile]: hostile } });
    const folder = await folderWith({
      [names[0] ?? ""]: `${entry}\n`,
      [names[1] ?? ""]: `${entry}\n`,
    });
    const editor = await show(join(folder, names[0] ?? ""));
    await answered(() =>
      vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        editor.document.uri,
        new vscode.Position(0, 30),
      ),
    );
    editor.selection = new vscode.Selection(0, 30, 0, 30);
    await vscode.commands.executeCommand("editor.action.showHover");
    const contents = ".monaco-hover .hover-contents";
    const shown = await texts(contents);
    await screenshot("hover-hostile");
    assert.match(shown.join("\n"), /evil\.example/);
    // Those below are asked for together with what is there, so that nothing is waited for.
    const withLinks = await texts(`${contents}, ${contents} a, ${contents} img`);
    assert.deepEqual(withLinks, shown);
    await press("Escape");
  });

  test("one goes round the same entry of all nodes", async () => {
    const folder = await threeLogs();
    const editor = await show(join(folder, names[0] ?? ""));
    editor.selection = new vscode.Selection(1, 5, 1, 5);
    for (const name of [names[1], names[2], names[0]]) {
      const place = await vscode.commands.executeCommand<SameEntry>("raftLab.goToSameEntry");
      assert.deepEqual([basename(place.file), place.line], [name, 2]);
      assert.equal(vscode.window.activeTextEditor?.document.fileName, join(folder, name ?? ""));
    }
  });

  test("a file that changes on disk is followed while it is not open", async function () {
    this.timeout(60_000);
    const folder = await threeLogs();
    const [first = "", second = ""] = names.map((name) => join(folder, name));
    await show(first);
    await findings(first, 0);
    await writeFile(second, good.replace('"y": 2', '"y": 3'));
    assert.deepEqual(codes(await findings(first, 1)), ["log-matching"]);
    await writeFile(second, good);
    await findings(first, 0);
  });

  test("a folder is checked by command, and its problems are shown", async function () {
    this.timeout(60_000);
    const folder = await folderWith({
      [names[0] ?? ""]: good,
      [names[1] ?? ""]: good.replace('"y": 2', '"y": 3'),
    });
    const checked = await vscode.commands.executeCommand<LogsChecked>(
      "raftLab.checkLogs",
      vscode.Uri.file(folder),
    );
    assert.deepEqual(checked, { folder, files: 2, errors: 2, warnings: 0 });
    await findings(join(folder, names[0] ?? ""), 1);
  });

  test("storage and state of a node are JSON, and known to the server", async function () {
    this.timeout(60_000);
    const folder = await folderWith({
      [names[0] ?? ""]: good,
      "127.0.0.1_8000.storage": '{"term": 2, "voted_for": null}',
      "127.0.0.1_8000.state_machine": '{"x": 1}',
    });
    const storage = join(folder, "127.0.0.1_8000.storage");
    const { document } = await show(storage);
    assert.equal(document.languageId, "json");
    assert.equal(
      (await show(join(folder, "127.0.0.1_8000.state_machine"))).document.languageId,
      "json",
    );
    assert.deepEqual(codes(await findings(storage, 1)), ["storage-behind-log"]);
  });

  test("names that are not ours are left alone", async () => {
    await detection("never");
    const expected = {
      "127.0.0.1_9000.log": "raft-log",
      "localhost_9000.log": "raft-log",
      "mine.raft.log": "raft-log",
      "task2_node1.txt": "raft-account",
      "node2_CUSTOMLOG.log": "raft-account",
      "app_2026.log": "log",
      "error_500.log": "log",
      "node1.log": "log",
      "server-2026-11-25.log": "log",
      "notes.txt": "plaintext",
      "task_list.txt": "plaintext",
    };
    const folder = await folderWith(
      Object.fromEntries(Object.keys(expected).map((name) => [name, "x\n"])),
    );
    for (const [name, language] of Object.entries(expected)) {
      const { languageId } = await vscode.workspace.openTextDocument(join(folder, name));
      assert.equal(languageId, language, name);
    }
  });

  test("a log of another name is told by what is in it, if the user says so", async function () {
    this.timeout(60_000);
    const folder = await folderWith({
      "some.log": good,
      "other.log": good,
      "app.log": "started\n",
    });
    await detection("never");
    await show(join(folder, "some.log"));
    await detection("always");
    await show(join(folder, "other.log"));
    await until("its language", () => {
      const { activeTextEditor } = vscode.window;
      return activeTextEditor?.document.languageId === "raft-log" ? true : undefined;
    });
    assert.equal(
      (await vscode.workspace.openTextDocument(join(folder, "some.log"))).languageId,
      "log",
    );
    await show(join(folder, "app.log"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(vscode.window.activeTextEditor?.document.languageId, "log");
    await vscode.commands.executeCommand("raftLab.treatAsRaftLog");
    assert.equal(vscode.window.activeTextEditor?.document.languageId, "raft-log");
  });

  test("a choice that the user takes back is not made again", async () => {
    const folder = await folderWith({ "back.log": good, "front.log": "x\n" });
    await detection("always");
    const { document } = await show(join(folder, "back.log"));
    const language = (id: string): Promise<true> =>
      until(id, () => (document.languageId === id ? true : undefined));
    await language("raft-log");
    await vscode.languages.setTextDocumentLanguage(document, "log");
    await language("log");
    await show(join(folder, "front.log"));
    await show(join(folder, "back.log"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(document.languageId, "log");
  });

  test("the user is asked about a log of another name", async function () {
    this.timeout(60_000);
    if (!hasWindow) this.skip();
    await detection("ask");
    const folder = await folderWith({ "asked.log": good });
    await show(join(folder, "asked.log"));
    await vscode.commands.executeCommand("notifications.showList");
    const shown = await texts(".notifications-center .notification-list-item");
    await screenshot("detect-log");
    assert.match(shown.join("\n"), /asked\.log looks like the log of a Raft node/);
    assert.equal(vscode.window.activeTextEditor?.document.languageId, "log");
  });
});

/** Waits for the server, which starts with the first log. */
async function answered<T>(ask: () => Thenable<readonly T[] | undefined>): Promise<readonly T[]> {
  for (let turn = 0; turn < 100; turn++) {
    const answer = await ask();
    if (answer !== undefined && answer.length > 0) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("nothing was answered");
}

/** What a user sees of it: the line under the text, the colours, and the Problems view. */
async function lookAtTheConflict(other: string): Promise<void> {
  await vscode.commands.executeCommand("workbench.actions.view.problems");
  const rows = (await texts(".markers-panel .monaco-list-row")).join("\n");
  assert.match(rows, /log-matching/);
  assert(rows.includes(basename(other)), rows);
  await texts(".squiggly-error");
  await screenshot("log-conflict");
  await vscode.commands.executeCommand("workbench.action.closePanel");
}
