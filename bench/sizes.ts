import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { runQuietly } from "../tools/npm.mjs";

const root = join(import.meta.dirname, "..");

/** Bytes of every bundle, by its file name, and of the packaged extension. */
export async function measureSizes(): Promise<Readonly<Record<string, number>>> {
  await runQuietly("npm", ["run", "--silent", "package"], { env: process.env });
  const bundles = (await readdir(join(root, "dist"))).filter((name) => name.endsWith(".cjs"));
  const files = [...bundles.map((name) => join(root, "dist", name)), join(root, "raft-lab.vsix")];
  const sizes: Record<string, number> = {};
  for (const file of files) sizes[file.slice(file.lastIndexOf("/") + 1)] = (await stat(file)).size;
  return sizes;
}
