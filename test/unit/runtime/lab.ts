import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  openCluster,
  type LiveCluster,
  type OpenOptions,
  type Preset,
} from "../../../src/runtime/index.ts";
import { lastIndex } from "../../../src/raft/index.ts";
import { emptyView, leaderIn, viewAfter, type TraceEvent } from "../../../src/trace/index.ts";

const opened = new Map<TestContext, LiveCluster[]>();

/** A folder that is gone after the test, when the clusters are closed that it opened. */
export async function folderOf(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "raft-lab-"));
  test.after(async () => {
    await Promise.all((opened.get(test) ?? []).map((cluster) => cluster.close()));
    opened.delete(test);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/**
 * Quick, yet with timeouts far longer than a write takes on a machine that is busy with all the
 * other tests: with those of the paper, elections may then fail for ever.
 */
const testPreset: Preset = {
  timing: { electionTimeoutMillis: { min: 300, max: 900 }, heartbeatMillis: 60 },
  delayMillis: null,
};

/** A live cluster, what it told so far, and ways to wait for more. */
export class Lab {
  readonly cluster: LiveCluster;
  readonly events: readonly TraceEvent[];
  readonly #waiting = new Set<() => void>();
  #actions = 0;

  private constructor(cluster: LiveCluster, events: readonly TraceEvent[]) {
    this.cluster = cluster;
    this.events = events;
    cluster.subscribe(() => {
      for (const look of this.#waiting) look();
    });
  }

  /** Opens a cluster that is closed after the test. */
  static async open(
    test: TestContext,
    folder: string,
    options: Partial<OpenOptions> & { readonly size: number },
  ): Promise<Lab> {
    const events: TraceEvent[] = [];
    const cluster = await openCluster({
      folder,
      startAnew: false,
      preset: testPreset,
      signal: new AbortController().signal,
      ...options,
      listener: (event) => events.push(event),
    });
    opened.set(test, [...(opened.get(test) ?? []), cluster]);
    return new Lab(cluster, events);
  }

  /** The first answer that is not undefined; asked again after every event. */
  async until<T>(what: string, ask: () => T | undefined, millis = 20_000): Promise<T> {
    const now = ask();
    if (now !== undefined) return now;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const last = this.events.slice(-30).map((event) => JSON.stringify(event).slice(0, 200));
        reject(new Error(`waited in vain for ${what}; the last events:\n${last.join("\n")}`));
      }, millis);
      const look = (): void => {
        const answer = ask();
        if (answer === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(answer);
      };
      this.#waiting.add(look);
    });
  }

  /** Who leads, once somebody does. */
  leader(): Promise<string> {
    return this.until("a leader", () => leaderIn(this.events.reduce(viewAfter, emptyView))?.id);
  }

  /** Does something and answers the event that carries its id. */
  async act(
    action: Parameters<LiveCluster["act"]>[1],
    kind: TraceEvent["kind"] | null = null,
  ): Promise<TraceEvent> {
    const id = `test-${++this.#actions}`;
    this.cluster.act(id, action);
    return await this.until(`what comes of ${JSON.stringify(action)}`, () =>
      this.events.find(
        (event) =>
          "action" in event && event.action === id && (kind === null || event.kind === kind),
      ),
    );
  }

  /** Has it written by whoever leads, trying again while nobody does. */
  async write(command: string): Promise<number> {
    for (let attempt = 0; attempt < 50; attempt++) {
      await this.leader();
      const event = await this.act({ kind: "submit", node: null, command });
      if (event.kind === "answered" && event.answer.kind === "committed") {
        return event.answer.index;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${command} was not written`);
  }

  /** Waits until every node that runs has applied everything that is in the longest log. */
  async agreed(): Promise<void> {
    await this.until("agreement", () => {
      const view = this.events.reduce(viewAfter, emptyView);
      const running = [...view.nodes.values()].filter(({ life }) => life.kind === "running");
      const longest = Math.max(...running.map(({ log }) => lastIndex(log)));
      return running.every(({ lastApplied }) => lastApplied === longest) ? true : undefined;
    });
    await this.cluster.settled();
  }

  /** The files of every node that end so. */
  async files(which: "log" | "storage" | "stateMachine" | "account"): Promise<readonly string[]> {
    const paths = this.cluster.members.map(({ id }) => this.cluster.filesOf(id)[which]);
    return await Promise.all(paths.map((path) => readFile(path, "utf8")));
  }
}

/** All of them are the same, and not nothing. */
export function assertSame(texts: readonly string[]): string {
  const [first = ""] = texts;
  for (const text of texts) assert.equal(text, first);
  assert.notEqual(first, "");
  return first;
}
