/**
 * `npm run logs:seeds -- [N] [--seed S] [--json FILE]`: writes N simulated runs out as the files of
 * their nodes, and has the log language judge them.
 *
 * Ends with 1 if a run that ended well has a finding above information, or if an error is told in
 * the middle of a run, where the nodes are still at work and nothing is wrong either. Logs may
 * differ there: that is a warning. What is told of files that were cut off is counted only.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { figuresLine } from "../../src/hunt/figures.ts";
import type { TokenKind } from "../../src/language/index.ts";
import {
  codeOf,
  isAboveInformation,
  judgeFiles,
  standingsIn,
  toldText,
  type Standing,
  type Told,
} from "./judge-files.ts";
import type { Files } from "./written-cluster.ts";
import { writeRun } from "./written-runs.ts";

const { seeds, first, json } = readArguments();
const started = performance.now();
const moments = ["end", "middle", "torn"] as const;
const codes = { end: new Map(), middle: new Map(), torn: new Map() } satisfies Record<
  (typeof moments)[number],
  Map<string, number>
>;
/** How entries stood in the middle of a run: how many did, and how many of these stayed. */
const standings = new Map<TokenKind, { entries: number; stayed: number }>();
const folders = { end: 0, middle: 0, torn: 0 };
let characters = 0;
let judging = 0;
let wrong = 0;
const shown = new Set<string>();

for (let seed = first; seed < first + seeds; seed++) {
  const { end, middles, torn } = writeRun(seed);
  if (end === null) throw new Error(`seed ${seed} does not end`);
  for (const told of judged("end", end))
    if (isAboveInformation(told)) tell(seed, "at its end", told);
  for (const files of middles) {
    for (const standing of standingsIn(files, end)) tally(standing, seed);
    for (const told of judged("middle", files)) {
      if (told.problem.severity === "error") tell(seed, "in the middle", told);
    }
  }
  for (const { file, files } of torn) {
    for (const told of judged("torn", files)) {
      if (told.problem.severity === "error" && !isOfTearing(file, told)) {
        tell(seed, `with ${file} cut off`, told);
      }
    }
  }
}

for (const moment of moments) {
  console.log(`${moment}: ${folders[moment]} folders`);
  for (const [code, times] of codes[moment]) console.log(`  ${code.padEnd(36)} ${times}`);
}
for (const [kind, { entries, stayed }] of standings) {
  console.log(`${kind}: ${entries} entries in the middle, ${stayed} of which stayed`);
}
const figures = {
  seeds,
  first,
  folders: folders.end + folders.middle + folders.torn,
  megabytes: (characters / 1e6).toFixed(1),
  wrong,
  judgingSeconds: (judging / 1000).toFixed(1),
  seconds: ((performance.now() - started) / 1000).toFixed(1),
};
if (json !== undefined) {
  const tables = Object.fromEntries(moments.map((each) => [each, Object.fromEntries(codes[each])]));
  await writeFile(json, `${JSON.stringify({ ...figures, ...tables }, undefined, 2)}\n`);
}
console.log(figuresLine(figures));
process.exitCode = wrong === 0 ? 0 : 1;

function judged(moment: (typeof moments)[number], files: Files): readonly Told[] {
  folders[moment]++;
  for (const text of files.values()) characters += text.length;
  const begin = performance.now();
  const told = judgeFiles(files);
  judging += performance.now() - begin;
  for (const each of told) {
    const counts: Map<string, number> = codes[moment];
    counts.set(codeOf(each), (counts.get(codeOf(each)) ?? 0) + 1);
  }
  return told;
}

/** Whether it is right to say so of a file that was cut off, or of another of that node's files. */
function isOfTearing(file: string, { file: other, problem: { code } }: Told): boolean {
  if (other === file) return ["torn-line", "malformed-file", "empty-file"].includes(code);
  return stemOf(other) === stemOf(file) && code === "state-not-from-log";
}

/** What is committed stays for ever, so an entry that is shown as such must stay. */
function tally({ file, line, kind, stayed }: Standing, seed: number): void {
  const counted = standings.get(kind) ?? { entries: 0, stayed: 0 };
  counted.entries++;
  if (stayed) counted.stayed++;
  standings.set(kind, counted);
  if (kind !== "committed" || stayed) return;
  wrong++;
  console.log(
    `seed ${seed}, in the middle: ${file}:${line} is shown as committed, and did not stay`,
  );
}

function stemOf(file: string): string {
  return file.slice(0, file.lastIndexOf("."));
}

/** Of each kind the first in a folder stands for the others. */
function tell(seed: number, when: string, told: Told): void {
  wrong++;
  const kind = `${seed} ${when} ${codeOf(told)}`;
  if (shown.size < 20 && !shown.has(kind)) {
    shown.add(kind);
    console.log(`seed ${seed}, ${when}: ${toldText(told)}`);
  }
}

function readArguments(): {
  readonly seeds: number;
  readonly first: number;
  readonly json: string | undefined;
} {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seed: { type: "string", default: "1" }, json: { type: "string" } },
    });
    const [number = "500"] = positionals;
    const [count, from] = [Number(number), Number(values.seed)];
    if (positionals.length <= 1 && Number.isSafeInteger(count) && Number.isSafeInteger(from)) {
      return { seeds: count, first: from, json: values.json };
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  console.error("usage: npm run logs:seeds -- [N] [--seed S] [--json FILE]");
  return process.exit(2);
}
