import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeLabel, roleText, roundedMillis, timerOf } from "../../../src/panel/node-look.ts";
import type { NodePicture } from "../../../src/panel/protocol.ts";
import { sentenceOf, sentenceText } from "../../../src/panel/sentence.ts";
import { sayIn } from "../../../src/panel/texts.ts";
import { holding, node, picture } from "./pictures.ts";

const say = sayIn({});
const sentence = (nodes: readonly NodePicture[]) =>
  sentenceText(sentenceOf(picture(nodes), say), say);
const leading = { role: "leader", currentTerm: 4 } as const;

test("it says who leads, what is committed and what can still be lost", () => {
  const nodes = [
    holding("n1", 14, 12, leading),
    ...["n2", "n3", "n4", "n5"].map((id) => holding(id, 14, 12)),
  ];
  assert.equal(sentence(nodes), "n1 leads term 4. 12 of 14 committed; can lose 2 more nodes.");
});

test("it names who is down and who lags", () => {
  const nodes = [
    holding("n1", 14, 12, leading),
    holding("n2", 14, 12, { life: "crashed" }),
    holding("n3", 8, 8),
  ];
  assert.equal(
    sentence(nodes),
    "n1 leads term 4. 12 of 14 committed; no further node may be lost. n2 is down; n3 lags by 6.",
  );
});

test("of many that lag it says how many", () => {
  const lagging = ["n2", "n3", "n4", "n5"].map((id) => holding(id, 1, 1));
  assert.match(sentence([holding("n1", 9, 9, leading), ...lagging]), /4 nodes lag\.$/);
});

test("without a majority it says that nothing can commit", () => {
  const nodes = [
    holding("n1", 3, 2, leading),
    holding("n2", 3, 2, { life: "crashed" }),
    holding("n3", 3, 2, { life: "failed" }),
  ];
  assert.equal(
    sentence(nodes),
    "n1 leads term 4. 2 of 3 committed; no majority is up, so nothing more can commit. n2 and n3 are down.",
  );
});

test("the smaller side of a partition is no reserve", () => {
  const nodes = [holding("n1", 3, 3, leading), ...["n2", "n3"].map((id) => holding(id, 3, 3))];
  const cutLinks = ["n1", "n2"].flatMap((id) => [
    { from: id, to: "n3" },
    { from: "n3", to: id },
  ]);
  assert.equal(
    sentenceText(sentenceOf(picture(nodes, { cutLinks }), say), say),
    "n1 leads term 4. 3 of 3 committed; no further node may be lost.",
  );
});

test("what is still on its way is no lag, and a cut link is named as its reason", () => {
  const nodes = [holding("n1", 14, 12, leading), holding("n2", 12, 11), holding("n3", 8, 8)];
  const cutLinks = [{ from: "n3", to: "n1" }];
  assert.equal(
    sentenceText(sentenceOf(picture(nodes, { cutLinks }), say), say),
    "n1 leads term 4. 12 of 14 committed; can lose 1 more node. n3 lags by 6 and n1 cannot hear it.",
  );
});

test("a violation comes first, once it has happened", () => {
  const finding = {
    check: "leader-completeness",
    text: "n3 leads term 4 without entry 3.",
    section: "§5.4",
    seq: 7,
    because: [],
  };
  const at = (seq: number) => {
    const shown = picture([node("n1")], { findings: [finding] });
    const clock = { ...shown.clock, seq };
    return sentenceText(sentenceOf({ ...shown, clock }, say), say);
  };
  assert.match(
    at(7),
    /^Leader Completeness is broken\. n3 leads term 4 without entry 3\. No leader/,
  );
  assert.match(at(6), /^No leader/);
});

test("of a cluster that has stopped it says so, but not of its past", () => {
  const shown = picture([node("n1")], { source: { kind: "stopped" } });
  const past = { ...shown, clock: { ...shown.clock, position: "past" } } as const;
  assert.match(sentenceText(sentenceOf(shown, say), say), /^The cluster has stopped\./);
  assert.match(sentenceText(sentenceOf(past, say), say), /^No leader\./);
});

test("in an election it counts the votes of the newest term", () => {
  const ballots = { n1: "granted", n2: "granted", n3: "none" } as const;
  const nodes = [
    node("n1", { role: "candidate", currentTerm: 5, ballots }),
    node("n2", { currentTerm: 5 }),
    node("n3", { role: "candidate", currentTerm: 4, ballots: { n3: "granted" } }),
  ];
  assert.equal(sentence(nodes), "No leader. n1 stands for term 5. n1 has 2 of 2 votes.");
});

test("before anyone stands it says what will happen", () => {
  assert.equal(
    sentence([node("n1"), node("n2"), node("n3")]),
    "No leader. The first election timeout to end makes its node a candidate.",
  );
});

test("with too few nodes it says how many an election needs", () => {
  assert.equal(
    sentence([node("n1"), node("n2", { life: "crashed" }), node("n3", { life: "crashed" })]),
    "No leader. Only 1 of 3 nodes are up, and 2 are needed to elect one. n2 and n3 are down.",
  );
});

test("a leader of an older term is told to be stale", () => {
  const nodes = [
    holding("n1", 2, 1, { role: "leader", currentTerm: 3 }),
    holding("n2", 2, 1, leading),
    holding("n3", 2, 1, { currentTerm: 4 }),
  ];
  assert.match(sentence(nodes), /n1 still believes it leads term 3 but can commit nothing\./);
  assert.equal(roleText(nodes[0] ?? node("n1"), picture(nodes), say), "leader (stale)");
});

test("a translation takes the place of the English text; places are filled in", () => {
  const german = sayIn({ "{0} leads": "{0} führt" });
  assert.equal(german("{0} leads", "n1"), "n1 führt");
  assert.equal(german("Other {0}", 3), "Other 3");
  assert.equal(german("{0} and {1}", "a"), "a and {1}");
  assert.equal(sayIn({ toString: "x" })("constructor"), "constructor");
});

test("the same translations give the same function, by which views know that nothing changed", () => {
  const strings = {};
  assert.equal(sayIn(strings), sayIn(strings));
  assert.notEqual(sayIn(strings), sayIn({}));
});

test("a timer is a part of the longest timeout, a leader's of its heartbeat", () => {
  const whole = picture([]);
  assert.deepEqual(timerOf(node("n1", { electionDeadline: 1200 }), whole, 700), {
    part: 0.5,
    millis: 500,
  });
  const leader = node("n1", { ...leading, electionDeadline: null, heartbeatDeadline: 750 });
  assert.deepEqual(timerOf(leader, whole, 700), { part: 0.5, millis: 50 });
  assert.equal(timerOf(node("n1", { life: "crashed" }), whole, 0), null);
  assert.deepEqual(timerOf(node("n1", { electionDeadline: 100 }), whole, 700), {
    part: 0,
    millis: 0,
  });
  assert.equal(roundedMillis(234), "240 ms");
  assert.equal(roundedMillis(2340), "2.3 s");
});

test("a screen reader hears what a node is", () => {
  const nodes = [holding("n1", 14, 12, leading)];
  assert.equal(
    nodeLabel(nodes[0] ?? node("n1"), picture(nodes), say),
    "n1, leader, term 4, log up to 14, committed up to 12",
  );
});

const voters = (ids: string, outgoing = "", learners = "") => ({
  voters: ids.split(" "),
  outgoing: outgoing === "" ? [] : outgoing.split(" "),
  learners: learners === "" ? [] : learners.split(" "),
});

test("§6: what can be lost is counted by the configuration, and learners are told", () => {
  const configuration = voters("n1 n2 n3", "", "n4 n5");
  const nodes = [
    holding("n1", 3, 3, { ...leading, configuration }),
    ...["n2", "n3", "n4", "n5"].map((id) => holding(id, 3, 3)),
  ];
  assert.equal(
    sentence(nodes),
    "n1 leads term 4. 3 of 3 committed; can lose 1 more node. n4 and n5 only learn.",
  );
  const whole = picture(nodes);
  const roles = nodes.map((each) => roleText(each, whole, say));
  assert.deepEqual(roles, ["leader", "follower", "follower", "learner", "learner"]);
});

test("§6: while two configurations are joint a majority of each is needed, and that is said", () => {
  const configuration = voters("n1 n2 n3 n4 n5", "n1 n2 n3");
  const nodes = [
    holding("n1", 3, 3, { ...leading, configuration }),
    holding("n2", 3, 3),
    holding("n3", 3, 3, { life: "crashed" }),
    holding("n4", 3, 3),
    holding("n5", 3, 3),
  ];
  assert.match(
    sentence(nodes),
    /no further node may be lost\. Old and new members count together: a majority of each is needed\./,
  );
  const lost = nodes.map((each) =>
    each.id === "n4" ? each : { ...each, life: "crashed" as const },
  );
  const left = lost.map((each) => ({ ...each, configuration }));
  assert.match(sentence(left), /Only 1 of 5 nodes are up, and 3 are needed to elect one\./);
  const old = left.map((each) => ({
    ...each,
    life: /n[145]/.test(each.id) ? ("running" as const) : ("crashed" as const),
    role: "follower" as const,
  }));
  assert.match(sentence(old), /Only 1 of 3 old voters are up, and 2 are needed to elect one\./);
});

test("§6: the votes of a candidate are counted by its own configuration, of both while it is joint", () => {
  const configuration = voters("n1 n4 n5", "n1 n2 n3");
  const ballots = { n1: "granted", n2: "granted", n3: "none", n4: "refused", n5: "none" } as const;
  const candidate = node("n1", { role: "candidate", currentTerm: 4, ballots, configuration });
  const others = ["n2", "n3", "n4", "n5"].map((id) => node(id, { configuration }));
  const whole = picture([candidate, ...others]);
  assert.equal(roleText(candidate, whole, say), "candidate · 1/2 and 2/2 votes");
  assert.match(
    sentenceText(sentenceOf(whole, say), say),
    /n1 has 1 of 2 votes of the new members and 2 of 2 of the old\./,
  );
});

test("a node that nobody has taken in is no member, and counts for nothing", () => {
  const configuration = voters("n1 n2 n3");
  const nodes = [
    holding("n1", 3, 3, { ...leading, configuration }),
    ...["n2", "n3", "n4"].map((id) => holding(id, 3, 3)),
  ];
  assert.equal(sentence(nodes), "n1 leads term 4. 3 of 3 committed; can lose 1 more node.");
  const [, , , late = node("n4")] = nodes;
  assert.equal(roleText(late, picture(nodes), say), "not a member");
});
