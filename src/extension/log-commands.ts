import { commands, FileType, l10n, Location, Uri, window, workspace } from "vscode";
import type { LogsChecked, SameEntry } from "./api.ts";
import { uriArgument } from "./arguments.ts";
import { notify, refuse, type Refused } from "./notifications.ts";
import type { Parts } from "./parts.ts";
import { withProgressIfLong } from "./progress.ts";

/** Judges the files of nodes in a folder: a given one, or one that the user chooses. */
export async function checkLogs(
  raw: unknown,
  { language }: Parts,
): Promise<LogsChecked | Refused | undefined> {
  const folder = await folderOf(raw);
  if (folder === undefined) return undefined;
  if (folder.scheme !== "file") return refuse(l10n.t("Only a folder on disk can be checked."));
  const name = workspace.asRelativePath(folder);
  const title = l10n.t("Checking the files of nodes in {0}", name);
  const checked = await withProgressIfLong(title, () => language.checkFolder(folder.toString()));
  const { files, errors, warnings } = checked;
  if (files === 0) return refuse(l10n.t("There are no files of nodes in {0}.", name));
  const text = l10n.t(
    "{0}: files: {1}, errors: {2}, warnings: {3}.",
    name,
    files,
    errors,
    warnings,
  );
  if (errors + warnings > 0) {
    await commands.executeCommand("workbench.actions.view.problems");
    notify("warning", text, []);
  } else notify("information", text, []);
  return { folder: folder.fsPath, ...checked };
}

/** Shows the entry at the cursor as it stands in the next node's log. */
export async function goToSameEntry(
  _raw: unknown,
  { language }: Parts,
): Promise<SameEntry | Refused> {
  const editor = window.activeTextEditor;
  if (editor === undefined) return refuse(l10n.t("Open the log of a node first."));
  await language.started();
  const { document, selection } = editor;
  const found: unknown = await commands.executeCommand(
    "vscode.executeDefinitionProvider",
    document.uri,
    selection.active,
  );
  const place = Array.isArray(found) ? found.find((each) => each instanceof Location) : undefined;
  if (place === undefined) return refuse(l10n.t("No other node has this entry in its log."));
  const { uri, range } = place;
  await window.showTextDocument(uri, { selection: range });
  return { file: uri.fsPath, line: range.start.line + 1 };
}

/** Takes the document in front for a log of a node, whatever its name. */
export async function treatAsRaftLog(raw: unknown, { detection }: Parts): Promise<void | Refused> {
  const uri = uriArgument(raw);
  const document =
    uri === null
      ? window.activeTextEditor?.document
      : await workspace.openTextDocument(Uri.parse(uri));
  if (document === undefined) return refuse(l10n.t("Open the log of a node first."));
  await detection.treat(document);
}

/** The folder that was given, or that of the file that was given, or the one the user chooses. */
async function folderOf(raw: unknown): Promise<Uri | undefined> {
  const given = uriArgument(raw);
  if (given === null) {
    const defaultUri = workspace.workspaceFolders?.[0]?.uri;
    const chosen = await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: l10n.t("Check"),
      ...(defaultUri === undefined ? {} : { defaultUri }),
    });
    return chosen?.[0];
  }
  const uri = Uri.parse(given);
  const { type } = await workspace.fs.stat(uri);
  return (type & FileType.Directory) === 0 ? Uri.joinPath(uri, "..") : uri;
}
