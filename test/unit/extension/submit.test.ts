import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../../src/extension/outcomes.ts";
import { submit, type Submission, type Submitted } from "../../../src/extension/submit.ts";
import { Watch } from "../../../src/extension/watch.ts";
import { emptyLog, paperTiming, type NodeId } from "../../../src/raft/index.ts";
import type { NodeHappening } from "../../../src/trace/index.ts";

/** A cluster of three that answers submissions as it is told to, one after the other. */
function cluster(...outcomes: Outcome[]) {
  const watch = new Watch(() => {});
  const asked: (NodeId | null)[] = [];
  let seq = 0;
  const happen = (node: string, happening: NodeHappening) =>
    watch.take({ seq: seq++, time: seq, node, ...happening });
  const members = ["n1", "n2", "n3"];
  const saved = { currentTerm: 0, votedFor: null, log: emptyLog };
  for (const node of members) {
    happen(node, { kind: "started", members, timing: paperTiming, seed: 1, saved, action: null });
  }
  const lead = (node: string) => {
    happen(node, { kind: "termChanged", term: 1 });
    happen(node, { kind: "roleChanged", role: "leader", term: 1 });
  };
  const give = (submission: Partial<Submission>): Promise<Submitted> =>
    submit(
      {
        watch,
        perform: (action) => {
          assert(action.kind === "submit");
          asked.push(action.node);
          return Promise.resolve(outcomes.shift() ?? { kind: "nothingYet" });
        },
      },
      {
        node: null,
        command: '{"x": 1}',
        signal: new AbortController().signal,
        patienceMillis: 5000,
        ...submission,
      },
    );
  return { watch, asked, lead, give, seq: () => seq++ };
}

const committed: Outcome = {
  kind: "answered",
  node: "n2",
  answer: { kind: "committed", index: 2, term: 1 },
};
const notLeader: Outcome = {
  kind: "answered",
  node: "n2",
  answer: { kind: "notLeader", leaderId: "n1" },
};

test("the leader takes the entry and tells where it stands", async () => {
  const { lead, give, asked } = cluster(committed);
  lead("n2");
  assert.deepEqual(await give({}), { kind: "committed", node: "n2", index: 2, term: 1 });
  assert.deepEqual(asked, [null]);
});

test("without a leader nothing is submitted until there is one", async () => {
  const { lead, give, asked } = cluster(committed);
  const given = give({});
  await new Promise((wake) => setTimeout(wake, 20));
  assert.deepEqual(asked, []);
  lead("n2");
  assert.equal((await given).kind, "committed");
});

test("when no leader comes, that is said in the end", async () => {
  const { give, asked } = cluster(committed);
  assert.deepEqual(await give({ patienceMillis: 20 }), { kind: "noLeader" });
  assert.deepEqual(asked, []);
});

test("while time stands still nobody waits for a leader", async () => {
  const { watch, give, seq } = cluster(committed);
  watch.take({ seq: seq(), time: 9, node: null, kind: "paused", action: "a" });
  assert.deepEqual(await give({}), { kind: "noLeaderWhilePaused" });
});

test("who has stopped leading has not taken the entry, so it is given to the next", async () => {
  const refused: Outcome = { kind: "refused", reason: { kind: "noLeader" } };
  const { lead, give, asked } = cluster(notLeader, refused, committed);
  lead("n2");
  assert.equal((await give({})).kind, "committed");
  assert.deepEqual(asked, [null, null, null]);
});

test("a node that was chosen and does not lead names the leader, and is not asked again", async () => {
  const { lead, give, asked } = cluster(notLeader);
  lead("n1");
  const submitted = await give({ node: "n2" });
  assert.deepEqual(submitted, { kind: "notLeader", node: "n2", leaderId: "n1" });
  assert.deepEqual(asked, ["n2"]);
});

test("what may have been taken is never submitted again", async () => {
  for (const outcome of [
    { kind: "unanswered", node: "n2" },
    { kind: "answered", node: "n2", answer: { kind: "superseded", index: 2 } },
    { kind: "nothingYet" },
    { kind: "stopped" },
  ] satisfies Outcome[]) {
    const { lead, give, asked } = cluster(outcome, committed);
    lead("n2");
    assert.notEqual((await give({})).kind, "committed");
    assert.equal(asked.length, 1);
  }
});

test("a cluster that is stopped while there is no leader has not taken the entry", async () => {
  const { watch, give, asked } = cluster(committed);
  const given = give({});
  watch.end();
  assert.deepEqual(await given, { kind: "refused", reason: { kind: "stopped" } });
  assert.deepEqual(asked, []);
});

test("a wait for a leader that is cancelled submits nothing", async () => {
  const { give, asked } = cluster(committed);
  const cancelling = new AbortController();
  const given = give({ signal: cancelling.signal });
  cancelling.abort();
  assert.deepEqual(await given, { kind: "cancelled" });
  assert.deepEqual(asked, []);
});
