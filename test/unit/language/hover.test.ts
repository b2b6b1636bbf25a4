import assert from "node:assert/strict";
import { test } from "node:test";
import { account, hovered, lab, log, members, one, three, two } from "./lab.ts";

test("an entry tells its index, its term, what it sets and where else it stands", () => {
  const folder = lab({
    [one.log]: log("1:1 1:2 3:3"),
    [two.log]: log("1:1 1:2 2:4"),
    [three.log]: log("1:1"),
  });
  assert.equal(
    hovered(folder, one.log, 2),
    'Entry 2 of term 1\nSets {"x": 2}\nThe same on 127.0.0.1_8001.\nNot on 127.0.0.1_8002.\n' +
      "On 2 of 3 nodes' disks at hand; not known to be committed. An entry of an earlier term may stand on a majority and be replaced all the same. [5.4.2]",
  );
  assert.match(hovered(folder, one.log, 3), /^Another on 127\.0\.0\.1_8001 \(of term 2\)\.$/m);
});

test("an entry of the same term with another command says so", () => {
  const folder = lab({ [one.log]: log("1:1"), [two.log]: log("1:2") });
  assert.match(hovered(folder, one.log, 1), /Another on 127\.0\.0\.1_8001 \(another command\)/);
});

test("an entry on a minority is not said to be on a majority", () => {
  const folder = lab({ [one.log]: log("1:1"), [two.log]: "", [three.log]: "" });
  assert.match(hovered(folder, one.log, 1), /On 1 of 3 nodes' disks at hand; not known/);
  assert.doesNotMatch(hovered(folder, one.log, 1), /majority/);
});

test("an entry is committed if a state holds it, and it says whose", () => {
  const folder = lab({
    [one.log]: log("1:1 1:2 1:3"),
    [two.log]: log("1:1 1:2"),
    [two.state]: '{"x": 2}',
  });
  const how = "127.0.0.1_8001 knew it, its state machine holds what the first 2 come to";
  for (const file of [one.log, two.log]) {
    for (const line of [1, 2]) {
      assert.match(
        hovered(folder, file, line),
        new RegExp(`^Committed: ${how}\\. \\[5\\.3\\]$`, "m"),
      );
    }
  }
  assert.match(hovered(folder, one.log, 3), /not known to be committed/);
});

test("an entry is committed if an account says so", () => {
  const folder = lab({
    "cluster.json": members,
    "node1.log": account("1 leader knows to be committed: all up to 1"),
    [one.log]: log("1:1 1:2"),
  });
  assert.match(hovered(folder, one.log, 1), /^Committed: .* its account says so of all up to 1\./m);
  assert.match(hovered(folder, one.log, 2), /not known to be committed/);
});

test("an entry that another one beats is said to be replaced only if that one is committed", () => {
  const logs = { [one.log]: log("1:1 2:2"), [two.log]: log("1:1 3:3") };
  assert.match(hovered(lab(logs), one.log, 2), /Not known to be committed, and another log/);
  const known = lab({ ...logs, [two.state]: '{"x": 3}' });
  assert.match(hovered(known, one.log, 2), /is committed, so a leader will replace this one/);
});

test("an empty entry is told for what it is", () => {
  const folder = lab({ [one.log]: '{"term": 2, "command": {}}\n' });
  assert.match(hovered(folder, one.log, 1), /An empty entry.*\[8\]/);
});

test("nothing is told of a line that cannot be read, nor of those after it", () => {
  const folder = lab({ [one.log]: `${log("1:1")}?\n${log("1:2")}` });
  for (const line of [2, 3, 4, 99]) assert.equal(hovered(folder, one.log, line), "nothing");
  assert.equal(hovered(folder, "no such file", 1), "nothing");
});

test("what comes from a file is told as it stands, with what cannot be seen written out", () => {
  const folder = lab({ [one.log]: '{"term": 1, "command": {"\u202e[a](command:b)": "\u2028"}}\n' });
  const hover = folder.hover(one.log, { line: 0, character: 0 });
  const code = hover?.lines.flat().filter(({ kind }) => kind === "code");
  assert.deepEqual(code, [{ kind: "code", text: '{"\\u202e[a](command:b)": "\\u2028"}' }]);
});

test("a saved term and a saved vote are told as Figure 2 names them", () => {
  const text = '{"term": 7, "voted_for": "127.0.0.1:8002"}';
  const folder = lab({ [one.storage]: text, [two.storage]: '{"term": 7, "voted_for": null}' });
  assert.match(hovered(folder, one.storage, 1), /^currentTerm: .* is 7\. \[Figure 2\]/);
  const vote = text.indexOf("127");
  assert.match(hovered(folder, one.storage, 1, vote), /^votedFor: in term 7 .* 127\.0\.0\.1:8002/);
  assert.match(hovered(folder, two.storage, 1, vote), /^votedFor: saved is no vote in term 7/);
});

test("a value of a state tells which entry set it, and how far the state goes", () => {
  const text = '{"x": 2, "y": 3}';
  const folder = lab({
    [one.log]: `${log("1:1 1:2")}{"term": 2, "command": {"y": 3}}\n${log("2:9")}`,
    [one.state]: text,
  });
  assert.equal(
    hovered(folder, one.state, 1, 2),
    "Set by entry 2 of term 1.\nThis is what the first 3 of 4 entries of the log come to. [5.3]",
  );
  assert.match(hovered(folder, one.state, 1, text.indexOf("y")), /^Set by entry 3 of term 2\./);
});

test("a line of an account is told in words, and what names no term is only a belief", () => {
  const folder = lab({
    "cluster.json": members,
    "node1.log": account(
      "2 follower votes for node2",
      "2 follower LEADER => 127.0.0.1:8001",
      "2 follower drops its entries from 4 on",
    ),
    "task2_node1.txt": "LEADER => 127.0.0.1:8001\nLEADER => None\n",
  });
  assert.match(hovered(folder, "node1.log", 1), /^node1 is a follower in term 2\.\nA node votes/);
  assert.match(
    hovered(folder, "node1.log", 2),
    /127\.0\.0\.1:8001 for the leader\. That is node2\./,
  );
  assert.doesNotMatch(hovered(folder, "node1.log", 2), /believed/);
  assert.match(hovered(folder, "node1.log", 3), /from 4 on/);
  assert.match(hovered(folder, "task2_node1.txt", 1), /believed when it was last asked/);
  assert.match(hovered(folder, "task2_node1.txt", 2), /knows no leader/);
});
