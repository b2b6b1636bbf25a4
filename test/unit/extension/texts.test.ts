import assert from "node:assert/strict";
import { test } from "node:test";
import { standInForVscode } from "./vscode-stand-in.ts";
import { paperTiming } from "../../../src/raft/index.ts";
import { fairWeather, Simulator } from "../../../src/simulator/index.ts";
import type { Failure, Notice, Refusal, TraceEvent } from "../../../src/trace/index.ts";

standInForVscode();
const { failureText, noticeText, refusalText } = await import("../../../src/extension/texts.ts");
const { eventText, levelOf } = await import("../../../src/extension/event-text.ts");
const { writeFinding } = await import("../../../src/extension/write-finding.ts");
const { namesOf } = await import("../../../src/extension/names.ts");

const cluster = new Simulator({ seed: 7, size: 3, timing: paperTiming, weather: stormy() });
const nameOf = namesOf(cluster.members);
const events: TraceEvent[] = [];
cluster.subscribe((event) => events.push(event));
cluster.runUntil(1000);
cluster.act("a1", { kind: "submit", node: null, command: '{"x": 1}' });
cluster.act("a2", { kind: "cutLink", from: "n1", to: "n2" });
cluster.act("a3", { kind: "setSpeed", speed: 2 });
cluster.runUntil(2000);
cluster.act("a4", { kind: "healLink", from: "n1", to: "n2" });
cluster.act("a5", { kind: "crash", node: "n1" });
cluster.act("a6", { kind: "crash", node: "n9" });
cluster.runUntil(4000);
cluster.act("a7", { kind: "restart", node: "n1" });
cluster.act("a8", { kind: "pause" });
cluster.act("a9", { kind: "resume" });
cluster.runUntil(6000);

test("every event of a stormy cluster is a sentence that names its node", () => {
  const kinds = new Set(events.map(({ kind }) => kind));
  assert(kinds.size >= 20, `only ${[...kinds].join(", ")}`);
  for (const event of events) {
    const text = eventText(event, nameOf);
    if (event.node !== null) assert(text.includes(nameOf(event.node)), text);
    assert.doesNotMatch(text, /undefined|null|\[object|\{\d|\bn[123]\b/);
  }
});

test("what a reader of the output sees at the usual level is what changes a cluster", () => {
  const shown = new Set(
    events.flatMap((event) => (["trace", "debug"].includes(levelOf(event)) ? [] : [event.kind])),
  );
  for (const kind of ["roleChanged", "started", "crashed", "paused", "answered"] as const) {
    assert(shown.has(kind), kind);
  }
  for (const kind of ["sent", "received", "woke", "saved", "committed"] as const) {
    assert(!shown.has(kind), kind);
  }
});

test("a finding is written with the events that prove it, one line each", () => {
  const lines: string[] = [];
  const channel = { error: (text: string | Error) => void lines.push(String(text)) };
  const [first, second] = events.filter(({ kind }) => kind === "roleChanged");
  assert(first && second);
  const text = "n1 and n2 both lead term 1.";
  writeFinding(channel, { check: "election-safety", text, at: second, because: [first] }, nameOf);
  const [head, ...proof] = lines.join("\n").split("\n");
  assert.match(head ?? "", /election-safety.*node1 and node2 both lead term 1/);
  assert.equal(proof.length, 2);
  assert.match(proof[0] ?? "", new RegExp(`event ${first.seq}, at [\\d.]+ s: node\\d becomes`));
});

test("a refusal says what to do about it where something can be done", () => {
  const refusals: readonly (readonly [Refusal, RegExp])[] = [
    [{ kind: "notRunning", node: "n1" }, /node1 is not running\. Restart it/],
    [{ kind: "alreadyRunning", node: "n1" }, /node1 is running already/],
    [{ kind: "noLeader" }, /a majority of the nodes is running/],
    [{ kind: "unknownNode", node: "n9" }, /no node n9/],
    [{ kind: "tooLong", limit: 65_536 }, /at most 65536 characters/],
    [{ kind: "badSpeed", slowest: 0.01, fastest: 100 }, /from 0\.01 to 100/],
    [{ kind: "linkIsCut", from: "n1", to: "n2" }, /from node1 to node2 is cut already/],
  ];
  for (const [reason, text] of refusals) assert.match(refusalText(reason, nameOf), text);
});

test("a failure names the file and the place", () => {
  const file = "127.0.0.1_8000.wal";
  const failures: readonly (readonly [Failure, RegExp])[] = [
    [{ kind: "damagedWal", file, line: 12 }, /8000\.wal is damaged at line 12/],
    [{ kind: "unsupportedWal", file, line: 1 }, /another version/],
    [{ kind: "foreignWal", file, owner: "node2" }, /belongs to node2/],
    [{ kind: "missingWal", file }, /is gone/],
    [{ kind: "missingSnapshot", file: "a.snapshot", index: 7 }, /a\.snapshot is gone.* up to 7/],
    [
      { kind: "damagedSnapshot", file: "a.snapshot", line: 2, index: 7 },
      /a\.snapshot is damaged at line 2.* up to 7/,
    ],
    [{ kind: "disk", file, error: "ENOSPC" }, /could not be written: ENOSPC/],
    [{ kind: "socket", address: "127.0.0.1:8000", error: "EACCES" }, /127\.0\.0\.1:8000: EACCES/],
    [{ kind: "invariant", claim: "a merge leaves no gap" }, /a merge leaves no gap/],
  ];
  for (const [failure, text] of failures) assert.match(failureText(failure), text);
});

test("a notice tells what was found and what was done about it", () => {
  const notices: readonly (readonly [Notice, RegExp])[] = [
    [{ kind: "tailCut", file: "a.wal", bytes: 7 }, /node1: .*a\.wal\. 7 bytes/],
    [{ kind: "fileDiffers", file: "a.log", keptAs: "a.log.differs" }, /kept as a\.log\.differs/],
    [{ kind: "fileCompleted", file: "a.log" }, /a\.log lagged behind/],
    [{ kind: "imported", entries: 1, term: 4 }, /from the files of raftos: 1 entry, up to term 4/],
    [{ kind: "portMoved", address: "127.0.0.1:8000", port: 8003 }, /port 8003/],
    [
      { kind: "logFileBegins", file: "a.log", after: 7, keptAs: null },
      /a\.log begins after entry 7\.$/,
    ],
    [{ kind: "logFileBegins", file: "a.log", after: 7, keptAs: "b" }, /after entry 7.* kept as b/],
  ];
  for (const [notice, text] of notices) assert.match(noticeText(notice, "node1"), text);
});

function stormy() {
  return { ...fairWeather, loss: 0.05, duplication: 0.05, delay: { min: 5, max: 40 } };
}
