import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";

suite("the packaged extension", () => {
  test("is installed and has its command", async () => {
    const extension = vscode.extensions.getExtension("raft-lab.raft-lab");
    assert(extension, "VS Code does not know the extension");
    assert.match(extension.extensionPath, /extensions.raft-lab\.raft-lab-/);
    await extension.activate();
    const commands = await vscode.commands.getCommands(true);
    assert(commands.includes("raftLab.startCluster"));
  });
});
