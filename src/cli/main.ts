#!/usr/bin/env node
/** The command `raft-lab`: what the editor says about the files of nodes, in a terminal. */
import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "./run.ts";

// A reader that has seen enough, as `head` does, is no failure of ours.
process.stdout.on("error", () => process.exit());
void run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  version,
}).then((code) => {
  process.exitCode = code;
});

/** What the package.json above this program says. */
async function version(): Promise<string> {
  let folder = dirname(await realpath(process.argv[1] ?? "."));
  for (;;) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
    const found = /"version": "([^"]*)"/.exec(text ?? "")?.[1];
    if (found !== undefined) return found;
    if (dirname(folder) === folder) return "unknown";
    folder = dirname(folder);
  }
}
