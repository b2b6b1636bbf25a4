import { kindOf, LabFolder, type Problem, type TokenKind } from "../../src/language/index.ts";
import type { Files } from "./written-cluster.ts";

/** A problem, and the file it is told of. */
export interface Told {
  readonly file: string;
  readonly problem: Problem;
}

/** What the log language says of a folder. */
export function judgeFiles(files: Files): readonly Told[] {
  return [...read(files).allProblems()].flatMap(([file, problems]) =>
    problems.map((problem) => ({ file, problem })),
  );
}

/** An entry of which it is said how it stands, and whether it was there at the end of the run. */
export interface Standing {
  readonly file: string;
  readonly line: number;
  readonly kind: TokenKind;
  readonly stayed: boolean;
}

/**
 * How each entry stands, as its colour tells, beside what became of it: in the end all nodes agree,
 * so what their logs hold then is what was committed.
 */
export function standingsIn(files: Files, end: Files): readonly Standing[] {
  const folder = read(files);
  const isLog = (file: string): boolean => kindOf(file) === "log";
  const final = [...end].find(([file]) => isLog(file))?.[1].split("\n") ?? [];
  return [...files].flatMap(([file, text]) => {
    if (!isLog(file)) return [];
    const lines = text.split("\n");
    return folder
      .tokens(file, 0, lines.length)
      .filter(({ kind }) => kind !== "term")
      .map(({ start: { line }, kind }) => {
        return { file, line: line + 1, kind, stayed: lines[line] === final[line] };
      });
  });
}

function read(files: Files): LabFolder {
  const folder = new LabFolder();
  for (const [file, text] of files) folder.set(file, text);
  return folder;
}

/** What a user is to mend or to understand, and not only to know. */
export function isAboveInformation({ problem }: Told): boolean {
  return problem.severity === "error" || problem.severity === "warning";
}

/** As tables name it, `log-matching` or `logs-diverge (warning)`. */
export function codeOf({ problem: { code, severity } }: Told): string {
  return severity === "error" ? code : `${code} (${severity})`;
}

/** As a line for the terminal. */
export function toldText({ file, problem }: Told): string {
  const line = problem.range.start.line + 1;
  return `${file}:${line}: ${problem.severity} ${problem.code}: ${problem.message}`;
}
