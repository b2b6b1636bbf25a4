import { l10n, Uri, workspace, type ExtensionContext } from "vscode";
import type { Extensions } from "../raft/index.ts";
import type { PresetName, SnapshotAfter } from "../runtime/index.ts";
import { folderWithin } from "./folder-setting.ts";
import { isEntryCount, isTiming, settingDefaults } from "./manifest.ts";

/** Where the lab is and how fast it runs, or what is wrong with the settings that say so. */
export type LabSettings =
  | {
      readonly kind: "settings";
      readonly folder: LabFolder;
      readonly preset: PresetName;
      readonly extensions: Extensions;
      readonly snapshotAfter: SnapshotAfter;
    }
  | { readonly kind: "bad"; readonly setting: string; readonly text: string };

export interface LabFolder {
  readonly path: string;
  /** How it is told to the user: within the workspace, by its place there. */
  readonly shown: string;
}

/**
 * The lab is in the first folder of the workspace that is a folder on disk. Of several it is always
 * the same one, whatever file happens to be open: a cluster must be found again. Where there is
 * none (no folder open, or a virtual workspace), it is in the storage of the extension.
 */
export function readSettings(context: ExtensionContext): LabSettings {
  const root = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
  const settings = workspace.getConfiguration("raftLab", root ?? null);

  const timing: unknown = settings.get("timing");
  if (!isTiming(timing)) {
    const text = l10n.t("The setting raftLab.timing must be watch, raftos or paper.");
    return { kind: "bad", setting: "raftLab.timing", text };
  }
  const preVote: unknown = settings.get("preVote");
  if (typeof preVote !== "boolean") {
    const text = l10n.t("The setting raftLab.preVote must be true or false.");
    return { kind: "bad", setting: "raftLab.preVote", text };
  }
  const entries: unknown = settings.get("snapshotAfterEntries");
  if (!isEntryCount(entries)) {
    const text = l10n.t(
      "The setting raftLab.snapshotAfterEntries must be a whole number; 0 means never.",
    );
    return { kind: "bad", setting: "raftLab.snapshotAfterEntries", text };
  }
  // One without the other has traps of its own: see Extensions.
  const extensions = { preVote, checkQuorum: preVote };
  const chosen = { preset: timing, extensions, snapshotAfter: { entries } };
  if (root === undefined) {
    const storage = context.storageUri ?? context.globalStorageUri;
    const { fsPath } = Uri.joinPath(storage, settingDefaults["raftLab.folder"]);
    return { kind: "settings", folder: { path: fsPath, shown: fsPath }, ...chosen };
  }
  const folder: unknown = settings.get("folder");
  const path = typeof folder === "string" ? folderWithin(root.fsPath, folder) : undefined;
  if (path === undefined) {
    const text = l10n.t("The setting raftLab.folder must name a folder inside the workspace.");
    return { kind: "bad", setting: "raftLab.folder", text };
  }
  const { fsPath } = Uri.joinPath(root, ...path);
  return { kind: "settings", folder: { path: fsPath, shown: path.join("/") }, ...chosen };
}
