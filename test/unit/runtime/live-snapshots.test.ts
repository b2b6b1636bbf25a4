import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { assertSame, folderOf, Lab } from "./lab.ts";

// §7 in a live cluster: what a node missed, and its leader has cut from its log, it is sent.

test("a node that missed 10,000 entries catches up by a snapshot while the others go on", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), {
    size: 3,
    snapshotAfter: { entries: 1000 },
  });
  await lab.write('{"first": 1}');
  const leader = await lab.leader();
  const lost = lab.cluster.members.find(({ id }) => id !== leader)?.id ?? "";
  lab.cluster.act("crash", { kind: "crash", node: lost });
  const acknowledged = new Set<string>();
  let count = 0;
  const submit = (): void => {
    if (count >= 10_000) return;
    const command = `{"x${count % 50}": ${count}}`;
    lab.cluster.act(`many-${count++}`, { kind: "submit", node: leader, command });
  };
  const stop = lab.cluster.subscribe((event) => {
    if (event.kind !== "answered" || !event.action.startsWith("many-")) return;
    assert.equal(event.answer.kind, "committed");
    acknowledged.add(event.action);
    submit();
  });
  for (let i = 0; i < 256; i++) submit();
  await lab.until("10,000 entries", () => acknowledged.size === 10_000 || undefined, 90_000);
  stop();

  lab.cluster.act("restart", { kind: "restart", node: lost });
  // What it was being sent when it went comes first, and then what was taken since.
  await lab.until("the newest snapshot to be installed", () =>
    lab.events.find(
      (event) => event.kind === "restored" && event.node === lost && event.index > 9_000,
    ),
  );
  await lab.write('{"last": 1}');
  await lab.agreed();
  assertSame(await lab.files("stateMachine"));
  assert.deepEqual(await lab.cluster.compareFiles(), []);
  // Who was there all the time has every line; the other says from which entry its file begins.
  const wal = await stat(lab.cluster.filesOf(leader).wal);
  assert(wal.size < 400_000, `the wal of the leader is cut: ${wal.size} bytes`);
  const accounts = await lab.files("account");
  const told = accounts.filter((text) => /begins after entry \d+/.test(text));
  assert.equal(told.length, 1);
});
