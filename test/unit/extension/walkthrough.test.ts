import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { commandIds, progressKeys, walkthroughId } from "../../../src/extension/manifest.ts";
import { Walkthrough } from "../../../src/extension/walkthrough.ts";
import { emptyLog } from "../../../src/raft/index.ts";
import type { NodeHappening } from "../../../src/trace/index.ts";
import { standInForVscode } from "./vscode-stand-in.ts";

standInForVscode();
const { openTour } = await import("../../../src/extension/open-tour.ts");

const root = join(import.meta.dirname, "../../..");

/** A walkthrough, what it has told, and a trace to tell it. */
function begun() {
  const told: string[] = [];
  const walkthrough = new Walkthrough((key) => told.push(key.replace("raftLab.", "")));
  let seq = 0;
  const happen = (node: string, happening: NodeHappening): void => {
    walkthrough.take({ seq: seq++, time: seq, node, ...happening });
  };
  return {
    told,
    walkthrough,
    happen,
    leads: (node: string) => happen(node, { kind: "roleChanged", role: "leader", term: 1 }),
    follows: (node: string) => happen(node, { kind: "roleChanged", role: "follower", term: 2 }),
    crashes: (node: string) => happen(node, { kind: "crashed", unsaved: 0, action: null }),
    answered: () =>
      happen("n1", {
        kind: "answered",
        action: "a",
        answer: { kind: "committed", index: 2, term: 1 },
      }),
    startsAnew: () => {
      seq = 0;
      happen("n1", {
        kind: "started",
        members: ["n1", "n2", "n3"],
        timing: { electionTimeoutMillis: { min: 1, max: 2 }, heartbeatMillis: 1 },
        seed: 1,
        saved: { currentTerm: 0, votedFor: null, log: emptyLog },
        action: null,
      });
    },
  };
}

test("a leader is found once, whoever leads later", () => {
  const { told, leads } = begun();
  leads("n1");
  leads("n2");
  assert.deepEqual(told, ["hasLeader"]);
});

test("after the leader's crash it is the next leader that counts", () => {
  const { told, leads, crashes } = begun();
  leads("n1");
  crashes("n1");
  assert.deepEqual(told, ["hasLeader"]);
  leads("n3");
  assert.deepEqual(told, ["hasLeader", "nextLeads"]);
});

test("the crash of a follower, or of who led before, is not the leader's", () => {
  const { told, leads, follows, crashes } = begun();
  leads("n1");
  crashes("n2");
  leads("n3");
  follows("n1");
  crashes("n1");
  leads("n2");
  assert.deepEqual(told, ["hasLeader"]);
});

test("a leader that comes back and leads again is no other", () => {
  const { told, leads, crashes } = begun();
  leads("n1");
  crashes("n1");
  leads("n1");
  assert.deepEqual(told, ["hasLeader"]);
});

test("the crash of one cluster does not count for the next", () => {
  const { told, leads, crashes, startsAnew } = begun();
  leads("n1");
  crashes("n1");
  startsAnew();
  leads("n2");
  assert.deepEqual(told, ["hasLeader"]);
});

test("an entry is read when it is committed and a log is in sight, in whichever order", () => {
  const { told, walkthrough, answered, happen } = begun();
  walkthrough.see(["raft-log"]);
  happen("n1", {
    kind: "answered",
    action: "a",
    answer: { kind: "notLeader", leaderId: null },
  });
  walkthrough.see(["raft-log"]);
  assert.deepEqual(told, []);
  answered();
  walkthrough.see(["json", "raft-account"]);
  assert.deepEqual(told, []);
  walkthrough.see(["json", "raft-log"]);
  walkthrough.see(["raft-log"]);
  assert.deepEqual(told, ["entryRead"]);
});

test("whoever asks again hears of all that was done, and of nothing else", () => {
  const { told, walkthrough, leads } = begun();
  walkthrough.tellAgain();
  assert.deepEqual(told, []);
  leads("n1");
  walkthrough.tourEnded();
  walkthrough.tellAgain();
  assert.deepEqual(told, ["hasLeader", "tourEnded", "hasLeader", "tourEnded"]);
});

test("a whole run completes the steps of a cluster", async () => {
  const { told, walkthrough } = begun();
  const { exploration } = await openTour((text) => text);
  for (const event of exploration.events(0, exploration.count)) walkthrough.take(event);
  walkthrough.see(["raft-log"]);
  walkthrough.tourEnded();
  walkthrough.foundProblem();
  assert.deepEqual(told.map((key) => `raftLab.${key}`).toSorted(), progressKeys.toSorted());
});

const manifest = v.parse(
  v.object({
    contributes: v.object({
      walkthroughs: v.array(
        v.object({
          id: v.string(),
          icon: v.string(),
          steps: v.array(
            v.object({
              id: v.string(),
              description: v.string(),
              media: v.object({ svg: v.string(), altText: v.string() }),
              completionEvents: v.array(v.string()),
            }),
          ),
        }),
      ),
    }),
  }),
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
);
const texts = v.parse(
  v.record(v.string(), v.string()),
  JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")),
);
const [walkthrough] = manifest.contributes.walkthroughs;
const steps = walkthrough?.steps ?? [];

test("no file is searched for at the start of a window to offer the walkthrough", () => {
  assert.doesNotMatch(readFileSync(join(root, "package.json"), "utf8"), /featuredFor/);
});

test("the walkthrough has five steps, each completed by what the source tells", () => {
  assert.equal(walkthrough?.id, walkthroughId);
  assert.deepEqual(
    steps.map(({ completionEvents }) => completionEvents),
    progressKeys.map((key) => [`onContext:${key}`]),
  );
});

test("each step has a button, and its buttons run commands that exist", () => {
  const known = new Set<string>(commandIds);
  for (const { id, description } of steps) {
    const text = texts[description.replaceAll("%", "")] ?? "";
    const buttons = [...text.matchAll(/^\[[^\]]+\]\(command:([\w.]+)\)$/gm)];
    assert(buttons.length > 0, id);
    for (const [, command = ""] of buttons) assert(known.has(command), command);
  }
});

test("the pictures are there, wear the theme's colours, and run nothing", () => {
  for (const { media } of steps) {
    const file = join(root, media.svg);
    assert(existsSync(file), media.svg);
    const svg = readFileSync(file, "utf8");
    // VS Code's page allows no style but its own; a colour that is not the theme's may be unseen.
    assert.doesNotMatch(svg, /<style|<script|style=|href=|\son\w+=/);
    for (const [, colour = ""] of svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)) {
      assert.match(colour, /^(none|var\(--vscode-[\w-]+, .+\))$/);
    }
    assert((texts[media.altText.replaceAll("%", "")] ?? "").length > 30);
  }
});
