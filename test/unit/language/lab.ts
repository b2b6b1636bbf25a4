import {
  LabFolder,
  type HoverPart,
  type Problem,
  type ProblemCode,
} from "../../../src/language/index.ts";

/** A folder of these files. */
export function lab(files: Readonly<Record<string, string>>): LabFolder {
  const folder = new LabFolder();
  for (const [file, text] of Object.entries(files)) folder.set(file, text);
  return folder;
}

/** The log of node A, B, C …, each entry written as `TERM:VALUE`: `1:5 2:6`. */
export function log(entries: string): string {
  return entries
    .split(" ")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [term = "", value = ""] = entry.split(":");
      return `{"term": ${term}, "command": {"x": ${value}}}\n`;
    })
    .join("");
}

/** The names of files of the first, second and third node. */
export const one = {
  log: "127.0.0.1_8000.log",
  state: "127.0.0.1_8000.state_machine",
  storage: "127.0.0.1_8000.storage",
};
export const two = {
  log: "127.0.0.1_8001.log",
  state: "127.0.0.1_8001.state_machine",
  storage: "127.0.0.1_8001.storage",
};
export const three = {
  log: "127.0.0.1_8002.log",
  state: "127.0.0.1_8002.state_machine",
  storage: "127.0.0.1_8002.storage",
};

/** Problems as `LINE CODE SEVERITY`, lines from 1, in order. */
export function told(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ range, code, severity }) => `${range.start.line + 1} ${code} ${severity}`);
}

export function toldOf(text: string, file = one.log): readonly string[] {
  return told(lab({ [file]: text }).problems(file));
}

/** All problems above information of all files, as `FILE:LINE CODE`. */
export function toldOfAll(folder: LabFolder): readonly string[] {
  return [...folder.allProblems()].flatMap(([file, problems]) =>
    problems
      .filter(({ severity }) => severity === "error" || severity === "warning")
      .map(({ range, code }) => `${file}:${range.start.line + 1} ${code}`),
  );
}

export function only(folder: LabFolder, file: string, code: ProblemCode): Problem {
  const found = folder.problems(file).filter((problem) => problem.code === code);
  const [problem] = found;
  if (problem === undefined || found.length > 1) {
    throw new Error(
      `${found.length} problems ${code}: ${JSON.stringify(told(folder.problems(file)))}`,
    );
  }
  return problem;
}

/** Lines of an account as our nodes write them, each written as `TERM ROLE WORDS`. */
export function account(...lines: readonly string[]): string {
  return lines
    .map((line) => {
      const [term = "", role = "", ...words] = line.split(" ");
      return `2026-11-25 12:20:31.250 | term ${term} | ${role.padEnd(9)} | ${words.join(" ")}\n`;
    })
    .join("");
}

/** What is told of a line, counted from 1, as the words a reader sees. */
export function hovered(folder: LabFolder, file: string, line: number, character = 9): string {
  const hover = folder.hover(file, { line: line - 1, character });
  if (hover === null) return "nothing";
  const words = (part: HoverPart) => (part.kind === "section" ? `[${part.section}]` : part.text);
  return hover.lines.map((parts) => parts.map(words).join("")).join("\n");
}

/** The tokens of a file, as `LINE KIND TEXT`, lines from 1. */
export function tokensOf(folder: LabFolder, file: string, text: string): readonly string[] {
  const lines = text.split("\n");
  return folder.tokens(file, 0, Number.POSITIVE_INFINITY).map(({ start, length, kind }) => {
    const shown = lines[start.line]?.slice(start.character, start.character + length);
    return `${start.line + 1} ${kind} ${shown}`;
  });
}

/** `cluster.json` of three nodes, which says that node1 lives at the address of the first, and so on. */
export const members = JSON.stringify({
  version: 1,
  cluster: "abcdefgh",
  members: [1, 2, 3].map((number) => ({
    id: `n${number}`,
    name: `node${number}`,
    address: `127.0.0.1:${7999 + number}`,
  })),
});
