import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { assertSame, folderOf, Lab } from "./lab.ts";

/** Runs a writer until it has acknowledged so many, then kills it without a warning. */
async function writeAndKill(folder: string, count: number): Promise<readonly string[]> {
  const writer = join(import.meta.dirname, "writer.ts");
  const child = spawn(process.execPath, [writer, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill("SIGKILL");
  }
  await ended;
  assert(acknowledged.length >= count, `the writer ended after ${acknowledged.length}`);
  assert.equal(child.signalCode, "SIGKILL");
  return acknowledged;
}

test("a process killed in the middle of submissions has lost no acknowledged entry", async (context) => {
  const folder = await folderOf(context);
  const acknowledged: string[] = [];
  // Again and again on the same files, so that what was recovered once is recovered again.
  for (let round = 0; round < 2; round++) {
    acknowledged.push(...(await writeAndKill(folder, 100 + Math.floor(Math.random() * 300))));
  }
  const lab = await Lab.open(context, folder, { size: 3 });
  await lab.write('{"after": "all"}');
  await lab.agreed();
  assert.deepEqual(await lab.cluster.compareFiles(), []);
  const lines = assertSame(await lab.files("log")).split("\n");
  for (const line of acknowledged) {
    const [index, id] = line.split(" ");
    assert.match(lines[Number(index) - 1] ?? "", new RegExp(`"command": \\{"id": "${id}"\\}\\}$`));
  }
});
