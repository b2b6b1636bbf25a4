import { l10n } from "vscode";
import { unreachable } from "../raft/index.ts";
import type { FolderContents } from "../runtime/index.ts";
import { nodesText } from "./texts.ts";

/** One answer to how many nodes a cluster is to have. */
export interface SizeChoice {
  readonly label: string;
  readonly description: string;
  readonly size: number;
  /** Whether what is in the folder is moved aside first. */
  readonly startAnew: boolean;
}

/** The sizes that a cluster can have. */
export const sizes: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The answers to choose from. What is in the folder already comes first. */
export function sizeChoices(
  contents: FolderContents,
  folder: string,
  startAnew: boolean,
): readonly SizeChoice[] {
  const hasFiles = contents.kind !== "nothing";
  const present = startAnew ? [] : presentChoice(contents, folder);
  const others = sizes.map((size) => ({
    label: nodesText(size),
    description: hasFiles
      ? l10n.t("start anew; the present files move to {0}", `${folder}/earlier/`)
      : crashesText(size),
    size,
    startAnew: hasFiles,
  }));
  return [...present, ...others];
}

/** What a size that was given without a question means for what is in the folder. */
export function startsAnew(contents: FolderContents, size: number): boolean {
  switch (contents.kind) {
    case "nothing":
      return false;
    case "cluster":
    case "raftosFiles":
      return contents.size !== size;
    case "unusable":
      // Nothing is moved because it cannot be read: the user is told, and decides.
      return false;
    default:
      return unreachable(contents);
  }
}

function presentChoice(contents: FolderContents, folder: string): readonly SizeChoice[] {
  switch (contents.kind) {
    case "nothing":
    case "unusable":
      return [];
    case "cluster": {
      const { size } = contents;
      const label = l10n.t("Continue with {0}", nodesText(size));
      return [{ label, description: l10n.t("the cluster in {0}", folder), size, startAnew: false }];
    }
    case "raftosFiles": {
      const { size } = contents;
      const label = l10n.t("Import {0}", nodesText(size));
      const description = l10n.t("the files of raftos in {0}", folder);
      return [{ label, description, size, startAnew: false }];
    }
    default:
      return unreachable(contents);
  }
}

/** §5.1 of the paper: a majority must be up. */
function crashesText(size: number): string {
  const crashes = Math.floor((size - 1) / 2);
  if (crashes === 0) return l10n.t("survives no crash");
  return crashes === 1
    ? l10n.t("survives the crash of 1 node")
    : l10n.t("survives the crash of {0} nodes", crashes);
}
