import * as v from "valibot";
import { append, logAfter, slice } from "../raft/index.ts";
import type { TraceEvent } from "./event.ts";
import { readJson } from "./json.ts";
import { storedEventSchema } from "./schema.ts";

// A trace as text: JSON Lines, the first of which tells the version, the others an event each.

const version = 1;

/** The first line of every trace. */
export const traceHeader = `{"rafttrace":${version}}`;

/** The longest line that is read, in characters. */
export const lineLimit = 4 * 1024 * 1024;

/** How many problems are told of one trace; the last then says that there are more. */
const problemLimit = 1000;

/** The event as one line, without its newline. */
export function encodeEvent(event: TraceEvent): string {
  return JSON.stringify(stored(event));
}

/** What could be read of a trace. It is whole if there are no problems. Never throws. */
export function decodeTrace(text: string): DecodedTrace {
  const decoder = new TraceDecoder();
  const events: TraceEvent[] = [];
  for (const line of linesOf(text)) {
    const event = decoder.take(line);
    if (event !== undefined) events.push(event);
  }
  decoder.end();
  return { events, problems: decoder.problems };
}

export interface DecodedTrace {
  readonly events: readonly TraceEvent[];
  readonly problems: readonly TraceProblem[];
}

/** What is wrong with a trace, and in which line; the first is line 1. */
export interface TraceProblem {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads a trace line by line, for one that is long or still being written.
 *
 * The events that it hands over are in order, each once: a line that would break that is a
 * problem, and so is a gap, because what is folded from the rest may then be wrong. Never throws.
 */
export class TraceDecoder {
  readonly #problems: TraceProblem[] = [];
  #line = 0;
  /** Whether the header has been read; undefined while nothing has. */
  #isTrace: boolean | undefined;
  /** The `seq` of the next event. */
  #next = 0;
  /** Lines since the last event that said nothing: each may have been one. */
  #unread = 0;

  get problems(): readonly TraceProblem[] {
    return this.#problems;
  }

  /** The event in the next line, if there is one. The line comes without its newline. */
  take(line: string): TraceEvent | undefined {
    this.#line++;
    if (this.#isTrace === false || isBlank(line)) return undefined;
    if (this.#isTrace === undefined) {
      this.#takeHeader(line);
      return undefined;
    }
    const decoded = decodeEvent(line);
    if (typeof decoded === "string") {
      this.#unread++;
      this.#tell(decoded);
      return undefined;
    }
    return this.#inOrder(decoded) ? decoded : undefined;
  }

  /** There are no more lines. */
  end(): void {
    if (this.#isTrace !== undefined) return;
    this.#line = 1;
    this.#tell("the trace is empty");
  }

  #takeHeader(line: string): void {
    const problem = headerProblem(line);
    this.#isTrace = problem === undefined;
    if (problem !== undefined) this.#tell(problem);
  }

  #inOrder({ seq }: TraceEvent): boolean {
    if (seq < this.#next) {
      this.#tell(`event ${seq} comes after event ${this.#next - 1}`);
      return false;
    }
    if (seq > this.#next + this.#unread) {
      this.#tell(`events are missing: ${this.#next} was to come, and this is ${seq}`);
    }
    this.#next = seq + 1;
    this.#unread = 0;
    return true;
  }

  #tell(text: string): void {
    if (this.#problems.length >= problemLimit) return;
    const isLast = this.#problems.length === problemLimit - 1;
    this.#problems.push({ line: this.#line, text: isLast ? "there are more problems" : text });
  }
}

type StoredEvent = v.InferOutput<typeof storedEventSchema>;

/** Compiles only while the schema knows every event. That it knows no other, `decodeEvent` needs. */
function stored(event: TraceEvent): StoredEvent {
  if (event.kind !== "started") return event;
  const { log, ...saved } = event.saved;
  const start = log.start === 0 ? {} : { logStart: { index: log.start, term: log.startTerm } };
  return { ...event, saved: { ...saved, log: slice(log, 1), ...start } };
}

/** The event of that line, or what is wrong with it. */
function decodeEvent(line: string): TraceEvent | string {
  const json = readJson(line, lineLimit);
  if (json.kind === "bad") return json.reason;
  const decoded = v.safeParse(storedEventSchema, json.value, { abortEarly: true });
  if (!decoded.success) return issueText(decoded.issues[0]);
  const event = decoded.output;
  if (event.kind !== "started") return event;
  const { log, logStart, ...saved } = event.saved;
  const start = logAfter(logStart?.index ?? 0, logStart?.term ?? 0);
  return { ...event, saved: { ...saved, log: append(start, log) } };
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  const text = place === null ? issue.message : `${place}: ${issue.message}`;
  // It quotes what it found, however long that is.
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function headerProblem(line: string): string | undefined {
  // A byte order mark says nothing here, but editors leave one.
  const json = readJson(line.replace(/^\ufeff/, ""), lineLimit);
  const header = v.safeParse(headerSchema, json.kind === "json" ? json.value : undefined);
  if (!header.success) return `no trace: it does not start with ${traceHeader}`;
  const { rafttrace } = header.output;
  if (rafttrace === version) return undefined;
  return `a trace of version ${rafttrace}, and this version of Raft Lab reads ${version}`;
}

/** Open, so that a later version may say more and still be known for what it is. */
const headerSchema = v.object({ rafttrace: v.pipe(v.number(), v.safeInteger()) });

function isBlank(line: string): boolean {
  return line.trim() === "";
}

/** The lines of a text, one at a time: a list of all could be many times as large as the text. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, end);
    start = end + 1;
  }
}
