import assert from "node:assert/strict";
import { test } from "node:test";
import { account, lab, log, members, one, only, told, toldOfAll, two } from "./lab.ts";

test("an account of an election has nothing wrong", () => {
  const folder = lab({
    "node1.log": account(
      "0 follower started with 0 entries",
      "0 follower LEADER => None",
      "1 candidate becomes candidate",
      "1 candidate votes for itself",
      "1 leader LEADER IS NOW NODE 1",
      "1 leader LEADER => 127.0.0.1:8000",
      "2 follower becomes follower",
    ),
    "node2.log": account("1 follower votes for node1", "1 follower LEADER => 127.0.0.1:8000"),
  });
  assert.deepEqual(toldOfAll(folder), []);
});

test("two nodes that lead in one term are told in both accounts", () => {
  const folder = lab({
    "node1.log": account("3 leader LEADER IS NOW NODE 1"),
    "node2.log": account("2 leader LEADER IS NOW NODE 2", "3 leader crashed"),
  });
  assert.deepEqual(toldOfAll(folder), [
    "node1.log:1 election-safety",
    "node2.log:2 election-safety",
  ]);
  const problem = only(folder, "node1.log", "election-safety");
  assert.equal(problem.related[0]?.file, "node2.log");
  assert.equal(problem.section, "5.2");
});

test("followers of two leaders in one term prove that there were two", () => {
  const folder = lab({
    "node1.log": account("3 follower LEADER => 127.0.0.1:8001"),
    "node2.log": account("3 follower LEADER => 127.0.0.1:8002"),
  });
  assert.deepEqual(toldOfAll(folder), ["node2.log:1 election-safety"]);
});

test("what the scripts of the lab print proves nothing: it names no term", () => {
  const folder = lab({
    "task2_node1.txt": "LEADER => 127.0.0.1:8001\nLEADER IS NOW NODE 1\n",
    "task2_node2.txt": "LEADER => 127.0.0.1:8002\nLEADER IS NOW NODE 2\nLEADER -> 2\n",
    "node3_CUSTOMLOG.log":
      "Leader is now: None\nDone writing x\n Check the .log and .state_machine files!",
  });
  assert.deepEqual(toldOfAll(folder), []);
});

test("a second vote in a term is told; with a start between them it is not sure", () => {
  const vote = "2 follower votes for node2";
  const other = "2 follower votes for node3";
  const folder = (...lines: readonly string[]) => lab({ "node1.log": account(...lines) });
  assert.deepEqual(told(folder(vote, other).problems("node1.log")), ["2 one-vote-per-term error"]);
  assert.deepEqual(told(folder(vote, vote).problems("node1.log")), []);
  const started = "2 follower started with 0 entries";
  assert.deepEqual(told(folder(vote, started, other).problems("node1.log")), [
    "3 one-vote-per-term information",
  ]);
});

test("a saved vote for another than the account says is told, where names and addresses are known", () => {
  const files = {
    "node1.log": account("2 follower votes for node2"),
    [one.storage]: '{"term": 2, "voted_for": "127.0.0.1:8002"}',
  };
  assert.deepEqual(toldOfAll(lab(files)), []);
  assert.deepEqual(toldOfAll(lab({ ...files, "cluster.json": members })), [
    `${one.storage}:1 one-vote-per-term`,
  ]);
  const same = { ...files, [one.storage]: '{"term": 2, "voted_for": "127.0.0.1:8001"}' };
  assert.deepEqual(toldOfAll(lab({ ...same, "cluster.json": members })), []);
  const none = { ...files, [one.storage]: '{"term": 2, "voted_for": null}' };
  assert.deepEqual(toldOfAll(lab({ ...none, "cluster.json": members })), []);
});

test("a term that falls is told, unless the node started anew", () => {
  const folder = (...lines: readonly string[]) => lab({ "node1.log": account(...lines) });
  const [before, after] = ["5 follower becomes follower", "4 follower becomes follower"];
  assert.deepEqual(toldOfAll(folder(before, after)), ["node1.log:2 term-decreases"]);
  const started = "4 follower started with 0 entries";
  assert.deepEqual(toldOfAll(folder(before, started, after)), []);
});

test("a node that drops entries which it knew to be committed is told", () => {
  const committed = "1 follower knows to be committed: all up to 5";
  const drops = (from: number) => `2 follower drops its entries from ${from} on`;
  const folder = (from: number) => lab({ "node1.log": account(committed, drops(from)) });
  assert.deepEqual(toldOfAll(folder(6)), []);
  assert.deepEqual(toldOfAll(folder(5)), ["node1.log:2 committed-overwritten"]);
});

test("an account makes entries committed, and another leader's in their place wrong", () => {
  const files = {
    "cluster.json": members,
    "node1.log": account("2 leader knows to be committed: all up to 2"),
    [one.log]: log("1:1 2:2"),
    [two.log]: log("1:1 3:3"),
  };
  assert.deepEqual(told(lab(files).problems(two.log)), [
    "2 logs-diverge warning",
    "2 committed-overwritten error",
  ]);
  const older = { ...files, [two.log]: log("1:1 1:3") };
  assert.deepEqual(told(lab(older).problems(two.log)), ["2 logs-diverge warning"]);
});

test("names and addresses are known from a node that led, too", () => {
  const folder = lab({
    "node1.log": account(
      "2 leader LEADER => 127.0.0.1:8000",
      "2 leader knows to be committed: all up to 2",
    ),
    [one.log]: log("1:1 2:2"),
    [two.log]: log("1:1 3:3"),
  });
  assert.equal(told(folder.problems(two.log)).at(-1), "2 committed-overwritten error");
});

test("whatever else stands in an account is nothing wrong", () => {
  assert.deepEqual(
    toldOfAll(lab({ "node1.log": "Traceback (most recent call last):\n\u0000\n\nLEADER =>" })),
    [],
  );
});
