/**
 * How many entries a second do three nodes agree on in one process: ours, beside those of other
 * libraries? And does an entry cost ours the same, however long the log is?
 *
 * The libraries are installed when they are first needed, below bench/peers.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { npm, root, runQuietly, timed } from "../tools/npm.mjs";
import { median } from "./median.ts";
import type { ContenderName } from "./peers/contender.ts";
import type { Growth } from "./peers/growth.ts";
import type { Trial } from "./peers/trial.ts";

export interface PeerFigure {
  readonly contender: ContenderName;
  readonly inFlight: number;
  /** Entries a second, and entries for a second of the processor: medians of the rounds. */
  readonly rate: number;
  readonly cpuRate: number;
  /** What is wrong with a result, or that there is none. */
  readonly wrong: string | null;
  /** Why rounds came to no result; they do not count. */
  readonly failures: readonly string[];
}

export interface GrowthFigure extends Growth {
  readonly length: number;
  readonly inFlight: number;
}

const folder = join(root, "bench", "peers");
const count = 10_000;
const rounds = 5;
const growthRounds = 3;
const heapMegabytes = 4096;

const trials = [1, 64, 512].flatMap((inFlight) => {
  const names: ContenderName[] = ["ours", "coaty", "skiff"];
  // One by one, there is nothing to hand in together.
  if (inFlight > 1) names.push("ours_apart", "coaty_together");
  return names.map((contender) => ({ contender, inFlight }));
});

/** All of them in turn, several times and in alternating order, each in a process of its own. */
export async function measurePeers(): Promise<readonly PeerFigure[]> {
  await install();
  const results = trials.map((about) => ({ ...about, found: [] as Trial[] }));
  for (let round = 0; round < rounds; round++) {
    for (const each of round % 2 === 0 ? results : results.toReversed()) {
      const { contender, inFlight } = each;
      each.found.push(await trialOf(contender, inFlight));
    }
  }
  return results.map(({ found, ...about }) => figureOf(about, found));
}

/** The median of the rounds that had a result. */
function figureOf(
  about: Pick<PeerFigure, "contender" | "inFlight">,
  found: readonly Trial[],
): PeerFigure {
  const valid = found.filter(({ wrong, failure }) => wrong === null && failure === null);
  const failures = found.flatMap(({ failure }) => failure ?? []);
  const none = valid.length === 0 ? `no round had a result: ${failures[0]}` : null;
  return {
    ...about,
    rate: median(valid.map(({ rate }) => rate)),
    cpuRate: median(valid.map(({ cpuRate }) => cpuRate)),
    wrong: found.find(({ wrong }) => wrong !== null)?.wrong ?? none,
    failures,
  };
}

async function trialOf(contender: ContenderName, inFlight: number): Promise<Trial> {
  try {
    const told = await run("trial.ts", [contender, `${inFlight}`, `${count}`]);
    const { rate, cpuRate, wrong, failure }: Trial = JSON.parse(told);
    return { rate, cpuRate, wrong, failure };
  } catch (error) {
    // A library may throw where nobody can catch it.
    const failure = error instanceof Error ? error.message : String(error);
    return { rate: 0, cpuRate: 0, wrong: null, failure };
  }
}

/** What an entry costs ours after a thousand and after a million, and between. */
export async function measureGrowth(): Promise<readonly GrowthFigure[]> {
  const results = [1_000, 10_000, 100_000, 1_000_000].flatMap((length) =>
    [1, 64].map((inFlight) => ({ length, inFlight, found: [] as Growth[] })),
  );
  for (let round = 0; round < growthRounds; round++) {
    for (const each of round % 2 === 0 ? results : results.toReversed()) {
      const told = await run("growth.ts", [`${each.length}`, `${each.inFlight}`]);
      const { micros, cpuMicros, bytes, wrong }: Growth = JSON.parse(told);
      each.found.push({ micros, cpuMicros, bytes, wrong });
    }
  }
  return results.map(({ found, ...about }) => ({
    ...about,
    micros: median(found.map(({ micros }) => micros)),
    cpuMicros: median(found.map(({ cpuMicros }) => cpuMicros)),
    bytes: median(found.map(({ bytes }) => bytes)),
    wrong: found.find(({ wrong }) => wrong !== null)?.wrong ?? null,
  }));
}

/**
 * How many times the fastest peer ours is: of the peers as their documents drive them, or with
 * coaty's proposals put together, which only whoever knows its core would do.
 */
export function leadOver(
  figures: readonly PeerFigure[],
  inFlight: number,
  measure: "rate" | "cpuRate",
  withTogether = false,
): number {
  const of = (contender: ContenderName): number =>
    figures.find((each) => each.contender === contender && each.inFlight === inFlight)?.[measure] ??
    0;
  const peers = [of("coaty"), of("skiff"), withTogether ? of("coaty_together") : 0];
  return of("ours") / Math.max(...peers);
}

/** How many times as much an entry costs after the longest log as after the shortest. */
export function growthRatio(
  figures: readonly GrowthFigure[],
  inFlight: number,
  measure: "micros" | "cpuMicros",
): number {
  const costs = figures.filter((each) => each.inFlight === inFlight).map((each) => each[measure]);
  return (costs.at(-1) ?? Number.NaN) / (costs[0] ?? Number.NaN);
}

function run(program: string, parameters: readonly string[]): Promise<string> {
  const options = ["--expose-gc", `--max-old-space-size=${heapMegabytes}`];
  return runQuietly(process.execPath, [...options, join(folder, program), ...parameters]);
}

/** npm writes its own lockfile last, and it tells what is there. */
async function install(): Promise<void> {
  const there = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(there)) {
    const wanted = await versions(join(folder, "package-lock.json"));
    const found = await versions(there);
    if ([...wanted].every(([path, version]) => found.get(path) === version)) return;
  }
  // Scripts would build and fetch what the core of no peer needs.
  await timed("npm ci --ignore-scripts in bench/peers", () =>
    npm(["ci", "--ignore-scripts"], folder),
  );
}

async function versions(lockfile: string): Promise<ReadonlyMap<string, string>> {
  const told: unknown = JSON.parse(await readFile(lockfile, "utf8"));
  const found = new Map<string, string>();
  if (typeof told !== "object" || told === null || !("packages" in told)) return found;
  for (const [path, about] of Object.entries(told.packages ?? {})) {
    const version: unknown = about?.version;
    if (path !== "" && typeof version === "string") found.set(path, version);
  }
  return found;
}
