import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { runSeed } from "../../../src/hunt/index.ts";
import { logOf, type Entry } from "../../../src/raft/index.ts";
import {
  decodeTrace,
  encodeEvent,
  lineLimit,
  TraceDecoder,
  traceHeader,
} from "../../../src/trace/codec.ts";
import type { TraceEvent } from "../../../src/trace/index.ts";
import { codePoint } from "../../support/code-point.ts";
import { drawn } from "../../support/drawn.ts";
import { events, record } from "./anything.ts";

const voted: TraceEvent = {
  seq: 0,
  time: 1.5,
  node: "n1",
  kind: "voted",
  candidate: "n2",
  term: 3,
};

function woke(seq: number): string {
  return encodeEvent({ seq, time: seq, node: "n1", kind: "woke" });
}

/** A trace of these lines, after the header. */
function decode(...lines: readonly string[]): ReturnType<typeof decodeTrace> {
  return decodeTrace([traceHeader, ...lines].join("\n"));
}

function seqs(decoded: ReturnType<typeof decodeTrace>): readonly number[] {
  return decoded.events.map(({ seq }) => seq);
}

/** The problems, as line and text. */
function problems(decoded: ReturnType<typeof decodeTrace>): readonly string[] {
  return decoded.problems.map(({ line, text: problem }) => `${line}: ${problem}`);
}

for (const [kind, arbitrary] of Object.entries<fc.Arbitrary<TraceEvent>>(events)) {
  test(`what is written of a "${kind}" is read back, and takes one line`, () => {
    fc.assert(
      fc.property(arbitrary, (event) => {
        const line = encodeEvent(event);
        assert(!line.includes("\n"));
        assert.deepEqual(decode(line), { events: [event], problems: [] });
      }),
      { numRuns: drawn(60) },
    );
  });
}

test("a log of any length is read back as the same persistent sequence", () => {
  for (const length of [0, 1, 31, 32, 33, 1024, 1025, 1056, 1057, 33_000]) {
    const list = Array.from({ length }, (_, i): Entry => ({ kind: "noOp", term: i + 1 }));
    const event: TraceEvent = {
      seq: 0,
      time: 0,
      node: "n1",
      kind: "started",
      members: ["n1"],
      timing: { electionTimeoutMillis: { min: 150, max: 300 }, heartbeatMillis: 50 },
      seed: -7,
      saved: { currentTerm: length, votedFor: null, log: logOf(list) },
      action: null,
    };
    assert.deepEqual(decode(encodeEvent(event)).events, [event], `${length} entries`);
  }
});

test("the trace of a cluster in a storm is read back whole", () => {
  const written: TraceEvent[] = [];
  runSeed(7, (event) => written.push(event));
  assert(written.length > 1000);
  const decoded = decode(...written.map(encodeEvent));
  assert.deepEqual(decoded.problems, []);
  assert.deepEqual(decoded.events, written);
});

test("no text makes the decoder throw", () => {
  const line = fc.oneof(
    fc.string({ unit: codePoint }),
    fc.json(),
    fc.object().map((value) => JSON.stringify({ kind: "sent", ...value })),
  );
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, isTrace) => {
      const decoded = isTrace ? decode(...lines) : decodeTrace(lines.join("\n"));
      assert.deepEqual(decoded.events, []);
    }),
  );
});

test("whatever is done to a trace, what is read of it are events in order, the rest problems", () => {
  const lines = [traceHeader, ...Array.from({ length: 20 }, (_, i) => woke(i)), ""].join("\n");
  const splice = record({
    at: fc.nat(lines.length),
    cut: fc.nat(60),
    put: fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom("\n", "-", "0", '"', "{", "]")),
  });
  fc.assert(
    fc.property(fc.array(splice, { minLength: 1, maxLength: 5 }), (splices) => {
      let changed = lines;
      for (const { at, cut, put } of splices) {
        changed = changed.slice(0, at) + put + changed.slice(at + cut);
      }
      const decoded = decodeTrace(changed);
      const read = seqs(decoded);
      assert(read.every((seq, i) => i === 0 || seq > (read[i - 1] ?? 0)));
      const last = read.at(-1) ?? -1;
      assert(decoded.problems.length > 0 || read.length === last + 1, "nothing goes unsaid");
      for (const { line } of decoded.problems) {
        assert(line >= 1 && line <= changed.split("\n").length);
      }
    }),
    { numRuns: drawn(1000) },
  );
});

test("nothing nested deeper than 64 levels is parsed", () => {
  assert.match(problems(decode("[".repeat(64) + "]".repeat(64))).join(), /^2: (?!nested)/);
  assert.deepEqual(problems(decode("[".repeat(65) + "]".repeat(65))), [
    "2: nested deeper than 64 levels",
  ]);
  assert.deepEqual(problems(decode("[".repeat(1_000_000))), ["2: nested deeper than 64 levels"]);
  assert.deepEqual(problems(decode('{"a":'.repeat(500_000))), ["2: nested deeper than 64 levels"]);
  const inText: TraceEvent = { seq: 0, time: 0, node: '"[\\"['.repeat(100), kind: "woke" };
  assert.deepEqual(decode(encodeEvent(inText)).events, [inText]);
});

test("no line longer than the limit is parsed", () => {
  const padded = woke(0).padEnd(lineLimit);
  assert.deepEqual(seqs(decode(padded, woke(1))), [0, 1]);
  const decoded = decode(`${padded} `, woke(1));
  assert.deepEqual(seqs(decoded), [1]);
  assert.deepEqual(problems(decoded), [`2: longer than ${lineLimit} characters`]);
});

test("a number that cannot be what it stands for is a problem", () => {
  const line = encodeEvent(voted);
  assert.deepEqual(decode(line).events, [voted]);
  const bad: readonly (readonly [string, string])[] = [
    ['"term":3', '"term":-1'],
    ['"term":3', '"term":2.5'],
    ['"term":3', '"term":9007199254740992'],
    ['"term":3', '"term":"3"'],
    ['"term":3', '"term":null'],
    ['"time":1.5', '"time":-1'],
    ['"time":1.5', '"time":1e400'],
    ['"seq":0', '"seq":-1'],
    ['"seq":0', '"seq":0.5'],
    ['"node":"n1"', '"node":null'],
    ['"node":"n1"', '"node":1'],
  ];
  for (const [good, changed] of bad) {
    const decoded = decode(line.replace(good, changed));
    assert.deepEqual(decoded.events, [], changed);
    const field = /\w+/.exec(changed)?.[0] ?? "";
    assert.match(problems(decoded).join(), new RegExp(`^2: ${field}: `), changed);
  }
});

test("an unknown kind and an unknown field are problems, and say where", () => {
  const line = encodeEvent(voted);
  assert.deepEqual(problems(decode(line.replace('"voted"', '"elected"'))), [
    "2: kind: no event that this version of Raft Lab knows",
  ]);
  assert.match(problems(decode(line.replace("}", ',"why":1}'))).join(), /^2: why: /);
});

test("a name that objects have of their own does nothing", () => {
  const decoded = decode(woke(0).replace("}", ',"__proto__":{"term":5}}'));
  const [event] = decoded.events;
  assert(event === undefined || !("term" in event));
});

test("what a problem quotes is cut short", () => {
  const long = encodeEvent(voted).replace("3", JSON.stringify("x".repeat(100_000)));
  const [problem] = decode(long).problems;
  assert(problem !== undefined && problem.text.length <= 200);
});

test("a line that cannot be read costs that event alone, and is told once", () => {
  const decoded = decode(woke(0), woke(1).slice(0, -1), woke(2), woke(3));
  assert.deepEqual(seqs(decoded), [0, 2, 3]);
  assert.deepEqual(problems(decoded), ["3: not JSON"]);
});

test("events that are missing are told where they are missed", () => {
  const decoded = decode(woke(0), woke(4), woke(5));
  assert.deepEqual(seqs(decoded), [0, 4, 5]);
  assert.deepEqual(problems(decoded), ["3: events are missing: 1 was to come, and this is 4"]);
});

test("a line that could not be read does not hide a gap further on", () => {
  const decoded = decode(woke(0), "{", woke(2), woke(4));
  assert.deepEqual(seqs(decoded), [0, 2, 4]);
  assert.deepEqual(problems(decoded), [
    "3: not JSON",
    "5: events are missing: 3 was to come, and this is 4",
  ]);
});

test("an event that comes again or too late is a problem and not read", () => {
  const decoded = decode(woke(0), woke(1), woke(1), woke(0), woke(2));
  assert.deepEqual(seqs(decoded), [0, 1, 2]);
  assert.deepEqual(problems(decoded), [
    "4: event 1 comes after event 1",
    "5: event 0 comes after event 1",
  ]);
});

test("a trace of another version is not read", () => {
  const decoded = decodeTrace(`{"rafttrace":2,"more":[]}\n${woke(0)}\nwhatever\n`);
  assert.deepEqual(decoded.events, []);
  assert.deepEqual(problems(decoded), [
    "1: a trace of version 2, and this version of Raft Lab reads 1",
  ]);
});

test("what does not start with the header is no trace, and that is the only problem", () => {
  for (const start of [woke(0), "{}", "[]", "null", "rafttrace", '{"rafttrace":"1"}']) {
    const decoded = decodeTrace(`${start}\n${woke(0)}\n}{\n`);
    assert.deepEqual(decoded.events, [], start);
    assert.deepEqual(problems(decoded), [`1: no trace: it does not start with ${traceHeader}`]);
  }
  for (const nothing of ["", "\n", " \r\n\n"]) {
    assert.deepEqual(problems(decodeTrace(nothing)), ["1: the trace is empty"]);
  }
});

test("a byte order mark, carriage returns and blank lines say nothing", () => {
  const decoded = decodeTrace(`\ufeff${traceHeader}\r\n\r\n${woke(0)}\r\n\n${woke(1)}`);
  assert.deepEqual(seqs(decoded), [0, 1]);
  assert.deepEqual(decoded.problems, []);
});

test("a hopeless text has no more than a thousand problems", () => {
  const decoded = decode("x\n".repeat(5000));
  assert.equal(decoded.problems.length, 1000);
  assert.equal(decoded.problems.at(-1)?.text, "there are more problems");
});

test("a trace can be read while it is written", () => {
  const decoder = new TraceDecoder();
  assert.equal(decoder.take(traceHeader), undefined);
  assert.deepEqual(decoder.take(encodeEvent(voted)), voted);
  assert.equal(decoder.take("{"), undefined);
  assert.deepEqual(decoder.problems, [{ line: 3, text: "not JSON" }]);
  assert.equal(decoder.take(woke(2))?.seq, 2);
  decoder.end();
  assert.equal(decoder.problems.length, 1);
});
