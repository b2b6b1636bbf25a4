import assert from "node:assert/strict";
import { test } from "node:test";
import { promiseAfterSave } from "../../../src/checks/promise-after-save.ts";
import { findingsOf, n1, n2, type Line } from "./traces.ts";

function findings(...lines: readonly Line[]) {
  return findingsOf(promiseAfterSave, ...lines);
}

test("a vote that leaves before it is saved is found", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 3 }),
      n1.votes("n2", 3),
      n1.savingVote(3, "n2"),
      n1.grants("n2", 3),
      n1.saved(3),
    ),
    [
      {
        text: "n1 sent its vote for n2 in term 3 before the vote was saved.",
        at: 3,
        because: [0],
      },
    ],
  );
});

test("an entry that is applied before it is saved is found", () => {
  const stored = [n1.starts({ term: 1 }), n1.appends(1, "1"), n1.saving(1, "1")];
  assert.deepEqual(findings(...stored, n1.applies(1, "1"), n1.saved(1, 1, 1)), [
    { text: "n1 applied entry 1 before the entry was saved.", at: 3, because: [0] },
  ]);
  assert.deepEqual(findings(...stored, n1.saved(1, 1, 1), n1.applies(1, "1")), []);
});

test("a candidate that asks for votes before its own is saved is found", () => {
  assert.deepEqual(
    findings(n1.starts({ term: 2 }), n1.savingVote(3, null), n1.saved(3), n1.asksForVote("n2", 3)),
    [
      {
        text: "n1 sent its vote for itself in term 3 before the vote was saved.",
        at: 3,
        because: [2],
      },
    ],
  );
});

test("a message in a term that is not saved is found", () => {
  assert.deepEqual(findings(n1.starts({ term: 2 }), n1.savingVote(3, null), n1.denies("n2", 3)), [
    {
      text: "n1 sent a message of term 3 when only term 2 was saved.",
      at: 2,
      because: [0],
    },
  ]);
});

test("an acknowledgement that leaves before the entries are saved is found", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 1, log: "1" }),
      n1.appends(2, "1:x 1:y"),
      n1.saving(2, "1:x"),
      n1.saved(1, 2, 1),
      n1.acknowledges("n2", 1, 2),
      n1.acknowledges("n2", 1, 3),
    ),
    [
      {
        text: "n1 acknowledged entry 3 when its log was saved only up to 2.",
        at: 5,
        because: [3],
      },
    ],
  );
});

test("an acknowledgement is found when the disk still holds what was overwritten", () => {
  assert.deepEqual(
    findings(
      n1.starts({ term: 2, log: "1 1:x" }),
      n1.truncates(2),
      n1.appends(2, "2:y"),
      n1.saving(2, "2:y"),
      n1.acknowledges("n2", 2, 2),
    ),
    [
      {
        text: "n1 acknowledged entry 2 of term 2 when one of term 1 was saved there.",
        at: 4,
        because: [0],
      },
    ],
  );
});

test("an acknowledgement of what the leader does not have is found", () => {
  assert.deepEqual(
    findings(
      n2.starts({ term: 2, log: "2" }),
      n2.leads(2),
      n1.starts({ term: 2, log: "2 2" }),
      n1.saved(2, 2, 2),
      n1.acknowledges("n2", 2, 2),
    ).map(({ text }) => text),
    ["n1 acknowledged entry 2 to n2, whose log ends at 1."],
  );
});

test("entries and votes that were saved and are gone after a restart are found", () => {
  const saved = [
    n1.starts({ term: 3 }),
    n1.appends(1, "1 1"),
    n1.saving(1, "1 1"),
    n1.saved(3, 2, 1),
  ];
  assert.deepEqual(findings(...saved, n1.crashes(), n1.starts({ term: 3, log: "1" })), [
    { text: "n1 restarted without entry 2, which had been saved.", at: 5, because: [3] },
  ]);
  const voted = [n1.starts(), n1.savingVote(3, "n2"), n1.saved(3)];
  assert.deepEqual(findings(...voted, n1.crashes(), n1.starts({ term: 3 })), [
    {
      text: "n1 restarted without its vote for n2 in term 3, which had been saved.",
      at: 4,
      because: [2],
    },
  ]);
});

test("a promise may leave once what it rests on is saved", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n1.savingVote(3, "n2"),
      n1.saved(3),
      n1.grants("n2", 3),
      n1.appends(1, "3 3:x"),
      n1.saving(1, "3 3:x"),
      n1.acknowledges("n2", 3, 0),
      n1.saved(3, 2, 3),
      n1.acknowledges("n2", 3, 2),
    ),
    [],
  );
});

test("a promise may leave late, when what is saved is of a later term", () => {
  assert.deepEqual(
    findings(
      n1.starts(),
      n1.savingVote(3, "n2"),
      n1.savingVote(4, "n3"),
      n1.saved(3),
      n1.saved(4),
      n1.grants("n2", 3),
      n1.acknowledges("n2", 3, 7),
      n1.grants("n3", 4),
    ),
    [],
  );
});

test("a crash may keep any part of what was on its way to the disk", () => {
  const saved = [n1.starts(), n1.saving(1, "1 1"), n1.saved(0, 2, 1)];
  const going = [...saved, n1.savingVote(2, "n3"), n1.saving(2, "2 2"), n1.crashes()];
  for (const log of ["1 1", "1", "1 2", "1 2 2"]) {
    assert.deepEqual(findings(...going, n1.starts({ term: 2, vote: "n3", log })), []);
  }
  assert.deepEqual(findings(...going, n1.starts({ log: "1 1" })), []);
  assert.equal(findings(...going, n1.starts({ log: "" })).length, 1);
});

test("a trace that does not tell of the disks is not judged", () => {
  assert.deepEqual(findings(n1.starts(), n1.grants("n2", 3), n1.crashes(), n1.starts()), []);
});
