import assert from "node:assert/strict";
import { test } from "node:test";
import { bugs } from "../../sabotage/bugs.ts";
import { scenarios } from "../../sabotage/scenarios.ts";
import { Stage } from "../../sabotage/stage.ts";
import {
  codeOf,
  isAboveInformation,
  judgeFiles,
  standingsIn,
  toldText,
} from "../../logs/judge-files.ts";
import { unseen } from "../../logs/unseen.ts";
import { WrittenCluster, type Files } from "../../logs/written-cluster.ts";
import { writeRun } from "../../logs/written-runs.ts";

// The same with more seeds is `npm run logs:seeds -- N`, and with bugs in the source
// `npm run logs:sabotage`.

const seeds = 25;
const runs = Array.from({ length: seeds }, (_, at) => ({ seed: at + 1, ...writeRun(at + 1) }));

function ended(run: (typeof runs)[number]): Files {
  assert(run.end !== null, `seed ${run.seed} does not end`);
  return run.end;
}

test("of a run that ended well nothing is told above information", () => {
  for (const run of runs) {
    const told = judgeFiles(ended(run)).filter(isAboveInformation).map(toldText);
    assert.deepEqual(told, [], `npm run logs:seeds -- 1 --seed ${run.seed}`);
  }
});

test("in the middle of a run nothing is told but that logs differ", () => {
  const codes = new Set<string>();
  for (const { seed, middles } of runs) {
    for (const told of middles.flatMap(judgeFiles).filter(isAboveInformation)) {
      codes.add(codeOf(told));
      assert.equal(codeOf(told), "logs-diverge (warning)", `seed ${seed}: ${toldText(told)}`);
    }
  }
  assert(codes.size > 0, "no run was looked at while its logs differed");
});

test("an entry that is shown as committed stays", () => {
  let committed = 0;
  for (const run of runs) {
    for (const { file, line, kind, stayed } of run.middles.flatMap((files) =>
      standingsIn(files, ended(run)),
    )) {
      if (kind !== "committed") continue;
      committed++;
      assert(stayed, `npm run logs:seeds -- 1 --seed ${run.seed}: ${file}:${line}`);
    }
  }
  assert(committed > 1000, `only ${committed} entries were shown as committed`);
});

test("a file that is cut off is told of, and nothing else is blamed for it", () => {
  const codes = new Set<string>();
  for (const { seed, torn } of runs) {
    for (const { file, files } of torn) {
      const stem = file.replace(/\.[a-z_]+$/, "");
      for (const told of judgeFiles(files).filter(({ problem }) => problem.severity === "error")) {
        codes.add(codeOf(told));
        assert(told.file.startsWith(stem), `seed ${seed}, ${file} cut off: ${toldText(told)}`);
      }
    }
  }
  for (const code of ["torn-line", "malformed-file", "empty-file"]) {
    assert(codes.has(code), `${code} was never told`);
  }
  for (const code of [
    "log-matching",
    "election-safety",
    "one-vote-per-term",
    "committed-overwritten",
  ]) {
    assert(!codes.has(code), code);
  }
});

test("the files of a run are those that a live cluster has", () => {
  const [run] = runs;
  assert(run);
  const files = ended(run);
  const names = [...files.keys()];
  assert(names.includes("cluster.json") && names.includes("node1.log"));
  for (const end of [".log", ".storage", ".state_machine"]) {
    const text = files.get(`127.0.0.1_8000${end}`) ?? "";
    assert(text.startsWith("{") && text.endsWith(end === ".log" ? "}}\n" : "}"), text.slice(-50));
  }
  assert.match(
    files.get("node1.log") ?? "",
    /^2026-11-25 .* \| term 0 \| follower {2}\| started with 0/,
  );
});

test("what a disk is not done with is in no file but the account", () => {
  const cluster = new WrittenCluster();
  const stage = new Stage(3, (event) => cluster.take(event));
  stage.elect("n1", 1, ["n2", "n3"]);
  stage.request("n1");
  const written = (): string => cluster.files().get("127.0.0.1_8000.log") ?? "";
  assert.equal(written(), "");
  assert.match(cluster.files().get("node1.log") ?? "", /stores entry 2\n/);
  stage.sync("n1");
  assert.match(
    written(),
    /^\{"term": 1, "command": \{\}\}\n\{"term": 1, "command": \{"x": "0"\}\}\n$/,
  );
  stage.request("n1");
  stage.restart("n1");
  assert.equal(written().split("\n").length, 3, "what was not synced is gone");
});

test("files with entries replaced or votes given twice are not called clean", () => {
  const [run] = runs.filter((each) => ended(each).size > 10);
  assert(run);
  const edited = (file: string, from: RegExp, to: string): readonly string[] => {
    const text = ended(run).get(file) ?? "";
    assert(from.test(text), `${file} has nothing like ${from.source}`);
    return judgeFiles(new Map([...ended(run), [file, text.replace(from, to)]])).map(codeOf);
  };
  const log = "127.0.0.1_8001.log";
  assert(edited(log, /"x": \d+/, '"x": 99999').includes("log-matching"));
  assert(
    edited("127.0.0.1_8001.storage", /"term": \d+/, '"term": 0').includes("storage-behind-log"),
  );
  assert(edited("127.0.0.1_8001.state_machine", /\d+/, "99999").includes("state-not-from-log"));
});

test("of every bug that files do not show it is said why, and of no other", () => {
  const names = new Set(bugs.map(({ name }) => name));
  for (const [name, reason] of Object.entries(unseen)) {
    assert(names.has(name), `there is no bug called ${name}`);
    assert(reason.length > 30, `${name}: why is it not seen?`);
  }
});

test("no moment of a scenario is told of without a bug", () => {
  for (const { name, size, play } of scenarios) {
    const cluster = new WrittenCluster();
    const errors: string[] = [];
    const stage = new Stage(size, (event) => {
      cluster.take(event);
      for (const told of judgeFiles(cluster.files())) {
        if (told.problem.severity === "error") errors.push(toldText(told));
      }
    });
    play(stage);
    assert.deepEqual(errors, [], name);
  }
});
