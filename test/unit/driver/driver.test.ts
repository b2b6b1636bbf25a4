import assert from "node:assert/strict";
import { test } from "node:test";
import { Driver, type World } from "../../../src/driver/index.ts";
import {
  emptyLog,
  paperTiming,
  type Change,
  type Message,
  type NodeId,
} from "../../../src/raft/index.ts";
import type { NodeHappening } from "../../../src/trace/index.ts";

/** A world in which nothing comes about by itself: the test says when the disk is done. */
class HeldWorld implements World {
  time = 0;
  wakeTime = 0;
  readonly sent: Message[] = [];
  readonly happened: NodeHappening[] = [];
  readonly writes: { readonly changes: readonly Change[]; readonly saved: () => void }[] = [];
  hasStopped = false;

  now(): number {
    return this.time;
  }
  wakeAt(time: number): void {
    this.wakeTime = time;
  }
  send(message: Message): void {
    this.sent.push(message);
  }
  save(changes: readonly Change[], saved: () => void): void {
    this.writes.push({ changes, saved });
  }
  apply(): void {}
  restore(): void {}
  record(happening: NodeHappening): void {
    this.happened.push(happening);
  }
  stopped(): void {
    this.hasStopped = true;
  }

  kinds(): readonly string[] {
    return this.happened.map(({ kind }) => kind);
  }
  /** The disk is done with the newest write. */
  sync(): void {
    const write = this.writes.at(-1);
    assert(write, "nothing was written");
    write.saved();
  }
  answers(): Record<string, string> {
    return Object.fromEntries(
      this.happened.flatMap((each) =>
        each.kind === "answered" ? [[each.action, each.answer.kind]] : [],
      ),
    );
  }
}

function driverIn(world: World, members: readonly NodeId[] = ["n1"]): Driver {
  const saved = { currentTerm: 0, votedFor: null, log: emptyLog };
  const given = { id: "n1", members, timing: paperTiming, seed: 1, saved, action: null };
  return new Driver({ ...given, world });
}

/** A single node that has been elected. */
function leading(): { world: HeldWorld; driver: Driver } {
  const world = new HeldWorld();
  const driver = driverIn(world);
  world.time = world.wakeTime;
  driver.wake();
  world.sync(); // its vote
  world.sync(); // its no-op
  assert.equal(driver.state.role.kind, "leader");
  return { world, driver };
}

test("a vote is asked for only once one's own is saved", () => {
  const world = new HeldWorld();
  const driver = driverIn(world, ["n1", "n2", "n3"]);
  world.time = world.wakeTime;
  driver.wake();
  assert.equal(world.sent.length, 0);
  world.sync();
  assert.deepEqual(
    world.sent.map(({ kind, to }) => [kind, to]),
    [
      ["RequestVote", "n2"],
      ["RequestVote", "n3"],
    ],
  );
});

test("while the disk is at work everything waits, and then goes to it at once", () => {
  const { world, driver } = leading();
  driver.request([{ id: "a", command: '{"x": 1}' }]);
  const under = world.writes.length;
  driver.request([{ id: "b", command: '{"x": 2}' }]);
  driver.request([{ id: "c", command: '{"x": 3}' }]);
  assert.equal(world.writes.length, under, "a second write began before the first was done");
  assert.deepEqual(world.answers(), {});
  world.sync();
  assert.deepEqual(world.answers(), { a: "committed" });
  assert.equal(world.writes.at(-1)?.changes.length, 2);
  world.sync();
  assert.deepEqual(world.answers(), { a: "committed", b: "committed", c: "committed" });
});

test("a request is answered when its entry is applied, and not before it is saved", () => {
  const { world, driver } = leading();
  driver.request([{ id: "a", command: '{"x": 1}' }]);
  world.sync();
  const kinds = world.kinds();
  assert(kinds.lastIndexOf("saved") < kinds.lastIndexOf("applied"));
  assert(kinds.lastIndexOf("applied") < kinds.lastIndexOf("answered"));
});

test("a request to a node that does not lead is answered with whom it follows", () => {
  const world = new HeldWorld();
  const driver = driverIn(world, ["n1", "n2", "n3"]);
  driver.receive(1, {
    kind: "AppendEntries",
    from: "n2",
    to: "n1",
    term: 1,
    leaderCommit: 0,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
  });
  driver.request([{ id: "a", command: "{}" }]);
  world.sync();
  const answer = world.happened.findLast((each) => each.kind === "answered");
  assert.deepEqual(answer, {
    kind: "answered",
    action: "a",
    answer: { kind: "notLeader", leaderId: "n2" },
  });
});

test("what a crashed node had asked of the disk comes to nothing, and its clients hear of it", () => {
  const { world, driver } = leading();
  driver.request([{ id: "a", command: '{"x": 1}' }]);
  driver.crash("why");
  assert.deepEqual(world.happened.slice(-2), [
    { kind: "crashed", unsaved: 1, action: "why" },
    { kind: "unanswered", action: "a" },
  ]);
  const count = world.happened.length;
  world.sync();
  driver.wake();
  driver.request([{ id: "b", command: "{}" }]);
  assert.equal(world.happened.length, count, "a crashed node did something");
});

test("a node that contradicts itself stops, says why, and harms nobody", () => {
  const { world, driver } = leading();
  // Somebody else who claims to lead the same term: one of the two must be wrong.
  driver.receive(7, {
    kind: "AppendEntries",
    from: "n2",
    to: "n1",
    term: 1,
    leaderCommit: 0,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
  });
  assert.equal(driver.isRunning, false);
  assert.equal(world.hasStopped, true);
  const failed = world.happened.find((each) => each.kind === "failed");
  assert.equal(failed?.failure.kind, "invariant");
});

test("an alarm that comes before the deadline, because that has moved, is set again", () => {
  const world = new HeldWorld();
  const driver = driverIn(world, ["n1", "n2", "n3"]);
  const first = world.wakeTime;
  world.time = first - 1;
  driver.receive(1, {
    kind: "AppendEntries",
    from: "n2",
    to: "n1",
    term: 1,
    leaderCommit: 0,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [],
  });
  world.sync();
  world.time = first;
  driver.wake();
  assert(world.wakeTime > first, "the alarm was not set again");
  assert.equal(driver.state.role.kind, "follower");
  assert(!world.kinds().includes("woke"));
});

/** A follower of n2 in term 1, to which nothing is committed yet. */
function following(): { world: HeldWorld; driver: Driver } {
  const world = new HeldWorld();
  const driver = driverIn(world, ["n1", "n2", "n3"]);
  receiveFromLeader(driver, 0);
  world.sync();
  return { world, driver };
}

/** n2 sends its no-op and a command, and says how far all is committed. */
function receiveFromLeader(driver: Driver, leaderCommit: number): void {
  driver.receive(1, {
    kind: "AppendEntries",
    from: "n2",
    to: "n1",
    term: 1,
    leaderCommit,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [
      { kind: "noOp", term: 1 },
      { kind: "command", term: 1, command: '{"x": 1}' },
    ],
  });
}

function readIndexReply(id: string, index: number | null): Message {
  return { kind: "ReadIndexReply", from: "n2", to: "n1", term: 1, id, index };
}

function answered(world: HeldWorld): readonly object[] {
  return world.happened.flatMap((each) => (each.kind === "answered" ? [each.answer] : []));
}

test("a read is answered from what is applied, once that is as far as the leader says", () => {
  const { world, driver } = following();
  driver.read([
    { id: "a", name: "x" },
    { id: "b", name: null },
    { id: "c", name: "y" },
  ]);
  for (const id of ["a", "b", "c"]) driver.receive(2, readIndexReply(id, 2));
  assert.deepEqual(answered(world), [], "nothing is applied yet");
  receiveFromLeader(driver, 1);
  assert.deepEqual(answered(world), [], "not enough is applied yet");
  receiveFromLeader(driver, 2);
  assert.deepEqual(answered(world), [
    { kind: "read", index: 2, value: "1" },
    { kind: "read", index: 2, value: '{"x": 1}' },
    { kind: "read", index: 2, value: null },
  ]);
  driver.read([{ id: "d", name: "x" }]);
  driver.receive(3, readIndexReply("d", 1));
  assert.deepEqual(answered(world).at(-1), { kind: "read", index: 2, value: "1" });
});

test("a read sees nothing that a crash could take back: it waits for the disk as what is applied does", () => {
  const { world, driver } = leading();
  driver.request([{ id: "a", command: '{"x": 1}' }]);
  driver.read([{ id: "b", name: "x" }]);
  assert.deepEqual(answered(world), [{ kind: "read", index: 1, value: null }]);
  world.sync();
  driver.read([{ id: "c", name: "x" }]);
  assert.deepEqual(answered(world).at(-1), { kind: "read", index: 2, value: "1" });
});

test("a read that nobody confirms is refused, with whom to ask; one that a crash ends is unanswered", () => {
  const { world, driver } = following();
  driver.read([
    { id: "a", name: "x" },
    { id: "b", name: "x" },
    { id: "c", name: "x" },
  ]);
  driver.receive(2, readIndexReply("a", null));
  assert.deepEqual(answered(world), [{ kind: "readRefused", leaderId: "n2" }]);
  driver.receive(3, readIndexReply("b", 2));
  driver.crash(null);
  assert.deepEqual(world.happened.slice(-2), [
    { kind: "unanswered", action: "b" },
    { kind: "unanswered", action: "c" },
  ]);
});
