import { join } from "node:path";
import type { Severity } from "../language/index.ts";
import { visible } from "../language/server/index.ts";
import type { Finding } from "./check-folder.ts";

export interface Report {
  /** Their files are told by paths from the folder that was given. */
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly folders: number;
}

/** One line for each finding as compilers have it, with what it refers to below, and a summary. */
export function textReport({ findings, files, folders }: Report, folder: string): string {
  const at = (file: string, ...place: readonly (number | null)[]): string =>
    [visible(join(folder, file)), ...place.filter((each) => each !== null)].join(":");
  const lines = findings.flatMap((finding) => [
    `${at(finding.file, finding.line, finding.character)} ${finding.severity} ${finding.code} ${finding.message}`,
    ...finding.related.map(({ file, line, message }) => `    ${at(file, line)} ${message}`),
  ]);
  const counts = (["error", "warning"] as const)
    .map((severity) => counted(countOf(findings, severity), severity))
    .join(", ");
  const looked = `${counted(files, "file")} in ${counted(folders, "folder")}`;
  return [...lines, `${looked}: ${counts}.`, ""].join("\n");
}

/** For programs: the list of findings. */
export function jsonReport({ findings }: Report): string {
  const list = findings.map(({ file, line, code, severity, message, related }) => {
    return { file, line, code, severity, message, related };
  });
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
