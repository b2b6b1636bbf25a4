import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseScenario } from "../../../src/scenario/index.ts";
import { codePoint } from "../../support/code-point.ts";
import { drawn } from "../../support/drawn.ts";
import { problemsIn, text } from "./texts.ts";

function stepsOf(steps: string): readonly object[] {
  const parsed = parseScenario(text(steps));
  assert(parsed.kind === "scenario", problemsIn(text(steps)).join("\n"));
  // Without the lines, which other tests look at.
  return parsed.scenario.steps.map((step) => ({ ...step, line: undefined }));
}

const all = { of: [{ kind: "set", set: "all" }], except: [] };
const one = { of: [{ kind: "name", name: "n1" }], except: [] };

test("the lines before the first step tell what the cluster is", () => {
  const parsed = parseScenario(`\ufefftitle  Some # title
    shows  What "it" shows.   # and more
    # A comment, and an empty line.

    nodes 5  # five
    seed 7
    weather unreliable
    timing election 100..200 ms heartbeat 20 ms
    extensions checkQuorum
    snapshots every 10 entries keep 5 chunks of 100 characters
    node n2 log 1 2*3 4 term 6 timeout 1 s
    node n3 term 2
    run 1 s`);
  assert(parsed.kind === "scenario");
  assert.deepEqual(parsed.scenario, {
    title: "Some # title",
    shows: 'What "it" shows.   # and more',
    size: 5,
    seed: 7,
    weather: "unreliable",
    timing: { electionTimeoutMillis: { min: 100, max: 200 }, heartbeatMillis: 20 },
    extensions: { preVote: false, checkQuorum: true },
    snapshots: { snapshots: { entries: 10, keep: 5 }, chunkCharacters: 100 },
    nodes: new Map([
      [
        "n2",
        {
          log: [1, 2, 2, 2, 4],
          currentTerm: 6,
          electionTimeoutMillis: { min: 1000, max: 1000 },
        },
      ],
      ["n3", { log: [], currentTerm: 2, electionTimeoutMillis: null }],
    ]),
    steps: [{ kind: "run", millis: { min: 1000, max: 1000 }, line: 13 }],
  });
});

test("what is not told of a cluster is as in the paper", () => {
  const parsed = parseScenario(text("run 0..13 ms"));
  assert(parsed.kind === "scenario");
  const { seed, weather, timing, extensions, snapshots, nodes } = parsed.scenario;
  assert.deepEqual(snapshots, {});
  assert.deepEqual([seed, weather, nodes.size], [1, "calm", 0]);
  assert.deepEqual(extensions, { preVote: false, checkQuorum: false });
  assert.deepEqual(timing.electionTimeoutMillis, { min: 150, max: 300 });
});

const readable: readonly [string, object][] = [
  ["run 0..13 ms", { kind: "run", millis: { min: 0, max: 13 } }],
  ["let old = n1", { kind: "let", name: "old", nodes: one }],
  [
    "let some = any 2 followers n3 except leader",
    {
      kind: "let",
      name: "some",
      nodes: {
        of: [
          { kind: "any", count: 2, set: "followers" },
          { kind: "name", name: "n3" },
        ],
        except: [{ kind: "set", set: "leader" }],
      },
    },
  ],
  [
    'submit "x=1"',
    { kind: "submit", commands: { kind: "these", commands: ['{"x": 1}'] }, to: null },
  ],
  [
    "submit 10 commands of 5000 bytes to n1",
    { kind: "submit", commands: { kind: "new", count: 10, bytes: 5000 }, to: one },
  ],
  [
    "agree 1 command on all within 2 s",
    {
      kind: "agree",
      commands: { kind: "new", count: 1, bytes: 0 },
      on: "all",
      within: 2000,
    },
  ],
  ["crash all", { kind: "crash", nodes: all }],
  ["restart all", { kind: "restart", nodes: all }],
  ["isolate all", { kind: "isolate", nodes: all }],
  ["rejoin all", { kind: "rejoin", nodes: all }],
  ["partition n1", { kind: "partition", nodes: one }],
  ["transfer to n1", { kind: "transfer", to: one }],
  ["add voter", { kind: "add", as: "voter" }],
  ["add learner", { kind: "add", as: "learner" }],
  ["remove n1", { kind: "remove", nodes: one }],
  ["snapshot n1", { kind: "snapshot", nodes: one }],
  ["cut n1 to all", { kind: "cut", from: one, to: all }],
  ["heal", { kind: "heal" }],
  [
    "slow AppendEntries to n1 by 0..5 ms",
    {
      kind: "slow",
      messages: "AppendEntries",
      side: "to",
      nodes: one,
      more: { min: 0, max: 5 },
    },
  ],
  ["count", { kind: "count" }],
  ["read x", { kind: "read", name: "x", from: null }],
  ["read x from n1", { kind: "read", name: "x", from: one }],
];

for (const [line, step] of readable) {
  test(`a scenario can say: ${line}`, () => {
    assert.deepEqual(stepsOf(line), [{ ...step, line: undefined }]);
  });
}

const expectable: readonly [string, object][] = [
  ["leader", { kind: "leader", among: null }],
  ["leader among all", { kind: "leader", among: all }],
  ["no leader", { kind: "noLeader" }],
  ["voters n1", { kind: "voters", are: one }],
  ["kept <= 12 on n1", { kind: "entries", which: "kept", comparison: "<=", amount: 12, on: one }],
  ["gone >= 10 on n1", { kind: "entries", which: "gone", comparison: ">=", amount: 10, on: one }],
  ["role follower on n1", { kind: "role", role: "follower", on: one }],
  ["log 1 1 2 on n1", { kind: "log", terms: [1, 1, 2], on: one }],
  ["same logs on all", { kind: "same", what: "logs", on: all }],
  ["same terms on all", { kind: "same", what: "terms", on: all }],
  ['read "x=1" on n1', { kind: "read", what: { kind: "value", name: "x", value: "1" }, on: one }],
  ["read nothing on all", { kind: "read", what: { kind: "nothing" }, on: all }],
  ["read refused on n1", { kind: "read", what: { kind: "refused" }, on: one }],
  ["applied nothing on all", { kind: "applied", commands: [], on: all }],
  ['applied "x=1" "y=" on n1', { kind: "applied", commands: ['{"x": 1}', '{"y": ""}'], on: one }],
  [
    'committed "x=1" on 2',
    { kind: "committed", what: { kind: "commands", commands: ['{"x": 1}'] }, on: 2 },
  ],
  ["committed index 7 on all", { kind: "committed", what: { kind: "index", index: 7 }, on: "all" }],
  ["committed acknowledged on 3", { kind: "committed", what: { kind: "acknowledged" }, on: 3 }],
  ["uncommitted index 7", { kind: "uncommitted", what: { kind: "index", index: 7 } }],
  ["requests <= 30", { kind: "total", of: "requests", comparison: "<=", amount: 30 }],
  ["bytes >= 0", { kind: "total", of: "bytes", comparison: ">=", amount: 0 }],
];

for (const [line, expectation] of expectable) {
  test(`a scenario can expect: ${line}, now, within a time and for a time`, () => {
    const expected = { kind: "expect", expectation, line: undefined };
    assert.deepEqual(
      stepsOf(`expect ${line}\nexpect ${line} within 5 s\nexpect ${line} for 20 ms`),
      [
        { ...expected, time: { kind: "now" } },
        { ...expected, time: { kind: "within", millis: 5000 } },
        { ...expected, time: { kind: "for", millis: 20 } },
      ],
    );
  });
}

test("the weather before the first step is that of the begin, after it a change", () => {
  const parsed = parseScenario(text("weather unreliable\nheal\nweather reordering"));
  assert(parsed.kind === "scenario");
  assert.equal(parsed.scenario.weather, "unreliable");
  assert.deepEqual(parsed.scenario.steps.at(1), {
    kind: "weather",
    weather: "reordering",
    line: 6,
  });
});

test("blocks stand in each other, and their steps know their lines", () => {
  const parsed = parseScenario(text("repeat 3\nwhen chance 10 %\nheal\nend\ncount\nend\nheal"));
  assert(parsed.kind === "scenario");
  const inner = { kind: "heal", line: 6 };
  assert.deepEqual(parsed.scenario.steps, [
    {
      kind: "repeat",
      times: 3,
      line: 4,
      steps: [
        { kind: "when", condition: { kind: "chance", percent: 10 }, steps: [inner], line: 5 },
        { kind: "count", line: 8 },
      ],
    },
    { kind: "heal", line: 10 },
  ]);
});

test("a condition is a leader, few nodes or chance", () => {
  const conditions = ["leader", "up < 3", "connected < 2", "chance 50 %"];
  const steps = stepsOf(conditions.map((each) => `when ${each}\nheal\nend`).join("\n"));
  assert.deepEqual(
    steps.map((step) => "condition" in step && step.condition),
    [
      { kind: "leader" },
      { kind: "fewer", set: "up", than: 3 },
      { kind: "fewer", set: "connected", than: 2 },
      { kind: "chance", percent: 50 },
    ],
  );
});

const end = "but the line ends";

/** Steps, and the one thing that is wrong with them. */
const wrong: readonly [string, string][] = [
  [
    "jump n1",
    '4:1 run, let, submit, agree, crash, restart, isolate, rejoin, partition, transfer, add, remove, snapshot, cut, heal, weather, slow, count, expect, repeat, when or read is expected here, but there is "jump"',
  ],
  [
    "  run",
    `4:6 a length of time, 0 to 60000, or two of them as FROM..TO, is expected here, ${end}`,
  ],
  ["run 5", `4:6 ms or s is expected here, ${end}`],
  ["run 5 min", '4:7 ms or s is expected here, but there is "min"'],
  [
    "run 9..5 ms",
    '4:5 a length of time, 0 to 60000, or two of them as FROM..TO, is expected here, but there is "9..5"',
  ],
  [
    "run 1..2..3 ms",
    '4:5 a length of time, 0 to 60000, or two of them as FROM..TO, is expected here, but there is "1..2..3"',
  ],
  ["run 61 s", "4:5 one line takes 60 s at most"],
  ["run 1 s now", '4:9 the end of the line is expected here, but there is "now"'],
  ["let = n1", "4:5 a name is letters, the first a small one"],
  ["let leader = n1", '4:5 "leader" has a meaning already'],
  ["let within = n1", '4:5 "within" has a meaning already'],
  ["let old n1", '4:9 = is expected here, but there is "n1"'],
  [
    "let old = n4",
    '4:11 a node (n1, n2, n3, all, up, down, connected, isolated, leader, followers, or any of them) is expected here, but there is "n4"',
  ],
  [
    "let old = any n1",
    '4:15 all, up, down, connected, isolated, leader or followers is expected here, but there is "n1"',
  ],
  ["let old = any 0 up", '4:15 how many of them, 1 to 9, is expected here, but there is "0"'],
  [
    "crash",
    `4:6 a node (n1, n2, n3, all, up, down, connected, isolated, leader, followers, or any of them) is expected here, ${end}`,
  ],
  [
    "crash n1 except",
    `4:16 a node (n1, n2, n3, all, up, down, connected, isolated, leader, followers, or any of them) is expected here, ${end}`,
  ],
  ["submit x=1", '4:8 commands, like "x=1" or 3 commands, is expected here, but there is "x=1"'],
  [
    "submit 1001 commands",
    '4:8 how many commands, 1 to 1000, is expected here, but there is "1001"',
  ],
  ["submit 1 commands", '4:10 command is expected here, but there is "commands"'],
  ["submit 2 commands of 5 kB", '4:24 bytes is expected here, but there is "kB"'],
  ['submit "x=1', '4:8 this quote has no second "'],
  ['submit ""', "4:8 a command sets something, like x=1"],
  [`submit "x=${"[".repeat(5000)}"`, "4:8 this is too much for one command"],
  [`submit "${"x".repeat(70_000)}"`, "4:8 this is too much for one command"],
  ['submit "x=1" n1', '4:14 the end of the line is expected here, but there is "n1"'],
  ['agree "x=1" within 1 s', '4:13 on is expected here, but there is "within"'],
  [
    'agree "x=1" on n1 within 1 s',
    '4:16 all, or how many nodes, 1 to 9, is expected here, but there is "n1"',
  ],
  ['agree "x=1" on all', `4:19 within is expected here, ${end}`],
  ['agree "x=1" on all within 1..2 s', "4:33 only one length of time has a meaning here"],
  ["cut n1 n2", `4:10 to is expected here, ${end}`],
  ["weather stormy", '4:9 calm, unreliable or reordering is expected here, but there is "stormy"'],
  [
    "slow Heartbeat to n1 by 1 s",
    '4:6 RequestVote, RequestVoteReply, AppendEntries, AppendEntriesReply, PreVote, PreVoteReply, TimeoutNow, ReadIndex, ReadIndexReply, InstallSnapshot or InstallSnapshotReply is expected here, but there is "Heartbeat"',
  ],
  ["slow AppendEntries at n1 by 1 s", '4:20 from or to is expected here, but there is "at"'],
  ["slow AppendEntries to n1", `4:25 by is expected here, ${end}`],
  ["read", `4:5 the name of a value is expected here, ${end}`],
  ["read x n1", '4:8 from is expected here, but there is "n1"'],
  [
    "expect read x on n1",
    '4:13 nothing, refused or a command like "x=1" is expected here, but there is "x"',
  ],
  ['expect read "x=1" "y=1" on n1', "4:13 one value is read at a time"],
  ["heal n1", '4:6 the end of the line is expected here, but there is "n1"'],
  ["repeat 0\nheal\nend", '4:8 how many times, 1 to 1000, is expected here, but there is "0"'],
  ["repeat 2\nheal", "4:1 this repeat has no end"],
  ["repeat 2\nend", "4:1 there is nothing in this block"],
  ["heal\n end", "5:2 there is no repeat or when that this could end"],
  ["repeat 2\nheal\nend now", '6:5 the end of the line is expected here, but there is "now"'],
  [
    "repeat 2\nlet old = n1\nend\ncrash old",
    '7:7 a node (n1, n2, n3, all, up, down, connected, isolated, leader, followers, or any of them) is expected here, but there is "old"',
  ],
  [
    `${"repeat 1\n".repeat(9)}heal${"\nend".repeat(9)}`,
    "12:1 blocks stand in each other 8 deep at most",
  ],
  [
    "when rain\nheal\nend",
    '4:6 leader, up, connected or chance is expected here, but there is "rain"',
  ],
  ["when up > 3\nheal\nend", '4:9 < is expected here, but there is ">"'],
  [
    "when chance 100 %\nheal\nend",
    '4:13 how probable it is, 1 to 99, is expected here, but there is "100"',
  ],
  ["when chance 10\nheal\nend", `4:15 % is expected here, ${end}`],
  [
    "expect peace",
    '4:8 leader, no, voters, role, log, kept, gone, same, applied, committed, uncommitted, requests, bytes or read is expected here, but there is "peace"',
  ],
  ["expect no peace", '4:11 leader is expected here, but there is "peace"'],
  [
    "expect leader soon",
    '4:15 within, for or the end of the line is expected here, but there is "soon"',
  ],
  [
    "expect role king on n1",
    '4:13 leader, follower or candidate is expected here, but there is "king"',
  ],
  ["expect role leader n1", '4:20 on is expected here, but there is "n1"'],
  [
    "expect log on n1",
    '4:12 the terms of a log, like 1 1 2 or 1 2*300, is expected here, but there is "on"',
  ],
  ["expect log 2 1 on n1", "4:14 terms never fall along a log"],
  ["expect log 0 on n1", '4:12 a term, 1 or more, is expected here, but there is "0"'],
  ["expect log 1*1001 on n1", "4:12 a log has 1000 entries at most here"],
  ["expect same roles on all", '4:13 logs or terms is expected here, but there is "roles"'],
  [
    "expect applied on all",
    '4:16 nothing or a command like "x=1" is expected here, but there is "on"',
  ],
  [
    "expect committed on all",
    '4:18 acknowledged, index or a command like "x=1" is expected here, but there is "on"',
  ],
  [
    "expect uncommitted acknowledged",
    '4:20 index or a command like "x=1" is expected here, but there is "acknowledged"',
  ],
  ["expect uncommitted index x", '4:26 an index, 1 to 999999, is expected here, but there is "x"'],
  ["expect requests = 3", '4:17 <= or >= is expected here, but there is "="'],
  ["expect bytes <= many", '4:17 a number, 0 to 999999999, is expected here, but there is "many"'],
  [
    '"run" 5 ms',
    '4:1 run, let, submit, agree, crash, restart, isolate, rejoin, partition, transfer, add, remove, snapshot, cut, heal, weather, slow, count, expect, repeat, when or read is expected here, but there is the text "run"',
  ],
];

for (const [steps, problem] of wrong) {
  const shown = steps.length > 40 ? `${steps.slice(0, 40)}…` : steps;
  test(`it is told where and why this is no scenario: ${shown.replaceAll("\n", " / ")}`, () => {
    assert.deepEqual(problemsIn(text(steps)), [problem]);
  });
}

/** Whole texts, and what is wrong with them. */
const wrongTexts: readonly [string, readonly string[]][] = [
  [
    "",
    [
      "1:1 the scenario has no line that begins with title",
      "1:1 the scenario has no line that begins with shows",
      "1:1 the scenario has no line that begins with nodes",
    ],
  ],
  ["title a\nshows b\nnodes 3", ["3:1 the scenario has no steps"]],
  ["title\nshows b\nnodes 3\nheal", ["1:6 a sentence is expected here, but the line ends"]],
  [
    "title a\ntitle b\nshows b\nnodes 3\nheal",
    ["2:1 there is a line that begins with title already"],
  ],
  [
    "title a\nshows b\nnodes 3\nnodes 3\nheal",
    ["4:1 there is a line that begins with nodes already"],
  ],
  [
    "title a\nshows b\nnodes ten\ncrash n1",
    ['3:7 how many nodes, 1 to 9, is expected here, but there is "ten"'],
  ],
  [
    "title a\nshows b\nseed -1\nnodes 3\nheal",
    ['3:6 a seed, 0 to 999999999, is expected here, but there is "-1"'],
  ],
  [
    "title a\nshows b\nnode n1 term 1\nnodes 3\nheal",
    ["3:6 how many nodes there are must be told before"],
  ],
  [
    "title a\nshows b\nnodes 2\nnode n3 term 1\nheal",
    ['4:6 n1 or n2 is expected here, but there is "n3"'],
  ],
  [
    "title a\nshows b\nnodes 2\nnode n1 term 1\nnode n1 term 2\nheal",
    ["5:9 n1 has a line already"],
  ],
  [
    "title a\nshows b\nnodes 2\nnode n1\nheal",
    ["4:8 log, term or timeout is expected here, but the line ends"],
  ],
  [
    "title a\nshows b\nnodes 2\nnode n1 log 1 3 term 2\nheal",
    ['4:22 the current term, 3 to 999999, is expected here, but there is "2"'],
  ],
  [
    "title a\nshows b\nnodes 2\nnode n1 timeout 0..50 ms\nheal",
    ["4:17 an election timeout takes 20 ms or more"],
  ],
  [
    "title a\nshows b\nnodes 2\ntiming election 50 ms heartbeat 50 ms\nheal",
    ["4:23 a heartbeat takes 10 ms or more, and less than an election timeout"],
  ],
  [
    "title a\nshows b\nnodes 2\ntiming heartbeat 50 ms\nheal",
    ['4:8 election is expected here, but there is "heartbeat"'],
  ],
  [
    "title a\nshows b\nnodes 2\nheal\nseed 5",
    [
      '5:1 run, let, submit, agree, crash, restart, isolate, rejoin, partition, transfer, add, remove, snapshot, cut, heal, weather, slow, count, expect, repeat, when or read is expected here, but there is "seed"',
    ],
  ],
];

for (const [whole, problems] of wrongTexts) {
  test(`it is told why this is no scenario: ${whole.replaceAll("\n", " / ")}`, () => {
    assert.deepEqual(problemsIn(whole), problems);
  });
}

test("each line tells its own first problem, in the order of the text", () => {
  assert.deepEqual(
    problemsIn(text("repeat 2\njump\nrun 5 min or so\nheal")).map((each) => each.slice(0, 4)),
    ["4:1 ", "5:1 ", "6:7 "],
  );
});

const words =
  'title shows nodes seed weather timing extensions preVote checkQuorum lease read refused transfer node log term timeout run let submit agree crash restart isolate rejoin partition cut heal slow count expect repeat when end any except all up down connected isolated leader followers n1 n2 old = < <= >= % 0 1 2 3 50 1..2 2*3 ms s to from by on among within for index acknowledged nothing commands command of bytes requests no role same logs terms applied committed uncommitted chance calm AppendEntries election heartbeat # " x=1 "x=1" __proto__ constructor toString \u0000 \ud800'.split(
    " ",
  );

// A failure prints its seed; `{ seed, path }` as the second argument of `fc.assert` repeats it.

test("whatever the text is, it is read or told to be wrong, each problem within the text", () => {
  const separators = fc.constantFrom(" ", " ", " ", "\n", "\r\n", "\t", "");
  const lines = fc
    .array(fc.tuple(fc.constantFrom(...words), separators), { maxLength: 60 })
    .map((parts) => parts.flat().join(""));
  const some = fc.oneof(
    lines,
    lines.map((each) => text(each)),
    fc.string({ unit: codePoint }),
  );
  fc.assert(
    fc.property(some, (whole) => {
      const parsed = parseScenario(whole);
      if (parsed.kind === "scenario") return;
      assert(parsed.problems.length > 0);
      const given = whole.split(/\r?\n/);
      for (const { line, column, text: what } of parsed.problems) {
        assert(line >= 1 && line <= given.length, `line ${line} of ${given.length}`);
        assert(column >= 1 && column <= (given[line - 1] ?? "").length + 1, `column ${column}`);
        assert(what.length > 0 && what.length < 400);
      }
    }),
    { numRuns: drawn(2000) },
  );
});

test("a text of very many lines and very deep blocks is read in no time", () => {
  const start = performance.now();
  parseScenario(text("repeat 2\n".repeat(20_000)));
  parseScenario(text(`run ${"1".repeat(200_000)} ms`));
  parseScenario(text(`crash ${"n1 ".repeat(50_000)}`));
  assert(performance.now() - start < 3000);
});
