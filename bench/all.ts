/**
 * `npm run bench [-- --only raft|peers|live|elections|sizes|activation] [--json FILE]`: the figures of FIGURES.md.
 *
 * Rates depend on the machine, so what must hold are ratios within one run, and sizes. Ends with 1
 * if one of them does not.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { figuresLine } from "../src/hunt/figures.ts";
import { measureActivation } from "./activation.ts";
import { measureElections } from "./elections.ts";
import { measureLive } from "./live.ts";
import { growthRatio, leadOver, measureGrowth, measurePeers, type PeerFigure } from "./peers.ts";
import { measureRaft, type RaftFigure } from "./raft.ts";
import { measureSizes } from "./sizes.ts";

/** How many times the fastest peer ours is to be, by commands in flight. Told, not held to. */
const goalLead: Readonly<Record<number, number>> = { 1: 3, 64: 10 };
/** How much slower a log of 100,000 entries may be than one of 1,000: noise, and its memory. */
const mostForLength = 1.6;
const mostBytes = { "extension.cjs": 50 * 1024, "raft-lab.vsix": 1024 * 1024 };
const goalActivationMillis = 50;
/** For how long, at the 99th percentile, the extension host may be kept from its other work. */
const mostHeldMillis = 10;
/** Of a hundred starts of the preset watch, how many must have a leader within six seconds. */
const leastInTime = 95;

const { values } = parseArgs({ options: { only: { type: "string" }, json: { type: "string" } } });
const figures: Record<string, number> = {};
const broken: string[] = [];

const parts: Readonly<Record<string, () => Promise<void>>> = {
  raft,
  peers,
  live,
  elections,
  sizes,
  activation,
};
if (values.only !== undefined && !(values.only in parts)) {
  console.error(`there is no ${values.only}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(parts)) {
  if (values.only === undefined || values.only === name) await measure();
}
for (const what of broken) console.log(`DOES NOT HOLD: ${what}`);
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ ...figures, broken }, undefined, 2)}\n`);
}
console.log(figuresLine(figures));
process.exitCode = broken.length === 0 ? 0 : 1;

async function raft(): Promise<void> {
  console.log("entries a second through three nodes, messages handed over directly");
  const measured = measureRaft();
  for (const { kind, inFlight, logLength, rate } of measured) {
    tell(`raft_${kind}_${inFlight}_${logLength}`, rate);
  }
  for (const kind of ["bare", "checked"] as const) {
    for (const inFlight of [1, 64]) {
      const ratio = rateOf(measured, kind, inFlight, 1000) / rateOf(measured, kind, inFlight, 1e5);
      tell(`raft_${kind}_${inFlight}_ratio`, ratio);
      if (ratio > mostForLength) {
        broken.push(`${kind}, ${inFlight} in flight: a long log is ${ratio.toFixed(2)} × slower`);
      }
    }
  }
}

function rateOf(
  measured: readonly RaftFigure[],
  kind: RaftFigure["kind"],
  inFlight: number,
  logLength: number,
): number {
  const found = measured.find(
    (each) => each.kind === kind && each.inFlight === inFlight && each.logLength === logLength,
  );
  return found?.rate ?? Number.NaN;
}

/** What is wrong breaks the run; a goal that is missed is told. */
async function peers(): Promise<void> {
  console.log("entries a second through three nodes in one process, beside other libraries");
  const measured = await measurePeers();
  for (const { contender, inFlight, rate, cpuRate, wrong, failures } of measured) {
    tell(`peers_${contender}_${inFlight}`, rate);
    tell(`peers_${contender}_${inFlight}_cpu`, cpuRate);
    for (const why of failures) console.log(`INVALID ROUND: ${contender}, ${inFlight}: ${why}`);
    const isOurs = contender === "ours" || contender === "ours_apart";
    const reason = wrong ?? (isOurs ? failures[0] : undefined);
    if (reason !== undefined) broken.push(`${contender}, ${inFlight} in flight: ${reason}`);
  }
  for (const inFlight of [1, 64, 512]) tellLead(measured, inFlight);
  console.log("microseconds for an entry of ours after so many, and its heap in three nodes");
  const growth = await measureGrowth();
  for (const { length, inFlight, micros, cpuMicros, bytes, wrong } of growth) {
    tell(`growth_${inFlight}_${length}`, micros);
    tell(`growth_${inFlight}_${length}_cpu`, cpuMicros);
    // Of a short log the heap around it would be counted.
    if (length === 1_000_000) tell(`growth_${inFlight}_bytes`, bytes);
    if (wrong !== null) broken.push(`after ${length}, ${inFlight} in flight: ${wrong}`);
  }
  for (const inFlight of [1, 64]) {
    tell(`growth_${inFlight}_ratio`, growthRatio(growth, inFlight, "micros"));
    const ratio = growthRatio(growth, inFlight, "cpuMicros");
    tell(`growth_${inFlight}_ratio_cpu`, ratio);
    if (ratio > mostForLength) {
      console.log(
        `MISSED: ${inFlight} in flight, a million entries are ${ratio.toFixed(2)} × slower`,
      );
    }
  }
}

function tellLead(measured: readonly PeerFigure[], inFlight: number): void {
  const lead = leadOver(measured, inFlight, "rate");
  tell(`peers_lead_${inFlight}`, lead);
  tell(`peers_lead_${inFlight}_cpu`, leadOver(measured, inFlight, "cpuRate"));
  if (inFlight > 1) {
    tell(`peers_lead_${inFlight}_of_together`, leadOver(measured, inFlight, "rate", true));
    tell(`peers_lead_${inFlight}_of_together_cpu`, leadOver(measured, inFlight, "cpuRate", true));
  }
  const goal = goalLead[inFlight];
  if (goal !== undefined && !(lead >= goal)) {
    console.log(
      `MISSED: ${inFlight} in flight, ${lead.toFixed(2)} × the fastest peer, not ${goal} ×`,
    );
  }
}

async function live(): Promise<void> {
  console.log("commits a second of a live cluster of three, each synced to every wal");
  const { syncRate, commitRate, heldMillis, findings } = await measureLive();
  tell("live_disk_syncs", syncRate);
  tell("live_commits_1", commitRate[1]);
  tell("live_commits_64", commitRate[64]);
  tell("live_held_p99_millis", heldMillis.p99);
  tell("live_held_most_millis", heldMillis.most);
  if (heldMillis.p99 > mostHeldMillis) broken.push(`the process was held ${heldMillis.p99} ms`);
  if (findings > 0) broken.push(`${findings} findings while measuring`);
  if (commitRate[64] <= commitRate[1]) broken.push("64 in flight are no faster than one by one");
}

async function elections(): Promise<void> {
  console.log("first leaders of the preset watch, of a hundred starts: in six seconds, in term 1");
  for (const { size, inTime, inFirstTerm } of measureElections()) {
    tell(`elections_${size}_in_time`, inTime);
    tell(`elections_${size}_in_first_term`, inFirstTerm);
    // Two nodes split their votes whenever both stand, as each has the other's to ask for.
    if (size !== 2 && inTime < leastInTime) broken.push(`${size} nodes: ${inTime} % in time`);
  }
}

async function sizes(): Promise<void> {
  console.log("bytes of the bundles and of the packaged extension");
  const measured = await measureSizes();
  for (const [name, bytes] of Object.entries(measured)) tell(`bytes_${name}`, bytes);
  for (const [name, most] of Object.entries(mostBytes)) {
    const bytes = measured[name] ?? Number.POSITIVE_INFINITY;
    if (bytes > most) broken.push(`${name} has ${bytes} bytes, more than ${most}`);
  }
}

async function activation(): Promise<void> {
  console.log(`milliseconds to activate in a real VS Code (goal: ${goalActivationMillis})`);
  tell("activation_millis", await measureActivation());
}

function tell(name: string, value: number): void {
  const rounded = value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
  figures[name] = rounded;
  console.log(`  ${name.padEnd(32)} ${rounded}`);
}
