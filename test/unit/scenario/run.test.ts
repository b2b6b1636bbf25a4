import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseScenario, runScenario } from "../../../src/scenario/index.ts";
import type { TraceEvent } from "../../../src/trace/index.ts";
import { failuresOf, outcomeOf, text } from "./texts.ts";

test("a scenario in which all comes about as it says has no failure", () => {
  const outcome = outcomeOf('expect leader within 5 s\nagree "x=1" on all within 1 s\nrun 1 s');
  assert.deepEqual([outcome.failures, outcome.findings], [[], []]);
  assert(outcome.events > 100, `${outcome.events} events`);
  assert(outcome.millis > 1000 && outcome.millis < 7000, `${outcome.millis} ms`);
});

test("the same text gives the same trace, and the listener hears of all of it", () => {
  const whole = `weather unreliable
    repeat 5
    agree 2 commands on 2 within 5 s
    isolate any all
    run 0..300 ms
    heal
    end`;
  const traces = [0, 1].map(() => {
    const events: TraceEvent[] = [];
    const { events: count } = outcomeOf(whole, (event) => events.push(event));
    assert.equal(count, events.length);
    return events;
  });
  assert(traces[0] !== undefined && traces[0].length > 100);
  assert.deepEqual(traces[0], traces[1]);
});

/** Steps after `expect leader within 5 s` on line 4, and what must be told of them. */
const failing: readonly [steps: string, failure: RegExp][] = [
  ["expect no leader", /^5 after \d+ ms this is not so: n\d leads$/],
  ["expect no leader for 1 s", /^5 .*: n\d leads$/],
  ["expect no leader within 1 s", /^5 .*: n\d leads$/],
  ["isolate leader\nexpect leader", /^6 .*: n1 is follower of term 1, log 1, committed 0; n2 is/],
  ["crash all\nexpect leader within 1 s", /^6 .*: n1 is down; n2 is down; n3 is down$/],
  ["expect leader among followers", /^5 .* is follower of term \d+, log \d+, committed \d; n/],
  ["crash leader\nexpect leader for 1 s", /^6 /],
  ["expect role leader on all", /^5 .*: n\d is follower of term/],
  ["expect role follower on down", /^5 .*: no node was chosen$/],
  ["crash n1\nexpect role follower on n1", /^6 .*: n1 is down$/],
  ["expect log 1 2 on n1 within 1 s", /^5 .*: n1 is .*, log \d+, committed \d$/],
  ["submit 30 commands\nexpect log 1 on leader", /log 19 more, then( \d+){12}, committed/],
  ["crash n1\nexpect same logs on all within 1 s", /^6 .*: n1 is down; n2/],
  [
    "isolate leader\nexpect same logs on all\nsubmit 1 command to isolated\nexpect same logs on all for 1 s",
    /^8 /,
  ],
  ["let a = any followers\nisolate a\nrun 2 s\nexpect same terms on all", /^8 .*: n1 is/],
  ['expect applied "x=1" on n1', /^5 .*: n1 has applied nothing$/],
  [
    'agree "y=1" on all within 1 s\nexpect applied nothing on n1',
    /^6 .*: n1 has applied \{"y": 1\}$/,
  ],
  ['agree "y=1" on all within 1 s\nexpect applied "y=1" "y=1" on n1', /^6 /],
  ['agree "y=1" on all within 1 s\nexpect applied "y=2" on n1', /^6 /],
  ["expect applied nothing on down", /^5 /],
  ['expect committed "x=1" on 1 within 1 s', /^5 .*: 1 of 1 are not; \{"x": 1\} is on 0 nodes$/],
  [
    'isolate any followers\nagree "x=1" on 2 within 1 s\nexpect committed "x=1" on 3',
    /is on 2 nodes$/,
  ],
  ["expect committed acknowledged on all", /^5 .*: nothing was acknowledged$/],
  ["expect committed index 9 on 1 within 1 s", /^5 .*: it is so on nothing$/],
  [
    "isolate any followers\nsubmit 3 commands\nexpect committed index 4 on all within 100 ms",
    /: it is so on n\d n\d$/,
  ],
  ['submit "x=1"\nexpect uncommitted "x=1" for 1 s', /^6 .*: \{"x": 1\} was committed$/],
  ["submit 1 command\nexpect uncommitted index 2 for 1 s", /^6 .*: index 2 was committed$/],
  ["expect requests <= 1", /^5 .*: there were \d+$/],
  ["count\nexpect requests >= 1", /^6 .*: there were 0$/],
  ["submit 1 command of 70 bytes\nrun 1 s\nexpect bytes >= 141", /^7 .*: there were 140$/],
  ["agree 2 commands on all within 5 ms", /^5 after 5 ms these were not on 3 nodes: \{"c": 1/],
  ["isolate all\nagree 1 command on 1 within 1 s", /^6 after 1000 ms these were not on 1 nodes/],
  ['expect read "x=1" on leader', /^5 .*: n\d was not asked to read$/],
  [
    'agree "x=1" on all within 1 s\nread x from all\nexpect read "x=2" on all within 1 s',
    /^7 .*: n1 answered that x is 1, as of entry \d; n2/,
  ],
  ['read x\nexpect read "x=1" on leader', /^6 .*: n\d has not answered what x is$/],
  ['read x\nexpect read "x=1" on leader within 1 s', /: n\d answered that x is not set, as of/],
  ['isolate n1\nread x from n1\nexpect read "x=1" on n1 within 1 s', /what x is: readRefused$/],
  ["read x from n1\nexpect read nothing on n1 for 1 s", /^6 .*: n1 answered that x is not set/],
  ["read x from n1\nexpect read refused on n1 within 1 s", /^6 .*: n1 answered that x is not set/],
  ["isolate all\nread x", /^6 there is nobody to read from$/],
  ["crash n1\nread x from n1", /^6 read is refused, notRunning: n1$/],
  ["crash n1\ncrash n1", /^6 crash is refused, notRunning: n1$/],
  ["restart n1", /^5 restart is refused, alreadyRunning: n1$/],
  ["crash n1\nsubmit 1 command to n1", /^6 is refused, notRunning: n1$/],
  ["crash all\nsubmit 1 command", /^6 there is nobody to submit to: nobody leads$/],
  ["let nobody = down", /^5 there is no node to be called nobody$/],
  ["repeat 1000\nrepeat 1000\ncount\nend\nend", /^7 more than 100000 steps$/],
  ["repeat 100\nrun 60 s\nend", /^6 more than 600000 ms$/],
];

for (const [steps, failure] of failing) {
  test(`it is told that this does not come about: ${steps.replaceAll("\n", " / ")}`, () => {
    const failures = failuresOf(`expect leader within 5 s\n${steps}`);
    assert.equal(failures.length, 1, failures.join("\n"));
    assert.match(failures[0] ?? "", failure);
  });
}

/** Steps after `expect leader within 5 s` that come about. */
const passing: readonly string[] = [
  // What there is to choose from.
  "let first = leader\nlet both = followers\ncrash first\nrun 1 s\nexpect role follower on both except leader",
  "isolate n2 n3\nexpect no leader for 1 s\nrejoin n2\nexpect leader within 5 s\nexpect leader among n1 n2",
  "crash any 2 all\nwhen up < 2\nlet one = up\nrestart down except one\nend\nexpect leader among all within 5 s",
  "isolate any 2 connected\nwhen connected < 2\nrejoin isolated\nend\nexpect leader among all within 5 s",
  "when connected < 3\ncrash n1\nend\nexpect leader among all",
  "crash leader\nwhen leader\nsubmit 1 command\nend\ncrash leader",
  // A step on nobody does nothing.
  "restart down\nrejoin any isolated\nexpect leader",
  // Links.
  "partition n1\nexpect leader among n2 n3 within 5 s\nheal\nexpect leader among all within 5 s",
  "let old = leader\ncut old to all\nexpect leader among all except old within 5 s",
  "let old = leader\nlet rest = followers\ncut rest to old\nsubmit 1 command to old\nexpect log 1 1 on all within 1 s\nexpect uncommitted index 2 for 1 s",
  // Weather.
  'slow AppendEntries to all by 300..400 ms\nsubmit "x=1"\nexpect uncommitted "x=1" for 250 ms\nweather calm\nexpect leader within 10 s',
  "slow AppendEntriesReply from followers by 1 s\nsubmit 1 command\nexpect uncommitted index 2 for 900 ms\nexpect committed index 2 on all within 1 s",
  // A client is patient.
  "isolate leader\nagree 3 commands on 2 within 10 s\nheal\nexpect committed acknowledged on all within 2 s",
];

for (const steps of passing) {
  test(`this comes about: ${steps.replaceAll("\n", " / ")}`, () => {
    assert.deepEqual(failuresOf(`expect leader within 5 s\n${steps}`), []);
  });
}

test("what stands under `when chance` happens sometimes", () => {
  let applied = 0;
  outcomeOf(
    "expect leader within 5 s\nlet old = leader\nrepeat 100\nwhen chance 30 %\nsubmit 1 command to old\nend\nend\nrun 1 s",
    (event) => {
      if (event.kind === "applied" && event.node === "n1") applied += event.entries.length;
    },
  );
  assert(applied > 15 && applied < 50, `${applied} of 100`);
});

test("a line that fails in every turn is told once, as it first failed, and the run goes on", () => {
  const failures = failuresOf("repeat 3\nexpect log 9 on n1\nrun 1 s\nend\nexpect log 8 on n1");
  assert.deepEqual(
    failures.map((each) => each.replace(/ this is.*/, "")),
    ["5 after 0 ms", "8 after 3000 ms"],
  );
});

test("the weather says which messages are late or lost", () => {
  for (const weather of ["calm", "unreliable", "reordering"]) {
    const seen = { lost: 0, lateRequests: 0, lateReplies: 0, replies: 0, slowest: 0 };
    const steps = `weather ${weather}\nrepeat 20\nwhen leader\nsubmit 3 commands\nend\nrun 300 ms\nend`;
    outcomeOf(steps, (event) => {
      if (event.kind !== "sent") return;
      const isReply = event.message.kind.endsWith("Reply");
      if (event.arrival === null) seen.lost++;
      else if (event.arrival - event.time < 200) {
        seen.slowest = Math.max(seen.slowest, event.arrival - event.time);
      } else if (isReply) seen.lateReplies++;
      else seen.lateRequests++;
      if (isReply) seen.replies++;
    });
    assert.equal(seen.lost > 0, weather !== "calm");
    assert.equal(seen.lateRequests, 0);
    assert(seen.slowest <= (weather === "calm" ? 15 : 26), `${seen.slowest} ms`);
    const late = seen.lateReplies / seen.replies;
    assert(weather === "reordering" ? late > 0.4 && late < 0.8 : late === 0, `${weather}: ${late}`);
  }
});

test("something that cannot be done ends the run", () => {
  const failures = failuresOf("repeat 3\ncrash n1\nend\nexpect log 8 on n2");
  assert.deepEqual(failures, ["5 crash is refused, notRunning: n1"]);
});

test("a node starts with the log and the term that it is given, and has a timeout of its own", () => {
  const started = new Map<string, unknown>();
  const parsed = parseScenario(`title a
    shows b
    nodes 2
    timing election 3 s heartbeat 50 ms
    node n2 log 1 2*2 term 4 timeout 30 ms
    expect role leader on n2 within 200 ms
    expect log 1 2 2 5 on all within 200 ms
    expect same logs on all`);
  assert(parsed.kind === "scenario");
  const { failures } = runScenario(parsed.scenario, (event) => {
    if (event.kind !== "started") return;
    const { currentTerm, log } = event.saved;
    started.set(event.node, [currentTerm, log.length, event.timing.electionTimeoutMillis.min]);
  });
  assert.deepEqual(failures, []);
  assert.deepEqual(Object.fromEntries(started), { n1: [0, 0, 3000], n2: [4, 3, 30] });
});

test("what the checks find is in the outcome, though no line expects anything about it", () => {
  // Logs that no run can leave behind: the same index and term, yet not the same before.
  const parsed = parseScenario(`title a
    shows b
    nodes 3
    node n1 log 1 1 3 term 3
    node n2 log 2 2 3 term 3
    run 10 ms`);
  assert(parsed.kind === "scenario");
  const { failures, findings } = runScenario(parsed.scenario);
  assert.deepEqual(failures, []);
  assert.deepEqual(
    findings.map(({ check }) => check),
    ["log-matching"],
  );
});

// A failure prints its seed; `{ seed, path }` as the second argument of `fc.assert` repeats it.

test("whatever is done to a cluster, the checks find nothing and nothing is thrown", () => {
  const step = fc.constantFrom(
    "run 0..400 ms",
    "expect leader within 2 s",
    "when leader\nsubmit 3 commands\nend",
    "agree 1 command on 1 within 1 s",
    "crash any up",
    "crash up",
    "restart any down",
    "restart down",
    "isolate any 2 all",
    "isolate leader",
    "rejoin any isolated",
    "partition any 2 all",
    "cut any all to any all",
    "heal",
    "weather reordering",
    "weather calm",
    "slow AppendEntries to any 2 all by 0..500 ms",
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
      const parsed = parseScenario(text(["heal", ...steps].join("\n"), 5));
      assert(parsed.kind === "scenario");
      const { findings, failures } = runScenario(parsed.scenario);
      assert.deepEqual(findings, []);
      // Without a quorum there may be neither leader nor agreement; all else comes about.
      const others = failures.filter(({ text: what }) => !/^after \d+ ms th/.test(what));
      assert.deepEqual(others, []);
    }),
    { numRuns: 60 },
  );
});
