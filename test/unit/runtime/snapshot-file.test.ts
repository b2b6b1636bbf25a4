import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Snapshot } from "../../../src/raft/index.ts";
import {
  readSnapshot,
  snapshotLines,
  SnapshotReader,
  writeSnapshot,
} from "../../../src/runtime/snapshot-file.ts";
import { encodeJson, recordLimit } from "../../../src/runtime/wal-record.ts";
import { folderFor } from "./folders.ts";

const owner = { node: "n1", cluster: "cluster-1" };

function snapshotOf(data: string): Snapshot {
  const configuration = { voters: ["n1", "n2"], outgoing: [], learners: ["n3"] };
  return { index: 7, term: 2, configuration, data };
}

function read(text: string) {
  const reader = new SnapshotReader(owner);
  reader.take(text);
  return reader.end();
}

function textOf(data: string): string {
  return [...snapshotLines(owner, snapshotOf(data))].join("");
}

test("a snapshot that was written is read again, whatever its data", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.nat(300), (unit, times) => {
      const data = unit.repeat(times);
      assert.deepEqual(read(textOf(data)), { kind: "snapshot", snapshot: snapshotOf(data) });
    }),
    { numRuns: 20 },
  );
});

test("it is ASCII, and no line is long", () => {
  const text = textOf("\u{1f600}é\ud800".repeat(100_000));
  assert.match(text, /^[ -~\n]*$/);
  for (const line of text.split("\n")) assert(line.length < recordLimit / 4);
});

test("a snapshot that is cut anywhere is damaged", () => {
  const text = textOf('{"a": 1}');
  for (let end = 0; end < text.length; end++) {
    assert.equal(read(text.slice(0, end)).kind, "damaged", `cut at ${end}`);
  }
});

test("a flipped bit anywhere is seen", () => {
  const bytes = Buffer.from(textOf('{"a": 1}'));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const other = Buffer.from(bytes);
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.notEqual(read(other.toString("latin1")).kind, "snapshot", `bit ${bit}`);
  }
});

test("pieces that are missing, doubled or too many are damage, and the line is named", () => {
  const lines = [...snapshotLines(owner, snapshotOf("x".repeat(100_000)))];
  assert.equal(lines.length, 5);
  const without = (at: number) => lines.filter((_, i) => i !== at).join("");
  assert.deepEqual(read(without(2)), { kind: "damaged", line: 3 });
  assert.deepEqual(read(without(4)), { kind: "damaged", line: 5 });
  assert.deepEqual(read(lines.join("") + lines[4]), { kind: "damaged", line: 6 });
});

test("another node's, another cluster's and another version's are told apart", () => {
  const text = textOf("{}");
  const of = (other: typeof owner) => {
    const reader = new SnapshotReader(other);
    reader.take(text);
    return reader.end();
  };
  assert.deepEqual(of({ ...owner, node: "n2" }), { kind: "foreign", owner: "n1" });
  assert.deepEqual(of({ ...owner, cluster: "other" }), {
    kind: "foreign",
    owner: "n1 of cluster cluster-1",
  });
  const later = encodeJson({ kind: "snapshot", version: 2, ...owner, more: true });
  assert.deepEqual(read(later), { kind: "unsupported", line: 1 });
});

test("any text is an answer, never an error", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const reader = new SnapshotReader(owner);
      for (const text of texts) reader.take(text);
      assert.notEqual(reader.end().kind, "snapshot");
    }),
  );
  assert.equal(read("x".repeat(3 * recordLimit)).kind, "damaged");
});

test("a snapshot is replaced as a whole, and what is not there is missing", async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, "127.0.0.1_8000.snapshot");
  assert.deepEqual(await readSnapshot(path, owner), { kind: "missing" });
  await writeFile(path, "something else");
  assert.deepEqual(await readSnapshot(path, owner), { kind: "damaged", line: 1 });
  await writeSnapshot(path, owner, snapshotOf('{"a": 1}'));
  const found = await readSnapshot(path, owner);
  assert.deepEqual(found, { kind: "snapshot", snapshot: snapshotOf('{"a": 1}') });
  assert.deepEqual(await readdir(folder), ["127.0.0.1_8000.snapshot"]);
  assert.equal(await readFile(path, "utf8"), textOf('{"a": 1}'));
});

test("ten million characters are written and read without holding anybody up", async (t) => {
  const path = join(await folderFor(t), "127.0.0.1_8000.snapshot");
  const data = `{"a": "${"é".repeat(1000)}${"x".repeat(10_000_000)}"}`;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await writeSnapshot(path, owner, snapshotOf(data));
  const found = await readSnapshot(path, owner);
  delay.disable();
  assert(found.kind === "snapshot" && found.snapshot.data === data);
  t.diagnostic(
    `the longest wait: ${delay.max / 1e6} ms, of a hundredth: ${delay.percentile(99) / 1e6}`,
  );
  // A machine with other work to do may let a process wait for long, but not often.
  assert(delay.percentile(95) < 10e6, `${delay.percentile(95) / 1e6} ms`);
});
