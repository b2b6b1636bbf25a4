import type { Message } from "../raft/index.ts";
import type { Line } from "./line.ts";
import { readExpectation } from "./read-expectation.ts";
import { readNodes, type Names } from "./read-nodes.ts";
import { readCommands, readCount, readDuration, readDurations, readTime } from "./read-values.ts";
import { nodeSets, weatherNames, type Condition, type StepBody } from "./scenario.ts";

/** What a line says to do; of a block, without the steps in it. */
type Read = (line: Line, names: Names) => StepBody | undefined;

/** The RPCs of Figure 2 and of the dissertation. */
const messageKinds = [
  "RequestVote",
  "RequestVoteReply",
  "AppendEntries",
  "AppendEntriesReply",
  "PreVote",
  "PreVoteReply",
  "TimeoutNow",
  "ReadIndex",
  "ReadIndexReply",
  "InstallSnapshot",
  "InstallSnapshotReply",
] as const satisfies readonly Message["kind"][];

/** Words that cannot be names of nodes, because they mean something after nodes. */
const taken = new Set<string>([...nodeSets, "any", "except", "to", "by", "on", "within", "for"]);

const readers = {
  run(line) {
    const millis = readDurations(line);
    return millis && { kind: "run", millis };
  },
  let(line, names) {
    const { column } = line;
    const name = line.word("a name for nodes");
    if (name === undefined) return undefined;
    if (!/^[a-z][a-zA-Z]*$/.test(name))
      return line.wrong("a name is letters, the first a small one", column);
    if (taken.has(name)) return line.wrong(`"${name}" has a meaning already`, column);
    const nodes = line.oneOf(["="]) && readNodes(line, names);
    return nodes && { kind: "let", name, nodes };
  },
  submit(line, names) {
    const commands = readCommands(line);
    if (commands === undefined) return undefined;
    if (!line.has("to")) return { kind: "submit", commands, to: null };
    const to = readNodes(line, names);
    return to && { kind: "submit", commands, to };
  },
  agree(line) {
    const commands = readCommands(line);
    const on = commands && line.oneOf(["on"]) && readCount(line);
    if (commands === undefined || on === undefined) return undefined;
    const within = line.oneOf(["within"]) && readDuration(line);
    return within === undefined ? undefined : { kind: "agree", commands, on, within };
  },
  crash: onNodes("crash"),
  restart: onNodes("restart"),
  isolate: onNodes("isolate"),
  rejoin: onNodes("rejoin"),
  partition: onNodes("partition"),
  transfer(line, names) {
    const to = line.oneOf(["to"]) && readNodes(line, names);
    return to && { kind: "transfer", to };
  },
  add(line) {
    const as = line.oneOf(["voter", "learner"]);
    return as && { kind: "add", as };
  },
  remove: onNodes("remove"),
  snapshot: onNodes("snapshot"),
  cut(line, names) {
    const from = readNodes(line, names);
    const to = from && line.oneOf(["to"]) && readNodes(line, names);
    return from && to && { kind: "cut", from, to };
  },
  heal: () => ({ kind: "heal" }),
  weather(line) {
    const weather = line.oneOf(weatherNames);
    return weather && { kind: "weather", weather };
  },
  slow(line, names) {
    const messages = line.oneOf(messageKinds);
    const side = messages && line.oneOf(["from", "to"]);
    const nodes = side && readNodes(line, names);
    const more = nodes && line.oneOf(["by"]) && readDurations(line);
    return messages && side && nodes && more && { kind: "slow", messages, side, nodes, more };
  },
  count: () => ({ kind: "count" }),
  read(line, names) {
    const name = line.word("the name of a value");
    if (name === undefined) return undefined;
    if (line.isAtEnd) return { kind: "read", name, from: null };
    const from = line.oneOf(["from"]) && readNodes(line, names);
    return from && { kind: "read", name, from };
  },
  expect(line, names) {
    const expectation = readExpectation(line, names);
    const time = expectation && readTime(line);
    return expectation && time && { kind: "expect", expectation, time };
  },
  repeat(line) {
    const times = line.whole("how many times", { min: 1, max: 1000 });
    return times === undefined ? undefined : { kind: "repeat", times, steps: [] };
  },
  when(line) {
    const condition = readCondition(line);
    return condition && { kind: "when", condition, steps: [] };
  },
} as const satisfies Record<string, Read>;

type FirstWord = keyof typeof readers;
const firstWords = [
  "run",
  "let",
  "submit",
  "agree",
  "crash",
  "restart",
  "isolate",
  "rejoin",
  "partition",
  "transfer",
  "add",
  "remove",
  "snapshot",
  "cut",
  "heal",
  "weather",
  "slow",
  "count",
  "expect",
  "repeat",
  "when",
  "read",
] as const satisfies readonly FirstWord[];

export function readStep(line: Line, names: Names): StepBody | undefined {
  const first = line.oneOf(firstWords);
  return first && readers[first](line, names);
}

function onNodes(
  kind: "crash" | "restart" | "isolate" | "rejoin" | "partition" | "remove" | "snapshot",
): Read {
  return (line, names) => {
    const nodes = readNodes(line, names);
    return nodes && { kind, nodes };
  };
}

function readCondition(line: Line): Condition | undefined {
  const first = line.oneOf(["leader", "up", "connected", "chance"]);
  if (first === undefined) return undefined;
  if (first === "leader") return { kind: "leader" };
  if (first === "chance") {
    const percent = line.whole("how probable it is", { min: 1, max: 99 });
    return percent !== undefined && line.oneOf(["%"]) ? { kind: "chance", percent } : undefined;
  }
  const than = line.oneOf(["<"]) && line.whole("how many nodes", { min: 1, max: 9 });
  return than === undefined ? undefined : { kind: "fewer", set: first, than };
}
