import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceEvent } from "../../../src/trace/index.ts";
import { assertSame, folderOf, Lab } from "./lab.ts";

test("while the cluster is paused nothing is received and no time passes", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.leader();
  const paused = await lab.act({ kind: "pause" });
  const { length } = lab.events;
  await new Promise((resolve) => setTimeout(resolve, 600));
  const meanwhile = lab.events.slice(length).filter(({ kind }) => kind !== "dropped");
  assert.deepEqual(meanwhile, []);
  const resumed = await lab.act({ kind: "resume" });
  assert(resumed.time - paused.time < 100, `${resumed.time - paused.time} ms passed`);
  await lab.write('{"x": 1}');
});

test("at a tenth of the speed a leader takes ten times as long to be heard of", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.leader();
  await lab.act({ kind: "setSpeed", speed: 0.1 });
  const [from, real] = [lab.events.at(-1)?.time ?? 0, performance.now()];
  await lab.until("some heartbeats", () =>
    (lab.events.at(-1)?.time ?? 0) - from > 100 ? true : undefined,
  );
  const ratio = ((lab.events.at(-1)?.time ?? 0) - from) / (performance.now() - real);
  assert(ratio < 0.11, `cluster time went by at ${ratio} of real time`);
});

test("a leader whose links are cut cannot commit, and after they heal the others' log is its own", async (context) => {
  const lab = await Lab.open(context, await folderOf(context), { size: 3 });
  await lab.write('{"x": 1}');
  const first = await lab.leader();
  const others = lab.cluster.members.map(({ id }) => id).filter((id) => id !== first);
  const links = others.flatMap((id) => [
    { from: first, to: id },
    { from: id, to: first },
  ]);
  for (const link of links) await lab.act({ kind: "cutLink", ...link });
  lab.cluster.act("lonely", { kind: "submit", node: first, command: '{"x": "lonely"}' });
  await lab.until("another leader", () =>
    lab.events.find(
      (event) =>
        event.kind === "roleChanged" && event.role === "leader" && others.includes(event.node),
    ),
  );
  await lab.write('{"x": "together"}');
  for (const link of links) await lab.act({ kind: "healLink", ...link });
  await lab.agreed();
  assert.doesNotMatch(assertSame(await lab.files("log")), /lonely/);
  const answer = lab.events.find(
    (event): event is TraceEvent & { kind: "answered" } =>
      event.kind === "answered" && event.action === "lonely",
  );
  assert.equal(answer?.answer.kind, "superseded");
});
