import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bug } from "./bug.ts";

const root = join(import.meta.dirname, "../..");
const copied = [
  "src",
  "test/sabotage",
  "test/logs",
  "test/unit/raft",
  "test/unit/driver",
  "test/unit/scenario",
  "scenarios",
];

/** What a run over a copy has seen. */
export interface Watched {
  /** What found something, and in which seed first; 0 in a scenario. */
  readonly first: Readonly<Record<string, number>>;
  readonly seeds: number;
  readonly events: number;
  /** Why a scenario could not be played to its end; null if it was. */
  readonly stopped: string | null;
}

/** A copy of the source, to plant a bug in and to run in processes of its own. */
export class Copy {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<Copy> {
    // Inside the project, so that its packages and its package.json are found from there.
    const out = join(root, "out");
    await mkdir(out, { recursive: true });
    const folder = await mkdtemp(join(out, "sabotage-"));
    for (const part of copied) {
      await cp(join(root, part), join(folder, part), { recursive: true });
    }
    return new Copy(folder);
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Throws when the bug has no place of its own any more. */
  async plant({ file, find, replace }: Bug): Promise<void> {
    const path = join(this.#folder, "src", file);
    const parts = (await readFile(path, "utf8")).split(find);
    if (parts.length !== 2) {
      throw new Error(`its text stands ${parts.length - 1} times in src/${file}, not once`);
    }
    await writeFile(path, parts.join(replace));
  }

  /** Runs seeds until `check` has found something, but at most `limit` of them. */
  runSeeds(check: string, limit: number): Promise<Watched> {
    return this.#watch(["seeds", check, `${limit}`]);
  }

  playScenario(name: string): Promise<Watched> {
    return this.#watch(["scenario", name]);
  }

  /** Whether the sentence of a unit test is true of the copy. */
  async judge(file: string, name: string): Promise<"true" | "false" | "not there"> {
    const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
    const options = ["--test", "--test-reporter=tap", `--test-name-pattern=${pattern}`];
    const { printed } = await this.#node([...options, join("test/unit", file)]);
    const count = (what: string): number =>
      Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(printed)?.[1] ?? 0);
    if (count("pass") + count("fail") !== 1) return "not there";
    return count("fail") === 1 ? "false" : "true";
  }

  /** Whether a scenario of scenarios/ passes in the copy. */
  judgeFile(name: string): Promise<"true" | "false" | "not there"> {
    return this.judge("scenario/scenario-files.test.ts", `the scenario ${name}.raft passes`);
  }

  /** What a program of the copy prints; throws if it does not end well. */
  async run(...parameters: readonly string[]): Promise<string> {
    const { code, printed } = await this.#node(parameters);
    if (code !== 0) throw new Error(`the program ended with ${code}: ${printed.slice(-300)}`);
    return printed;
  }

  async #watch(parameters: readonly string[]): Promise<Watched> {
    const printed = await this.run("test/sabotage/watch-bug.ts", ...parameters);
    const watched: unknown = JSON.parse(printed);
    if (!isWatched(watched)) throw new Error(`not what was asked for: ${printed.slice(0, 300)}`);
    return watched;
  }

  #node(parameters: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      // A bug may make the program go on for ever, or take all the memory that there is.
      const child = spawn(process.execPath, ["--max-old-space-size=1024", ...parameters], {
        cwd: this.#folder,
        timeout: 120_000,
        // Each copy has paths of its own, so what is kept of its compiled code is never used again.
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_COMPILE_CACHE: undefined },
      });
      let printed = "";
      child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code: code ?? signal, printed }));
    });
  }
}

interface Ended {
  /** Its exit code, or the signal that ended it. */
  readonly code: number | string | null;
  readonly printed: string;
}

function isWatched(value: unknown): value is Watched {
  if (typeof value !== "object" || value === null) return false;
  if (!("first" in value && "seeds" in value && "events" in value && "stopped" in value)) {
    return false;
  }
  const { first, seeds, events, stopped } = value;
  return (
    typeof first === "object" &&
    first !== null &&
    Object.values(first).every((seed) => typeof seed === "number") &&
    typeof seeds === "number" &&
    typeof events === "number" &&
    (stopped === null || typeof stopped === "string")
  );
}
