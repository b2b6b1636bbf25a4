import assert from "node:assert/strict";
import { test } from "node:test";
import { standInForVscode } from "./vscode-stand-in.ts";
import { emptyLog, paperTiming, type NodeId } from "../../../src/raft/index.ts";
import {
  emptyView,
  leaderIn,
  viewAfter,
  type ClusterHappening,
  type ClusterView,
  type NodeHappening,
} from "../../../src/trace/index.ts";

// What the tree, the status bar and the menus make of a cluster.

standInForVscode();
const { changedNodes, clusterText, nodeRow } = await import("../../../src/extension/node-row.ts");
const { statusOf } = await import("../../../src/extension/status.ts");
const { contextsOf } = await import("../../../src/extension/contexts.ts");
const { survivesCrashWithout } = await import("../../../src/extension/survival.ts");
const { namesOf } = await import("../../../src/extension/names.ts");

const members = [1, 2, 3].map((number) => {
  return { id: `n${number}`, name: `node${number}`, address: `127.0.0.1:${7999 + number}` };
});
const nameOf = namesOf(members);

type Happening = ClusterHappening | readonly [NodeId, NodeHappening];

/** Three nodes in term 3, of which node2 leads, and then this. */
function viewOf(...happenings: Happening[]): ClusterView {
  const saved = { currentTerm: 2, votedFor: null, log: emptyLog };
  const started = members.map(({ id }): Happening => {
    const ids = members.map((member) => member.id);
    return [
      id,
      { kind: "started", members: ids, timing: paperTiming, seed: 1, saved, action: null },
    ];
  });
  const elected: Happening[] = [
    ...members.map(({ id }): Happening => [id, { kind: "termChanged", term: 3 }]),
    ["n2", { kind: "voted", candidate: "n2", term: 3 }],
    ["n2", { kind: "roleChanged", role: "leader", term: 3 }],
    ["n2", { kind: "committed", index: 7 }],
  ];
  return [...started, ...elected, ...happenings].reduce((view, happening, seq) => {
    return "kind" in happening
      ? viewAfter(view, { seq, time: 0, node: null, ...happening })
      : viewAfter(view, { seq, time: 0, node: happening[0], ...happening[1] });
  }, emptyView);
}

function rowOf(id: NodeId, view: ClusterView) {
  const member = members.find((each) => each.id === id);
  assert(member);
  return nodeRow(member, view.nodes.get(id), nameOf);
}

function rowsOf(view: ClusterView) {
  return new Map(members.map(({ id }) => [id, rowOf(id, view)]));
}

function statusIn(view: ClusterView) {
  return statusOf({ view, leader: leaderIn(view), nameOf });
}

const crashed = { kind: "crashed", unsaved: 0, action: null } as const;
const failed = {
  kind: "failed",
  failure: { kind: "missingWal", file: "[x](command:evil) <b>.wal" },
  action: null,
} as const;

test("a row tells role, term and commit index, its tooltip the address", () => {
  const row = rowOf("n2", viewOf());
  assert.equal(row.label, "node2");
  assert.equal(row.description, "leader · term 3 · commit 7");
  assert.equal(row.accessibleLabel, "node2, leader, term 3, commit 7");
  assert.equal(row.state, "running");
  assert.match(row.tooltip, /votedFor: node2/);
  assert.match(row.tooltip, /Address: 127\.0\.0\.1:8001/);
});

test("the icons alone tell roles and crashes apart", () => {
  const view = viewOf(["n1", { kind: "roleChanged", role: "candidate", term: 3 }]);
  const down = viewOf(["n1", crashed], ["n3", failed]);
  const rows = [
    ...members.map(({ id }) => rowOf(id, view)),
    ...["n1", "n3"].map((id) => rowOf(id, down)),
  ];
  assert.equal(new Set(rows.map(({ icon }) => icon)).size, 5);
});

test("a crashed node keeps its term and loses its role", () => {
  const row = rowOf("n2", viewOf(["n2", crashed]));
  assert.equal(row.description, "crashed · term 3");
  assert.equal(row.state, "crashed");
});

test("a node that stopped of itself says why, as text that is not Markdown", () => {
  const row = rowOf("n1", viewOf(["n1", failed]));
  assert.equal(row.state, "failed");
  assert.match(row.tooltip, /\\\[x\\\]\\\(command:evil\\\) \\<b\\>\.wal is gone/);
});

test("a node of which nothing is known yet is there", () => {
  assert.equal(rowOf("n1", emptyView).description, "crashed");
});

test("§6: a learner is told as one, and a node that nobody has taken in as no member", () => {
  const ids = ["n1", "n2"];
  const learning = { voters: ids, outgoing: [], learners: ["n3"] };
  const changed = (configuration: typeof learning) =>
    ["n3", { kind: "configurationChanged", index: 4, configuration }] as const;
  const learner = rowOf("n3", viewOf(changed(learning)));
  assert.equal(learner.description, "learner · term 3 · commit 0");
  assert.match(learner.tooltip, /Configuration: node1 node2 \+ node3/);
  const outside = rowOf("n3", viewOf(changed({ ...learning, learners: [] })));
  assert.match(outside.description, /^not a member · /);
  const icons = [learner, rowOf("n3", viewOf())].map(({ icon }) => icon);
  assert.notEqual(icons[0], icons[1]);
});

/** Whether it survives a crash without `node`, when node2 leads and takes these for the voters. */
function survives(node: NodeId, voters: readonly NodeId[], ...happenings: Happening[]): boolean {
  const configuration = { voters, outgoing: [], learners: [] };
  const changed: Happening = ["n2", { kind: "configurationChanged", index: 4, configuration }];
  const started = voters.map((id): Happening => [id, { kind: "termChanged", term: 3 }]);
  const up = voters.map((id): Happening => {
    const saved = { currentTerm: 2, votedFor: null, log: emptyLog };
    return [
      id,
      { kind: "started", members: [], timing: paperTiming, seed: 1, saved, action: null },
    ];
  });
  const newcomers = [...up, ...started].filter((each) => !("kind" in each) && each[0] > "n3");
  const view = viewOf(...newcomers, changed, ...happenings);
  return survivesCrashWithout(node, view, leaderIn(view));
}

test("§5.1: two voters survive no crash, nor do three of which one is down", () => {
  const four = ["n1", "n2", "n3", "n4"];
  assert.equal(survives("n3", ["n1", "n2", "n3"]), false);
  assert.equal(survives("n3", four), true);
  assert.equal(survives("n2", four), true);
  assert.equal(survives("n3", four, ["n1", crashed]), false);
  // It is the one that is down who goes.
  assert.equal(survives("n1", four, ["n1", crashed]), true);
  assert.equal(survives("n5", [...four, "n5"], ["n1", crashed]), false);
});

test("§6: without a learner a cluster survives what it survives now", () => {
  assert.equal(survives("n3", ["n1", "n2"]), true);
  assert.equal(survives("n1", ["n1", "n2", "n3"], ["n2", crashed]), true);
});

test("a node that came later has its name, whether it is still there or not", () => {
  const later = { id: "n4", name: "node4", address: "127.0.0.1:8003" };
  const named = namesOf(members, { newcomer: (id) => (id === "n4" ? later : undefined) });
  assert.deepEqual(["n1", "n4", "n5"].map(named), ["node1", "node4", "n5"]);
});

test("only rows that differ are drawn again", () => {
  const before = rowsOf(viewOf());
  assert.deepEqual(changedNodes(before, rowsOf(viewOf())), []);
  assert.deepEqual(changedNodes(before, rowsOf(viewOf(["n3", { kind: "committed", index: 7 }]))), [
    "n3",
  ]);
  assert.deepEqual(changedNodes(new Map(), before), ["n1", "n2", "n3"]);
});

test("the tree tells of a clock that is not as usual", () => {
  assert.equal(clusterText(viewOf()), "");
  assert.equal(clusterText(viewOf({ kind: "speedSet", speed: 0.5, action: "a" })), "Speed: 0.5 ×");
  assert.match(clusterText(viewOf({ kind: "paused", action: "a" })), /paused/);
});

test("the status bar tells leader and term", () => {
  assert.equal(statusIn(viewOf()).text, "$(star-full) node2 · term 3");
  assert.equal(
    statusIn(viewOf()).accessibleLabel,
    "Raft: node2 leads in term 3, 3 of 3 nodes are running",
  );
});

test("the status bar tells when nobody leads, and when time stands still", () => {
  const view = viewOf(["n2", crashed], ["n1", { kind: "termChanged", term: 4 }]);
  assert.equal(statusIn(view).text, "$(circle-slash) no leader · term 4");
  const paused = viewOf({ kind: "paused", action: "a" });
  assert.equal(statusIn(paused).text, "$(debug-pause) node2 · term 3");
  assert.match(statusIn(paused).tooltip, /paused/);
});

test("when every node is down there is no term to tell", () => {
  const view = viewOf(["n1", crashed], ["n2", crashed], ["n3", crashed]);
  assert.equal(statusIn(view).text, "$(circle-slash) no leader");
});

test("without a cluster only starting one makes sense", () => {
  assert(Object.values(contextsOf("idle", undefined)).every((is) => !is));
  assert.equal(contextsOf("starting", undefined)["raftLab.busy"], true);
  assert.equal(contextsOf("stopping", undefined)["raftLab.busy"], true);
});

test("nodes can be restarted once one is down, and crashed while one runs", () => {
  assert.equal(contextsOf("running", viewOf())["raftLab.hasCrashed"], false);
  assert.equal(contextsOf("running", viewOf())["raftLab.hasRunning"], true);
  assert.equal(contextsOf("running", viewOf(["n1", failed]))["raftLab.hasCrashed"], true);
  const down = viewOf(["n1", crashed], ["n2", crashed], ["n3", crashed]);
  assert.equal(contextsOf("running", down)["raftLab.hasRunning"], false);
  assert.equal(
    contextsOf("running", viewOf({ kind: "paused", action: "a" }))["raftLab.paused"],
    true,
  );
});
