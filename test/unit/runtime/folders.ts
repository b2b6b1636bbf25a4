import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder of its own for a test, gone when the test is over. */
export async function folderFor(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "raft-lab-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
