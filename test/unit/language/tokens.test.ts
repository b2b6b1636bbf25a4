import assert from "node:assert/strict";
import { test } from "node:test";
import { account, lab, log, members, one, tokensOf, two } from "./lab.ts";

test("entries are shown as committed as far as is known, and as not committed after that", () => {
  const text = log("1:1 2:2");
  const folder = lab({ [one.log]: text, [one.state]: '{"x": 1}' });
  assert.deepEqual(tokensOf(folder, one.log, text), [
    "1 term 1",
    '1 committed {"x": 1}',
    "2 term 2",
    '2 uncommitted {"x": 2}',
  ]);
});

test("if nothing is known of what is committed, nothing is shown of it", () => {
  const text = log("1:1");
  for (const files of [{ [one.log]: text }, { [one.log]: text, [one.state]: "{}" }]) {
    assert.deepEqual(tokensOf(lab(files), one.log, text), ["1 term 1"]);
  }
});

test("an older entry beside a newer one is a conflict, since it may stay (Figure 8)", () => {
  const texts = [log("1:1 2:2"), log("1:1 3:3")] as const;
  const logs = { [one.log]: texts[0], [two.log]: texts[1] };
  for (const [file, text, command] of [
    [one.log, texts[0], '{"x": 2}'],
    [two.log, texts[1], '{"x": 3}'],
  ] as const) {
    assert.equal(tokensOf(lab(logs), file, text).at(-1), `2 conflict ${command}`);
  }
});

test("an entry beside a committed one is stale, whichever has the newer term", () => {
  const texts = [log("1:1 2:2"), log("1:1 3:3")] as const;
  const logs = { [one.log]: texts[0], [two.log]: texts[1] };
  const newer = lab({ ...logs, [two.state]: '{"x": 3}' });
  assert.equal(tokensOf(newer, one.log, texts[0]).at(-1), '2 stale {"x": 2}');
  assert.equal(tokensOf(newer, two.log, texts[1]).at(-1), '2 committed {"x": 3}');
  const older = lab({ ...logs, [one.state]: '{"x": 2}' });
  assert.equal(tokensOf(older, two.log, texts[1]).at(-1), '2 stale {"x": 3}');
});

test("tokens stand in the right column after the mark of UTF-8, and when the command comes first", () => {
  const text = '\ufeff{"command": {"x": 1}, "term": 12}\r\n';
  const folder = lab({ [one.log]: text, [one.state]: '{"x": 1}' });
  assert.deepEqual(tokensOf(folder, one.log, text), ['1 committed {"x": 1}', "1 term 12"]);
});

test("only the lines that are asked for are answered", () => {
  const folder = lab({ [one.log]: log("1:1 1:2 1:3 1:4") });
  const lines = (from: number, to: number) =>
    folder.tokens(one.log, from, to).map(({ start }) => start.line);
  assert.deepEqual(lines(1, 3), [1, 2]);
  assert.deepEqual(lines(-5, 1), [0]);
  assert.deepEqual(lines(3, 99), [3]);
  assert.deepEqual(lines(3, 1), []);
});

test("after a line that cannot be read an entry has a term and no more", () => {
  const text = `?\n${log("1:1")}`;
  const folder = lab({ [one.log]: text, [two.log]: log("1:1"), [two.state]: '{"x": 1}' });
  assert.deepEqual(tokensOf(folder, one.log, text), ["2 term 1"]);
});

test("terms and nodes are shown in accounts and storages; roles are left to the grammar", () => {
  const told = account("3 follower votes for node2", "3 leader LEADER => 127.0.0.1:8000");
  const stored = '{"term": 3, "voted_for": "127.0.0.1:8001"}';
  const folder = lab({ "node1.log": told, [one.storage]: stored, "cluster.json": members });
  assert.deepEqual(tokensOf(folder, "node1.log", told), [
    "1 term 3",
    "1 node node2",
    "2 term 3",
    "2 node 127.0.0.1:8000",
  ]);
  assert.deepEqual(tokensOf(folder, one.storage, stored), ["1 term 3", '1 node "127.0.0.1:8001"']);
});
