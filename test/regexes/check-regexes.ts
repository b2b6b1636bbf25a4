/**
 * `npm run check:regexes`: has every regular expression of ours judged by a tool, for a text that
 * would make it run for ever.
 *
 * Ends with 1 if one is found wanting, or cannot be read or judged, that `allowed.ts` does not name;
 * or if one is named there that needs no leave.
 */
import { allowed } from "./allowed.ts";
import { judge } from "./judge.ts";
import { ourPatterns } from "./ours.ts";
import type { Pattern } from "./pattern.ts";

const atOnce = 2;
const { patterns, unreadable } = ourPatterns();
const faults = unreadable.map((where) => `${where}: what it is made of cannot be read`);
const needed = new Set<string>();
let safe = 0;

// The same pattern may stand in several places.
const bySource = new Map<string, Pattern[]>();
for (const pattern of patterns) {
  const text = `${pattern.engine} ${pattern.flags} ${pattern.source}`;
  bySource.set(text, [...(bySource.get(text) ?? []), pattern]);
}
const queue = [...bySource.values()];
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let same = queue.pop(); same !== undefined; same = queue.pop()) await look(same);
  }),
);
for (const { file, source } of allowed) {
  if (!needed.has(key(file, source))) faults.push(`${file}: /${source}/ needs no leave any more`);
}

console.log(faults.map((fault) => `${fault}\n`).join(""));
console.log(
  `patterns=${bySource.size} safe=${safe} allowed=${needed.size} faults=${faults.length}`,
);
process.exitCode = faults.length === 0 && patterns.length > 0 ? 0 : 1;

async function look(same: readonly Pattern[]): Promise<void> {
  const [first] = same;
  if (first === undefined) return;
  const judgement = await judge(first);
  if (judgement.kind === "safe") {
    safe++;
    return;
  }
  const what =
    judgement.kind === "unknown"
      ? `cannot be judged (${judgement.why})`
      : `${judgement.complexity}, with ${judgement.attack}`;
  for (const { where, source } of same) {
    const file = where.split(/[: ]/, 1)[0] ?? where;
    const leave = allowed.find((each) => each.file === file && each.source === source);
    if (leave === undefined) faults.push(`${where}: /${source}/: ${what}`);
    else needed.add(key(file, source));
  }
}

function key(file: string, source: string): string {
  return `${file} ${source}`;
}
