import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import {
  append,
  compacted,
  emptyLog,
  entryAt,
  firstDifference,
  lastIndex,
  lastTerm,
  logOf,
  sameEntry,
  slice,
  termAt,
  truncateFrom,
  type Entry,
  type Log,
} from "../../../src/raft/index.ts";
import { firstIndexFromTerm, firstNew, isUpToDate } from "../../../src/raft/log.ts";
import { entries, freeze, log } from "./cases.ts";

type Change =
  | { readonly kind: "append"; readonly count: number }
  | { readonly kind: "truncateFrom"; readonly index: number };

interface Version {
  readonly log: Log;
  readonly model: readonly Entry[];
}

// Lengths around 32 and 1024 are where a tail fills up and where the tree gets a level.
const counts = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(31, 32, 33, 64, 991, 992, 993, 1024, 1056, 1100) },
);
const changes = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("append" as const), count: counts }),
    fc.record({
      kind: fc.constant("truncateFrom" as const),
      index: fc.oneof(counts, fc.integer({ min: 0, max: 4000 })),
    }),
  ),
  { maxLength: 12, size: "max" },
);

test("a log behaves like a plain array, whatever is appended and cut off", () => {
  fc.assert(
    fc.property(changes, fc.nat(), fc.nat(), (list, one, other) => {
      for (const version of versions(list)) {
        assertLike(version);
        const from = one % (version.model.length + 3);
        const to = other % (version.model.length + 3);
        assertHolds(
          slice(version.log, from, to),
          version.model.slice(Math.max(from, 1) - 1, Math.max(to, 0)),
        );
      }
    }),
  );
});

test("the same entries give deeply equal logs, whatever the history", () => {
  fc.assert(
    fc.property(changes, (list) => {
      for (const { log: grown, model } of versions(list)) assertSameShape(grown, logOf(model));
    }),
  );
});

test("older versions of a log stay as they were", () => {
  fc.assert(
    fc.property(changes, (list) => {
      // Frozen logs that were changed would throw; ones rebuilt from shared parts would differ.
      for (const { log: kept, model } of versions(list)) {
        assertHolds(slice(kept, 1), model);
      }
    }),
  );
});

test("the first difference of two versions is where their entries first part", () => {
  fc.assert(
    fc.property(changes, (list) => {
      const all = versions(list);
      for (const one of all) {
        for (const other of all) {
          const length = Math.min(one.model.length, other.model.length);
          let common = 0;
          while (common < length && one.model[common] === other.model[common]) common++;
          assert.equal(firstDifference(one.log, other.log), common + 1);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("a log of 40,000 entries, grown in steps and cut back, is like an array at every width", () => {
  // 32 in the tail, 32 leaves below one level, 32 * 32 below two: the third stands from 32,800.
  const all = fresh(40_000);
  let grown = emptyLog;
  for (let length = 0; length < all.length; length += 1250) {
    grown = append(grown, all.slice(length, length + 1250));
  }
  assert.equal(grown.levels, 3);
  assertSameShape(grown, logOf(all));
  assertHolds(slice(grown, 1), all);
  for (const length of [
    39_999, 32_801, 32_800, 32_799, 32_768, 1057, 1056, 1055, 1024, 33, 32, 1,
  ]) {
    const cut = truncateFrom(grown, length + 1);
    assertLike({ log: cut, model: all.slice(0, length) });
    assertSameShape(cut, logOf(all.slice(0, length)), `cut to ${length}`);
    const regrown = append(cut, all.slice(length, length + 40));
    assertHolds(slice(regrown, 1), all.slice(0, length + 40), `regrown from ${length}`);
  }
});

test("entries one by one and all at once give the same log", () => {
  const all = fresh(1100);
  let grown = emptyLog;
  for (const entry of all) grown = append(grown, [entry]);
  assertSameShape(grown, logOf(all));
});

test("appending to 100,000 entries leaves the leaves that were there the same objects", () => {
  const before = logOf(fresh(100_000));
  const after = append(before, fresh(100));
  const [oldLeaves, newLeaves] = [leaves(before), leaves(after)];
  assert.equal(oldLeaves.length, 3124);
  assert(oldLeaves.every((leaf, i) => leaf === newLeaves[i]));
});

test("cutting off the end of 100,000 entries leaves the leaves before it the same objects", () => {
  const before = logOf(fresh(100_000));
  const after = truncateFrom(before, 90_000);
  const [oldLeaves, newLeaves] = [leaves(before), leaves(after)];
  assert.equal(newLeaves.length, 2812);
  assert(newLeaves.every((leaf, i) => leaf === oldLeaves[i]));
});

test("appending nothing, or cutting off nothing, gives the very same log", () => {
  const some = log("1 1 2");
  assert.equal(append(some, []), some);
  assert.equal(truncateFrom(some, 4), some);
  assert.equal(truncateFrom(some, 1), emptyLog);
});

test("the empty log ends at index 0, in term 0", () => {
  assert.deepEqual([lastIndex(emptyLog), lastTerm(emptyLog)], [0, 0]);
  assert.equal(termAt(emptyLog, 0), 0);
  assert.equal(termAt(emptyLog, 1), undefined);
});

test("entries are the same when term, kind and command are", () => {
  const [one, other] = [command(1, "x"), command(1, "x")];
  assert(sameEntry(one, other));
  assert(!sameEntry(one, command(2, "x")));
  assert(!sameEntry(one, command(1, "y")));
  assert(!sameEntry(one, { kind: "noOp", term: 1 }));
  assert(sameEntry({ kind: "noOp", term: 1 }, { kind: "noOp", term: 1 }));
});

test("nothing is new in a delayed request, so nothing is cut for it (§5.3)", () => {
  const held = log("1 1 2 2 2");
  for (const [previous, added] of [
    [0, ""],
    [0, "1"],
    [1, "1 2"],
    [2, "2"],
    [0, "1 1 2 2 2"],
    [5, ""],
  ] as const) {
    assert.equal(firstNew(held, previous, entries(added, previous + 1)), undefined, added);
  }
});

test("what a request brings is new from its first conflict, or from the end of the log (§5.3)", () => {
  const held = log("1 1 2 2 2");
  assert.equal(firstNew(held, 2, entries("3", 3)), 3);
  assert.equal(firstNew(held, 2, entries("2 2 3", 3)), 5);
  assert.equal(firstNew(held, 4, entries("2 2 3", 5)), 6);
  assert.equal(firstNew(held, 5, entries("3", 6)), 6);
  assert.equal(firstNew(emptyLog, 0, entries("1")), 1);
});

test("a request that would leave a gap has no place in the log (§5.3)", () => {
  assert.throws(() => firstNew(log("1 1"), 3, entries("1", 4)), /leaves no gap/);
});

test("a delayed request, cut out of any log, brings nothing new to it (§5.3)", () => {
  fc.assert(
    fc.property(ascending(), fc.nat(), fc.nat(), (list, one, other) => {
      const held = list.join(" ");
      const [previous, last] = [one, other]
        .map((each) => each % (list.length + 1))
        .toSorted(byValue);
      const added = list.slice(previous, last).join(" ");
      assert.equal(
        firstNew(log(held), previous ?? 0, entries(added, (previous ?? 0) + 1)),
        undefined,
      );
    }),
  );
});

test("the first index from a term on is where halving and searching both find it (§5.3)", () => {
  fc.assert(
    fc.property(ascending(), fc.integer({ min: 0, max: 12 }), (list, term) => {
      const found = list.findIndex((each) => each >= term);
      const expected = found === -1 ? list.length + 1 : found + 1;
      assert.equal(firstIndexFromTerm(log(list.join(" ")), term), expected);
    }),
  );
});

test("the log with the later last term is more up to date, however short (§5.4.1)", () => {
  assert(isUpToDate({ term: 3, index: 1 }, log("1 2 2 2")));
  assert(!isUpToDate({ term: 2, index: 9 }, log("1 3")));
});

test("with the same last term the longer log is more up to date, and an equal one will do (§5.4.1)", () => {
  assert(isUpToDate({ term: 2, index: 4 }, log("1 2 2")));
  assert(isUpToDate({ term: 2, index: 3 }, log("1 2 2")));
  assert(!isUpToDate({ term: 2, index: 2 }, log("1 2 2")));
  assert(isUpToDate({ term: 0, index: 0 }, emptyLog));
});

/** Each log that a list of changes leads to, frozen as soon as it is made. */
function versions(list: readonly Change[]): readonly Version[] {
  let current: Version = { log: emptyLog, model: [] };
  const all = [freeze(current)];
  for (const change of list) {
    current = freeze(changed(current, change));
    all.push(current);
  }
  return all;
}

function changed({ log: grown, model }: Version, change: Change): Version {
  if (change.kind === "append") {
    const added = fresh(change.count);
    return { log: append(grown, added), model: [...model, ...added] };
  }
  const kept = model.slice(0, Math.max(change.index - 1, 0));
  return { log: truncateFrom(grown, change.index), model: kept };
}

// Lists are too long for an assertion to show how they differ: that takes minutes. Where is enough.

function assertHolds(held: readonly Entry[], expected: readonly Entry[], when = ""): void {
  assert.equal(held.length, expected.length, when);
  const index = held.findIndex((entry, i) => entry !== expected[i]);
  assert.equal(index, -1, `entry ${index} of ${expected.length} is another ${when}`);
}

function assertSameShape(one: Log, other: Log, when = ""): void {
  assert(isDeepStrictEqual(one, other), `logs of ${other.length} entries differ in shape ${when}`);
}

function assertLike({ log: grown, model }: Version): void {
  assert.equal(lastIndex(grown), model.length);
  assert.equal(lastTerm(grown), model.at(-1)?.term ?? 0);
  assertHolds(slice(grown, 1), model);
  for (const index of [-1, 0, 1, 2, 31, 32, 33, model.length, model.length + 1, 1024, 1056, 1057]) {
    const expected = index < 1 ? undefined : model[index - 1];
    assert.equal(entryAt(grown, index), expected, `the entry at ${index}`);
    assert.equal(termAt(grown, index), index === 0 ? 0 : expected?.term, `the term at ${index}`);
  }
}

/** Terms as they stand along a log: never falling (Figure 7). */
function ascending(): fc.Arbitrary<readonly number[]> {
  return fc
    .array(fc.integer({ min: 1, max: 10 }), { maxLength: 120, size: "max" })
    .map((list) => list.toSorted(byValue));
}

function byValue(one: number, other: number): number {
  return one - other;
}

let made = 0;

/** Entries like no others, so that none can stand in another's place unnoticed. */
function fresh(count: number): readonly Entry[] {
  return Array.from({ length: count }, () => command(1, `command ${++made}`));
}

function command(term: number, text: string): Entry {
  return { kind: "command", term, command: text };
}

/** All whole leaves of the tree, in order. */
function leaves({ root, levels }: Log): readonly unknown[] {
  let level: readonly unknown[] = root;
  for (let i = 1; i < levels; i++) level = level.flatMap((branch) => branch);
  return level;
}

test("a log that was compacted is the same behind its start, and goes on from there (§7)", () => {
  fc.assert(
    fc.property(changes, fc.nat(), counts, (list, at, more) => {
      for (const { log: whole, model } of versions(list)) {
        const start = at % (model.length + 1);
        const cut = compacted(whole, start);
        assert.equal(cut.start, start);
        assert.equal(lastIndex(cut), model.length);
        assert.equal(lastTerm(cut), lastTerm(whole));
        assert.equal(termAt(cut, start), termAt(whole, start));
        if (start > 0) assert.equal(entryAt(cut, start), undefined);
        assertHolds(slice(cut, 1), model.slice(start));
        const added = fresh(more);
        assertSameShape(compacted(append(cut, added), start), append(cut, added));
        assertHolds(slice(append(cut, added), start + 1), [...model.slice(start), ...added]);
        const from = start + 1 + (at % 7);
        assertHolds(slice(truncateFrom(cut, from), 1), model.slice(start, from - 1));
        assert.equal(firstDifference(whole, cut), model.length + 1);
      }
    }),
  );
});
