import assert from "node:assert/strict";
import { test } from "node:test";
import { Driver, type World } from "../../../src/driver/index.ts";
import {
  emptyLog,
  logOf,
  paperTiming,
  simpleConfiguration,
  type Entry,
  type Message,
  type Persistent,
} from "../../../src/raft/index.ts";

const members = ["n1", "n2", "n3"];

/** What leaves a node and what its state machine is given, in order; the test is its disk. */
class ToldWorld implements World {
  time = 0;
  wakeTime = 0;
  readonly told: string[] = [];
  readonly #writes: (() => void)[] = [];

  now(): number {
    return this.time;
  }
  wakeAt(time: number): void {
    this.wakeTime = time;
  }
  send({ kind, to }: Message): void {
    this.told.push(`${kind} to ${to}`);
  }
  save(_changes: unknown, saved: () => void): void {
    this.told.push("save");
    this.#writes.push(saved);
  }
  apply(): void {
    this.told.push("apply");
  }
  restore(): void {
    this.told.push("restore");
  }
  record(): void {}
  stopped(): void {
    this.told.push("stopped");
  }
  /** The disk is done with all that it was given. */
  sync(): void {
    for (let write = this.#writes.shift(); write !== undefined; write = this.#writes.shift()) {
      write();
    }
  }
}

test("a leader whose disk is at work goes on being heard by who is sent a snapshot", () => {
  const { world, driver } = sendingSnapshot();
  driver.request([{ id: "b", command: '{"x": 9}' }]);
  world.told.length = 0;
  world.time = world.wakeTime;
  driver.wake();
  assert.deepEqual(world.told, ["AppendEntries to n2", "InstallSnapshot to n3"]);
});

test("the state machine is restored only once the snapshot is saved, and before what follows it", () => {
  const { world, driver } = started({ currentTerm: 1, votedFor: null, log: logOf(commands(5)) });
  world.told.length = 0;
  // All that it stands for is durable here already, and so nothing else would have to wait.
  driver.receive(1, snapshotUpTo(4));
  driver.receive(2, heartbeat(5));
  assert.deepEqual(world.told, ["save"]);
  world.sync();
  assert.deepEqual(
    world.told.slice(1).filter((each) => !each.endsWith("n2")),
    ["restore", "apply"],
  );
});

test("two snapshots that one write of the disk holds are restored in their order", () => {
  const { world, driver } = started({ currentTerm: 1, votedFor: null, log: emptyLog });
  driver.request([{ id: "a", command: "{}" }]);
  // The first is under way to the disk when two more come.
  for (const [at, index] of [4, 6, 8].entries()) driver.receive(at + 1, snapshotUpTo(index));
  assert(!world.told.includes("restore"));
  world.sync();
  assert.equal(world.told.filter((each) => each === "restore").length, 3);
  driver.compact("c");
  assert.equal(driver.state.snapshot?.index, 8);
});

function started(saved: Persistent): { readonly world: ToldWorld; readonly driver: Driver } {
  const world = new ToldWorld();
  const given = { id: "n1", members, timing: paperTiming, seed: 1, saved, action: null };
  return { world, driver: new Driver({ ...given, world }) };
}

/** n1 leads; n2 keeps up, and n3 needs what n1 has a snapshot for. */
function sendingSnapshot(): { readonly world: ToldWorld; readonly driver: Driver } {
  const { world, driver } = started({ currentTerm: 0, votedFor: null, log: emptyLog });
  world.time = world.wakeTime;
  driver.wake();
  world.sync();
  const envelope = { to: "n1", term: 1 };
  driver.receive(1, { kind: "RequestVoteReply", from: "n2", ...envelope, voteGranted: true });
  driver.request([{ id: "a", command: '{"x": 1}' }]);
  world.sync();
  const agrees = { success: true, matchIndex: 2 } as const;
  driver.receive(2, { kind: "AppendEntriesReply", from: "n2", ...envelope, outcome: agrees });
  driver.compact("c");
  world.sync();
  const lacks = { success: false, prevLogIndex: 0, conflictTerm: null, conflictIndex: 1 } as const;
  driver.receive(3, { kind: "AppendEntriesReply", from: "n3", ...envelope, outcome: lacks });
  return { world, driver };
}

function commands(count: number): readonly Entry[] {
  return Array.from({ length: count }, (_, at): Entry => {
    return { kind: "command", term: 1, command: `{"x": ${at + 1}}` };
  });
}

function snapshotUpTo(lastIncludedIndex: number): Message {
  return {
    kind: "InstallSnapshot",
    from: "n2",
    to: "n1",
    term: 1,
    lastIncludedIndex,
    lastIncludedTerm: 1,
    configuration: simpleConfiguration(members),
    offset: 0,
    data: `{"x": ${lastIncludedIndex}}`,
    done: true,
  };
}

function heartbeat(leaderCommit: number): Message {
  return {
    kind: "AppendEntries",
    from: "n2",
    to: "n1",
    term: 1,
    prevLogIndex: 5,
    prevLogTerm: 1,
    entries: [],
    leaderCommit,
  };
}
