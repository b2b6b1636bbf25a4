// What the extension asks of its language server beyond the protocol. Both sides decode what comes.

/** Judges the files of a folder, open or not, and has their problems shown from then on. */
export const checkFolderRequest = "raftLab/checkFolder";

export interface CheckFolderParameters {
  /** The URI of the folder. */
  readonly folder: string;
}

/** What came of it. */
export interface FolderChecked {
  /** How many files of nodes there are. */
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
}
