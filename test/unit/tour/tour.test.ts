import assert from "node:assert/strict";
import { test } from "node:test";
import { Checker, checks } from "../../../src/checks/index.ts";
import { ballotsOf, Exploration, type Moment } from "../../../src/exploration/index.ts";
import { slice } from "../../../src/raft/index.ts";
import {
  recordTour,
  stopIds,
  stopsOf,
  type RecordedTour,
  type Say,
  type StopId,
  type TourStop,
} from "../../../src/tour/index.ts";

function recorded(): RecordedTour {
  const steps = recordTour();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const tour = recorded();
const { seqs, cast, members, events } = tour;
const exploration = new Exploration();
for (const event of events) exploration.take(event);

/** Fills in as VS Code does, and minds that every place has its value and every value its place. */
const say: Say = (text, ...values) => {
  const places = new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index)));
  assert.equal(places.size, new Set(values.keys()).size, text);
  return text.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
};
const stops = stopsOf(tour, (id) => id, say);

function at(id: StopId): Moment {
  return exploration.moment(seqs[id]);
}

function stop(id: StopId): TourStop {
  const found = stops.find((each) => each.id === id);
  assert(found, id);
  return found;
}

function node(id: StopId, name: string) {
  const found = at(id).view.nodes.get(name);
  assert(found, name);
  return found;
}

function running(id: StopId) {
  return [...at(id).view.nodes.values()].filter(({ life }) => life.kind === "running");
}

/** Whether a text of the stop holds these words. */
function says(id: StopId, words: string): void {
  const { title, text } = stop(id);
  assert([title, ...text].join("\n").includes(words), `${id} does not say "${words}"`);
}

/** The messages of a kind that fly at a stop. */
function flying(id: StopId, kind: string) {
  return [...at(id).inFlight.values()].map(({ message }) => message).filter((m) => m.kind === kind);
}

/** How many logs have the entry that the first leader, or whoever else has it, has there. */
function copies(id: StopId, index: number): number {
  return [...at(id).view.nodes.values()].filter(({ log }) => log.length >= index).length;
}

test("the tour is the same every time", () => {
  assert.deepEqual(recorded(), tour);
});

test("the tour keeps every property of Raft", () => {
  const checker = new Checker(checks, (finding) => assert.fail(finding.text));
  for (const event of events) checker.take(event);
});

test("there are 10 to 14 stops, one after another, and the last one alone is the end", () => {
  assert(stops.length >= 10 && stops.length <= 14);
  assert.deepEqual(
    stops.map(({ id }) => id),
    stopIds,
  );
  stops.forEach(({ seq }, i) => assert(seq > (stops[i - 1]?.seq ?? 0)));
  assert.deepEqual(
    stops.filter(({ isEnd }) => isEnd).map(({ id }) => id),
    ["end"],
  );
  assert(stop("end").seq < events.length, "time goes on after the end");
});

test("every stop has something to read and names a section, but for the end", () => {
  for (const { id, title, watch, text, section } of stops) {
    assert(title.length > 0 && title.length <= 60, title);
    assert(watch.length > 0 && watch.length <= 70, watch);
    assert(text.length > 0);
    for (const paragraph of text) {
      assert(paragraph.split(" ").length <= 48, `too long to read in passing: ${paragraph}`);
    }
    if (id === "end") assert.equal(section, "");
    else assert.match(section, /^§\d\.\d(\.\d)?$/);
  }
});

test("time between two stops is neither none nor too long to watch", () => {
  const times = stops.map(({ seq }) => exploration.timeAt(seq));
  times.slice(1).forEach((time, i) => {
    const span = time - (times[i] ?? 0);
    assert(span >= 150 && span <= 5000, `${span} ms after ${stops[i]?.id}`);
  });
});

test("at the start all are followers of term 0 with empty logs and timeouts of their own", () => {
  const deadlines = new Set([...at("start").states.values()].map((s) => s.electionDeadline));
  assert.equal(deadlines.size, members.length);
  for (const { role, currentTerm, log } of running("start")) {
    assert.deepEqual([role, currentTerm, log.length], ["follower", 0, 0]);
  }
  says("start", `${members.length} nodes`);
});

test("the candidate alone stands; its request has arrived at one node, which votes for it", () => {
  assert.equal(node("candidate", cast.first).role, "candidate");
  assert.equal(node("candidate", cast.first).currentTerm, cast.firstTerm);
  const voters = running("candidate").filter(({ votedFor }) => votedFor === cast.first);
  assert.deepEqual(voters.map(({ id }) => id).toSorted(), [cast.first, cast.firstAsked].toSorted());
  assert.equal(flying("candidate", "RequestVote").length, members.length - 2);
  says("candidate", `begins term ${cast.firstTerm}`);
  says("candidate", `reached ${cast.firstAsked}, which votes for ${cast.first}`);
});

test("at the stop that says so, the candidate has 2 of the 3 votes it needs", () => {
  const ballots = ballotsOf(at("votes"), cast.first);
  const granted = [...(ballots ?? [])].filter(([, ballot]) => ballot === "granted");
  assert.deepEqual(granted.map(([id]) => id).toSorted(), [cast.first, cast.firstVoter].toSorted());
  says("votes", `${cast.first} has 2 of the 3 votes it needs`);
  says("votes", `vote of ${cast.firstVoter}`);
  says("votes", "a majority of all 5 nodes");
});

test("the leader leads as soon as it has 3 of 5 votes, while others are on their way", () => {
  assert.equal(node("leader", cast.first).role, "leader");
  const heard = exploration
    .events(0, seqs.leader)
    .filter(({ kind, node: by }) => kind === "received" && by === cast.first);
  assert.equal(heard.length, 2);
  assert.equal(flying("leader", "RequestVoteReply").length > 0, true);
  says("leader", `${cast.first} leads in term ${cast.firstTerm}`);
  says("leader", `votes of 3 nodes of 5 have reached ${cast.first}`);
});

test("heartbeats fly from the leader, and all know it", () => {
  const beats = flying("heartbeats", "AppendEntries").filter(
    (message) => message.kind === "AppendEntries" && message.entries.length === 0,
  );
  assert(beats.length > 0 && beats.every(({ from }) => from === cast.first));
  for (const { leaderId } of running("heartbeats")) assert.equal(leaderId, cast.first);
  says("heartbeats", `heartbeats of ${cast.first}`);
});

test("the first entry has 2 copies and is committed nowhere at the stop that says so", () => {
  assert.equal(copies("copies", cast.entry), 2);
  assert.equal(node("copies", cast.firstCopy).log.length, cast.entry);
  for (const { commitIndex } of running("copies")) assert(commitIndex < cast.entry);
  const [entry] = slice(node("copies", cast.first).log, cast.entry);
  assert(entry?.kind === "command" && entry.command === '{"x": 1}');
  says("copies", `as entry ${cast.entry}`);
  says("copies", `${cast.firstCopy} has it, too: 2 copies of 5`);
});

test("it is committed when the leader knows of 3 copies; all have it and only the leader knows", () => {
  const state = at("committed").states.get(cast.first);
  assert(state?.role.kind === "leader");
  const others = [...state.role.matchIndex.values()].filter((index) => index >= cast.entry);
  assert.equal(others.length + 1, 3);
  assert(state.savedIndex >= cast.entry);
  assert.equal(copies("committed", cast.entry), members.length);
  for (const { id, commitIndex } of running("committed")) {
    assert.equal(commitIndex >= cast.entry, id === cast.first, id);
  }
  assert.equal(node("committed", cast.first).lastApplied, cast.entry);
  assert.equal(exploration.stateMachine(cast.first, at("committed")).get("x"), "1");
  const turn = exploration.events(0, seqs.committed);
  assert(turn.some(({ kind, node: by }) => kind === "answered" && by === cast.first));
  says("committed", `${cast.first} knows now of 3 copies`);
  says("committed", `behind entry ${cast.entry}`);
});

test("then all know, and all come to the same state", () => {
  for (const { id, lastApplied } of running("known")) {
    assert.equal(lastApplied, cast.entry);
    assert.deepEqual([...exploration.stateMachine(id, at("known"))], [["x", "1"]]);
  }
  says("known", `behind entry ${cast.entry}`);
});

test("the crash is the leader's, and what it had sent is still on its way", () => {
  assert.equal(node("crash", cast.first).life.kind, "crashed");
  assert.equal(node("known", cast.first).life.kind, "running");
  assert(flying("crash", "AppendEntries").some(({ from }) => from === cast.first));
  says("crash", `${cast.first} crashes`);
});

test("the second candidate stands in a higher term, and its request to the crashed node is lost", () => {
  assert(cast.secondTerm > cast.firstTerm);
  assert.equal(node("secondCandidate", cast.second).role, "candidate");
  assert.equal(node("secondCandidate", cast.second).currentTerm, cast.secondTerm);
  const lost = events.flatMap((event) => {
    if (event.kind !== "dropped" || event.seq >= seqs.returns) return [];
    return exploration.journey(event.id)?.message ?? [];
  });
  assert(lost.some(({ kind, to }) => kind === "RequestVote" && to === cast.first));
  says("secondCandidate", `${cast.second} begins term ${cast.secondTerm}`);
  says("secondCandidate", `request to ${cast.first} reaches nobody`);
});

test("the second leader leads with one node down and has the committed entry", () => {
  assert.equal(node("secondLeader", cast.second).role, "leader");
  assert.equal(running("secondLeader").length, 4);
  assert(node("secondLeader", cast.second).log.length >= cast.entry);
  assert.match(stop("secondLeader").watch, /^4 nodes are left/);
  says("secondLeader", "3 votes are a majority of 5");
  says("secondLeader", "With 3 of 5 nodes down");
  says("secondLeader", `Entry ${cast.entry}, which was committed, is in the log of ${cast.second}`);
});

test("the second entry is committed with 4 of 5 copies, after an empty one of the new term", () => {
  assert.equal(copies("goesOn", cast.secondEntry), 4);
  assert(node("goesOn", cast.first).log.length < cast.secondEntry);
  for (const { commitIndex } of running("goesOn")) assert(commitIndex >= cast.secondEntry);
  const [empty, entry] = slice(node("goesOn", cast.second).log, cast.secondEntry - 1);
  assert(empty?.kind === "noOp" && empty.term === cast.secondTerm);
  assert(entry?.kind === "command" && entry.command === '{"x": 2}');
  says("goesOn", `Entry ${cast.secondEntry}, x=2, is committed with 4 of 5 copies`);
  says("goesOn", `The row of ${cast.first} lacks it`);
});

test("the old leader returns as a follower of the old term, with what was on its disk", () => {
  const { life, role, currentTerm, log } = node("returns", cast.first);
  assert.deepEqual(
    [life.kind, role, currentTerm, log.length],
    ["running", "follower", cast.firstTerm, cast.entry],
  );
  says("returns", `${cast.first} comes back`);
  says("returns", `follower of term ${cast.firstTerm}`);
  says("returns", `term ${cast.secondTerm} has begun`);
});

test("at the end all logs and all states are alike, and all follow the second leader", () => {
  const { log } = node("end", cast.second);
  assert.equal(running("end").length, members.length);
  for (const each of running("end")) {
    assert.deepEqual(slice(each.log, 1), slice(log, 1));
    assert.equal(each.lastApplied, cast.secondEntry);
    assert.equal(each.leaderId, cast.second);
    assert.deepEqual([...exploration.stateMachine(each.id, at("end"))], [["x", "2"]]);
  }
});

test("there are two elections, each with one candidate", () => {
  const stood = events.filter(({ kind }) => kind === "roleChanged");
  const candidates = stood.flatMap((event) =>
    event.kind === "roleChanged" && event.role === "candidate" ? [event.node] : [],
  );
  assert.deepEqual(candidates, [cast.first, cast.second]);
});
