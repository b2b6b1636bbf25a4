import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as v from "valibot";
import { foldersFrom } from "../../../src/cli/folders.ts";
import { run as runHere } from "../../../src/cli/run.ts";

// The command over real output of raftos and over folders made here; as a process of its own where
// that makes a difference.

const root = join(import.meta.dirname, "../../..");
const program = join(root, "src/cli/main.ts");
const fixtures = join(root, "test/fixtures/raftos-sets");

const findingSchema = v.strictObject({
  file: v.string(),
  line: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  code: v.string(),
  severity: v.picklist(["error", "warning", "information", "hint"]),
  message: v.pipe(v.string(), v.minLength(1)),
  related: v.array(v.strictObject({ file: v.string(), line: v.number(), message: v.string() })),
});
type Finding = v.InferOutput<typeof findingSchema>;

/** What the independent script found, told by file or, across files, by the index of an entry. */
const expectedSchema = v.record(
  v.string(),
  v.array(
    v.object({
      code: v.string(),
      severity: v.string(),
      file: v.optional(v.string()),
      line: v.optional(v.number()),
      index: v.optional(v.number()),
    }),
  ),
);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...words: readonly string[]): Promise<Ended> {
  let [out, err] = ["", ""];
  const code = await runHere(words, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    version: () => Promise.reject(new Error("only the process knows")),
  });
  return { code, out, err };
}

function spawned(...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { timeout: 60_000, maxBuffer: 1e8 };
    execFile(process.execPath, [program, ...words], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function findingsOf({ out }: Ended): readonly Finding[] {
  return v.parse(v.array(findingSchema), JSON.parse(out));
}

async function folderWith(
  t: TestContext,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "raft-lab-cli-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const good = '{"term": 1, "command": {"x": 1}}\n';
const other = '{"term": 1, "command": {"x": 2}}\n';

for (const set of (await readdir(fixtures)).filter((name) => !name.endsWith(".txt"))) {
  test(`what is known of ${set} is found, and nothing else is wrong there`, async () => {
    const ended = await run("check", join(fixtures, set), "--recursive", "--format", "json");
    const serious = findingsOf(ended).filter(({ severity }) => /error|warning/.test(severity));
    const text = await readFile(join(fixtures, set, "expected.json"), "utf8");
    const expected = Object.entries(v.parse(expectedSchema, JSON.parse(text))).flatMap(
      ([folder, list]) =>
        list.map((each) => ({ folder: folder === "." ? "" : `${folder}/`, ...each })),
    );
    const left = new Set(serious);
    for (const { folder, code, severity, file, line, index } of expected) {
      if (severity === "information") continue;
      const found = serious.filter(
        (each) =>
          each.file.slice(0, each.file.lastIndexOf("/") + 1) === folder &&
          each.code === code &&
          each.severity === severity &&
          (file === undefined || each.file === folder + file) &&
          (line === undefined || each.line === line) &&
          (index === undefined || each.line === index),
      );
      assert(found.length > 0, `${folder}: ${code} was not found`);
      for (const each of found) left.delete(each);
    }
    assert.deepEqual([...left], []);
    assert.equal(ended.code, serious.some(({ severity }) => severity === "error") ? 1 : 0);
  });
}

test("files of one folder are judged together, those of folders below only when asked", async (t) => {
  const folder = await folderWith(t, {
    "127.0.0.1_1.log": good,
    "127.0.0.1_2.log": good,
    "below/127.0.0.1_2.log": other,
    "two/127.0.0.1_1.log": good,
    "two/127.0.0.1_2.log": other,
    "node_modules/x/127.0.0.1_1.log": "torn",
    ".hidden/127.0.0.1_1.log": "torn",
  });
  assert.deepEqual(findingsOf(await run("check", folder, "--format", "json")), []);
  const ended = await run("check", folder, "--recursive", "--format", "json");
  const findings = findingsOf(ended);
  assert.deepEqual(
    findings.map(({ file, line, code }) => [file, line, code]),
    [
      ["two/127.0.0.1_1.log", 1, "log-matching"],
      ["two/127.0.0.1_2.log", 1, "log-matching"],
    ],
  );
  assert.equal(findings[0]?.related[0]?.file, "two/127.0.0.1_2.log");
  assert.equal(ended.code, 1);
});

test("text has a line for each finding, what it refers to below, and a summary", async (t) => {
  const folder = await folderWith(t, { "127.0.0.1_1.log": good, "127.0.0.1_2.log": other });
  const { out, err, code } = await run("check", folder);
  const lines = out.split("\n");
  const [first = "", second = ""] = lines;
  assert(first.startsWith(`${join(folder, "127.0.0.1_1.log")}:1:`), first);
  assert.match(first.slice(folder.length), /:1:\d+ error log-matching .*\(Raft §5\.3\)$/);
  assert(second.startsWith(`    ${join(folder, "127.0.0.1_2.log")}:1 `), second);
  assert.deepEqual(lines.slice(-2), ["2 files in 1 folder: 2 errors, 0 warnings.", ""]);
  assert.equal(err, "");
  assert.equal(code, 1);
});

test("an empty file has no line, and neither has what is no file", async (t) => {
  const folder = await folderWith(t, {
    "127.0.0.1_1.log": good,
    "127.0.0.1_1.storage": '{"term": 1, "voted_for": null}',
    "127.0.0.1_1.state_machine": "",
  });
  await symlink("/dev/zero", join(folder, "127.0.0.1_2.log"));
  const findings = findingsOf(await run("check", folder, "--format", "json"));
  assert.deepEqual(
    findings.map(({ file, line, code }) => [file, line, code]),
    [
      ["127.0.0.1_1.state_machine", null, "empty-file"],
      ["127.0.0.1_2.log", null, "not-a-file"],
    ],
  );
});

test("a folder without files of nodes is no error", async (t) => {
  const folder = await folderWith(t, { "app.log": "hello\n" });
  const { out, code } = await run("check", folder);
  assert.equal(out, "0 files in 1 folder: 0 errors, 0 warnings.\n");
  assert.equal(code, 0);
});

test("the same folder gives the same answer", async () => {
  const words = ["check", join(fixtures, "d1_kill9_v0.2.6"), "-r", "--format", "json"];
  assert.deepEqual(await run(...words), await spawned(...words));
});

test("what a file says cannot move the cursor of a terminal", async (t) => {
  const folder = await folderWith(t, {
    "127.0.0.1_1.log": '{"term": 1, "command": {"\u001b[2J\u202e": 1}}\n\u001b[31mred\n',
    "\u001b[2J.raft.log": "torn",
  });
  const { out } = await run("check", folder);
  assert.match(out, /torn-line|malformed-line/);
  assert.doesNotMatch(out, /(?!\n)[\p{Cc}\p{Cf}]/u);
});

test("a wrong command is told, and ends with 2", async (t) => {
  const folder = await folderWith(t, { "a.txt": "" });
  for (const [words, told] of [
    [[], /there is no command/],
    [["chekc", folder], /there is no command chekc/],
    [["check"], /name a FOLDER/],
    [["check", folder, folder], /one FOLDER only/],
    [["check", folder, "--format", "xml"], /no format xml/],
    [["check", folder, "--fast"], /--fast/],
    [["check", join(folder, "none")], /none cannot be read \(ENOENT\)/],
    [["check", join(folder, "a.txt")], /a\.txt is not a folder/],
  ] as const) {
    const { code, out, err } = await run(...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(err, told);
    assert.equal(out, "");
  }
  assert.deepEqual(await spawned("check"), await run("check"));
});

test("help and version are told", async () => {
  const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const { version } = v.parse(v.object({ version: v.string() }), manifest);
  assert.deepEqual(await spawned("--version"), { code: 0, out: `${version}\n`, err: "" });
  const { code, out } = await spawned("check", "--help");
  assert.equal(code, 0);
  assert.match(out, /^Usage: raft-lab check FOLDER/);
});

test("a folder that cannot be listed is told, and the others are still visited", async (t) => {
  const folder = await folderWith(t, { "a/127.0.0.1_1.log": good });
  assert.deepEqual(await foldersFrom(folder), { folders: ["", "a"], unreadable: [] });
  const none = await foldersFrom(join(folder, "none"));
  assert.deepEqual(none, { folders: [""], unreadable: [{ folder: "", error: "ENOENT" }] });
});
