import type { Role } from "../raft/index.ts";

/** A line in which a node tells what happened to it. Columns are counted from its start. */
export interface AccountLine {
  /** Our accounts tell these two in each line; what the scripts of the lab print does not. */
  readonly term: number | null;
  readonly role: Role["kind"] | null;
  readonly termAt: Span;
  readonly said: Said;
  readonly length: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a line says. The spans are of the name, address or number in it. */
export type Said =
  /** Whom the node believes to be the leader: an address, or null for nobody. */
  | { readonly kind: "leader"; readonly address: string | null; readonly at: Span }
  /** The node has become leader. `number` is the script's own word for it. */
  | { readonly kind: "leads"; readonly number: number; readonly at: Span }
  | { readonly kind: "votes"; readonly candidate: string; readonly at: Span }
  | { readonly kind: "committed"; readonly index: number; readonly at: Span }
  | { readonly kind: "drops"; readonly from: number; readonly at: Span }
  | { readonly kind: "stores"; readonly first: number; readonly last: number; readonly at: Span }
  | { readonly kind: "wrote"; readonly name: string; readonly at: Span }
  | { readonly kind: "started"; readonly entries: number; readonly at: Span }
  | { readonly kind: "stopped" }
  /** Its log file begins after this entry: a snapshot brought what it never had. */
  | {
      readonly kind: "logBegins";
      readonly file: string;
      readonly after: number;
      readonly at: Span;
    }
  | { readonly kind: "other" };

/** Of longer lines only so much is looked at, since no line of ours is. */
const lineLimit = 4096;

/** Reads what stands between these two places. Whatever it is, it is a line. */
export function readAccountLine(text: string, from: number, to: number): AccountLine {
  const line = text.slice(from, Math.min(to, from + lineLimit));
  const head = heads.exec(line);
  if (head === null) return { ...withoutHead, said: saidIn(line, 0), length: to - from };
  const [whole, time = "", term = "", role = ""] = head;
  const termStart = time.length + " | term ".length;
  return {
    term: Number(term),
    role: roles.find((each) => each === role) ?? null,
    termAt: { start: termStart, end: termStart + term.length },
    said: saidIn(line, whole.length),
    length: to - from,
  };
}

const heads =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) \| term (\d{1,15}) \| (leader|candidate|follower) {0,9}\| /;

const roles = ["leader", "candidate", "follower"] as const;

const nowhere: Span = { start: 0, end: 0 };
const withoutHead = { term: null, role: null, termAt: nowhere } as const;

function saidIn(line: string, saidStart: number): Said {
  const words = line.slice(saidStart).trimEnd();
  for (const { pattern, read } of sentences) {
    const match = pattern.exec(words);
    if (match === null) continue;
    const [whole, subject = ""] = match;
    const start = saidStart + whole.length - subject.length;
    const said = read(subject, { start, end: start + subject.length });
    if (said !== undefined) return said;
  }
  return { kind: "other" };
}

interface Sentence {
  /** What the sentence is about is its one group, and ends it. */
  readonly pattern: RegExp;
  readonly read: (subject: string, at: Span) => Said | undefined;
}

const sentences: readonly Sentence[] = [
  { pattern: /^LEADER (?:=>|->) (\S{1,200})$/, read: leader },
  { pattern: /^Leader is now: (\S{1,200})$/, read: leader },
  {
    pattern: /^LEADER IS NOW NODE (\d{1,4})$/,
    read: (subject, at) => ({ kind: "leads", number: Number(subject), at }),
  },
  {
    pattern: /^votes for (\S{1,200})$/,
    read: (candidate, at) => ({ kind: "votes", candidate, at }),
  },
  {
    pattern: /^knows to be committed: all up to (\d{1,15})$/,
    read: (subject, at) => ({ kind: "committed", index: Number(subject), at }),
  },
  {
    pattern: /^drops its entries from (\d{1,15})(?= on$)/,
    read: (subject, at) => ({ kind: "drops", from: Number(subject), at }),
  },
  {
    pattern: /^stores entry (\d{1,15})$/,
    read: (subject, at) => ({ kind: "stores", first: Number(subject), last: Number(subject), at }),
  },
  { pattern: /^stores entries (\d{1,15} to \d{1,15})$/, read: span },
  { pattern: /^[Dd]one writing (.{1,2000})$/, read: (name, at) => ({ kind: "wrote", name, at }) },
  {
    pattern: /^started with (\d{1,15})(?= entr)/,
    read: (subject, at) => ({ kind: "started", entries: Number(subject), at }),
  },
  { pattern: /^([\w.]{1,60}\.log begins after entry \d{1,15})(?=$|;)/, read: begins },
  { pattern: /^(?:crashed$|stopped: )()/, read: () => ({ kind: "stopped" }) },
];

/** `LEADER -> 2` of the lab's third task says a number, which is no address. */
function leader(subject: string, at: Span): Said | undefined {
  if (/^\d+$/.test(subject)) return { kind: "leads", number: Number(subject), at };
  return { kind: "leader", address: subject === "None" ? null : subject, at };
}

function span(subject: string, at: Span): Said {
  const [first = "", last = ""] = subject.split(" to ");
  return { kind: "stores", first: Number(first), last: Number(last), at };
}

function begins(subject: string, at: Span): Said {
  const [file = "", after = ""] = subject.split(" begins after entry ");
  return { kind: "logBegins", file, after: Number(after), at };
}
