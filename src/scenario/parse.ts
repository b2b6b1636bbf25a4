import {
  paperOnly,
  paperTiming,
  type Extensions,
  type NodeId,
  type Timing,
} from "../raft/index.ts";
import { Line } from "./line.ts";
import { mostNodes } from "./read-nodes.ts";
import type { SnapshotOptions } from "../simulator/index.ts";
import { readStep } from "./read-step.ts";
import { readDuration, readDurations, readTerms } from "./read-values.ts";
import {
  weatherNames,
  type NodeStart,
  type Problem,
  type Scenario,
  type Step,
  type StepBody,
  type WeatherName,
} from "./scenario.ts";

/** What a text says, or why it says nothing. */
export type Parsed =
  | { readonly kind: "scenario"; readonly scenario: Scenario }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** Nodes that stand for election at every moment would let no time pass. */
const shortestTimeout = 20;

/** The most blocks within each other. */
const deepest = 8;

/** Reads a scenario. Never throws; of each line that cannot be read it tells the first problem. */
export function parseScenario(text: string): Parsed {
  const parser = new Parser();
  text.split(/\r?\n/).forEach((each, at) => parser.take(at + 1, each));
  return parser.end();
}

/** The lines before the first step, by their first word. Each may stand once, but `node`. */
const headings = [
  "title",
  "shows",
  "nodes",
  "seed",
  "weather",
  "timing",
  "extensions",
  "snapshots",
  "node",
] as const;
type Heading = (typeof headings)[number];

/** A block that is not ended yet; the whole text is the outermost. */
interface Block {
  readonly head: { readonly body: StepBody; readonly line: number; readonly column: number } | null;
  readonly steps: Step[];
  /** What stands for nodes in it. */
  readonly names: Set<string>;
}

class Parser {
  readonly #problems: Problem[] = [];
  readonly #seen = new Set<Heading>();
  readonly #nodes = new Map<NodeId, NodeStart>();
  #title = "";
  #shows = "";
  #size = 0;
  /** How many lines add a node. */
  #added = 0;
  #seed = 1;
  #weather: WeatherName = "calm";
  #timing: Timing = paperTiming;
  #extensions: Extensions = paperOnly;
  #snapshots: SnapshotOptions = {};
  #inSteps = false;
  #block: Block = { head: null, steps: [], names: new Set() };
  readonly #outer: Block[] = [];
  #lines = 0;

  take(number: number, text: string): void {
    this.#lines = number;
    const [, first = "", rest = ""] = /^\s*(title|shows)\s+(\S.*)$/.exec(text) ?? [];
    if (first !== "" && !this.#inSteps) {
      // Prose needs no quotes.
      if (!this.#isFirst(first === "title" ? "title" : "shows", number)) return;
      if (first === "title") this.#title = rest.trim();
      else this.#shows = rest.trim();
      return;
    }
    const line = new Line(number, text);
    if (!line.isAtEnd && line.problem === undefined) this.#read(line);
    if (line.problem !== undefined) this.#problems.push(line.problem);
  }

  end(): Parsed {
    for (const { head } of [...this.#outer, this.#block]) {
      if (head === null) continue;
      this.#wrong(head.line, head.column, `this ${head.body.kind} has no end`);
    }
    for (const heading of ["title", "shows", "nodes"] as const) {
      if (!this.#seen.has(heading))
        this.#wrong(1, 1, `the scenario has no line that begins with ${heading}`);
    }
    if (this.#problems.length === 0 && this.#block.steps.length === 0) {
      this.#wrong(this.#lines, 1, "the scenario has no steps");
    }
    if (this.#problems.length > 0) {
      const problems = this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
      return { kind: "problems", problems };
    }
    const scenario = {
      title: this.#title,
      shows: this.#shows,
      size: this.#size,
      seed: this.#seed,
      weather: this.#weather,
      timing: this.#timing,
      extensions: this.#extensions,
      snapshots: this.#snapshots,
      nodes: this.#nodes,
      steps: this.#block.steps,
    };
    return { kind: "scenario", scenario };
  }

  #read(line: Line): void {
    const { column } = line;
    // The weather may also change later on.
    const isHeading = !this.#inSteps && headings.some((heading) => heading === line.peek());
    if (isHeading) {
      const heading = line.oneOf(headings);
      if (heading === undefined || !this.#isFirst(heading, line.number)) return;
      this.#readHeading(heading, line);
      line.ends();
      return;
    }
    if (line.has("end")) return this.#endBlock(line, column);
    this.#inSteps = true;
    const opensBlock = ["repeat", "when"].includes(line.peek() ?? "");
    const body = readStep(line, this.#block.names);
    if (body !== undefined) line.ends();
    // A block that cannot be read is one all the same, so that its end has something to end.
    const added = body ?? (opensBlock ? nothingRepeated : undefined);
    if (added !== undefined) this.#add(added, line, column);
  }

  #readHeading(heading: Heading, line: Line): void {
    switch (heading) {
      case "title":
      case "shows":
        return line.expected("a sentence");
      case "nodes":
        // If it cannot be read, at least no node is then said to be unknown.
        this.#size = line.whole("how many nodes", { min: 1, max: mostNodes }) ?? mostNodes;
        for (let i = 1; i <= this.#size; i++) this.#block.names.add(`n${i}`);
        return;
      case "seed":
        this.#seed = line.whole("a seed", { min: 0, max: 999_999_999 }) ?? 0;
        return;
      case "weather":
        this.#weather = line.oneOf(weatherNames) ?? "calm";
        return;
      case "timing":
        this.#timing = readTiming(line) ?? paperTiming;
        return;
      case "extensions":
        this.#extensions = readExtensions(line) ?? paperOnly;
        return;
      case "snapshots":
        this.#snapshots = readSnapshots(line) ?? {};
        return;
      default:
        return this.#readNode(line);
    }
  }

  /** `node n1 log 1 1 2 term 3 timeout 100..150 ms` */
  #readNode(line: Line): void {
    if (!this.#seen.has("nodes")) return line.wrong("how many nodes there are must be told before");
    const name = line.oneOf([...this.#block.names]);
    if (name === undefined) return;
    if (this.#nodes.has(name)) return line.wrong(`${name} has a line already`);
    const start = readNodeStart(line);
    if (start !== undefined) this.#nodes.set(name, start);
  }

  #isFirst(heading: Heading, line: number): boolean {
    if (!this.#seen.has(heading) || heading === "node") {
      this.#seen.add(heading);
      return true;
    }
    this.#wrong(line, 1, `there is a line that begins with ${heading} already`);
    return false;
  }

  #add(body: StepBody, line: Line, column: number): void {
    if (body.kind === "let") this.#block.names.add(body.name);
    // The nodes that may have been added by then have a name.
    if (body.kind === "add") this.#block.names.add(`n${this.#size + ++this.#added}`);
    if (body.kind !== "repeat" && body.kind !== "when") {
      this.#block.steps.push({ ...body, line: line.number });
      return;
    }
    if (this.#outer.length >= deepest)
      line.wrong(`blocks stand in each other ${deepest} deep at most`, column);
    this.#outer.push(this.#block);
    const head = { body, line: line.number, column };
    // What is named within a block may never be, so outside it has no meaning.
    this.#block = { head, steps: [], names: new Set(this.#block.names) };
  }

  #endBlock(line: Line, column: number): void {
    const { head, steps } = this.#block;
    const outer = this.#outer.pop();
    if (outer === undefined || head === null) {
      line.wrong("there is no repeat or when that this could end", column);
      return;
    }
    line.ends();
    if (steps.length === 0) this.#wrong(head.line, head.column, "there is nothing in this block");
    outer.steps.push(withSteps(head.body, head.line, steps));
    this.#block = outer;
  }

  #wrong(line: number, column: number, text: string): void {
    this.#problems.push({ line, column, text });
  }
}

const nothingRepeated: StepBody = { kind: "repeat", times: 1, steps: [] };

function withSteps(body: StepBody, line: number, steps: readonly Step[]): Step {
  return body.kind === "repeat" || body.kind === "when"
    ? { ...body, steps, line }
    : { ...body, line };
}

/** By how much clocks may drift apart, where a scenario has leases. In a simulation they do not. */
const clockDrift = 0.1;

/** `snapshots every 10 entries`, `snapshots every 10 entries keep 5 chunks of 100 characters` */
function readSnapshots(line: Line): SnapshotOptions | undefined {
  const most = { min: 1, max: 999_999 };
  const entries = line.oneOf(["every"]) && line.whole("a number of entries", most);
  if (entries === undefined || line.oneOf(["entries"]) === undefined) return undefined;
  const keep = line.has("keep") ? line.whole("how many stay", { min: 0, max: 999_999 }) : 0;
  if (keep === undefined) return undefined;
  const snapshots = { entries, keep };
  if (!line.has("chunks")) return { snapshots };
  const chunkCharacters = line.oneOf(["of"]) && line.whole("a number of characters", most);
  if (chunkCharacters === undefined || line.oneOf(["characters"]) === undefined) return undefined;
  return { snapshots, chunkCharacters };
}

/** `extensions preVote checkQuorum lease`, or some of them */
function readExtensions(line: Line): Extensions | undefined {
  const { column } = line;
  const chosen = new Set<keyof Extensions>();
  while (chosen.size === 0 || !line.isAtEnd) {
    const extension = line.oneOf(["preVote", "checkQuorum", "lease"]);
    if (extension === undefined) return undefined;
    chosen.add(extension);
  }
  const both = { preVote: chosen.has("preVote"), checkQuorum: chosen.has("checkQuorum") };
  if (!chosen.has("lease")) return both;
  if (!both.checkQuorum) return line.wrong("leases rest on checkQuorum", column);
  return { ...both, lease: { clockDrift } };
}

/** `timing election 150..300 ms heartbeat 50 ms` */
function readTiming(line: Line): Timing | undefined {
  const electionTimeoutMillis = line.oneOf(["election"]) && readDurations(line);
  const { column } = line;
  const heartbeatMillis = electionTimeoutMillis && line.oneOf(["heartbeat"]) && readDuration(line);
  if (electionTimeoutMillis === undefined || heartbeatMillis === undefined) return undefined;
  if (heartbeatMillis < 10 || heartbeatMillis >= electionTimeoutMillis.min) {
    return line.wrong("a heartbeat takes 10 ms or more, and less than an election timeout", column);
  }
  return { electionTimeoutMillis, heartbeatMillis };
}

function readNodeStart(line: Line): NodeStart | undefined {
  const { column } = line;
  const log = line.has("log") ? readTerms(line) : [];
  if (log === undefined) return undefined;
  const lastTerm: number = log.at(-1) ?? 0;
  const currentTerm = line.has("term")
    ? line.whole("the current term", { min: lastTerm, max: 999_999 })
    : lastTerm;
  if (currentTerm === undefined) return undefined;
  if (!line.has("timeout")) {
    if (line.column === column) return line.expected("log, term or timeout");
    return { log, currentTerm, electionTimeoutMillis: null };
  }
  const { column: at } = line;
  const electionTimeoutMillis = readDurations(line);
  if (electionTimeoutMillis === undefined) return undefined;
  if (electionTimeoutMillis.min < shortestTimeout) {
    return line.wrong(`an election timeout takes ${shortestTimeout} ms or more`, at);
  }
  return { log, currentTerm, electionTimeoutMillis };
}
