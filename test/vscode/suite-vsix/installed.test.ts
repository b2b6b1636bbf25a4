import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import type { NodeChanged, RaftLabApi, Started, Stored } from "../../../src/extension/api.ts";
import { emptyView, leaderIn, viewAfter, type ClusterView } from "../../../src/trace/index.ts";

suite("the packaged extension", () => {
  test("starts a cluster, crashes its leader and goes on with another", async function () {
    this.timeout(120_000);
    const extension = vscode.extensions.getExtension<RaftLabApi>("raft-lab.raft-lab");
    assert(extension, "VS Code does not know the extension");
    assert.match(extension.extensionPath, /extensions.raft-lab\.raft-lab-/);
    const api = await extension.activate();
    let view: ClusterView = emptyView;
    api.onEvent((event) => (view = viewAfter(view, event)));

    const started = await vscode.commands.executeCommand<Started>("raftLab.startCluster", {
      size: 3,
      startAnew: true,
    });
    assert.equal(started.members.length, 3);
    const before = await vscode.commands.executeCommand<Stored>("raftLab.submitEntry", "x=1");
    assert.equal(before.index, 2);
    const crashed = await vscode.commands.executeCommand<NodeChanged>(
      "raftLab.crashNode",
      before.node,
    );
    assert.equal(crashed.node, before.node);
    assert.equal(view.nodes.get(before.node)?.life.kind, "crashed");

    const after = await vscode.commands.executeCommand<Stored>("raftLab.submitEntry", "x=2");
    assert(after.term > before.term, JSON.stringify(after));
    assert.notEqual(leaderIn(view)?.id, before.node);
    await vscode.commands.executeCommand("raftLab.stopCluster");
  });
});
