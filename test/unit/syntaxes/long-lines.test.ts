import assert from "node:assert/strict";
import { test } from "node:test";
import { grammarOf, type Tokenizer } from "./tokens.ts";

// A line of 20,000 characters is the longest that VS Code colours by itself. What must hold is that
// a line ten times as long costs about ten times as much: seconds would depend on the machine.

const short = 2000;
const long = 20_000;
/** Ten times as long is a hundred times the work for a rule that takes the square of the length. */
const mostTimes = 40;

const log: Readonly<Record<string, (length: number) => string>> = {
  "a long string": (length) => `{"term": 1, "command": {"x": "${"y".repeat(length)}"}}`,
  "a string that is not closed": (length) => `{"term": 1, "command": {"x": "${"y".repeat(length)}`,
  "escapes in a string that is not closed": (length) =>
    `{"term": 1, "command": {"x": "${'\\"'.repeat(length / 2)}`,
  "escapes without a string": (length) => `{${'\\"'.repeat(length / 2)}`,
  "a long key": (length) => `{"term": 1, "command": {"${'\\"'.repeat(length / 2)}": 1}}`,
  "many keys": (length) => `{"term": 1, "command": {${'"a": 1, '.repeat(length / 8)}`,
  "many strings": (length) => `{"term": 1, "command": {"x": [${'"a", '.repeat(length / 5)}`,
  "deep arrays": (length) => `{"term": 1, "command": ${"[".repeat(length)}`,
  "deep objects": (length) => `{"term": 1, "command": ${'{"a":'.repeat(length / 5)}`,
  "a long number": (length) => `{"term": ${"1".repeat(length)}`,
  "many numbers": (length) => `{"term": 1, "command": {"x": [${"-1.5e3, ".repeat(length / 8)}`,
  "signs alone": (length) => `{"term": 1, "command": ${"-".repeat(length)}`,
  "quotes alone": (length) => `{${'"'.repeat(length)}`,
  "backslashes alone": (length) => `{${"\\".repeat(length)}`,
  "letters alone": (length) => `{${"a".repeat(length)}`,
  "braces and blanks": (length) => `{${"} ".repeat(length / 2)}x`,
  "blanks after a key": (length) => `{"term"${" ".repeat(length)}x`,
  "blanks in a no-op that is none": (length) => `{"term": 1, "command": {${" ".repeat(length)}x`,
  "blanks alone": (length) => " ".repeat(length),
  "no entry at all": (length) => "x ".repeat(length / 2),
};

const head = "2026-11-25 12:20:31.250 | term 3 | leader    | ";
const account: Readonly<Record<string, (length: number) => string>> = {
  "a long name": (length) => `${head}done writing ${"x".repeat(length)}`,
  "a name full of the end of the sentence": (length) =>
    `${head}not written: ${"; the leader is ".repeat(length / 16)}x y`,
  "a name full of half the end of the sentence": (length) =>
    `${head}not written: ${"; another leader's entry 1 ".repeat(length / 26)}`,
  "no sentence that there is": (length) => head + "x ".repeat(length / 2),
  "bars alone": (length) => `2026-11-25 12:20:31.250${" |".repeat(length / 2)}`,
  "a long reason": (length) => `${head}stopped: ${"(".repeat(length)}`,
  "leaders alone": (length) => "LEADER => ".repeat(length / 10),
  "blanks alone": (length) => " ".repeat(length),
  "a term without end": (length) => `2026-11-25 12:20:31.250 | term ${"1".repeat(length)}`,
};

for (const [language, lines] of [
  ["raft-log", log],
  ["raft-account", account],
] as const) {
  const grammar = await grammarOf(language);
  for (const [name, line] of Object.entries(lines)) {
    test(`${language}: ${name}, and ten times as long, costs about ten times as much`, () => {
      const times = cost(grammar, line(long)) / cost(grammar, line(short));
      assert(times < mostTimes, `it costs ${times.toFixed(0)} times as much`);
    });
  }
}

/** The least time of several, in milliseconds: other programs only ever make it longer. */
function cost(grammar: Tokenizer, line: string): number {
  let least = Infinity;
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    grammar.count(line);
    least = Math.min(least, performance.now() - start);
  }
  // A line that costs next to nothing is compared by what the clock and the call take.
  return Math.max(least, 0.25);
}
