import { membersOfCommand } from "../cluster/index.ts";
import type { Line } from "./line.ts";
import { readNodes, type Names } from "./read-nodes.ts";
import { readCount, readTerms, readTexts } from "./read-values.ts";
import {
  roleNames,
  type Commanded,
  type Committed,
  type Expectation,
  type Nodes,
  type ReadResult,
} from "./scenario.ts";

type Read = (line: Line, names: Names) => Expectation | undefined;

/** What can be expected, by the word that begins it. */
const readers = {
  leader(line, names) {
    if (!line.has("among")) return { kind: "leader", among: null };
    const among = readNodes(line, names);
    return among && { kind: "leader", among };
  },
  no(line) {
    return line.oneOf(["leader"]) && { kind: "noLeader" };
  },
  voters(line, names) {
    const are = readNodes(line, names);
    return are && { kind: "voters", are };
  },
  role(line, names) {
    const role = line.oneOf(roleNames);
    const on = role && readOn(line, names);
    return role && on && { kind: "role", role, on };
  },
  log(line, names) {
    const terms = readTerms(line);
    const on = terms && readOn(line, names);
    return terms && on && { kind: "log", terms, on };
  },
  kept: (line, names) => readEntries(line, names, "kept"),
  gone: (line, names) => readEntries(line, names, "gone"),
  same(line, names) {
    const what = line.oneOf(["logs", "terms"]);
    const on = what && readOn(line, names);
    return what && on && { kind: "same", what, on };
  },
  applied(line, names) {
    const commands = line.has("nothing") ? [] : readSomeTexts(line, "nothing");
    const on = commands && readOn(line, names);
    return commands && on && { kind: "applied", commands, on };
  },
  committed(line) {
    const what: Committed | undefined = line.has("acknowledged")
      ? { kind: "acknowledged" }
      : readCommanded(line, "acknowledged, ");
    const on = what && line.oneOf(["on"]) && readCount(line);
    return what === undefined || on === undefined ? undefined : { kind: "committed", what, on };
  },
  uncommitted(line) {
    const what = readCommanded(line, "");
    return what && { kind: "uncommitted", what };
  },
  read(line, names) {
    const what = readResult(line);
    const on = what && readOn(line, names);
    return what && on && { kind: "read", what, on };
  },
  requests: (line) => readTotal(line, "requests"),
  bytes: (line) => readTotal(line, "bytes"),
} as const satisfies Record<string, Read>;

type FirstWord = keyof typeof readers;
const firstWords = [
  "leader",
  "no",
  "voters",
  "role",
  "log",
  "kept",
  "gone",
  "same",
  "applied",
  "committed",
  "uncommitted",
  "requests",
  "bytes",
  "read",
] as const satisfies readonly FirstWord[];

export function readExpectation(line: Line, names: Names): Expectation | undefined {
  const first = line.oneOf(firstWords);
  return first && readers[first](line, names);
}

function readOn(line: Line, names: Names): Nodes | undefined {
  return line.oneOf(["on"]) && readNodes(line, names);
}

function readResult(line: Line): ReadResult | undefined {
  if (line.has("nothing")) return { kind: "nothing" };
  if (line.has("refused")) return { kind: "refused" };
  const { column } = line;
  const [command, ...more] = readSomeTexts(line, "nothing, refused") ?? [];
  if (command === undefined) return undefined;
  const [[name, value] = ["", ""], ...others] = membersOfCommand(command);
  if (more.length + others.length > 0) return line.wrong("one value is read at a time", column);
  return { kind: "value", name, value };
}

function readCommanded(line: Line, also: string): Commanded | undefined {
  if (line.has("index")) {
    const index = line.whole("an index", { min: 1, max: 999_999 });
    return index === undefined ? undefined : { kind: "index", index };
  }
  const commands = readSomeTexts(line, `${also}index`);
  return commands && { kind: "commands", commands };
}

function readSomeTexts(line: Line, also: string): readonly string[] | undefined {
  const commands = readTexts(line);
  return commands?.length === 0 ? line.expected(`${also} or a command like "x=1"`) : commands;
}

function readEntries(line: Line, names: Names, which: "kept" | "gone"): Expectation | undefined {
  const comparison = line.oneOf(["<=", ">="]);
  const amount = comparison && line.whole("a number", { min: 0, max: 999_999 });
  const on = amount === undefined ? undefined : readOn(line, names);
  if (comparison === undefined || amount === undefined || on === undefined) return undefined;
  return { kind: "entries", which, comparison, amount, on };
}

function readTotal(line: Line, of: "requests" | "bytes"): Expectation | undefined {
  const comparison = line.oneOf(["<=", ">="]);
  const amount = comparison && line.whole("a number", { min: 0, max: 999_999_999 });
  if (comparison === undefined || amount === undefined) return undefined;
  return { kind: "total", of, comparison, amount };
}
