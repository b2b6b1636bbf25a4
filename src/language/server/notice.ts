import { unreachable } from "../../raft/index.ts";

/** Why a file of a lab is not read. */
export type Notice =
  | { readonly kind: "notAFile"; readonly what: "symbolicLink" | "folder" | "special" }
  | { readonly kind: "tooLarge"; readonly bytes: number }
  /** `error` is the system's own name for it, as in `EACCES`. */
  | { readonly kind: "unreadable"; readonly error: string }
  /** One of very many files, of which only the first are read. */
  | { readonly kind: "tooMany"; readonly limit: number };

/** The code of each, which stands where a problem has its own. */
export const noticeCodes: Readonly<Record<Notice["kind"], string>> = {
  notAFile: "not-a-file",
  tooLarge: "too-large",
  unreadable: "unreadable",
  tooMany: "too-many-files",
};

/** What to tell the user. */
export function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case "notAFile":
      return `This is ${whats[notice.what]}, not a file, so it is not read and not compared with the other nodes.`;
    case "tooLarge": {
      const megabytes = Math.ceil(notice.bytes / 1e6);
      return `This file has ${megabytes} MB. Files over 50 MB are not read, so it is not compared with the other nodes.`;
    }
    case "unreadable":
      return `This file cannot be read (${notice.error}), so it is not compared with the other nodes.`;
    case "tooMany":
      return `This folder has very many files of nodes. Only the first ${notice.limit} are read; this one is not.`;
    default:
      return unreachable(notice);
  }
}

const whats: Readonly<Record<"symbolicLink" | "folder" | "special", string>> = {
  symbolicLink: "a symbolic link",
  folder: "a folder",
  special: "a pipe or a device",
};
