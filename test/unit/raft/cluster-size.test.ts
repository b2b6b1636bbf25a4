import assert from "node:assert/strict";
import { test } from "node:test";
import { isQuorum, leaderOf, simpleConfiguration } from "../../../src/raft/index.ts";
import {
  acknowledge,
  appliedIn,
  candidate,
  follower,
  leader,
  members,
  messagesIn,
  saved,
  terms,
  vote,
  wake,
} from "./cases.ts";

// §5.2 and §5.3: a quorum is more than half of the members, the node itself among them.

const quorums = [1, 2, 2, 3, 3, 4, 4, 5, 5];

for (const [i, needed] of quorums.entries()) {
  const size = i + 1;
  const all = members(size);
  const peers = all.slice(1);

  test(`the quorum of ${size} is ${needed} (§5.2)`, () => {
    const configuration = simpleConfiguration(all);
    for (let count = 0; count <= size; count++) {
      const some = all.slice(size - count);
      assert.equal(
        isQuorum(configuration, (node) => some.includes(node)),
        count >= needed,
      );
    }
  });

  test(`a candidate among ${size} leads with ${needed} votes and not with fewer (§5.2)`, () => {
    const node = candidate("1", 2, { members: all });
    saved(node);
    let votes = 1;
    for (const peer of peers) {
      assert.equal(node.state.role.kind, votes < needed ? "candidate" : "leader", `${votes} votes`);
      vote(node, peer);
      votes++;
    }
    assert.equal(leaderOf(node.state), "A");
  });

  test(`an entry among ${size} commits on ${needed} logs and not on fewer (§5.3)`, () => {
    const node = leader("1", 2, { members: all });
    saved(node);
    let holders = 1;
    for (const peer of peers) {
      assert.equal(node.state.commitIndex, holders < needed ? 0 : 2, `${holders} holders`);
      acknowledge(node, peer, 2);
      holders++;
    }
    assert.equal(node.state.commitIndex, 2);
  });
}

for (const size of [2, 4, 6, 8]) {
  const all = members(size);
  const half = all.slice(1, size / 2);

  test(`half of ${size} is too few to lead, and too few to commit (§5.2, §5.3)`, () => {
    const running = candidate("1", 2, { members: all });
    saved(running);
    for (const peer of half) vote(running, peer);
    assert.equal(running.state.role.kind, "candidate");

    const leading = leader("1", 2, { members: all });
    saved(leading);
    for (const peer of half) acknowledge(leading, peer, 2);
    assert.equal(leading.state.commitIndex, 0);
  });
}

test("a node on its own leads once its vote is saved, and commits once its log is (§5.2)", () => {
  const node = follower("1 1", 1, { members: members(1) });
  assert.deepEqual(messagesIn(wake(node, node.nextDeadline)), []);
  assert.equal(node.state.role.kind, "candidate");

  assert.deepEqual(appliedIn(saved(node)), []);
  assert.equal(node.state.role.kind, "leader");
  assert.equal(terms(node), "1 1 2");

  assert.deepEqual(appliedIn(saved(node)), [1, 2, 3]);
  assert.equal(node.state.commitIndex, 3);
});

test("the nodes of a cluster of two need each other (§5.2)", () => {
  const node = candidate("1", 2, { members: members(2) });
  saved(node);
  assert.equal(node.state.role.kind, "candidate");
  vote(node, "B");
  assert.equal(node.state.role.kind, "leader");
});
