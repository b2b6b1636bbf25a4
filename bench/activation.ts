/**
 * How long does the extension take to activate in a real VS Code? By VS Code's own clock, as its
 * editor "Running Extensions" tells it: to load the bundle and to run `activate`.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runQuietly } from "../tools/npm.mjs";
import { median } from "./median.ts";

const starts = 3;

/** Milliseconds: the median of several starts of VS Code. */
export async function measureActivation(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "raft-lab-bench-"));
  const file = join(folder, "activation.json");
  try {
    await runQuietly(process.execPath, ["build.ts", "--tests"]);
    const times: number[] = [];
    for (let start = 0; start < starts; start++) {
      const env = { ...process.env, RAFT_LAB_ACTIVATION: file };
      const command = ["test/vscode/run.ts", "--version", "newest", "--grep", "activat"];
      await runQuietly(process.execPath, command, { env });
      const told: unknown = JSON.parse(await readFile(file, "utf8"));
      if (typeof told !== "object" || told === null || !("millis" in told)) continue;
      times.push(Number(told.millis));
    }
    if (times.length < starts) throw new Error("VS Code did not tell how long it took");
    return median(times);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
