import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import {
  append,
  logAfter,
  logOf,
  nothingSaved,
  slice,
  truncateFrom,
  type Change,
  type Persistent,
} from "../../../src/raft/index.ts";
import {
  encodeBeginning,
  encodeChanges,
  encodeHeader,
  recoverWal,
  WalReader,
  type RecoveredWal,
} from "../../../src/runtime/wal.ts";
import { encodeRecord, recordLimit, startVersion } from "../../../src/runtime/wal-record.ts";
import { codePoint } from "../../support/code-point.ts";
import { entries as entriesOf, log, voted, written } from "./logs.ts";

const owner = { node: "n1", cluster: "cluster-1" };

/** A wal that these batches were written to, one after the other. */
function wal(...batches: (readonly Change[])[]): string {
  let text = encodeHeader(owner);
  let nextNumber = 1;
  for (const batch of batches) {
    const encoded = encodeChanges(batch, nextNumber);
    text += encoded.text;
    ({ nextNumber } = encoded);
  }
  return text;
}

function recovered(text: string): RecoveredWal {
  const recovery = recoverWal(text, owner);
  assert(recovery.kind === "recovered", JSON.stringify(recovery));
  return recovery;
}

/** A line whose checksum is right, whatever it says. */
function line(value: unknown): string {
  const json = JSON.stringify(value);
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
}

test("a record is the CRC-32 of its JSON, the JSON, and a newline", () => {
  const text = wal([voted(3, "n2"), written(1, "3 3a")]);
  assert.equal(
    text,
    [
      '34b5e9f1 {"kind":"header","n":0,"version":1,"node":"n1","cluster":"cluster-1"}',
      '7fff5b8b {"kind":"vote","n":1,"term":3,"votedFor":"n2"}',
      '2e9bfd55 {"kind":"entry","n":2,"index":1,"term":3,"command":null}',
      'bc6b19be {"kind":"entry","n":3,"index":2,"term":3,"command":"{\\"a\\": 1}"}',
      "",
    ].join("\n"),
  );
});

test("what was saved is what is recovered", () => {
  const text = wal([voted(1, "n1")], [written(1, "1 1a"), written(3, "1b")], [voted(2, null)]);
  const { saved, nextNumber, length, tornBytes } = recovered(text);
  assert.deepEqual(saved, { currentTerm: 2, votedFor: null, log: log("1 1a 1b") });
  assert.deepEqual(
    { nextNumber, length, tornBytes },
    { nextNumber: 6, length: text.length, tornBytes: 0 },
  );
});

test("a header alone is a node that has saved nothing", () => {
  assert.deepEqual(recovered(encodeHeader(owner)).saved, nothingSaved);
});

test("an entry takes the place of what stood at its index and after", () => {
  const text = wal([voted(1, null), written(1, "1 1a 1b 1c")], [voted(2, null), written(3, "2d")]);
  assert.deepEqual(recovered(text).saved.log, log("1 1a 2d"));
  assert.deepEqual(recovered(text).earlierLog, log("1 1a 1b 1c"));
});

test("a log can be truncated without anything in its place", () => {
  const text = wal([voted(1, null), written(1, "1 1a 1b")], [written(2, "")]);
  assert.deepEqual(recovered(text).saved.log, log("1"));
});

test("a log that was never truncated has no earlier one", () => {
  assert.equal(recovered(wal([voted(1, null), written(1, "1 1a")])).earlierLog, null);
});

test("records are ASCII, and any command comes back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: codePoint }), (command) => {
      const entry = { kind: "command", term: 1, command } as const;
      const text = wal([voted(1, null), { vote: null, log: { from: 1, entries: [entry] } }]);
      assert.match(text, /^[\n -~]*$/);
      // JSON has no lone surrogates in UTF-8, but it can escape them.
      assert.deepEqual(recovered(text).saved.log, logOf([entry]));
    }),
  );
});

test("recovery does what the changes did, however the text is cut into pieces", () => {
  const changes = fc.array(
    fc.record({ from: fc.nat(30), count: fc.nat(6), termStep: fc.nat(2), votes: fc.boolean() }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(changes, fc.integer({ min: 1, max: 300 }), (drawn, pieceLength) => {
      let saved: Persistent = nothingSaved;
      const batch: Change[] = [];
      for (const { from: at, count, termStep, votes } of drawn) {
        const currentTerm = Math.max(saved.currentTerm + termStep, 1);
        const vote = { currentTerm, votedFor: votes && termStep > 0 ? "n2" : null };
        const isNewTerm = currentTerm > saved.currentTerm;
        const from = Math.min(at, saved.log.length) + 1;
        const entries = slice(log(`${currentTerm}a ${currentTerm} `.repeat(count)), 1);
        batch.push({ vote: isNewTerm ? vote : null, log: { from, entries } });
        saved = {
          ...(isNewTerm ? vote : { currentTerm, votedFor: saved.votedFor }),
          log: append(truncateFrom(saved.log, from), entries),
        };
      }
      const text = wal(batch);
      const reader = new WalReader(owner);
      for (let at = 0; at < text.length; at += pieceLength) {
        reader.take(text.slice(at, at + pieceLength));
      }
      const recovery = reader.end();
      assert(recovery.kind === "recovered");
      assert.deepEqual(recovery.saved, saved);
      assert.equal(recovery.length, text.length);
    }),
  );
});

// A crash.

test("a write cut off at any byte leaves what was synced, and nothing false after it", () => {
  const words = Array.from({ length: 100 }, (_, i) => `2k=${i}`);
  const before = wal([voted(1, null), written(1, "1 1a 1b")]);
  const whole = wal(
    [voted(1, null), written(1, "1 1a 1b")],
    [voted(2, "n3"), written(3, words.join(" "))],
  );
  const logs = Array.from({ length: words.length + 2 }, (_, records) =>
    log(records > 1 ? ["1", "1a", ...words.slice(0, records - 1)].join(" ") : "1 1a 1b"),
  );
  for (let end = before.length; end <= whole.length; end++) {
    const text = whole.slice(0, end);
    const { saved, length, tornBytes, nextNumber } = recovered(text);
    // The records that are whole count, one by one: each state on the way is one that could be.
    const records = text.slice(before.length).split("\n").length - 1;
    assert.equal(length, text.lastIndexOf("\n") + 1);
    assert.equal(tornBytes, text.length - length);
    assert.equal(nextNumber, 5 + records);
    assert.equal(saved.currentTerm, records > 0 ? 2 : 1);
    assert.deepEqual(saved.log, logs[records]);
  }
});

test("zeros after the last record are of a torn write", () => {
  const text = wal([voted(1, null), written(1, "1 1a")]);
  for (const zeros of [1, 8, 4096]) {
    const { length, tornBytes } = recovered(text + "\0".repeat(zeros));
    assert.deepEqual({ length, tornBytes }, { length: text.length, tornBytes: zeros });
  }
  const torn = recovered(`${text}00000000 {"kind":"entry"\0\0\0\n\0\0`);
  assert.equal(torn.length, text.length);
});

test("a tail longer than any record is torn, at whatever length it is cut", () => {
  const text = wal([voted(1, null)]);
  const reader = new WalReader(owner);
  reader.take(text);
  for (let i = 0; i < 50; i++) reader.take("x".repeat(recordLimit / 8));
  const recovery = reader.end();
  assert(recovery.kind === "recovered");
  assert.equal(recovery.length, text.length);
  assert.equal(recovery.tornBytes, (50 * recordLimit) / 8);
});

// Damage.

test("a flipped bit is found wherever it is, or it is in the last record", () => {
  const changes = [voted(1, null), written(1, "1 1a 1b"), voted(2, "n3"), written(3, "2 2c")];
  const text = wal(changes);
  const lastStart = text.lastIndexOf("\n", text.length - 2) + 1;
  const all = recovered(text);
  const allButLast = recovered(text.slice(0, lastStart));
  let cut = 0;
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      const recovery = recoverWal(text.slice(0, at) + flipped + text.slice(at + 1), owner);
      if (recovery.kind === "damaged") {
        assert(at < lastStart, "the last record, when it is broken, is torn");
        continue;
      }
      const place = `bit ${bit} of byte ${at}`;
      assert(recovery.kind === "recovered", place);
      assert(at >= lastStart, `${place} is not in the last record, yet it went unnoticed`);
      assert.deepEqual(recovery.saved, allButLast.saved, place);
      assert.notDeepEqual(recovery.saved, all.saved);
      cut++;
    }
  }
  assert.equal(cut, (text.length - lastStart) * 8);
});

test("damage is told with the line in which it begins", () => {
  const lines = wal([voted(1, null), written(1, "1 1a 1b 1c")]).split("\n");
  for (let broken = 1; broken < 6; broken++) {
    const text = lines
      .map((each, at) => (at === broken - 1 ? each.replace("kind", "Kind") : each))
      .join("\n");
    assert.deepEqual(recoverWal(text, owner), { kind: "damaged", line: broken });
  }
});

test("a record that lost the newline before it is not mistaken for a torn tail", () => {
  const lines = wal([voted(1, null), written(1, "1 1a")]).split("\n");
  const text = `${lines[0]}\n${lines[1]}\n${lines[2]}\u000b${lines[3]}\n`;
  assert.deepEqual(recoverWal(text, owner), { kind: "damaged", line: 3 });
});

test("a command that looks like a record does not make a torn tail damage", () => {
  const inner = line({ kind: "entry", n: 3, index: 2, term: 1, command: null });
  const entry = { kind: "command", term: 1, command: inner } as const;
  const start = wal([voted(1, null)]);
  const text = wal([voted(1, null), { vote: null, log: { from: 1, entries: [entry] } }]);
  for (let end = start.length; end < text.length; end++) {
    assert.equal(recovered(text.slice(0, end)).length, start.length);
    // As if another block of the same write had come to the disk as zeros.
    assert.equal(recovered(`${text.slice(0, end)}\0\n`).length, start.length);
  }
});

test("a record is nothing but ASCII, even if its checksum would be right", () => {
  const text = wal([voted(1, null)]);
  const record = line({ kind: "entry", n: 2, index: 1, term: 1, command: "\u00eb" });
  assert.equal(recovered(text + record).length, text.length);
});

test("a wal without a header is damaged, for it may have held a vote", () => {
  for (const text of ["", "\0\0\0", "61d25fc4 {", "hello\n"]) {
    assert.deepEqual(recoverWal(text, owner), { kind: "damaged", line: 1 });
  }
  const headless = wal([voted(1, null)])
    .split("\n")
    .slice(1)
    .join("\n");
  assert.deepEqual(recoverWal(headless, owner), { kind: "damaged", line: 1 });
});

const contradictions: Readonly<Record<string, readonly object[]>> = {
  "a number is missing": [{ kind: "vote", n: 2, term: 1, votedFor: null }],
  "a number comes twice": [
    { kind: "vote", n: 1, term: 1, votedFor: null },
    { kind: "vote", n: 1, term: 2, votedFor: null },
  ],
  "a term falls": [
    { kind: "vote", n: 1, term: 2, votedFor: null },
    { kind: "vote", n: 2, term: 1, votedFor: null },
  ],
  "a vote changes within its term": [
    { kind: "vote", n: 1, term: 2, votedFor: "n2" },
    { kind: "vote", n: 2, term: 2, votedFor: "n3" },
  ],
  "a vote is taken back": [
    { kind: "vote", n: 1, term: 2, votedFor: "n2" },
    { kind: "vote", n: 2, term: 2, votedFor: null },
  ],
  "an index is left out": [
    { kind: "vote", n: 1, term: 1, votedFor: null },
    { kind: "entry", n: 2, index: 2, term: 1, command: null },
  ],
  "an index is before the log": [
    { kind: "vote", n: 1, term: 1, votedFor: null },
    { kind: "entry", n: 2, index: 0, term: 1, command: null },
  ],
  "terms fall along the log": [
    { kind: "vote", n: 1, term: 3, votedFor: null },
    { kind: "entry", n: 2, index: 1, term: 3, command: null },
    { kind: "entry", n: 3, index: 2, term: 2, command: null },
  ],
  "an entry is of a term to come": [
    { kind: "vote", n: 1, term: 1, votedFor: null },
    { kind: "entry", n: 2, index: 1, term: 2, command: null },
  ],
  "an entry is of no term": [
    { kind: "vote", n: 1, term: 1, votedFor: null },
    { kind: "entry", n: 2, index: 1, term: 0, command: null },
  ],
  "a truncation is past the end": [{ kind: "truncation", n: 1, from: 2 }],
  "a second header": [{ kind: "header", n: 1, version: 1, ...owner }],
};

for (const [name, records] of Object.entries(contradictions)) {
  test(`records that contradict each other are damage: ${name}`, () => {
    const text = encodeHeader(owner) + records.map(line).join("");
    assert.deepEqual(recoverWal(text, owner), { kind: "damaged", line: records.length + 1 });
  });
}

test("a vote may be given later in a term that was seen without one", () => {
  assert.equal(recovered(wal([voted(2, null)], [voted(2, "n3")])).saved.votedFor, "n3");
});

// Others' wals.

test("a wal of another node or another cluster is told with its owner", () => {
  const text = wal([voted(1, "n1")]);
  assert.deepEqual(recoverWal(text, { node: "n2", cluster: "cluster-1" }), {
    kind: "foreign",
    owner: "n1",
  });
  assert.deepEqual(recoverWal(text, { node: "n1", cluster: "cluster-2" }), {
    kind: "foreign",
    owner: "n1 of cluster cluster-1",
  });
});

test("what a later version has written is not skipped", () => {
  const header = encodeHeader(owner);
  const unsupported: [string, number][] = [
    [encodeRecord({ kind: "header", n: 0, version: 3, ...owner }), 1],
    [line({ kind: "header", n: 0, version: 2, ...owner, members: [] }), 1],
    [header + line({ kind: "snapshot", n: 1, index: 7 }), 2],
    [header + line({ kind: "vote", n: 1, term: 1, votedFor: null, preVote: true }), 2],
    [header + line({ kind: "vote", n: 1, term: 1.5, votedFor: null }), 2],
    [header + line({ kind: "entry", n: 1, index: 1, term: 1, command: {} }), 2],
    [header + line([]), 2],
  ];
  for (const [text, at] of unsupported) {
    assert.deepEqual(recoverWal(text, owner), { kind: "unsupported", line: at });
  }
});

test("a record that would be too long to be read is not written", () => {
  const entry = { kind: "command", term: 1, command: "x".repeat(recordLimit) } as const;
  const change = { vote: null, log: { from: 1, entries: [entry] } };
  assert.throws(() => encodeChanges([change], 1), /too short to fill a record/);
});

test("any text is an answer, never an error", () => {
  const start = wal([voted(1, null), written(1, "1 1a")]);
  fc.assert(
    fc.property(
      fc.string({ unit: codePoint, maxLength: 200 }),
      fc.nat(start.length),
      (noise, at) => {
        recoverWal(noise, owner);
        const recovery = recoverWal(start.slice(0, at) + noise, owner);
        if (recovery.kind === "recovered") assert(recovery.length <= start.length);
      },
    ),
  );
});

// A wal that begins after a snapshot (§7).

const logFile = { after: 0, bytes: 120, crc: 77 };

/** One whose log begins after entry 5 of term 2. */
function cutWal(...changes: readonly Change[]): string {
  const { text, nextNumber } = encodeBeginning(owner, logAfter(5, 2), logFile);
  return text + encodeChanges(changes, nextNumber).text;
}

test("a wal may begin after an entry, and says what the log file holds of those before", () => {
  const { saved, logFile: found } = recovered(cutWal(voted(3, "n2"), written(6, "2a 3b 3c")));
  assert.deepEqual(saved, {
    currentTerm: 3,
    votedFor: "n2",
    log: append(logAfter(5, 2), entriesOf("2a 3b 3c")),
  });
  assert.deepEqual(found, logFile);
  const cut = recovered(cutWal(voted(3, null), written(6, "2a 3b"), written(6, "3c")));
  assert.deepEqual(slice(cut.saved.log, 6), entriesOf("3c"));
});

test("a wal that begins with the first entry is of the first version still", () => {
  assert.equal(encodeBeginning(owner, logOf([]), logFile).text, encodeHeader(owner));
  assert.match(cutWal(), /"version":2/);
});

test("what contradicts the beginning of a wal is damage", () => {
  const [header = "", start = ""] = cutWal().split("\n");
  const damaged: Readonly<Record<string, [string, number]>> = {
    "no start, though the header says so": [`${header}\n`, 2],
    "something else in its place": [
      `${header}\n${line({ kind: "vote", n: 1, term: 1, votedFor: null })}`,
      2,
    ],
    "a start that the header does not say": [`${encodeHeader(owner)}${start}\n`, 2],
    "two starts": [cutWal() + encodeRecord({ kind: "start", n: 2, index: 6, term: 2, logFile }), 3],
    "an entry that is gone": [cutWal(voted(3, null), written(5, "2a")), 4],
    "a truncation of what is gone": [cutWal(voted(3, null), written(5, "")), 4],
    "an entry of an earlier term": [cutWal(voted(3, null), written(6, "1a")), 4],
    "a gap": [cutWal(voted(3, null), written(7, "2a")), 4],
    "a term before that of the start": [cutWal(voted(1, null)), 3],
  };
  for (const [name, [text, at]] of Object.entries(damaged)) {
    assert.deepEqual(recoverWal(text, owner), { kind: "damaged", line: at }, name);
  }
});

test("a start that is not understood is told, as what a later version wrote", () => {
  const header = encodeHeader(owner, startVersion);
  for (const more of [{ logFile: { after: 0 } }, { logFile: null }, { logFile, more: 1 }]) {
    const text = header + line({ kind: "start", n: 1, index: 5, term: 2, ...more });
    assert.deepEqual(recoverWal(text, owner), { kind: "unsupported", line: 2 });
  }
});
