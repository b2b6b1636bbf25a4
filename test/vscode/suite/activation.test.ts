import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { hasWindow, press, screenshot, texts, type } from "../../support/rig.ts";

suite("activation", () => {
  test("the extension becomes active and has its command", async () => {
    const extension = vscode.extensions.getExtension("raft-lab.raft-lab");
    assert(extension, "VS Code does not know the extension");
    await extension.activate();
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
