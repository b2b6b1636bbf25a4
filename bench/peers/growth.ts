/**
 * `node --expose-gc bench/peers/growth.ts LENGTH IN_FLIGHT`: what one more entry costs our nodes
 * when their logs hold LENGTH entries already, in a process of its own. Prints JSON.
 */
import { agree, commandsOf, whatIsWrong } from "./agree.ts";
import type { Contender } from "./contender.ts";
import { ours } from "./ours.ts";
import { startWatch } from "./stopwatch.ts";

export interface Growth {
  /** Microseconds for an entry more, from LENGTH to at most twice that many. */
  readonly micros: number;
  /** The same of the processor's time. */
  readonly cpuMicros: number;
  /** Heap for an entry in three nodes, with disks and state machines, without its command. */
  readonly bytes: number;
  /** What is wrong with the result; null if nothing is. */
  readonly wrong: string | null;
}

/** Of the processor's time. */
const warmUpMillis = 1_500;
const leastMillis = 1_000;
const warmUpLength = 2_000;
/** The most entries that are measured on one log. */
const most = 300_000;
/** How the log gets to its length, which is not measured. */
const fillInFlight = 256;

const [length, inFlight] = process.argv.slice(2).map(Number);
if (length === undefined || inFlight === undefined) throw new Error("LENGTH and IN_FLIGHT");
await measure(warmUpLength, inFlight, warmUpMillis);
console.log(JSON.stringify(await measure(length, inFlight, leastMillis)));

async function measure(from: number, underWay: number, cpuMillis: number): Promise<Growth> {
  const commands = commandsOf(from + Math.min(from, most));
  const total = { millis: 0, cpuMillis: 0, entries: 0 };
  // All of them stay, as the logs of running nodes do: garbage that dies young costs nothing, and
  // would make short logs look cheap.
  const kept: Contender[] = [];
  // Twice in all, not for each log: a collection takes compiled code away, too.
  const before = heap();
  for (;;) {
    const contender = ours("together");
    kept.push(contender);
    await agree(contender, commands, fillInFlight, from);
    const taken = startWatch();
    await agree(contender, commands, underWay);
    const now = taken();
    total.millis += now.millis;
    total.cpuMillis += now.cpuMillis;
    total.entries += commands.length - from;
    const isLast = total.cpuMillis >= cpuMillis;
    const bytes = isLast ? (heap() - before) / (kept.length * commands.length) : 0;
    await contender.settle(commands.length);
    const wrong = whatIsWrong(contender, commands);
    if (!isLast && wrong === null) continue;
    const each = 1000 / total.entries;
    return { micros: total.millis * each, cpuMicros: total.cpuMillis * each, bytes, wrong };
  }
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
