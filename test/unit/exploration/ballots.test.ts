import assert from "node:assert/strict";
import { test } from "node:test";
import { ballotsOf, Exploration, type Ballot } from "../../../src/exploration/index.ts";
import {
  nothingSaved,
  paperTiming,
  membersIn,
  newestConfiguration,
} from "../../../src/raft/index.ts";
import { Recorder, type TraceEvent } from "../../../src/trace/index.ts";
import { drawn } from "../../support/drawn.ts";
import { explorationOf, runOf } from "./runs.ts";

// What each peer has answered a candidate.

test("a candidate's ballots are what it has received in its term, and its own once it is saved", () => {
  const seen = { granted: 0, refused: 0, none: 0 };
  for (let seed = 1; seed <= drawn(25); seed++) {
    const { events } = runOf(seed);
    const exploration = explorationOf(events);
    for (const [at, event] of events.entries()) {
      if (event.kind !== "received" && event.kind !== "saved") continue;
      const moment = exploration.moment(at + 1);
      const state = moment.states.get(event.node);
      const ballots = ballotsOf(moment, event.node);
      assert.equal(ballots === null, state?.role.kind !== "candidate");
      if (ballots === null || state === undefined) continue;
      const answers = answersTo(event.node, state.currentTerm, events.slice(0, at + 1));
      for (const [peer, ballot] of ballots) {
        if (peer === event.node) continue;
        assert.equal(ballot, answers.get(peer) ?? "none", `seed ${seed} at ${at + 1}, ${peer}`);
        seen[ballot]++;
      }
      assert.deepEqual([...ballots.keys()], membersIn(newestConfiguration(state)));
      assert.equal(
        ballots.get(event.node) === "granted",
        hasVotedForItself(event.node, state.currentTerm, events.slice(0, at + 1)),
      );
    }
  }
  assert(seen.granted > 20 && seen.refused > 5 && seen.none > 100, JSON.stringify(seen));
});

test("a refusal that comes late, of an earlier term, takes none of the newer ones back", () => {
  const exploration = new Exploration();
  let now = 0;
  const recorder = new Recorder(() => now);
  recorder.subscribe((event) => exploration.take(event));
  const members = ["n1", "n2", "n3", "n4"];
  const saved = nothingSaved;
  recorder.node("n1", {
    kind: "started",
    members,
    timing: paperTiming,
    seed: 1,
    saved,
    action: null,
  });
  const refuse = (id: number, from: string, term: number) => {
    const message = { kind: "RequestVoteReply", from, to: "n1", term, voteGranted: false } as const;
    recorder.node(from, { kind: "sent", id, message, arrival: now });
  };
  const elect = () => {
    now += 1000;
    recorder.node("n1", { kind: "woke" });
  };
  elect();
  refuse(1, "n2", 1);
  refuse(2, "n3", 1);
  recorder.node("n1", { kind: "received", id: 1 });
  const first = exploration.moment(exploration.count);
  elect();
  refuse(3, "n4", 2);
  recorder.node("n1", { kind: "received", id: 3 });
  recorder.node("n1", { kind: "received", id: 2 });
  const second = exploration.moment(exploration.count);
  const answered = { n1: "none", n2: "none", n3: "none", n4: "none" };
  assert.deepEqual(told(ballotsOf(first, "n1")), { ...answered, n2: "refused" });
  assert.deepEqual(told(ballotsOf(second, "n1")), { ...answered, n4: "refused" });
});

function told(ballots: ReadonlyMap<string, Ballot> | null): unknown {
  return ballots === null ? null : Object.fromEntries(ballots);
}

test("who is no candidate has no ballots", () => {
  const exploration = explorationOf(runOf(1).events);
  assert.equal(ballotsOf(exploration.moment(0), "n1"), null);
  assert.equal(ballotsOf(exploration.moment(1), "nobody"), null);
});

/** The answers that a node has received since it last started, in a term, as the trace tells them. */
function answersTo(
  node: string,
  term: number,
  events: readonly TraceEvent[],
): ReadonlyMap<string, string> {
  const messages = messagesOf(events);
  const born = events.findLastIndex((event) => event.kind === "started" && event.node === node);
  const answers = new Map<string, string>();
  for (const event of events.slice(born)) {
    if (event.kind !== "received" || event.node !== node) continue;
    const message = messages.get(event.id);
    if (message?.kind !== "RequestVoteReply" || message.term !== term) continue;
    answers.set(message.from, message.voteGranted ? "granted" : "refused");
  }
  return answers;
}

function messagesOf(events: readonly TraceEvent[]) {
  const messages = new Map<number, (TraceEvent & { kind: "sent" })["message"]>();
  for (const event of events) {
    if (event.kind === "sent") messages.set(event.id, event.message);
    if (event.kind !== "duplicated") continue;
    const message = messages.get(event.id);
    if (message !== undefined) messages.set(event.copy, message);
  }
  return messages;
}

function hasVotedForItself(node: string, term: number, events: readonly TraceEvent[]): boolean {
  const born = events.findLastIndex((event) => event.kind === "started" && event.node === node);
  return events
    .slice(born)
    .some((event) => event.kind === "saved" && event.node === node && event.currentTerm === term);
}
