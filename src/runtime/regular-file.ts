import { constants } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";

/** Thrown when something else than a file goes by a file's name. */
export class NotAFile extends Error {
  override readonly name = "NotAFile";

  constructor(path: string) {
    super(`${path} is not a regular file`);
  }
}

/** What one may do with a file that is opened. */
export type Access = "read" | "write";

/**
 * Opens a file that exists and really is one. A link could lead out of the folder, and opening a
 * pipe would wait for ever.
 *
 * Files are never opened for appending: on Windows such a file cannot be cut. Whoever writes says
 * where, see `writeAt`.
 *
 * @throws NotAFile
 */
export async function openRegular(path: string, access: Access): Promise<FileHandle> {
  if (!(await lstat(path)).isFile()) throw new NotAFile(path);
  const flags = access === "read" ? constants.O_RDONLY : constants.O_RDWR;
  // Windows has no such flag.
  return open(path, flags | (constants.O_NOFOLLOW ?? 0));
}

/** Opens a new file that only the user may read. Rejects if anything goes by that name. */
export function createRegular(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  return open(path, flags | (constants.O_NOFOLLOW ?? 0), 0o600);
}

/** The bytes of a file; undefined if there are more than `limit`. */
export async function readRegular(path: string, limit: number): Promise<Buffer | undefined> {
  const file = await openRegular(path, "read");
  try {
    const { size } = await file.stat();
    return size > limit ? undefined : await file.readFile();
  } finally {
    await file.close();
  }
}

/** Writes all of the text at this place, however many turns the system takes. Answers its end. */
export async function writeAt(
  file: FileHandle,
  position: number,
  text: string | Buffer,
): Promise<number> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  let written = 0;
  while (written < bytes.length) {
    const left = bytes.length - written;
    const { bytesWritten } = await file.write(bytes, written, left, position + written);
    written += bytesWritten;
  }
  return position + bytes.length;
}

/** Fills the buffer from this place on as far as the file goes. Answers how many bytes it read. */
export async function readAt(file: FileHandle, position: number, into: Buffer): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const left = into.length - filled;
    const { bytesRead } = await file.read(into, filled, left, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
