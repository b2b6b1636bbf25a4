import { join } from "node:path";
import { kindOf, LabFolder, type Problem, type Severity } from "../language/index.ts";
import {
  labFilesIn,
  messageOf,
  mostFiles,
  noticeCodes,
  noticeText,
  readLabFile,
  visible,
  type Notice,
} from "../language/server/index.ts";

/** One thing that was found, told as the terminal tells it. */
export interface Finding {
  readonly file: string;
  /** From 1 on; null where it is about the file as a whole. */
  readonly line: number | null;
  readonly character: number | null;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly RelatedLine[];
}

export interface RelatedLine {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface CheckedFolder {
  /** How many files were read. */
  readonly files: number;
  /** In order of file and place. */
  readonly findings: readonly Finding[];
}

/**
 * Judges the files of nodes in this folder together.
 *
 * @throws what the system says when the folder cannot be read
 */
export async function checkFolder(folder: string): Promise<CheckedFolder> {
  const lab = new LabFolder();
  const findings: Finding[] = [];
  const { names, beyond } = await labFilesIn(folder);
  for (const file of names) {
    const found = await readLabFile(join(folder, file));
    if (found.kind === "text") lab.set(file, found.text);
    if (found.kind === "notice") findings.push(fromNotice(file, found.notice));
  }
  for (const file of beyond) findings.push(fromNotice(file, { kind: "tooMany", limit: mostFiles }));
  for (const file of lab.files) {
    findings.push(...lab.problems(file).map((problem) => fromProblem(file, problem)));
  }
  return {
    files: lab.files.filter((file) => kindOf(file) !== null).length,
    findings: findings.toSorted(inOrder),
  };
}

function fromProblem(file: string, problem: Problem): Finding {
  const { range, code, severity, related } = problem;
  const isAboutAll = code === "empty-file";
  return {
    file,
    line: isAboutAll ? null : range.start.line + 1,
    character: isAboutAll ? null : range.start.character + 1,
    code,
    severity,
    message: messageOf(problem),
    related: related.map((each) => ({
      file: each.file,
      line: each.range.start.line + 1,
      message: visible(each.message),
    })),
  };
}

function fromNotice(file: string, notice: Notice): Finding {
  return {
    file,
    line: null,
    character: null,
    code: noticeCodes[notice.kind],
    severity: "information",
    message: noticeText(notice),
    related: [],
  };
}

function inOrder(one: Finding, other: Finding): number {
  return (
    compare(one.file, other.file) ||
    compare(one.line ?? 0, other.line ?? 0) ||
    compare(one.character ?? 0, other.character ?? 0) ||
    compare(one.code, other.code) ||
    compare(one.message, other.message)
  );
}

function compare<T extends string | number>(one: T, other: T): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
