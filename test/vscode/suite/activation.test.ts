import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { hasWindow, press, screenshot, texts, type } from "../../support/rig.ts";

suite("activation", () => {
  test("the extension becomes active and has its command", async () => {
    const extension = vscode.extensions.getExtension("raft-lab.raft-lab");
    assert(extension, "VS Code does not know the extension");
    const begin = performance.now();
    await extension.activate();
    await tellActivation(performance.now() - begin);
    const commands = await vscode.commands.getCommands(true);
    assert(commands.includes("raftLab.startCluster"));
  });

  test("the palette offers to start a cluster", async function () {
    if (!hasWindow) this.skip();
    await press("F1");
    await type("Raft Lab: Start");
    const offered = await texts(".quick-input-list .monaco-list-row");
    await screenshot("palette");
    await press("Escape");
    assert.match(offered[0] ?? "", /Raft Lab: Start Raft Cluster/);
  });
});

/** For `npm run bench`; how long is right is not for a test to judge, on a machine that is shared. */
async function tellActivation(millis: number): Promise<void> {
  console.log(`  activated in ${millis.toFixed(1)} ms`);
  const file = process.env["RAFT_LAB_ACTIVATION"];
  if (file !== undefined) await writeFile(file, JSON.stringify({ millis }));
}
