/**
 * How many commands a second does a live cluster of three commit, every one of them synced to three
 * wals over real sockets? One by one, and with 64 in flight; beside it what the disk alone can do.
 */
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { checks, Checker } from "../src/checks/index.ts";
import { openCluster } from "../src/runtime/index.ts";
import { median } from "./median.ts";

export interface LiveFigures {
  /** Appends with a sync, a second, of 64 bytes: what the disk can do for one writer. */
  readonly syncRate: number;
  /** Commits a second with so many in flight. */
  readonly commitRate: Readonly<Record<1 | 64, number>>;
  /** How long the process was kept from its other work while 64 were in flight, in milliseconds. */
  readonly heldMillis: { readonly p99: number; readonly most: number };
  readonly findings: number;
}

const secondsEach = 3;
const resolutionMillis = 1;
const command = `{"data": "${"x".repeat(52)}"}`;

export async function measureLive(): Promise<LiveFigures> {
  const folder = await mkdtemp(join(tmpdir(), "raft-lab-bench-"));
  try {
    const checker = new Checker(checks);
    let answered = (_action: string): void => {};
    let leads = (): void => {};
    const led = new Promise<void>((resolve) => (leads = resolve));
    const cluster = await openCluster({
      folder: join(folder, "raft-lab"),
      size: 3,
      startAnew: false,
      preset: "paper",
      signal: new AbortController().signal,
      listener(event) {
        checker.take(event);
        if (event.kind === "committed") leads();
        if (event.kind === "answered" && event.answer.kind === "committed") answered(event.action);
      },
    });
    await led;
    let made = 0;
    const rate = (inFlight: number): Promise<number> =>
      new Promise((resolve) => {
        const start = performance.now();
        let count = 0;
        const submit = (): void =>
          cluster.act(`a${made++}`, { kind: "submit", node: null, command });
        answered = () => {
          count++;
          const seconds = (performance.now() - start) / 1000;
          if (seconds < secondsEach) submit();
          else {
            answered = () => {};
            // The others are still on their way, and must not count for the next measure.
            setTimeout(() => resolve(count / seconds), 300);
          }
        };
        for (let i = 0; i < inFlight; i++) submit();
      });
    const rates = { 1: [] as number[], 64: [] as number[] };
    const syncs: number[] = [];
    const p99: number[] = [];
    const most: number[] = [];
    for (let round = 0; round < 3; round++) {
      syncs.push(await syncRate(join(folder, `sync-${round}`)));
      rates[1].push(await rate(1));
      // One for each round: it would take the time in which it is off for a delay.
      const delays = monitorEventLoopDelay({ resolution: resolutionMillis });
      delays.enable();
      rates[64].push(await rate(64));
      delays.disable();
      p99.push(held(delays.percentile(99)));
      most.push(held(delays.max));
    }
    await cluster.close();
    return {
      syncRate: median(syncs),
      commitRate: { 1: median(rates[1]), 64: median(rates[64]) },
      heldMillis: { p99: median(p99), most: Math.max(...most) },
      findings: checker.findings.length,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The histogram tells nanoseconds from one look to the next, which are `resolution` apart. */
function held(nanoseconds: number): number {
  return Math.max(nanoseconds / 1e6 - resolutionMillis, 0);
}

async function syncRate(path: string): Promise<number> {
  const file = await open(path, "a");
  const text = `${"x".repeat(63)}\n`;
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 1000) {
    await file.appendFile(text);
    await file.datasync();
    count++;
  }
  await file.close();
  return count / ((performance.now() - start) / 1000);
}
