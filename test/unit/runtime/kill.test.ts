import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { lastIndex, slice } from "../../../src/raft/index.ts";
import { compareFiles } from "../../../src/runtime/compare-files.ts";
import { openNodeFiles } from "../../../src/runtime/node-files.ts";
import { pathsOf } from "../../../src/runtime/node-paths.ts";
import { logLine } from "../../../src/runtime/raftos-format.ts";
import { removeLeftovers } from "../../../src/runtime/write-atomically.ts";
import { assertSame, folderOf, Lab } from "./lab.ts";
import { entryOf, member, owner } from "./snapshot-life.ts";

/** Runs a writer until it has acknowledged so many, then kills it without a warning. */
async function writeAndKill(
  folder: string,
  count: number,
  writes = "writer.ts",
): Promise<readonly string[]> {
  const writer = join(import.meta.dirname, writes);
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
  const begins = (await lab.files("account")).map(
    (account) => [...account.matchAll(/begins after entry (\d+)/g)].at(-1)?.[1] ?? "0",
  );
  const logs = (await lab.files("log")).map((text) => text.split("\n"));
  for (const line of acknowledged) {
    const [index = "", id] = line.split(" ");
    const expected = new RegExp(`"command": \\{"id": "${id}"\\}\\}$`);
    for (const [node, lines] of logs.entries()) {
      const at = Number(index) - Number(begins[node]) - 1;
      if (at >= 0) assert.match(lines[at] ?? "", expected);
    }
  }
  assertSame(await lab.files("stateMachine"));
});

test("a process killed while it takes snapshots has lost nothing that was durable", async (context) => {
  const folder = await folderOf(context);
  const paths = pathsOf(folder, member);
  for (let round = 0; round < 4; round++) {
    const count = 20 + Math.floor(Math.random() * 120);
    const durable = await writeAndKill(folder, count, "snapshot-writer.ts");
    const [last = 0, taken = 0] = durable.at(-1)?.split(" ").map(Number) ?? [];
    await removeLeftovers(folder);
    const fileFailed = (_node: string, file: string): never => assert.fail(file);
    const addressOf = (): string => member.address;
    const options = { folder, cluster: owner.cluster, addressOf, fileFailed };
    const opened = await openNodeFiles(member, options, () => {});
    assert(opened.kind === "opened", JSON.stringify(opened));
    const { log, snapshot } = opened.files.saved;
    await opened.files.close();
    assert(lastIndex(log) >= last && (snapshot?.index ?? 0) >= taken);
    assert.deepEqual(
      slice(log, 1),
      Array.from({ length: log.length }, (_, i) => entryOf(log.start + 1 + i)),
    );
    const { signal } = new AbortController();
    const nodes = [{ member, running: null }];
    assert.deepEqual(
      await compareFiles({ folder, cluster: owner.cluster, nodes, addressOf, signal }),
      [],
    );
    // Every line that the file has left is the one of its entry, up to the last.
    const lines = (await readFile(paths.log, "utf8")).split("\n").slice(0, -1);
    const expected = lines.map((_, i) => logLine(entryOf(lastIndex(log) - lines.length + 1 + i)));
    assert.deepEqual(
      lines.map((line) => `${line}\n`),
      expected,
    );
  }
});
