import assert from "node:assert/strict";
import { test } from "node:test";
import { eventTime, filteredEvents, iconOf } from "../../../src/panel/event-filter.ts";
import { flightStanding, tabAfter, tabOf } from "../../../src/panel/inspector-model.ts";
import type { EventLine, MemberPicture } from "../../../src/panel/protocol.ts";
import { sayIn } from "../../../src/panel/texts.ts";
import { flight } from "./pictures.ts";

const sent = flight(1, { sent: 100, arrival: 200 });

const members: readonly MemberPicture[] = ["1", "2", "10"].map((number) => ({
  id: `127.0.0.1:${number}`,
  name: `node${number}`,
  shortName: `n${number}`,
  address: `127.0.0.1:${number}`,
}));

test("an empty filter lets everything through, as the same list", () => {
  const lines = [line("n1 votes for n2")];
  assert.equal(filteredEvents(lines, "  ", members), lines);
});

test("the name of a node finds that node and not those whose names begin alike", () => {
  const lines = [
    line("n1 crashes"),
    line("n10 crashes"),
    line("n2 → n1 AppendEntries"),
    line("column1 and btn1"),
  ];
  assert.deepEqual(texts(filteredEvents(lines, "N1", members)), [
    "n1 crashes",
    "n2 → n1 AppendEntries",
  ]);
  assert.deepEqual(texts(filteredEvents(lines, "node10", members)), ["n10 crashes"]);
});

test("any other text is found wherever it stands, in the section as well", () => {
  const lines = [line("n1 votes for n2", "§5.2"), line("n1 crashes")];
  assert.equal(filteredEvents(lines, "VOTES", members).length, 1);
  assert.equal(filteredEvents(lines, "5.2", members).length, 1);
  assert.equal(filteredEvents(lines, "nothing like it", members).length, 0);
});

test("signs that mean something in patterns are text like any other", () => {
  assert.equal(filteredEvents([line("log[N].term")], "[n].", members).length, 1);
});

test("an event has an icon and a time in seconds", () => {
  assert.equal(iconOf("store"), "database");
  assert.equal(eventTime(12_480), "12.480");
});

test("each kind of selection has its tab", () => {
  assert.equal(tabOf({ kind: "entry", index: 3 }), "entry");
  assert.equal(tabOf({ kind: "message", id: 3 }), "message");
  assert.equal(tabOf({ kind: "finding", seq: 3, check: "x" }), "findings");
  assert.equal(tabOf({ kind: "node", node: "n1" }), "node");
  assert.equal(tabOf(null), "node");
});

test("arrows go round the tabs, Home and End to the first and the last", () => {
  assert.equal(tabAfter("node", "ArrowRight"), "entry");
  assert.equal(tabAfter("node", "ArrowLeft"), "findings");
  assert.equal(tabAfter("findings", "ArrowRight"), "node");
  assert.equal(tabAfter("entry", "End"), "findings");
  assert.equal(tabAfter("message", "Home"), "node");
  assert.equal(tabAfter("node", "x"), undefined);
});

test("a message says how long it still takes, and how it ended once that time has come", () => {
  const say = sayIn({});
  assert.equal(flightStanding(sent, 150, say), "on its way, 50 ms left");
  const ended = { ...sent, end: { time: 190, how: "cut" } } as const;
  assert.equal(flightStanding(ended, 150, say), "on its way, 50 ms left");
  assert.equal(flightStanding(ended, 190, say), "stopped where the link is cut");
  assert.equal(flightStanding(sent, 50, say), "not sent yet");
});

function line(text: string, section = ""): EventLine {
  return { seq: 1, time: 0, icon: "note", text, section };
}

function texts(lines: readonly EventLine[]): readonly string[] {
  return lines.map(({ text }) => text);
}
