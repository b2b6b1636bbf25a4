import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { hasWindow, press, resize, screenshot, texts, type } from "../../support/rig.ts";

suite("activation", () => {
  test("the extension becomes active and has its command", async () => {
    const extension = vscode.extensions.getExtension("raft-lab.raft-lab");
    assert(extension, "VS Code does not know the extension");
    await extension.activate();
    const commands = await vscode.commands.getCommands(true);
    assert(commands.includes("raftLab.startCluster"));
  });

  // How long is right is not for a test to judge, on a machine that is shared; `npm run bench` asks.
  test("VS Code tells how long the activation took", async function () {
    if (!hasWindow) this.skip();
    // Rows below the end of the window do not exist.
    await resize(1280, 4000);
    await vscode.commands.executeCommand("workbench.action.showRuntimeExtensions");
    const rows = await texts(".runtime-extensions-editor .monaco-list-row");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await resize(1280, 800);
    const row = rows.find((text) => /raft-lab|Raft Lab/.test(text));
    const millis = Number(/Activation: (\d+) ?ms/.exec(row ?? "")?.[1]);
    assert(millis >= 0, rows.join("\n"));
    console.log(`  activated in ${millis} ms`);
    const file = process.env["RAFT_LAB_ACTIVATION"];
    if (file !== undefined) await writeFile(file, JSON.stringify({ millis }));
  });

  test("the palette offers to start a cluster", async function () {
    if (!hasWindow) this.skip();
    await press("F1");
    await type("Raft Lab: Start");
    const offered = await texts(".quick-input-list .monaco-list-row");
    await screenshot("palette");
    await press("Escape");
    // The palette sorts by its own rules, and may put Getting Started before it.
    assert(
      offered.some((row) => row.includes("Raft Lab: Start Raft Cluster")),
      offered.join(),
    );
  });
});
