import assert from "node:assert/strict";
import { test } from "node:test";
import { standInForVscode } from "./vscode-stand-in.ts";
import type { Copy, Standing, Verdict } from "../../../src/exploration/index.ts";
import type { Detail, EventLine, Selection } from "../../../src/panel/index.ts";
import type { Message } from "../../../src/raft/index.ts";
import type { TraceEvent } from "../../../src/trace/index.ts";
import { explorationOf, runOf } from "../exploration/runs.ts";

// What the panel is told in words.

standInForVscode();
const texts = await import("../../../src/extension/panel-texts.ts");
const { whyTexts } = await import("../../../src/extension/panel-why.ts");
const { PanelSession } = await import("../../../src/extension/panel-session.ts");

const nameOf = (id: string) => id;
const holding: Copy = { node: "n1", isUp: true, what: { kind: "saved" } };

function standing(verdict: Verdict, copies: readonly Copy[] = [holding]): Standing {
  return { index: 4, entry: { kind: "noOp", term: 2 }, copies, needed: 2, joint: null, verdict };
}

function why(verdict: Verdict, copies?: readonly Copy[]): string {
  return whyTexts(standing(verdict, copies), nameOf)
    .map(({ text, section }) => `${text} ${section}`)
    .join("\n");
}

test("§6: while two configurations are joint, both majorities are told", () => {
  const joint = {
    incoming: { held: 2, of: 5, needed: 3 },
    outgoing: { held: 2, of: 3, needed: 2 },
  };
  const verdict = { kind: "spreading", leader: "n1", acknowledged: ["n1"] } as const;
  const told = whyTexts({ ...standing(verdict), joint }, nameOf);
  assert.match(told[0]?.text ?? "", /saved on 2 of 5 new members, of whom 3 are needed/);
  assert.match(told[0]?.text ?? "", /on 2 of 3 old ones, of whom 2 are: n1/);
  assert.match(told[1]?.text ?? "", /a majority of the new members and one of the old/);
  assert.deepEqual(
    told.map(({ section }) => section),
    ["§6", "§6"],
  );
});

test("why an entry is committed or not is told with the section that says so", () => {
  const counted = { kind: "counted", by: "n1", term: 2, index: 4 } as const;
  const committed = why({ kind: "committed", knownBy: ["n1", "n3"], how: counted });
  assert.match(committed, /n1, leader of term 2, counted a majority .* own term\. §5\.3/);
  assert.match(committed, /known to n1, n3\. §5\.3/);
  assert.match(committed, /leads after term 2 holds it.* §5\.4\.1/);
  const along = { kind: "takenAlong", by: "n2", term: 3, index: 6 } as const;
  assert.match(
    why({ kind: "committed", knownBy: ["n2"], how: along }),
    /n2, leader of term 3, .* its own entry 6, .* committed with it\. §5\.4\.2/,
  );
  assert.match(
    why({ kind: "olderTerm", leader: "n1", leaderTerm: 4, ownEntry: 7 }),
    /not committed: it is of term 2, and n1 leads term 4\..* §5\.4\.2\nOnce entry 7/,
  );
  assert.match(
    why({ kind: "olderTerm", leader: "n1", leaderTerm: 4, ownEntry: null }),
    /n1 has no entry of its own term yet/,
  );
  assert.match(
    why({ kind: "spreading", leader: "n1", acknowledged: ["n1"] }),
    /saved on 1 of 1, and a majority is 2: n1\. §5\.3\n.*n1 leads, has 1 of the 2 copies/,
  );
  assert.match(
    why({ kind: "uncounted", leader: "n1", acknowledged: [] }),
    /n1 leads, and has heard of 0 of the 2/,
  );
  assert.match(why({ kind: "leaderLacks", leader: "n2" }), /n2 leads and has no entry 4/);
  assert.match(why({ kind: "noLeader" }), /No node leads, .* §5\.2/);
  const nowhere = { ...standing({ kind: "nowhere" }, []), entry: null };
  assert.deepEqual(whyTexts(nowhere, nameOf), [{ text: "No log has an entry 4.", section: "" }]);
});

test("of each node without a durable copy it is told why", () => {
  const lacks = { kind: "lacks", isComing: false, nextIndex: null } as const;
  const told = why({ kind: "noLeader" }, [
    { node: "n1", isUp: true, what: { kind: "saving" } },
    { node: "n2", isUp: false, what: { kind: "saving" } },
    { node: "n3", isUp: true, what: { kind: "conflicts", term: 1 } },
    { node: "n4", isUp: false, what: lacks },
    { node: "n5", isUp: true, what: lacks },
    { node: "n6", isUp: true, what: { ...lacks, isComing: true } },
    { node: "n7", isUp: true, what: { ...lacks, nextIndex: 3 } },
  ]);
  assert.match(told, /on no disk yet/);
  assert.match(told, /n1 is still saving it/);
  assert.match(told, /n2 went down before it was saved there/);
  assert.match(told, /n3 holds another entry there, of term 1/);
  assert.match(told, /n4 lacks it, and is down\. §5\.5/);
  assert.match(told, /n5 lacks it\. /);
  assert.match(told, /on its way to n6/);
  assert.match(told, /n7 lacks it; nextIndex for it is 3/);
});

test("an entry says what was typed", () => {
  const said = (command: string) => texts.entryText({ kind: "command", term: 1, command });
  assert.equal(said('{"x": 1}'), "x=1");
  assert.equal(said('{"x": 1, "y": "two"}'), 'x=1, y="two"');
  assert.equal(said("{}"), "{}");
  assert.equal(said("no JSON"), "no JSON");
  assert.equal(said('{"a\\u202eb\\n": 1}'), "a�b�=1");
  assert.equal(texts.entryText({ kind: "noOp", term: 1 }), "no-op");
  const long = said(`{"x": "${"y".repeat(60_000)}"}`);
  assert.equal(long.length, 200);
  assert(long.endsWith("…"));
});

test("a text that is cut keeps its characters whole", () => {
  assert.equal(texts.shortened("abcdef", 6), "abcdef");
  assert.equal(texts.shortened("abcdefg", 6), "abcde…");
  assert.equal(texts.shortened("abcd😀fg", 6), "abcd…");
});

test("the fields of a message are those of Figure 2", () => {
  const envelope = { from: "n1", to: "n2", term: 3 };
  const fieldsOf = (message: Message) =>
    texts.messageFields(message, nameOf).map((field) => field.join(" "));
  assert.deepEqual(
    fieldsOf({ kind: "RequestVote", ...envelope, lastLogIndex: 4, lastLogTerm: 2 }),
    ["term 3", "candidateId n1", "lastLogIndex 4", "lastLogTerm 2"],
  );
  assert.deepEqual(fieldsOf({ kind: "RequestVoteReply", ...envelope, voteGranted: false }), [
    "term 3",
    "voteGranted false",
  ]);
  const request = { prevLogIndex: 4, prevLogTerm: 2, entries: [], leaderCommit: 1 };
  assert.deepEqual(fieldsOf({ kind: "AppendEntries", ...envelope, ...request }), [
    "term 3",
    "leaderId n1",
    "prevLogIndex 4",
    "prevLogTerm 2",
    "entries[] 0",
    "leaderCommit 1",
  ]);
  const outcome = { success: true, matchIndex: 4 } as const;
  assert.deepEqual(fieldsOf({ kind: "AppendEntriesReply", ...envelope, outcome }), [
    "term 3",
    "success true",
    "matchIndex 4",
  ]);
});

const { events, simulator } = runOf(6, 100);
const exploration = explorationOf(events);

function pictureAt(seq: number, selection: Selection | null = null) {
  const session = new PanelSession({
    exploration,
    members: simulator.members,
    source: () => ({ kind: "live", paused: false }),
  });
  session.request({ kind: "select", selection });
  session.seek(seq);
  const update = session.nextUpdate();
  assert(update?.kind === "opened");
  return update.picture;
}

test("the list of events has about 60 lines before a moment, and 40 after one of the past", () => {
  const half = events.length >> 1;
  const past = pictureAt(half).events;
  assert.equal(past.filter(({ seq }) => seq <= half).length, 60);
  assert.equal(past.filter(({ seq }) => seq > half).length, 40);
  assert.equal(pictureAt(Infinity).events.length, 60);
  assertInOrder(past);
});

test("the list of events leaves out what only repeats or comes all the time", () => {
  const kinds = new Set<string>();
  for (let seq = 0; seq < events.length; seq += 50) {
    for (const line of pictureAt(seq).events) kinds.add(eventAt(line.seq).kind);
  }
  for (const noise of ["woke", "saving", "saved", "received"]) assert(!kinds.has(noise), noise);
  for (const told of ["roleChanged", "voted", "appended", "committed", "crashed", "requested"]) {
    assert(kinds.has(told), told);
  }
});

test("what a check found stands in the list where it was shown", () => {
  const own = explorationOf(events.slice(0, 100));
  const at = events[80];
  assert(at);
  own.note({ check: "election-safety", text: "Two leaders.", at, because: [] });
  const { members } = simulator;
  const source = () => ({ kind: "stopped" }) as const;
  const session = new PanelSession({ exploration: own, members, source });
  const update = session.nextUpdate();
  assert(update?.kind === "opened");
  const { events: lines, findings, tape } = update.picture;
  const line = { seq: 81, time: at.time, icon: "violation", text: "Two leaders.", section: "§5.2" };
  assert.deepEqual(
    lines.find(({ icon }) => icon === "violation"),
    line,
  );
  assert.deepEqual(findings, [
    { check: "election-safety", text: "Two leaders.", section: "§5.2", seq: 81, because: [] },
  ]);
  assert.equal(tape.marks.find(({ kind }) => kind === "violation")?.text, "Two leaders.");
});

test("of a node the end of its log is told, and what it has applied", () => {
  const detail = detailOf(Infinity, { kind: "node", node: "n1" });
  assert(detail.kind === "node");
  const { log } = exploration.moment(events.length).view.nodes.get("n1") ?? { log: { length: 0 } };
  assert.equal(detail.entries.at(-1)?.index, log.length);
  assert.equal(detail.earlier + detail.entries.length, log.length);
  assert(detail.state.some(([name]) => name === "y"));
});

test("of an entry every copy is told, and why it is committed", () => {
  const detail = detailOf(Infinity, { kind: "entry", index: 1 });
  assert(detail.kind === "entry");
  assert.deepEqual(
    detail.copies.map(({ node }) => node),
    simulator.members.map(({ id }) => id),
  );
  assert(detail.copies.some(({ isSaved, isCommitted }) => isSaved && isCommitted));
  assert(detail.why.length >= 3);
});

test("of a message no more is told than had happened", () => {
  const sent = events.find((event) => {
    return event.kind === "sent" && exploration.journey(event.id)?.end?.how === "received";
  });
  assert(sent?.kind === "sent");
  const ended = exploration.journey(sent.id)?.end;
  assert(ended);
  const selection = { kind: "message", id: sent.id } as const;
  assert.equal(pictureAt(sent.seq, selection).detail, null);
  const flying = detailOf(sent.seq + 1, selection);
  assert(flying.kind === "message" && flying.flight.end === null);
  const landed = detailOf(ended.seq, selection);
  assert(landed.kind === "message");
  assert.deepEqual(landed.flight.end, { time: ended.time, how: "received" });
});

function detailOf(seq: number, selection: Selection): Detail {
  const { detail } = pictureAt(seq, selection);
  assert(detail);
  return detail;
}

function assertInOrder(lines: readonly EventLine[]): void {
  for (const [at, { seq }] of lines.entries()) assert(seq > (lines[at - 1]?.seq ?? 0));
}

function eventAt(seq: number): TraceEvent {
  const event = exploration.eventBefore(seq);
  assert(event);
  return event;
}
