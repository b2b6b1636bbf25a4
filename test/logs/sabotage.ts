/**
 * `npm run logs:sabotage -- [--only WORDS] [--json FILE]`: plants each bug in a copy of the source,
 * writes its simulated runs out as the files of their nodes, and prints what the log language says
 * of them.
 *
 * Ends with 1 if a bug is not seen and `unseen.ts` does not say why it cannot be; or if an error is
 * told without a bug.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { figuresLine } from "../../src/hunt/figures.ts";
import type { Bug } from "../sabotage/bug.ts";
import { bugs } from "../sabotage/bugs.ts";
import { Copy } from "../sabotage/copy.ts";
import { unseen } from "./unseen.ts";

/** What was told of the files of one bug; the numbers are the seeds that first showed it. */
interface Seen {
  readonly errors: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
  readonly examples: Readonly<Record<string, string>>;
  readonly seeds: number;
}

/** What came of one copy. */
interface Outcome {
  readonly seen: Seen | undefined;
  /** Why there is nothing to look at; empty if there is. */
  readonly note: string;
  readonly seconds: string;
}

interface Row extends Outcome {
  readonly bug: Bug;
}

const atOnce = 2;
const seedLimit = 200;
/** Of a bug of which it is known why it cannot be seen. */
const unseenLimit = 40;
const controlSeeds = 60;

const { chosen, json } = readArguments();
const started = performance.now();
const control = await inCopy(undefined);
const rows = await inParallel(chosen, async (bug): Promise<Row> => {
  const outcome = await inCopy(bug);
  const { seen, seconds } = outcome;
  console.error(`${isShown(seen) ? "seen  " : "unseen"} ${seconds.padStart(5)} s  ${bug.name}`);
  return { bug, ...outcome };
});

console.log(rows.map(rowText).join("\n"));
const shown = rows.filter(({ seen }) => isShown(seen));
const unexplained = rows.filter((row) => !isShown(row.seen) && !(row.bug.name in unseen));
const isClean = control.seen !== undefined && !isShown(control.seen);
const figures = {
  bugs: rows.length,
  seen: shown.length,
  byError: shown.filter(({ seen }) => Object.keys(seen?.errors ?? {}).length > 0).length,
  explained: rows.length - shown.length - unexplained.length,
  unexplained: unexplained.length,
  control: isClean ? "clean" : "failed",
  seconds: ((performance.now() - started) / 1000).toFixed(1),
};
if (!isClean) console.log(`without a bug: ${control.note} ${JSON.stringify(control.seen)}`);
if (json !== undefined) {
  const table = rows.map(({ bug, ...row }) => {
    return { bug: bug.name, id: bug.id, ...row, reason: unseen[bug.name] ?? "" };
  });
  await writeFile(json, `${JSON.stringify({ ...figures, bugs: table }, undefined, 2)}\n`);
}
console.log(figuresLine(figures));
process.exitCode = unexplained.length === 0 && isClean ? 0 : 1;

async function inCopy(bug: Bug | undefined): Promise<Outcome> {
  const begin = performance.now();
  const secondsNow = (): string => ((performance.now() - begin) / 1000).toFixed(1);
  const copy = await Copy.make();
  try {
    if (bug !== undefined) await copy.plant(bug);
    const scenarios = (bug?.caughtBy ?? []).flatMap((catcher) =>
      catcher.kind === "scenario" ? [catcher.name] : [],
    );
    const limit = bug === undefined ? controlSeeds : limitFor(bug);
    const printed = await copy.run("test/logs/watch-files.ts", `${limit}`, ...scenarios);
    const seen: unknown = JSON.parse(printed);
    if (!isSeen(seen)) throw new Error(`not what was asked for: ${printed.slice(0, 300)}`);
    return { seen, note: "", seconds: secondsNow() };
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    return { seen: undefined, note, seconds: secondsNow() };
  } finally {
    await copy.remove();
  }
}

function limitFor({ name }: Bug): number {
  return name in unseen ? unseenLimit : seedLimit;
}

function isShown(seen: Seen | undefined): boolean {
  return Object.keys({ ...seen?.errors, ...seen?.warnings }).length > 0;
}

function rowText({ bug, seen, note }: Row): string {
  const head = `${bug.id.padEnd(4)} ${bug.name}`;
  if (seen === undefined) return `UNSEEN  ${head}\n          ${note}`;
  if (!isShown(seen)) {
    const reason = unseen[bug.name];
    return `${reason === undefined ? "UNSEEN" : "unseen"}  ${head}\n          ${reason ?? `in ${seen.seeds} seeds, and nobody says why`}`;
  }
  const codes = [
    ...Object.entries(seen.errors),
    ...Object.entries(seen.warnings).map(([code, seed]) => [`${code} (warning at the end)`, seed]),
  ];
  const told = codes.map(
    ([code, seed]) => `${code} ${seed === 0 ? "in its scenario" : `by seed ${seed}`}`,
  );
  return `seen    ${head}\n          ${told.join(", ")}`;
}

function isSeen(value: unknown): value is Seen {
  if (typeof value !== "object" || value === null) return false;
  if (!("errors" in value && "warnings" in value && "examples" in value && "seeds" in value)) {
    return false;
  }
  const { errors, warnings, examples, seeds } = value;
  return [errors, warnings, examples].every(isRecord) && typeof seeds === "number";
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

async function inParallel<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await run(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function readArguments(): { readonly chosen: readonly Bug[]; readonly json: string | undefined } {
  try {
    const { values } = parseArgs({
      options: { only: { type: "string", default: "" }, json: { type: "string" } },
    });
    const { only, json: file } = values;
    const some = bugs.filter(({ id, name }) => id.startsWith(only) || name.includes(only));
    if (some.length > 0) return { chosen: some, json: file };
    console.error(`there is no bug with "${only}" in its id or name`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  console.error("usage: npm run logs:sabotage -- [--only WORDS] [--json FILE]");
  return process.exit(2);
}
