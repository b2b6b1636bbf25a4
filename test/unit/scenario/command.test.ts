import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { text } from "./texts.ts";

const command = join(import.meta.dirname, "../../../src/hunt/scenarios.ts");
let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "raft-lab-scenarios-"));
});

after(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...parameters: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...parameters], { timeout: 60_000 });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

async function file(name: string, steps: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text(steps));
  return path;
}

test("the command runs the scenarios of these names, and writes its figures as JSON", async () => {
  const json = join(folder, "figures.json");
  const { code, out } = await run("figure-7", "initial-election.raft", "--json", json);
  assert.equal(code, 0, out);
  assert.match(out, /^passed +figure-7 +Followers that lack/m);
  assert.match(out, /\nscenarios=2 passed=2 failed=0\n$/);
  const figures: unknown = JSON.parse(await readFile(json, "utf8"));
  assert(typeof figures === "object" && figures !== null && "passed" in figures);
  assert.equal(figures.passed, 2);
});

test("the command tells what failed with its place, and ends with 1", async () => {
  const fails = await file("fails.raft", "crash n1\n  expect role leader on n1  # no\nrun 1 s");
  const isNone = await file("is-none.raft", "crash n1 now");
  const { code, out } = await run(fails, isNone);
  assert.equal(code, 1);
  assert(out.includes(`${fails}:5: expect role leader on n1  # no\n    after 0 ms`), out);
  assert(out.includes(`${isNone}:4:10: the end of the line is expected`), out);
  assert.match(out, /\nscenarios=2 passed=0 failed=2\n$/);
});

test("the command ends with 2 when there is no such scenario, or no such option", async () => {
  for (const parameters of [["no-such-scenario"], ["--fast"]]) {
    const { code, out, err } = await run(...parameters);
    assert.equal(code, 2, out);
    assert(err.length > 0);
  }
});
