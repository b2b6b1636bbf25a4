import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { visible } from "../language/server/index.ts";
import { checkFolder, type Finding } from "./check-folder.ts";
import { errorName, foldersFrom } from "./folders.ts";
import { countOf, jsonReport, textReport } from "./report.ts";

const help = `Usage: raft-lab check FOLDER [--recursive] [--format text|json]

Judges the files that the nodes of one Raft cluster left in FOLDER: their logs
(127.0.0.1_8000.log), their storage, their state machines, and what they printed.

  --recursive    judge each folder below FOLDER, too, by itself; not hidden ones
                 and not node_modules
  --format FORM  text (one line for each finding) or json (a list of findings)
  --help         show this
  --version      show the version

Ends with 0 if there is no error, with 1 if there is one, and with 2 if the command
is wrong or a folder cannot be read.
`;

/** What the process ends with. */
export type ExitCode = 0 | 1 | 2;

type Asked =
  | { readonly kind: "wrong"; readonly reason: string }
  | { readonly kind: "help" | "version" }
  | {
      readonly kind: "check";
      readonly folder: string;
      readonly recursive: boolean;
      readonly format: Format;
    };

const formats = ["text", "json"] as const;

type Format = (typeof formats)[number];

/** Where the command writes, and what it is called by. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly version: () => Promise<string>;
}

/** Runs the command with the words after its name. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const asked = read(words);
  if (asked.kind === "check") return check(asked, terminal);
  if (asked.kind === "wrong") {
    terminal.err(`raft-lab: ${asked.reason}\nSee raft-lab --help.\n`);
    return 2;
  }
  terminal.out(asked.kind === "help" ? help : `${await terminal.version()}\n`);
  return 0;
}

function read(words: readonly string[]): Asked {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        recursive: { type: "boolean", short: "r", default: false },
        format: { type: "string", default: "text" },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return { kind: "wrong", reason: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const [command, folder, ...more] = positionals;
  if (command === undefined) return { kind: "wrong", reason: "there is no command" };
  if (command !== "check") return { kind: "wrong", reason: `there is no command ${command}` };
  if (folder === undefined || folder === "") return { kind: "wrong", reason: "name a FOLDER" };
  if (more.length > 0) return { kind: "wrong", reason: "name one FOLDER only" };
  const format = formats.find((each) => each === values.format);
  if (format === undefined) return { kind: "wrong", reason: `there is no format ${values.format}` };
  return { kind: "check", folder, recursive: values.recursive, format };
}

async function check(
  { folder, recursive, format }: Extract<Asked, { kind: "check" }>,
  terminal: Terminal,
): Promise<ExitCode> {
  const failures: string[] = [];
  const findings: Finding[] = [];
  let files = 0;
  if (!(await isFolder(folder, failures))) return tell(failures, terminal);
  const { folders, unreadable } = recursive
    ? await foldersFrom(folder)
    : { folders: [""], unreadable: [] };
  for (const below of folders) {
    if (unreadable.some((each) => each.folder === below)) continue;
    try {
      const checked = await checkFolder(join(folder, below));
      files += checked.files;
      for (const finding of checked.findings) findings.push(moved(finding, below));
    } catch (error) {
      failures.push(`${join(folder, below)} cannot be read (${errorName(error)})`);
    }
  }
  for (const each of unreadable) {
    failures.push(`${join(folder, each.folder)} cannot be read (${each.error})`);
  }
  const report = { findings, files, folders: folders.length };
  terminal.out(format === "json" ? jsonReport(report) : textReport(report, folder));
  if (failures.length > 0) return tell(failures, terminal);
  return countOf(findings, "error") > 0 ? 1 : 0;
}

async function isFolder(folder: string, failures: string[]): Promise<boolean> {
  try {
    if ((await stat(folder)).isDirectory()) return true;
    failures.push(`${folder} is not a folder`);
  } catch (error) {
    failures.push(`${folder} cannot be read (${errorName(error)})`);
  }
  return false;
}

function tell(failures: readonly string[], { err }: Terminal): 2 {
  for (const failure of failures) err(`raft-lab: ${visible(failure)}\n`);
  return 2;
}

/** The finding as it is told from the folder that was given. */
function moved(finding: Finding, below: string): Finding {
  const path = (file: string): string => (below === "" ? file : `${below}/${file}`);
  const related = finding.related.map((each) => ({ ...each, file: path(each.file) }));
  return { ...finding, file: path(finding.file), related };
}
