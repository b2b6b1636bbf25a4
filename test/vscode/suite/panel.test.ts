import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setup, suite, suiteSetup, suiteTeardown, teardown, test } from "mocha";
import * as vscode from "vscode";
import type { RaftLabApi, Started, Stored } from "../../../src/extension/api.ts";
import type { NodeId } from "../../../src/raft/index.ts";
import { emptyView, viewAfter, type ClusterView } from "../../../src/trace/index.ts";
import { click, hasWindow, press, rightClick, screenshot, texts, type } from "../../support/rig.ts";

// What VS Code does around the page: one panel, its keys, its menus. The journey through it, with a
// reload of the window, is test/window/journey.test.ts, which stands outside.

async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  seconds = 30,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function run<T extends object>(command: string, argument?: unknown): Promise<T> {
  const answer = await vscode.commands.executeCommand<T | { refused: string } | undefined>(
    `raftLab.${command}`,
    argument,
  );
  assert(answer !== undefined, `${command} did nothing`);
  assert(!("refused" in answer), `${command} was refused`);
  return answer;
}

/** The tabs that hold the panel. */
function panelTabs(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input }) =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith("raftLab.panel"),
  );
}

/** What the panel says; empty while its page is not there yet. */
async function sentence(): Promise<string> {
  const [said = ""] = await texts(".say").catch(() => []);
  return said;
}

/** Who leads, as the panel says: `n2`. */
function leader(): Promise<NodeId> {
  return until("a leader in the panel", async () => /^(n\d) leads/.exec(await sentence())?.[1]);
}

const settings = () => vscode.workspace.getConfiguration("raftLab");
const global = vscode.ConfigurationTarget.Global;

suite("the panel", function () {
  this.timeout(120_000);
  let view: ClusterView = emptyView;

  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension<RaftLabApi>("raft-lab.raft-lab");
    assert(extension, "VS Code does not know the extension");
    (await extension.activate()).onEvent((event) => {
      view = viewAfter(event.seq === 0 ? emptyView : view, event);
    });
    await settings().update("timing", "raftos", global);
  });

  suiteTeardown(async () => {
    await settings().update("timing", undefined, global);
  });

  setup(function () {
    if (!hasWindow) this.skip();
  });

  teardown(async () => {
    await vscode.commands.executeCommand("raftLab.stopCluster");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await settings().update("panel.openWithCluster", undefined, global);
  });

  const down = () => [...view.nodes.values()].filter(({ life }) => life.kind !== "running");

  test("opens with a cluster, once, in front and with the keyboard", async () => {
    const first = await start();
    assert.equal(panelTabs().length, 1);
    assert.equal(panelTabs()[0]?.isActive, true);
    await vscode.commands.executeCommand("raftLab.showPanel");
    assert.equal(panelTabs().length, 1);
    assert.equal(down().length, 0);
    // Nothing is selected, so the key asks which node; the leader is the answer that is offered.
    await focused();
    await press("x");
    await click(".quick-input-list .monaco-list-row.focused");
    const [fallen] = await until("the crash", () => (down().length > 0 ? down() : undefined));
    assert.equal(fallen?.id, first);
  });

  test("does not open with a cluster when the user does not want it", async () => {
    await settings().update("panel.openWithCluster", false, global);
    await run<Started>("startCluster", { size: 1, startAnew: true });
    await run<Stored>("submitEntry", "x=1");
    assert.equal(panelTabs().length, 0);
    await vscode.commands.executeCommand("raftLab.showPanel");
    assert.equal(await leader(), "n1");
  });

  test("its keys are for the selected node, and for nobody who types elsewhere", async () => {
    const first = await start();
    await click(`.ring [data-node="${first}"]`);
    await texts(`.ring [data-node="${first}"][aria-pressed="true"]`);
    await vscode.commands.executeCommand("raftLab.nodes.focus");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await press("x");
    await vscode.commands.executeCommand("workbench.action.quickOpen");
    await type("xlc");
    await press("Escape");
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(down(), []);

    await click(`.ring [data-node="${first}"]`);
    await focused();
    await press("x");
    await until("the crash", () => (down().length === 1 ? true : undefined));
    assert.equal(down()[0]?.id, first);
    await until("a node that is down", () => texts(".ring .node.is-down"));
    await press("x");
    await until("the restart", () => (down().length === 0 ? true : undefined));
  });

  test("a node has VS Code's own menu, which copies what Figure 2 says of it", async () => {
    const first = await start();
    await rightClick(`.ring [data-node="${first}"]`);
    const items = await texts(".monaco-menu .action-label");
    await screenshot("panel-menu-node");
    assert(items.includes("Crash Node"), items.join(", "));
    assert(!items.includes("Restart Node"), items.join(", "));
    assert(!items.includes("Paste"), items.join(", "));
    await vscode.env.clipboard.writeText("");
    await click('.monaco-menu .action-label:text-is("Copy Node State")');
    const copied = await until("a text in the clipboard", async () => {
      return (await vscode.env.clipboard.readText()) || undefined;
    });
    assert.match(
      copied,
      new RegExp(`^${first}: leader\ncurrentTerm  \\d+\nvotedFor     ${first}\n`),
    );
    assert.equal(copied.split("nextIndex").length, 3);
  });

  test("an entry has a menu that opens a log where it stands", async () => {
    await start();
    for (const text of ["x=1", "x=2", "x=3"]) await run<Stored>("submitEntry", text);
    await rightClick('.ledger [data-index="3"]');
    const items = await texts(".monaco-menu .action-label");
    await screenshot("panel-menu-entry");
    assert.deepEqual(
      items.filter((item) => /Log|Command/.test(item)),
      ["Open Replicated Log", "Copy Command of the Entry"],
    );
    await vscode.env.clipboard.writeText("");
    await click('.monaco-menu .action-label:text-is("Copy Command of the Entry")');
    const copied = await until("a text in the clipboard", async () => {
      return (await vscode.env.clipboard.readText()) || undefined;
    });
    assert.equal(copied, "x=2");

    await vscode.commands.executeCommand("raftLab.openReplicatedLog", { node: "n1", index: 3 });
    const editor = await until("the log", () => vscode.window.activeTextEditor);
    assert.equal(editor.selection.active.line, 2);
    assert.match(editor.document.lineAt(2).text, /\{"x": 2\}/);
  });

  test("shows what is now, after it was hidden and after it was closed", async () => {
    const first = await start();
    await vscode.commands.executeCommand("raftLab.openNodeAccount", "n1");
    await until("another tab in front", () =>
      panelTabs()[0]?.isActive === false ? true : undefined,
    );
    await vscode.commands.executeCommand("raftLab.crashNode", first);
    await vscode.commands.executeCommand("raftLab.showPanel");
    await until("the next leader", async () => ((await leader()) === first ? undefined : true));

    await vscode.commands.executeCommand("raftLab.previousEvent");
    await texts(".chip.past");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await until("no panel", () => (panelTabs().length === 0 ? true : undefined));
    await vscode.commands.executeCommand("raftLab.showPanel");
    assert.notEqual(await leader(), first);
    assert(!(await texts(".chip")).some((chip) => /Past/.test(chip)), "still in the past");
  });

  test("after the cluster was stopped one still travels in what happened", async () => {
    await start();
    await vscode.commands.executeCommand("raftLab.stopCluster");
    await until("the chip", async () =>
      (await texts(".chip")).find((chip) => /Stopped/.test(chip)),
    );
    await vscode.commands.executeCommand("raftLab.previousEvent");
    await texts(".chip.past");
    await screenshot("panel-stopped");
    await vscode.commands.executeCommand("raftLab.goLive");
    await until("the end", async () =>
      (await texts(".chip")).some((chip) => /Past/.test(chip)) ? undefined : true,
    );
  });

  test("what is loaded at activation is at most 50 KB", async () => {
    const { extensionPath } = vscode.extensions.getExtension("raft-lab.raft-lab") ?? {};
    assert(extensionPath !== undefined);
    const { size } = await stat(join(extensionPath, "dist/extension.cjs"));
    assert(size <= 50 * 1024, `${size} bytes`);
  });
});

/** Waits until VS Code has heard that the panel has the focus: its keys work from then on. */
async function focused(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

/** Starts a cluster of three and answers who leads it. */
async function start(): Promise<NodeId> {
  await run<Started>("startCluster", { size: 3, startAnew: true });
  return leader();
}
