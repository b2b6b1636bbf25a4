import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, type FileHandle } from "node:fs/promises";
import { kindOf, membersFileName } from "../index.ts";
import type { Notice } from "./notice.ts";

/** What was found where a file of a lab should be. */
export type LabFile =
  | {
      readonly kind: "text";
      readonly text: string;
      /** When it was last written, in milliseconds of the system's clock. */
      readonly modified: number;
    }
  | { readonly kind: "missing" }
  | { readonly kind: "notice"; readonly notice: Notice };

export interface LabFiles {
  /** Base names, in order. */
  readonly names: readonly string[];
  /** Names beyond the limit, which are not to be read. */
  readonly beyond: readonly string[];
}

/** VS Code hands no larger document to an extension, so ours agree with what the user sees. */
export const mostBytes = 50 * 1024 * 1024;
/** A hundred nodes have three files each, and an account. */
export const mostFiles = 400;

/**
 * The names of the files in this folder that belong to a lab. Answers with none where there is no
 * such folder.
 *
 * @throws what the system says when the folder is there and cannot be read
 */
export async function labFilesIn(folder: string): Promise<LabFiles> {
  let all: readonly string[];
  try {
    all = await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { names: [], beyond: [] };
    throw error;
  }
  const ours = all.filter(isOfLab).toSorted();
  return { names: ours.slice(0, mostFiles), beyond: ours.slice(mostFiles) };
}

/** Whether a file of this name is read: those of nodes, and the one that tells who they are. */
export function isOfLab(name: string): boolean {
  return kindOf(name) !== null || name === membersFileName;
}

/**
 * Reads one file as text, as VS Code would show it: without a byte order mark, and with U+FFFD for
 * what is no UTF-8. Anything else than a regular file is never opened: a link could lead out of the
 * folder, and a pipe would wait for ever.
 */
export async function readLabFile(path: string): Promise<LabFile> {
  try {
    const found = await lstat(path);
    const wrong = noticeAbout(found);
    if (wrong !== null) return { kind: "notice", notice: wrong };
    const file = await open(path, openFlags);
    try {
      // What goes by this name may have been replaced in between.
      const opened = await file.stat();
      const notice = noticeAbout(opened);
      if (notice !== null) return { kind: "notice", notice };
      return await readText(file, opened.mtimeMs);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
    // The link came after we had looked.
    if (code === "ELOOP") return noticeOf({ kind: "notAFile", what: "symbolicLink" });
    return noticeOf({ kind: "unreadable", error: code });
  }
}

/** Windows has neither of the latter two. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const pieceBytes = 1024 * 1024;

/** In pieces, because it may be long, and because it may grow while it is read. */
async function readText(file: FileHandle, modified: number): Promise<LabFile> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(pieceBytes);
  let text = "";
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, pieceBytes, bytes);
    if (bytesRead === 0) break;
    bytes += bytesRead;
    if (bytes > mostBytes) return noticeOf({ kind: "tooLarge", bytes });
    text += decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
  }
  return { kind: "text", text: text + decoder.decode(), modified };
}

function noticeAbout(found: Stats): Notice | null {
  if (found.isSymbolicLink()) return { kind: "notAFile", what: "symbolicLink" };
  if (found.isDirectory()) return { kind: "notAFile", what: "folder" };
  if (!found.isFile()) return { kind: "notAFile", what: "special" };
  return found.size > mostBytes ? { kind: "tooLarge", bytes: found.size } : null;
}

function noticeOf(notice: Notice): LabFile {
  return { kind: "notice", notice };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
