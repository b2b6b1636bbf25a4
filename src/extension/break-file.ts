import { commands, FileType, l10n, Range, Uri, window, workspace } from "vscode";
import type { Opened } from "./api.ts";
import { startArgument } from "./arguments.ts";
import { exerciseOf, isLog, sampleLogs, type Exercise, type NamedText } from "./exercise.ts";
import { notify, refuse, type Refused } from "./notifications.ts";
import type { Parts } from "./parts.ts";
import { readSettings } from "./settings.ts";

/** Where the copies are: beside the lab's folder, never in it. */
const folderName = "raft-lab-exercise";

/**
 * Opens a copy of a node's log to be broken by hand, beside copies of the others: the lab's own logs
 * where they have something in common, else some that we bring. The lab's files stay as they are.
 */
export async function breakFile(raw: unknown, parts: Parts): Promise<Opened | Refused> {
  if (!workspace.isTrusted) {
    const label = l10n.t("Manage Workspace Trust");
    return refuse(l10n.t("This copies files into the workspace. Trust this workspace first."), {
      label,
      command: "workbench.trust.manage",
    });
  }
  const exercise = exerciseOf(await logsOfLab(parts)) ?? exerciseOf(sampleLogs);
  if (exercise === undefined) return refuse(l10n.t("There is no log to break."));
  const folder = folderOfExercise(parts);
  const file = Uri.joinPath(folder, exercise.open);
  // What the user did to it is not undone unasked.
  const isAnew = startArgument(raw).startAnew || !(await exists(file));
  if (isAnew) await copyTo(folder, exercise);
  await open(file, exercise, isAnew);
  tell(exercise, isAnew);
  return { file: file.fsPath };
}

/** Selects the value to change. */
async function open(file: Uri, { line, from, to }: Exercise, isAnew: boolean): Promise<void> {
  const document = await workspace.openTextDocument(file);
  // It may have been changed since it was copied; VS Code keeps a range within the document.
  const selection = new Range(line - 1, from, line - 1, to);
  await window.showTextDocument(document, { preview: false });
  // What an editor held of an earlier copy is no more.
  if (isAnew) await commands.executeCommand("workbench.action.files.revert");
  await window.showTextDocument(document, { selection, preview: false });
}

function tell({ line, open: name }: Exercise, isAnew: boolean): void {
  const anew = {
    label: l10n.t("Copy Afresh"),
    command: "raftLab.breakFile",
    argument: { startAnew: true },
  } as const;
  if (!isAnew) {
    const text = l10n.t("This is the copy in {0} as you left it.", folderName);
    return notify("information", text, [anew]);
  }
  const text = l10n.t(
    "This is a copy of a node's log: break it as you like. For example, put another value in line {0} of {1}, where the cursor is, and point at what is underlined.",
    line,
    name,
  );
  notify("information", text, []);
}

/** Logs of an earlier exercise would contradict these. */
async function copyTo(folder: Uri, { files }: Exercise): Promise<void> {
  await workspace.fs.createDirectory(folder);
  for (const { name } of await logsIn(folder)) {
    await workspace.fs.delete(Uri.joinPath(folder, name));
  }
  for (const { name, text } of files) {
    await workspace.fs.writeFile(Uri.joinPath(folder, name), new TextEncoder().encode(text));
  }
}

async function logsOfLab({ lab, extension }: Parts): Promise<readonly NamedText[]> {
  // What was submitted is in the files then.
  await lab.running?.cluster.settled();
  const settings = readSettings(extension);
  const path =
    lab.running?.cluster.folder ?? (settings.kind === "bad" ? null : settings.folder.path);
  return path === null ? [] : logsIn(Uri.file(path));
}

async function logsIn(folder: Uri): Promise<readonly NamedText[]> {
  if (!(await exists(folder))) return [];
  const names = (await workspace.fs.readDirectory(folder))
    .filter(([name, type]) => type === FileType.File && isLog(name))
    .map(([name]) => name);
  return Promise.all(
    names.map(async (name) => {
      const bytes = await workspace.fs.readFile(Uri.joinPath(folder, name));
      return { name, text: new TextDecoder().decode(bytes) };
    }),
  );
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

function folderOfExercise({ extension }: Parts): Uri {
  const root = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
  return Uri.joinPath(root ?? extension.storageUri ?? extension.globalStorageUri, folderName);
}
