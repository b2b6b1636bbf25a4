import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesThatCount, type Moment, type Standing } from "../../../src/exploration/index.ts";
import { beginning } from "../../../src/exploration/moment.ts";
import { standingOf } from "../../../src/exploration/standing.ts";
import {
  logOf,
  paperOnly,
  paperTiming,
  simpleConfiguration,
  type Configuration,
  type Message,
  type RaftState,
} from "../../../src/raft/index.ts";
import { emptyView, type NodeView } from "../../../src/trace/index.ts";
import { explorationOf, runOf } from "./runs.ts";

// Why an entry is committed or not. A log is written as the terms of its entries.

interface Given {
  readonly log: string;
  readonly leads?: number;
  readonly saved?: number;
  readonly commit?: number;
  readonly down?: boolean;
  /** What it believes of n1, n2, … as a leader. */
  readonly match?: readonly number[];
}

test("an entry is committed because its leader counted a majority in its own term (§5.3)", () => {
  const moment = momentOf({ log: "1 1", leads: 1, commit: 2 }, { log: "1 1" }, { log: "1" });
  const commit = { index: 2, by: "n1", term: 1, seq: 9 };
  const standing = standingOf(2, moment, commit);
  assert.deepEqual(standing.verdict, {
    kind: "committed",
    knownBy: ["n1"],
    how: { kind: "counted", by: "n1", term: 1, index: 2 },
  });
  assert.deepEqual(kindsOf(standing), ["saved", "saved", "lacks"]);
  assert.equal(standing.needed, 2);
});

test("an entry of an earlier term is committed along with one of the leader's own (§5.4.2)", () => {
  const moment = momentOf({ log: "1 3", leads: 3, commit: 2 }, { log: "1 3", commit: 1 });
  const standing = standingOf(1, moment, { index: 2, by: "n1", term: 3, seq: 9 });
  assert.deepEqual(standing.verdict, {
    kind: "committed",
    knownBy: ["n1", "n2"],
    how: { kind: "takenAlong", by: "n1", term: 3, index: 2 },
  });
});

test("a majority alone does not commit an entry of an earlier term (Figure 8)", () => {
  const moment = momentOf(
    { log: "1 2 4 4", leads: 4, saved: 4, match: [0, 2, 2, 0, 0] },
    { log: "1 2" },
    { log: "1 2" },
    { log: "1" },
    { log: "1 3" },
  );
  const standing = standingOf(2, moment, undefined);
  const verdict = { kind: "olderTerm", leader: "n1", leaderTerm: 4, ownEntry: 3 };
  assert.deepEqual(standing.verdict, verdict);
  assert.deepEqual(kindsOf(standing), ["saved", "saved", "saved", "lacks", "conflicts"]);
});

test("a leader counts for nothing once a log holds entries of a newer term", () => {
  const deposed = momentOf({ log: "1 2 2", leads: 2 }, { log: "1 3" }, { log: "1 3" });
  const entryOf = entriesThatCount(deposed);
  assert.deepEqual(
    [1, 2, 3].map((index) => entryOf(index)?.term),
    [1, 3, 2],
  );
  const leading = momentOf({ log: "1 3 3", leads: 3 }, { log: "1 2" }, { log: "1 3" });
  assert.equal(entriesThatCount(leading)(2)?.term, 3);
});

test("a leader without an entry of its own term has none that commits the earlier ones", () => {
  const moment = momentOf({ log: "1 2", leads: 4 }, { log: "1 2" }, { log: "1" });
  const verdict = { kind: "olderTerm", leader: "n1", leaderTerm: 4, ownEntry: null };
  assert.deepEqual(standingOf(2, moment, undefined).verdict, verdict);
});

test("an entry on few logs is spreading, and is seen to be on its way", () => {
  const moment = momentOf({ log: "1 1", leads: 1, match: [0, 1, 0] }, { log: "1" }, { log: "" });
  const flying = { ...moment, inFlight: new Map([[7, flightOf("n2", 1, "1")]]) };
  const standing = standingOf(2, flying, undefined);
  const verdict = { kind: "spreading", leader: "n1", acknowledged: ["n1"] };
  assert.deepEqual(standing.verdict, verdict);
  assert.deepEqual(
    standing.copies.map(({ what }) => what),
    [
      { kind: "saved" },
      { kind: "lacks", isComing: true, nextIndex: 2 },
      { kind: "lacks", isComing: false, nextIndex: 1 },
    ],
  );
});

test("an entry on a majority that its leader has not heard of is not counted yet", () => {
  const moment = momentOf(
    { log: "1 1", leads: 1, saved: 1, match: [0, 2, 0] },
    { log: "1 1" },
    { log: "1 1" },
  );
  const standing = standingOf(2, moment, undefined);
  assert.deepEqual(standing.verdict, { kind: "uncounted", leader: "n1", acknowledged: ["n2"] });
  assert.deepEqual(kindsOf(standing), ["saving", "saved", "saved"]);
});

test("what the leader lacks was never committed", () => {
  const moment = momentOf({ log: "1 2", leads: 2 }, { log: "1 1 1" }, { log: "1" });
  assert.deepEqual(standingOf(3, moment, undefined).verdict, { kind: "leaderLacks", leader: "n1" });
  assert.deepEqual(kindsOf(standingOf(2, moment, undefined)), ["saved", "conflicts", "lacks"]);
});

test("without a leader nobody commits, and the most up-to-date log counts (§5.4.1)", () => {
  const moment = momentOf({ log: "1 1 1" }, { log: "1 2" }, { log: "1 1", down: true });
  const standing = standingOf(2, moment, undefined);
  assert.deepEqual(standing.verdict, { kind: "noLeader" });
  assert.equal(standing.entry?.term, 2);
  assert.deepEqual(kindsOf(standing), ["conflicts", "saved", "conflicts"]);
  assert.equal(entriesThatCount(moment)(3)?.term, 1);
});

test("where no log reaches nothing stands", () => {
  const standing = standingOf(9, momentOf({ log: "1", leads: 1 }), undefined);
  assert.deepEqual([standing.verdict.kind, standing.entry], ["nowhere", null]);
});

test("what is committed counts, whatever a leader holds that should not be one", () => {
  const moment = momentOf(
    { log: "1 3", leads: 3 },
    { log: "1 2", commit: 2 },
    { log: "1 2", commit: 1 },
  );
  assert.equal(entriesThatCount(moment)(2)?.term, 2);
  assert.deepEqual(kindsOf(standingOf(2, moment, undefined)), ["conflicts", "saved", "saved"]);
});

test("in a run, every commit was its leader's doing, by an entry of its own term", () => {
  let counted = 0;
  let takenAlong = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    const end = exploration.moment(events.length);
    const last = Math.max(...[...end.view.nodes.values()].map((node) => node.commitIndex));
    for (let index = 1; index <= last; index++) {
      const { verdict } = exploration.standingOf(index, end);
      assert(verdict.kind === "committed" && verdict.how !== null, `seed ${seed}, entry ${index}`);
      const { by, term, index: top, kind } = verdict.how;
      const commit = exploration.commitOf(index);
      assert(commit);
      const node = exploration.moment(commit.seq).view.nodes.get(by);
      assert.deepEqual([node?.role, node?.currentTerm, node?.commitIndex], ["leader", term, top]);
      const before = exploration.moment(commit.seq - 1).view.nodes.get(by);
      assert(before !== undefined && before.commitIndex < index);
      if (kind === "counted") counted++;
      else takenAlong++;
    }
  }
  assert(counted > 50 && takenAlong > 5, `${counted} and ${takenAlong}`);
});

test("§6: who counts is told by the configuration: learners do not, and of joint ones both must", () => {
  const configured = (moment: Moment, configuration: Configuration): Moment => {
    const nodes = [...moment.view.nodes.values()].map((node) => ({ ...node, configuration }));
    return { ...moment, view: { ...moment.view, nodes: new Map(nodes.map((n) => [n.id, n])) } };
  };
  const moment = momentOf(
    { log: "1 1", leads: 1, match: [0, 2, 0, 0, 0] },
    { log: "1 1" },
    { log: "1" },
    { log: "1" },
    { log: "1" },
  );
  const learning = { voters: ["n1", "n2", "n3"], outgoing: [], learners: ["n4", "n5"] };
  const alone = standingOf(2, configured(moment, learning), undefined);
  assert.deepEqual(kindsOf(alone), ["saved", "saved", "lacks"]);
  assert.deepEqual([alone.needed, alone.joint, alone.verdict.kind], [2, null, "uncounted"]);

  const joint = { voters: ["n3", "n4", "n5"], outgoing: ["n1", "n2", "n3"], learners: [] };
  const both = standingOf(2, configured(moment, joint), undefined);
  assert.equal(both.verdict.kind, "spreading");
  assert.deepEqual(both.joint, {
    incoming: { held: 0, of: 3, needed: 2 },
    outgoing: { held: 2, of: 3, needed: 2 },
  });
});

function kindsOf(standing: Standing): readonly string[] {
  return standing.copies.map(({ what }) => what.kind);
}

/** Nodes n1, n2, … that are like this. */
function momentOf(...given: readonly Given[]): Moment {
  const members = given.map((_, at) => `n${at + 1}`);
  const nodes = given.map((each, at) => viewOf(`n${at + 1}`, each));
  const states = given.flatMap((each, at) =>
    each.down === true ? [] : [stateOf(members, at, each, nodes)],
  );
  return {
    ...beginning,
    view: { ...emptyView, nodes: new Map(nodes.map((node) => [node.id, node])) },
    states: new Map(states.map((state) => [state.id, state])),
  };
}

function viewOf(id: string, { log, leads, saved, commit = 0, down = false }: Given): NodeView {
  const terms = log.split(" ").filter((term) => term !== "");
  const entries = terms.map((term) => ({ kind: "noOp", term: Number(term) }) as const);
  return {
    id,
    life: { kind: down ? "crashed" : "running" },
    currentTerm: leads ?? 1,
    votedFor: null,
    role: leads === undefined ? "follower" : "leader",
    leaderId: null,
    log: logOf(entries),
    savedIndex: saved ?? entries.length,
    commitIndex: commit,
    lastApplied: commit,
    configuration: simpleConfiguration([]),
    logStart: 0,
  };
}

function stateOf(
  members: readonly string[],
  at: number,
  { leads, match = [] }: Given,
  nodes: readonly NodeView[],
): RaftState {
  const node = nodes[at];
  assert(node);
  const { id, currentTerm, votedFor, log, commitIndex, savedIndex } = node;
  const peers = members.map((peer, place) => [peer, match[place] ?? 0] as const);
  const others = peers.filter(([peer]) => peer !== id);
  return {
    id,
    configurations: [{ index: 0, configuration: simpleConfiguration(members) }],
    timing: paperTiming,
    currentTerm,
    votedFor,
    log,
    snapshot: null,
    chunkCharacters: 1000,
    commitIndex,
    savedIndex,
    role:
      leads === undefined
        ? { kind: "follower", leaderId: null }
        : {
            kind: "leader",
            matchIndex: new Map(others),
            nextIndex: new Map(others.map(([peer, known]) => [peer, known + 1])),
            probing: new Set(),
            heartbeatDeadline: 0,
            heardFrom: new Map(),
            transfer: null,
            change: null,
            installing: new Map(),
            reading: {
              pending: [],
              round: 0,
              acknowledged: new Map(),
              sent: [],
              isLeaseGivenUp: false,
            },
          },
    extensions: paperOnly,
    electionDeadline: 0,
    leaderHeard: null,
    forwarded: [],
    random: 1,
  };
}

function flightOf(to: string, prevLogIndex: number, terms: string) {
  const entries = terms.split(" ").map((term) => ({ kind: "noOp", term: Number(term) }) as const);
  const message: Message = {
    kind: "AppendEntries",
    from: "n1",
    to,
    term: 1,
    prevLogIndex,
    prevLogTerm: 1,
    entries,
    leaderCommit: 0,
  };
  return { message, sent: 0, arrival: 5 };
}
