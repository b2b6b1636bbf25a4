import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { entryAt, lastIndex, logOf, slice } from "../../../src/raft/index.ts";
import { lastAgreement, Seen } from "../../../src/checks/seen.ts";
import { entriesOf, n1, n2, trace, type Line } from "./traces.ts";

function after(...lines: readonly Line[]): Seen {
  const seen = new Seen();
  for (const event of trace(...lines)) seen.take(event);
  return seen;
}

function durableTerms(seen: Seen): string {
  const log = seen.nodes.get("n1")?.durable.log ?? logOf([]);
  return slice(log, 1)
    .map(({ term }) => term)
    .join(" ");
}

function durableVote(seen: Seen): string | null | undefined {
  return seen.nodes.get("n1")?.durable.votedFor;
}

test("entries are durable once saved confirms the saving that carried them, and not before", () => {
  const first = [n1.starts({ log: "1" }), n1.saving(2, "1 1"), n1.saving(3, "2")];
  assert.equal(durableTerms(after(...first)), "1");
  assert.equal(durableTerms(after(...first, n1.saved(1, 3, 1))), "1 1 1");
  assert.equal(durableTerms(after(...first, n1.saved(1, 3, 1), n1.saved(2, 3, 2))), "1 1 2");
});

test("what a disk is given past a gap is no log", () => {
  assert.equal(
    durableTerms(after(n1.starts({ log: "1" }), n1.saving(3, "1"), n1.saved(1, 3, 1))),
    "1",
  );
});

test("without a saving, saved speaks of the log as it stands", () => {
  const appended = [n1.starts(), n1.appends(1, "1 1 1")];
  assert.equal(durableTerms(after(...appended, n1.saved(1, 2, 1))), "1 1");
  assert.equal(durableTerms(after(...appended, n1.saved(1, 2, 7))), "");
});

test("without a saving, saved confirms no vote of a later term than its own", () => {
  const voted = [n1.starts(), n1.entersTerm(2), n1.votes("n2", 2)];
  assert.equal(durableVote(after(...voted, n1.saved(1))), null);
  assert.equal(durableVote(after(...voted, n1.saved(2))), "n2");
});

test("a crash takes nothing that is durable, and a start tells what the disk holds", () => {
  const saved = [n1.starts(), n1.saving(1, "1 1"), n1.saved(1, 2, 1), n1.saving(3, "1")];
  assert.equal(durableTerms(after(...saved, n1.crashes())), "1 1");
  assert.equal(durableTerms(after(...saved, n1.crashes(), n1.starts({ log: "1 1 1" }))), "1 1 1");
});

test("an entry is committed by the first that commits it", () => {
  const log = "1 1:x 1:y";
  const seen = after(
    n1.starts({ term: 1, log }),
    n2.starts({ term: 2, log }),
    n1.commits(1),
    n2.commits(1),
    n2.commits(3),
    n1.commits(2),
  );
  assert.deepEqual(slice(seen.committed, 1), entriesOf(log));
  assert.deepEqual(
    [1, 2, 3, 4].map((index) => seen.commitOf(index)?.event.seq),
    [2, 4, 4, undefined],
  );
  assert.deepEqual(
    seen.commits.map(({ node, term, index }) => ({ node, term, index })),
    [
      { node: "n1", term: 1, index: 1 },
      { node: "n2", term: 2, index: 3 },
    ],
  );
});

test("the last agreement of two logs is found as by looking at each entry", () => {
  const terms = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 80 });
  fc.assert(
    fc.property(terms, terms, terms, (common, one, other) => {
      // Log Matching: after the first difference no entry is the same.
      const left = logOf(entriesOf([...common, ...one].join(" ")));
      const later = other.map((term) => term + 10);
      const right = logOf(entriesOf([...common, ...later].join(" ")));
      let agreed = 0;
      while (agreed < Math.min(lastIndex(left), lastIndex(right))) {
        if (entryAt(left, agreed + 1)?.term !== entryAt(right, agreed + 1)?.term) break;
        agreed++;
      }
      assert.equal(lastAgreement(left, right), agreed);
    }),
  );
});
