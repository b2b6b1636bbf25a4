import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { FolderChecked } from "../../../../src/language/index.ts";
import { log, quiet, testTiming, TestEditor, until, uriOf } from "./test-editor.ts";

const good = log("1: 1:x=1 2:x=2");
/** Has another last entry. */
const other = log("1: 1:x=1 2:x=9");
const names = [1, 2, 3].map((node) => `127.0.0.1_800${node}.log`);

/** A folder with three logs, the first of them open. */
class Lab {
  readonly editor: TestEditor;
  readonly folder: string;
  readonly open: string;
  readonly closed: string;

  private constructor(editor: TestEditor, folder: string) {
    this.editor = editor;
    this.folder = folder;
    this.open = this.uri(names[0] ?? "");
    this.closed = this.uri(names[1] ?? "");
  }

  static async with(t: TestContext, ...logs: readonly string[]): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), "raft-lab-server-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const lab = new Lab(await TestEditor.open(t), folder);
    for (const [i, text] of logs.entries()) await lab.write(names[i] ?? "", text);
    await lab.editor.show(lab.open, logs[0] ?? "");
    return lab;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  uri(name: string): string {
    return uriOf(this.path(name));
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(this.path(name), text);
  }

  /** Writes the second log, which is not open. */
  async rewrite(text: string): Promise<void> {
    await this.write(names[1] ?? "", text);
    await this.editor.changedOnDisk(this.closed);
  }
}

test("the files beside an open one are read and have their findings shown", async (t) => {
  const lab = await Lab.with(t, good, other, good);
  await lab.editor.hasCodes(lab.open, "log-matching");
  await lab.editor.hasCodes(lab.closed, "log-matching");
  assert.match(lab.editor.watched.join(), /"pattern":"\*"/);
});

test("a file that changes on disk is judged anew, in the open files, too", async (t) => {
  const lab = await Lab.with(t, good, good, good);
  await lab.editor.hasCodes(lab.open);
  await lab.rewrite(other);
  await lab.editor.hasCodes(lab.open, "log-matching");
  await lab.rewrite(good);
  await lab.editor.hasCodes(lab.open);
  await lab.editor.hasCodes(lab.closed);
});

test("a file that is emptied and written again, over and over, is never complained of", async (t) => {
  const lab = await Lab.with(t, good, good, good);
  await lab.editor.hasCodes(lab.open);
  await quiet();
  const before = lab.editor.published.length;
  for (let round = 0; round < 40; round++) {
    await lab.rewrite("");
    await setTimeout(round % 4 === 0 ? 2 * testTiming.quiet : 2);
    const torn = good.slice(0, 20 + round);
    await lab.rewrite(torn);
    await setTimeout(round % 4 === 1 ? 2 * testTiming.quiet : 2);
    await lab.rewrite(good);
    await setTimeout(round % 4 === 2 ? 2 * testTiming.quiet : 2);
  }
  await quiet();
  assert.deepEqual(lab.editor.published.slice(before), []);
});

test("the same goes for a document that the editor loads again", async (t) => {
  const lab = await Lab.with(t, good, good, good);
  await quiet();
  const before = lab.editor.published.length;
  for (let round = 0; round < 20; round++) {
    await lab.editor.change(lab.open, { text: "" });
    await setTimeout(2 * testTiming.quiet);
    await lab.editor.change(lab.open, { text: good.slice(0, 40) });
    await setTimeout(2 * testTiming.quiet);
    await lab.editor.change(lab.open, { text: good });
  }
  await quiet();
  assert.deepEqual(lab.editor.published.slice(before), []);
});

test("a file that stays torn is told, after a while", async (t) => {
  const lab = await Lab.with(t, good, good, good);
  await lab.editor.hasCodes(lab.open);
  const start = performance.now();
  await lab.rewrite(`${good}{"term": 2, "comm`);
  await lab.editor.hasCodes(lab.closed, "torn-line");
  assert(performance.now() - start > testTiming.patience / 2);
});

test("a file that grows is followed", async (t) => {
  const lab = await Lab.with(t, good, good, good);
  await lab.editor.hasCodes(lab.open);
  for (let i = 0; i < 20; i++) {
    await appendFile(lab.path(names[1] ?? ""), log("2:y=1"));
    await lab.editor.changedOnDisk(lab.closed);
  }
  await appendFile(lab.path(names[1] ?? ""), log("1:y=1"));
  await lab.editor.changedOnDisk(lab.closed);
  await lab.editor.hasCodes(lab.closed, "term-decreases");
  assert.equal(lab.editor.diagnostics(lab.closed)[0]?.range.start.line, 23);
});

test("a file that is deleted is forgotten, with what others had to do with it", async (t) => {
  const lab = await Lab.with(t, good, other);
  await lab.editor.hasCodes(lab.closed, "log-matching");
  await rm(lab.path(names[1] ?? ""));
  await lab.editor.changedOnDisk(lab.closed);
  await lab.editor.hasCodes(lab.closed);
  await lab.editor.hasCodes(lab.open);
});

test("a document counts as it is in the editor, and as on disk once it is closed", async (t) => {
  const lab = await Lab.with(t, good, good);
  const second = lab.closed;
  await lab.editor.show(second, other);
  await lab.editor.hasCodes(lab.open, "log-matching");
  await lab.editor.hide(second);
  await lab.editor.hasCodes(lab.open);
  await lab.editor.hide(lab.open);
  await lab.editor.show(lab.open, other);
  await lab.editor.hasCodes(second, "log-matching");
  await lab.editor.hide(lab.open);
  await lab.editor.hasCodes(second);
});

test("what is no regular file is not opened, and says so", { timeout: 20_000 }, async (t) => {
  const lab = await Lab.with(t, good, good);
  await promisify(execFile)("mkfifo", [lab.path("127.0.0.1_9001.log")]);
  await symlink("/etc/passwd", lab.path("127.0.0.1_9002.log"));
  await symlink("/dev/zero", lab.path("127.0.0.1_9003.storage"));
  await mkdir(lab.path("127.0.0.1_9004.log"));
  await lab.write("127.0.0.1_9005.log", "");
  await truncate(lab.path("127.0.0.1_9005.log"), 51 * 1024 * 1024);
  const odd = [9001, 9002, 9004, 9005].map((port) => lab.uri(`127.0.0.1_${port}.log`));
  await lab.editor.changedOnDisk(...odd, lab.uri("127.0.0.1_9003.storage"));
  await lab.editor.hasCodes(odd[0] ?? "", "not-a-file");
  await lab.editor.hasCodes(odd[1] ?? "", "not-a-file");
  await lab.editor.hasCodes(odd[2] ?? "", "not-a-file");
  await lab.editor.hasCodes(odd[3] ?? "", "too-large");
  await lab.editor.hasCodes(lab.uri("127.0.0.1_9003.storage"), "not-a-file");
  for (const uri of odd) assert.equal(lab.editor.diagnostics(uri)[0]?.severity, 3);
  // And the others are still judged.
  await lab.rewrite(other);
  await lab.editor.hasCodes(lab.open, "log-matching");
  assert.deepEqual(lab.editor.errors, []);
});

test("a log that becomes a pipe and a log again is followed through it", async (t) => {
  const lab = await Lab.with(t, good, other);
  await lab.editor.hasCodes(lab.open, "log-matching");
  const path = lab.path(names[1] ?? "");
  await rm(path);
  await promisify(execFile)("mkfifo", [path]);
  await lab.editor.changedOnDisk(lab.closed);
  await lab.editor.hasCodes(lab.closed, "not-a-file");
  await lab.editor.hasCodes(lab.open);
  await rm(path);
  await lab.rewrite(other);
  await lab.editor.hasCodes(lab.closed, "log-matching");
});

test("a folder is checked on demand and followed from then on", async (t) => {
  const lab = await Lab.with(t, good, good);
  const folder = lab.path("other");
  await mkdir(folder);
  await writeFile(join(folder, "127.0.0.1_1.log"), log("2:x=1 1:x=2"));
  const asked = { folder: uriOf(folder) };
  const checked = await lab.editor.connection.sendRequest<FolderChecked>(
    "raftLab/checkFolder",
    asked,
  );
  assert.deepEqual(checked, { files: 1, errors: 1, warnings: 0 });
  const file = uriOf(join(folder, "127.0.0.1_1.log"));
  await lab.editor.hasCodes(file, "term-decreases");
  await writeFile(join(folder, "127.0.0.1_1.log"), log("1:x=1 1:x=2"));
  await lab.editor.changedOnDisk(file);
  await lab.editor.hasCodes(file);
  await assert.rejects(lab.editor.connection.sendRequest("raftLab/checkFolder", { folder: 7 }));
});

test("a folder that cannot be read leaves what is open to be judged", async (t) => {
  const editor = await TestEditor.open(t);
  const uri = uriOf(join(tmpdir(), "raft-lab-no-such-folder", "127.0.0.1_1.log"));
  await editor.show(uri, log("2:x=1 1:x=2"));
  await editor.hasCodes(uri, "term-decreases");
  await until(
    () => editor.errors.length === 0,
    () => "no error",
  );
});
