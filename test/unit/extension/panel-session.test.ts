import assert from "node:assert/strict";
import { test } from "node:test";
import { standInForVscode } from "./vscode-stand-in.ts";
import { Checker, checks } from "../../../src/checks/index.ts";
import type { Member } from "../../../src/cluster/index.ts";
import { Exploration } from "../../../src/exploration/index.ts";
import type {
  MomentPicture,
  PanelUpdate,
  Picture,
  Source,
  TourPicture,
} from "../../../src/panel/index.ts";
import { decodePanelUpdate } from "../../../src/panel/decode-update.ts";
import { loading, modelAfter } from "../../../src/panel/model.ts";
import { paperTiming } from "../../../src/raft/index.ts";
import { Chance, fairWeather, Simulator } from "../../../src/simulator/index.ts";
import { drawn } from "../../support/drawn.ts";
import { explorationOf, grown, runOf, type Run } from "../exploration/runs.ts";

// One panel's look at a run: what it is told, and where in time it stands.

standInForVscode();
const { PanelSession } = await import("../../../src/extension/panel-session.ts");
type Session = InstanceType<typeof PanelSession>;

const live: Source = { kind: "live", paused: false };

function sessionOf(
  exploration: Exploration,
  members: readonly Member[],
  source: () => Source = () => live,
  tour: () => TourPicture | null = () => null,
): Session {
  return new PanelSession({ exploration, members, source, tour });
}

/** A session that looks at a whole run. */
function sessionAfter({ events, simulator }: Run, source: Source = live): Session {
  return sessionOf(explorationOf(events), simulator.members, () => source);
}

function opened(update: PanelUpdate | undefined): Picture {
  assert.equal(update?.kind, "opened");
  assert(update?.kind === "opened");
  return update.picture;
}

function movedTo(update: PanelUpdate | undefined): MomentPicture {
  assert.equal(update?.kind, "moved");
  assert(update?.kind === "moved");
  return update.picture;
}

/** The picture with the next update; changes are put into it. */
function updated(before: Picture | undefined, session: Session): Picture {
  const update = session.nextUpdate();
  if (update?.kind === "opened") return update.picture;
  assert(before);
  if (update === undefined) return before;
  return modelAfter({ ...loading, picture: before }, update).picture ?? assert.fail();
}

/** What of a picture is the same however one came to it. */
function essence(picture: Picture, lines: number): unknown {
  const { strands: _, flights, events, clock, ...rest } = picture;
  const known = flights.filter(
    ({ end }) => end === null || (end.how !== "received" && end.time >= clock.time - 700),
  );
  const sorted = known.toSorted((one, other) => one.id - other.id);
  return { ...rest, clock, flights: sorted, events: events.slice(events.length - lines) };
}

function assertSame(found: Picture, expected: Picture, where: string): void {
  const lines = expected.events.length;
  for (const { end } of expected.flights) {
    assert(end === null || end.time >= expected.clock.time - 700, `${where}: lost long ago`);
  }
  assert.deepEqual(essence(found, lines), essence(expected, lines), where);
}

test("changes put into the picture before give the picture after, live", () => {
  for (let seed = 1; seed <= drawn(20); seed++) {
    const { events, simulator } = runOf(seed);
    const chance = new Chance(seed);
    const exploration = new Exploration();
    const checker = new Checker(checks, (finding) => exploration.note(finding));
    const session = sessionOf(exploration, simulator.members);
    let picture = opened(session.nextUpdate());
    for (const event of events) {
      exploration.take(event);
      checker.take(event);
      if (!chance.happens(0.02)) continue;
      picture = updated(picture, session);
      const fresh = sessionOf(exploration, simulator.members);
      assertSame(picture, opened(fresh.nextUpdate()), `seed ${seed} at ${event.seq}`);
    }
  }
});

test("changes put into the picture before give the picture after, in a past that is played", () => {
  for (let seed = 1; seed <= drawn(20); seed++) {
    const run = runOf(seed);
    const session = sessionAfter(run);
    session.seek(40);
    let picture = opened(session.nextUpdate());
    session.playOrPause();
    let looks = 0;
    for (; session.isPlaying; looks++) {
      session.tick(21);
      picture = updated(picture, session);
      if (looks % 5 !== 0 || !session.isPlaying) continue;
      const fresh = sessionAfter(run);
      fresh.request({ kind: "seekTime", time: picture.clock.time });
      fresh.playOrPause();
      assertSame(picture, opened(fresh.nextUpdate()), `seed ${seed} at ${picture.clock.seq}`);
    }
    assert(looks > 20, `seed ${seed} was over after ${looks}`);
    assert(!session.isPast);
    assertSame(picture, opened(sessionAfter(run).nextUpdate()), `seed ${seed} at its end`);
  }
});

test("§6: members that come and go are told as they do, live", () => {
  const { events, first, removed } = grown();
  const exploration = new Exploration();
  const session = sessionOf(exploration, first);
  let picture = opened(session.nextUpdate());
  const told = new Set<string>();
  for (const event of events) {
    exploration.take(event);
    const update = session.nextUpdate();
    if (update === undefined) continue;
    assert.deepEqual(decodePanelUpdate(JSON.parse(JSON.stringify(update))), update);
    const after = modelAfter({ ...loading, picture }, update).picture;
    picture = after ?? assert.fail();
    const ids = picture.members.map(({ id }) => id);
    told.add(ids.join(" "));
    assert.deepEqual(
      picture.nodes.map(({ id }) => id),
      ids,
    );
  }
  const all = ["n1", "n2", "n3", "n4", "n5"];
  const left = all.filter((id) => id !== removed);
  assert.deepEqual([...told], ["n1 n2 n3", "n1 n2 n3 n4", "n1 n2 n3 n4 n5", left.join(" ")]);
  assert.equal(picture.members.at(-1)?.shortName, "n5");
  const voters = left.filter((id) => id !== "n5");
  const { configuration } = picture.nodes[0] ?? assert.fail();
  assert.deepEqual(configuration, { voters, outgoing: [], learners: ["n5"] });
  const fresh = sessionOf(exploration, first);
  assertSame(picture, opened(fresh.nextUpdate()), "at the end");
  assert.equal(session.textOf(removed), undefined);
});

test("§6: who travels to before a node was added does not see it, nor one after it has left", () => {
  const { events, first, removed } = grown();
  const session = sessionOf(explorationOf(events), first);
  const end = opened(session.nextUpdate()).members;
  session.seek(10);
  const before = movedTo(session.nextUpdate());
  assert.deepEqual(
    before.nodes.map(({ id }) => id),
    ["n1", "n2", "n3"],
  );
  assert.notEqual(session.textOf(removed), undefined);
  assert.equal(session.textOf("n4"), undefined);
  session.goLive();
  assert.deepEqual(movedTo(session.nextUpdate()).members, end);
  assert(!end.some(({ id }) => id === removed));
});

test("every update is one that the panel can read", () => {
  const { events, simulator } = runOf(3, 100);
  const exploration = new Exploration();
  const session = sessionOf(exploration, simulator.members);
  session.request({ kind: "select", selection: { kind: "node", node: "n1" } });
  let read = 0;
  for (const event of events) {
    exploration.take(event);
    if (event.seq % 50 !== 0) continue;
    if (event.seq % 200 === 0) {
      session.request({ kind: "select", selection: { kind: "entry", index: 3 } });
    }
    const update = session.nextUpdate();
    const text: unknown = JSON.parse(JSON.stringify(update));
    assert.deepEqual(decodePanelUpdate(text), update);
    read++;
  }
  assert(read > 20);
});

test("when nothing happens there is nothing to tell", () => {
  const session = sessionAfter(runOf(1));
  opened(session.nextUpdate());
  assert.equal(session.nextUpdate(), undefined);
  session.request({ kind: "look", first: 1, columns: 10 });
  assert.deepEqual(Object.keys(changeOf(session)), ["ledger"]);
  assert.equal(session.nextUpdate(), undefined);
});

test("a panel that was hidden, or has loaded anew, is told everything", () => {
  const session = sessionAfter(runOf(1));
  opened(session.nextUpdate());
  session.reset();
  opened(session.nextUpdate());
  assert.equal(session.request({ kind: "ready" }), undefined);
  opened(session.nextUpdate());
});

test("a message that came and went between two updates is told, with its end", () => {
  const { events, simulator } = runOf(3, 300);
  const exploration = new Exploration();
  const session = sessionOf(exploration, simulator.members);
  const told = new Map<number, number | null>();
  for (const event of events) {
    exploration.take(event);
    if (event.seq % 60 !== 0) continue;
    const update = session.nextUpdate();
    const flights =
      update?.kind === "opened"
        ? [...update.picture.flights, ...update.picture.strands]
        : update?.kind === "changed"
          ? (update.change.flights ?? [])
          : [];
    for (const { id, end } of flights) {
      if (update?.kind === "changed") assert.equal(told.get(id) ?? null, null, `${id} ended twice`);
      told.set(id, end?.time ?? null);
    }
    const landed = update?.kind === "changed" ? (update.change.landed ?? []) : [];
    for (const id of landed) assert(told.has(id), `${id} landed and was never told`);
  }
  session.nextUpdate();
  const sent = events.slice(0, -60).filter((event) => event.kind === "sent");
  assert(sent.length > 200);
  assert(sent.every(({ id }) => told.has(id)));
});

test("while one stands in the past the clock stands, and what is new makes the tape longer", () => {
  const { events, simulator } = runOf(4);
  const half = events.length >> 1;
  const exploration = explorationOf(events.slice(0, half));
  const session = sessionOf(exploration, simulator.members);
  opened(session.nextUpdate());
  session.seek(100);
  const update = session.nextUpdate();
  const { clock } = movedTo(update);
  assert(!("tape" in movedTo(update)) && update?.kind === "moved" && update.tape === undefined);
  assert.deepEqual([clock.position, clock.seq, clock.runs], ["past", 100, false]);
  for (const event of events.slice(half)) exploration.take(event);
  session.tick(1000);
  const change = changeOf(session);
  assert.deepEqual(new Set(Object.keys(change)), new Set(["clock", "tape"]));
  assert.equal(change.clock?.seq, 100);
  assert.equal(change.clock?.count, events.length);
  session.goLive();
  assert.equal(movedTo(session.nextUpdate()).clock.position, "live");
});

test("a live clock runs unless the cluster is paused; one that has stopped does not", () => {
  const run = runOf(1);
  const runs = (source: Source) => opened(sessionAfter(run, source).nextUpdate()).clock.runs;
  assert.equal(runs(live), true);
  assert.equal(runs({ kind: "live", paused: true }), false);
  assert.equal(runs({ kind: "stopped" }), false);
  assert.equal(runs({ kind: "simulated", seed: 1 }), false);
});

test("a past that has been played to its end is live, or stands there if nothing can follow", () => {
  const run = runOf(1);
  for (const source of [live, { kind: "stopped" }] as const) {
    const session = sessionAfter(run, source);
    assert.equal(session.playOrPause(), false);
    session.seek(run.events.length - 20);
    assert.equal(session.playOrPause(), true);
    assert(session.isPlaying);
    session.tick(60_000);
    assert(!session.isPlaying);
    assert.equal(session.seq, run.events.length);
    assert.equal(session.isPast, source.kind === "stopped");
  }
});

test("a past is played up to a moment and stands still there", () => {
  const session = sessionAfter(runOf(1), { kind: "simulated", seed: 1 });
  session.seek(50);
  session.playTo(120, 2);
  session.tick(1);
  assert(session.isPlaying);
  session.tick(60_000);
  assert.deepEqual([session.seq, session.isPlaying], [120, false]);
});

test("what is stood on may be forgotten; then the panel stands at the first moment there is", () => {
  const { events, simulator } = runOf(5, 300);
  const exploration = explorationOf(events.slice(0, 600), 512);
  const session = sessionOf(exploration, simulator.members);
  session.seek(10);
  assert.equal(opened(session.nextUpdate()).clock.seq, 10);
  for (const event of events.slice(600)) exploration.take(event);
  const { clock } = movedTo(session.nextUpdate());
  assert(exploration.start.seq > 10);
  assert.deepEqual([clock.seq, clock.time], [exploration.start.seq, exploration.start.time]);
});

test("a step goes to the next event that shows something, and back to the one before", () => {
  const session = sessionAfter(runOf(6));
  session.seek(200);
  const forth: number[] = [];
  for (let step = 0; step < 30; step++) {
    session.step(1);
    forth.push(session.seq);
  }
  const back: number[] = [];
  for (let step = 0; step < 29; step++) {
    session.step(-1);
    back.push(session.seq);
  }
  assert(forth.every((seq, at) => seq > (forth[at - 1] ?? 200)));
  assert.deepEqual(back.toReversed(), forth.slice(0, -1));
});

test("a step goes over heartbeats, however many", () => {
  const calm = new Simulator({ seed: 3, size: 5, timing: paperTiming, weather: fairWeather });
  const exploration = new Exploration();
  calm.subscribe((event) => exploration.take(event));
  calm.runUntil(10_000);
  const session = sessionOf(exploration, calm.members);
  const lines = opened(session.nextUpdate()).events;
  const last = lines.at(-1)?.seq ?? 0;
  assert(exploration.count - last > 2000);
  session.step(-1);
  assert.equal(session.seq, last);
  session.step(-1);
  assert.equal(session.seq, lines.at(-2)?.seq);
  for (let from = last + 500; from < last + 540; from++) {
    session.seek(from);
    session.step(-1);
    assert.equal(session.seq, last);
  }
  session.seek(last);
  session.step(1);
  assert(!session.isPast);
});

test("the timing is told once it is known", () => {
  const timing = { electionTimeoutMillis: { min: 1000, max: 2000 }, heartbeatMillis: 300 };
  const slow = new Simulator({ seed: 3, size: 3, timing, weather: fairWeather });
  const exploration = new Exploration();
  slow.subscribe((event) => exploration.take(event));
  const session = sessionOf(exploration, slow.members);
  const before = opened(session.nextUpdate());
  assert.deepEqual(
    before.nodes.map(({ life }) => life),
    ["crashed", "crashed", "crashed"],
  );
  slow.runUntil(10);
  assert.deepEqual(opened(session.nextUpdate()).timing, timing);
  slow.runUntil(50_000);
  assert.notEqual(session.nextUpdate()?.kind, "opened");
});

test("what a check finds is told when it is found", () => {
  const run = runOf(2);
  const exploration = explorationOf(run.events);
  const session = sessionOf(exploration, run.simulator.members);
  opened(session.nextUpdate());
  const at = exploration.eventBefore(30);
  const proof = exploration.eventBefore(20);
  assert(at && proof);
  exploration.note({ check: "election-safety", text: "Two leaders.", at, because: [proof] });
  const { findings, tape } = changeOf(session);
  assert.deepEqual(
    findings?.map(({ text, seq, because }) => [text, seq, because[0]?.seq]),
    [["Two leaders.", 30, 20]],
  );
  assert.deepEqual(
    tape?.marks?.map(({ kind, seq }) => [kind, seq]),
    [["violation", 30]],
  );
  assert.equal(session.nextUpdate(), undefined);
});

test("in the past the lanes show messages that are yet to come, too", () => {
  const run = runOf(4);
  const session = sessionAfter(run);
  session.seek(run.events.length >> 1);
  const { strands, clock } = opened(session.nextUpdate());
  assert(strands.some(({ sent, end }) => sent > clock.time && end !== null));
  assert(strands.some(({ sent, end }) => sent < clock.time && end !== null));
});

test("a jump goes from mark to mark, and past the last mark to what is live", () => {
  const session = sessionAfter(runOf(6));
  const marks = new Set(opened(session.nextUpdate()).tape.marks.map(({ seq }) => seq));
  session.seek(0);
  for (let jump = 0; jump < 5; jump++) {
    session.jump(1);
    assert(marks.has(session.seq));
  }
  session.jump(-1);
  session.seek(Math.max(...marks));
  session.jump(1);
  assert(!session.isPast);
  session.seek(0);
  session.jump(-1);
  assert.equal(session.seq, 0);
});

test("the ledger follows the end of the longest log, or stands where it was asked to", () => {
  const session = sessionAfter(runOf(8, 150));
  const { ledger, nodes } = opened(session.nextUpdate());
  const longest = Math.max(...nodes.map(({ lastLogIndex }) => lastLogIndex));
  assert(longest > 50);
  assert.deepEqual([ledger.last, ledger.first], [longest, longest - 39]);
  assert.equal(ledger.commands.length, 40);
  session.request({ kind: "look", first: 3, columns: 5 });
  const moved = changeOf(session).ledger;
  assert.deepEqual([moved?.first, moved?.commands.length], [3, 5]);
  session.request({ kind: "look", first: 9999, columns: 5 });
  assert.equal(changeOf(session).ledger?.first, longest);
});

test("a request that is not known is refused, and nothing comes of it", () => {
  const session = sessionAfter(runOf(1));
  opened(session.nextUpdate());
  for (const hostile of hostileRequests()) {
    const answer = session.request(hostile);
    assert.deepEqual(answer, { kind: "refused", text: "This panel is out of date. Reopen it." });
  }
  assert.equal(session.nextUpdate(), undefined);
});

test("what is asked for within bounds is done, however strange, and throws nothing", () => {
  const session = sessionAfter(runOf(1));
  const selections = [
    { kind: "node", node: "nobody" },
    { kind: "node", node: "__proto__" },
    { kind: "entry", index: 0 },
    { kind: "entry", index: Number.MAX_SAFE_INTEGER },
    { kind: "message", id: 123_456_789 },
    { kind: "finding", seq: 7, check: "no-such-check" },
    null,
  ];
  for (const selection of selections) {
    session.request({ kind: "select", selection });
    session.reset();
    assert.equal(opened(session.nextUpdate()).detail, null);
  }
  for (const time of [-1e300, 1e300, 0.5]) {
    session.request({ kind: "seekTime", time });
    assert.doesNotThrow(() => session.nextUpdate());
  }
  session.request({ kind: "seek", seq: Number.MAX_SAFE_INTEGER });
  session.request({ kind: "look", first: Number.MAX_SAFE_INTEGER, columns: 500 });
  assert.doesNotThrow(() => session.nextUpdate());
});

test("a command is handed back to whoever may run it", () => {
  const session = sessionAfter(runOf(1));
  const answer = session.request({ kind: "run", command: "crashNode", node: "n2", also: 1 });
  assert.deepEqual(answer, { kind: "run", command: "crashNode", node: "n2" });
  const other = session.request({ kind: "run", command: "startCluster" });
  assert.deepEqual(other, { kind: "run", command: "startCluster", node: null });
});

test("the command of an entry is there to be copied, whole and as it stood at the moment", () => {
  const simulator = new Simulator({ seed: 3, size: 3, timing: paperTiming, weather: fairWeather });
  const exploration = new Exploration();
  simulator.subscribe((event) => exploration.take(event));
  simulator.runUntil(1000);
  const long = "y".repeat(5000);
  simulator.act("a", { kind: "submit", node: null, command: `{"x": "${long}"}` });
  simulator.runUntil(2000);
  const session = sessionOf(exploration, simulator.members);
  assert.equal(session.commandAt(1), "no-op");
  assert.equal(session.commandAt(2), `x="${long}"`);
  assert.equal(session.commandAt(3), undefined);
  session.seek(10);
  assert.equal(session.commandAt(2), undefined);
});

test("the stop of a tour is told when it changes", () => {
  const { events, simulator } = runOf(1);
  let stop: TourPicture | null = null;
  const source: Source = { kind: "simulated", seed: 1 };
  const session = sessionOf(
    explorationOf(events),
    simulator.members,
    () => source,
    () => stop,
  );
  assert.equal(opened(session.nextUpdate()).tour, null);
  stop = { stop: 0, count: 2, title: "A", text: [], section: "", focus: null, isEnd: false };
  assert.deepEqual(changeOf(session), { tour: stop });
  assert.equal(session.nextUpdate(), undefined);
});

function changeOf(session: Session) {
  const update = session.nextUpdate();
  assert(update?.kind === "changed");
  return update.change;
}

function hostileRequests(): readonly unknown[] {
  const deep: unknown[] = [];
  let inner = deep;
  for (let level = 0; level < 10_000; level++) {
    const next: unknown[] = [];
    inner.push(next);
    inner = next;
  }
  return [
    undefined,
    null,
    0,
    "ready",
    [],
    deep,
    {},
    { kind: "toString" },
    { kind: "__proto__" },
    { kind: { kind: "ready" } },
    { kind: "seek" },
    { kind: "seek", seq: -1 },
    { kind: "seek", seq: 1.5 },
    { kind: "seek", seq: Infinity },
    { kind: "seek", seq: "7" },
    { kind: "seekTime", time: NaN },
    { kind: "seekTime", time: Infinity },
    { kind: "run", command: "workbench.action.terminal.new" },
    { kind: "run", command: "constructor" },
    { kind: "run", command: "crashNode", node: 7 },
    { kind: "run", command: "crashNode", node: "n".repeat(201) },
    { kind: "look", first: 1, columns: 0 },
    { kind: "look", first: 1, columns: 501 },
    { kind: "look", first: -1, columns: 5 },
    { kind: "look", columns: 5 },
    { kind: "select" },
    { kind: "select", selection: { kind: "node" } },
    { kind: "select", selection: { kind: "entry", index: "3" } },
    { kind: "select", selection: { kind: "finding", seq: 1, check: deep } },
  ];
}
