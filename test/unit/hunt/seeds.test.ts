import assert from "node:assert/strict";
import { test } from "node:test";
import { faultNames, noFaults, runSeed } from "../../../src/hunt/index.ts";

// A few here at every commit; `npm run seeds -- 2000` is the real search.
const first = 1;
const count = 60;

test(`seeds ${first} to ${first + count - 1} have no finding, and see every fault`, () => {
  const faults = noFaults();
  for (let seed = first; seed < first + count; seed++) {
    const { findings, failures, faults: seen } = runSeed(seed);
    const repeat = `repeat with: npm run seeds -- 1 --seed ${seed}`;
    assert.deepEqual(
      findings.map(({ check, text }) => `${check}: ${text}`),
      [],
      repeat,
    );
    assert.deepEqual(failures, [], repeat);
    for (const name of faultNames) faults[name] += seen[name];
  }
  for (const name of faultNames) assert(faults[name] > 0, `no seed saw ${name}`);
});
