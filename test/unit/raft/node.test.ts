import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { draw, RaftNode, type Input } from "../../../src/raft/index.ts";
import {
  candidate,
  follower,
  freeze,
  leader,
  log,
  settledLeader,
  step,
  voteRequest,
} from "./cases.ts";
import { happen, happenings } from "./happenings.ts";

// A node is a function of its inputs.

test("a node made from another's state goes on exactly as that one does", () => {
  const roles = new Set<string>();
  fc.assert(
    fc.property(happenings, (list) => {
      happen(list, (node, input, at) => {
        const other = RaftNode.at(node.state);
        const effects = step(node, input, at);
        assert.deepEqual(other.step(input, at), effects);
        assert.deepEqual(other.state, node.state);
        assert.equal(other.nextDeadline, node.nextDeadline);
        roles.add(node.state.role.kind);
        return effects;
      });
    }),
  );
  assert.deepEqual([...roles].toSorted(), ["candidate", "follower", "leader"]);
});

test("a node that follows another's inputs from the start stays equal to it", () => {
  fc.assert(
    fc.property(happenings, (list) => {
      const others = new Map<string, RaftNode>();
      happen(list, (node, input, at) => {
        const { id } = node.state;
        const other = others.get(id) ?? RaftNode.at(node.state);
        others.set(id, other);
        const effects = step(node, input, at);
        assert.deepEqual(other.step(input, at), effects);
        assert.deepEqual(other.state, node.state);
        return effects;
      });
    }),
    { numRuns: 30 },
  );
});

test("no step changes the state that it started from", () => {
  fc.assert(
    fc.property(happenings, (list) => {
      happen(list, (node, input, at) => {
        const before = node.state;
        const copy = structuredClone(before);
        // The nodes of these tests are frozen as well, so that a change would throw where it is.
        const effects = step(node, input, at);
        assert.deepEqual(before, copy);
        return effects;
      });
    }),
    { numRuns: 30 },
  );
});

test("what freezes a state freezes its maps, its sets and its log", () => {
  const { role, log: held } = freeze(leader("1", 2).state);
  assert(role.kind === "leader" && role.nextIndex instanceof Map && role.probing instanceof Set);
  const { nextIndex, probing } = role;
  assert.throws(() => nextIndex.set("B", 9));
  assert.throws(() => probing.add("D"));
  assert(Object.isFrozen(held.tail));
});

test("a state that was left behind can be gone on from, in another direction", () => {
  const { state } = follower("1", 1);
  const [one, other] = [RaftNode.at(state), RaftNode.at(state)];
  step(one, { kind: "receive", message: voteRequest("B", 2, "1") });
  step(other, { kind: "receive", message: voteRequest("C", 3, "1") });
  assert.equal(one.state.votedFor, "B");
  assert.equal(other.state.votedFor, "C");
  assert.equal(state.votedFor, null);
  assert.deepEqual(state.log, log("1"));
});

test("an input that is of no consequence leaves the very same state", () => {
  const nothing: Input = { kind: "saved", currentTerm: 0, index: 0, term: 0 };
  for (const node of [follower("1", 1), candidate("1", 2), settledLeader("1", 2)]) {
    const before = node.state;
    assert.deepEqual(step(node, nothing), []);
    assert.deepEqual(step(node, { kind: "wake" }), []);
    assert.equal(node.state, before);
  }
});

test("draws lie in [0, 1), are spread over it, and follow from the generator alone", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  let generator = 1;
  for (let times = 0; times < 10_000; times++) {
    const { value, next } = draw(generator);
    assert(value >= 0 && value < 1);
    assert.deepEqual(draw(generator), { value, next });
    const tenth = Math.floor(value * 10);
    counts[tenth] = (counts[tenth] ?? 0) + 1;
    generator = next;
  }
  assert(
    counts.every((count) => count > 900 && count < 1100),
    counts.join(" "),
  );
});
