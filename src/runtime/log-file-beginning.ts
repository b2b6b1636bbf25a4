import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { entryAt, type Log, type LogIndex } from "../raft/index.ts";
import { Pace } from "./pace.ts";
import { logLine } from "./raftos-format.ts";
import { readAt } from "./regular-file.ts";
import type { LogFileBeginning } from "./wal-record.ts";

/** What the `.log` holds of the entries up to `start`, which are about to leave this log. */
export async function beginningAfter(
  { after, bytes, crc }: LogFileBeginning,
  log: Log,
  start: LogIndex,
): Promise<LogFileBeginning> {
  const pace = new Pace();
  const longer = { bytes, crc };
  for (let index = log.start + 1; index <= start; index++) {
    const entry = entryAt(log, index);
    if (entry === undefined) break;
    const line = logLine(entry);
    longer.bytes += Buffer.byteLength(line);
    longer.crc = crc32(line, longer.crc);
    if (pace.isOver) await pace.rest();
  }
  return { after, ...longer };
}

/**
 * Whether the file begins so. Entries that are gone from the wal cannot be compared one by one, but
 * a change of a single byte shows all the same.
 */
export async function beginsWith(
  file: FileHandle,
  { bytes, crc }: LogFileBeginning,
): Promise<boolean> {
  let found = 0;
  for (let position = 0; position < bytes; position += bytesAtOnce) {
    const buffer = Buffer.allocUnsafe(Math.min(bytesAtOnce, bytes - position));
    if ((await readAt(file, position, buffer)) < buffer.length) return false;
    found = crc32(buffer, found);
  }
  return found === crc;
}

const bytesAtOnce = 64 * 1024;
