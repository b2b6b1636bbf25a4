import assert from "node:assert/strict";
import { test } from "node:test";
import { Account } from "../../../src/runtime/account.ts";
import { account, hovered, lab, log, members, one, three, told, toldOfAll, two } from "./lab.ts";

// A log file of Raft Lab begins after an entry if a snapshot brought what its node never had (§7).

const whole = log("1:1 1:2 1:3 2:4 2:5 2:6");
const begins = (file: string, after: number) => `2 follower ${file} begins after entry ${after}`;

test("the lines of a log that begins later are compared with the same entries of others", () => {
  const files = { [one.log]: whole, [two.log]: log("2:4 2:5 2:6"), "cluster.json": members };
  assert.deepEqual(toldOfAll(lab(files)).length > 0, true, "nobody says where it begins");
  const node2 = account(begins(two.log, 3));
  assert.deepEqual(toldOfAll(lab({ ...files, "node2.log": node2 })), []);
  const other = { ...files, [two.log]: log("2:4 2:7 2:6"), "node2.log": node2 };
  assert.deepEqual(toldOfAll(lab(other)), [
    `${one.log}:5 log-matching`,
    `${two.log}:2 log-matching`,
  ]);
});

test("in whatever order the files come and change, and by what was said last", () => {
  const folder = lab({ "node2.log": account(begins(two.log, 1)), [two.log]: log("2:4 2:5") });
  folder.set(one.log, whole);
  assert.notDeepEqual(toldOfAll(folder), []);
  folder.set("node2.log", account(begins(two.log, 1), begins(two.log, 3)));
  assert.deepEqual(toldOfAll(folder), []);
  folder.set(two.log, log("2:4 2:5 2:6"));
  assert.deepEqual(toldOfAll(folder), []);
  assert.match(hovered(folder, two.log, 2), /5/);
  folder.delete("node2.log");
  assert.notDeepEqual(toldOfAll(folder), []);
});

test("it is said of one file, and of no other", () => {
  const node2 = account(`${begins(two.log, 3)}; what it held before is kept as x.differs`);
  const files = { [one.log]: whole, [three.log]: whole, "node2.log": node2 };
  assert.deepEqual(toldOfAll(lab({ ...files, [two.log]: log("2:4") })), []);
});

test("a state that comes from entries which are not there is not judged", () => {
  const state = { [two.state]: '{"x": 9}', "node2.log": account(begins(two.log, 3)) };
  assert.deepEqual(toldOfAll(lab({ ...state, [two.log]: log("2:4") })), []);
});

test("nothing is known to be committed of a log that shares no entry with the one that knows", () => {
  const knows = account(begins(two.log, 3), "2 follower knows to be committed: all up to 6");
  const folder = lab({
    [two.log]: log("2:4 2:5 2:6"),
    [three.log]: log("1:1 1:9"),
    "cluster.json": members,
    "node2.log": knows,
  });
  assert.doesNotMatch(hovered(folder, three.log, 2), /[Cc]ommitted: /);
  assert.match(hovered(folder, two.log, 2), /Committed: /);
  folder.set(three.log, log("1:1 1:2 1:3 2:4"));
  assert.match(hovered(folder, three.log, 2), /Committed: /);
});

test("the sentence is the one that an account of ours says", () => {
  const address = (i: number) => `127.0.0.1:${8000 + i}`;
  const nodes = [0, 1].map((i) => ({ id: `n${i + 1}`, name: `node${i + 1}`, address: address(i) }));
  const notice = { kind: "logFileBegins", file: two.log, after: 3, keptAs: "x" } as const;
  const event = { seq: 1, time: 0, node: "n2", kind: "noticed", notice } as const;
  const node2 = new Account("n2", nodes).lines(event, new Date());
  const folder = lab({ [one.log]: whole, [two.log]: log("2:4 2:5"), "node2.log": node2 });
  assert.deepEqual(toldOfAll(folder), []);
  assert.deepEqual(told(folder.problems("node2.log")), []);
  assert.match(hovered(folder, "node2.log", 1, 60), /first line of .* is entry 4/);
});
