import assert from "node:assert/strict";
import { join, sep } from "node:path";
import { suite, suiteTeardown, teardown, test } from "mocha";
import * as vscode from "vscode";
import type {
  NodeChanged,
  Opened,
  RaftLabApi,
  Started,
  Stored,
} from "../../../src/extension/api.ts";
import { emptyView, leaderIn, viewAfter } from "../../../src/trace/index.ts";
import { click, hasWindow, press, screenshot, texts, type } from "../../support/rig.ts";
import { wear } from "../../support/themes.ts";

/** The stops of the tour; the last one is the end page. */
const stopCount = 14;
const endTitle = "The end: that is Raft's heart";

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

async function palette(title: string): Promise<void> {
  await press("F1");
  await type(title);
  await texts(`.quick-input-list .monaco-list-row:has-text("${title}")`);
  await press("Enter");
}

/** Opens the walkthrough as a user finds it. */
async function openWalkthrough(): Promise<void> {
  // Beside the steps there is room for their pictures then.
  await vscode.commands.executeCommand("workbench.action.closeSidebar");
  await palette("Raft Lab: Getting Started");
  await texts(".gettingStartedContainer .getting-started-step");
}

const step = (name: string) => `.getting-started-step[data-step-id$="raftLab.start.${name}"]`;

async function openStep(name: string): Promise<void> {
  await click(`${step(name)} .step-title`);
  await texts(`${step(name)}.expanded .monaco-button`);
}

/** Waits until VS Code has ticked a step off. */
async function isDone(name: string): Promise<void> {
  await texts(`[data-done-step-id$="raftLab.start.${name}"][aria-checked="true"]`);
}

async function inThemes(name: string): Promise<void> {
  for (const theme of ["light", "high-contrast", "dark"] as const) {
    await wear(theme);
    await screenshot(`${name}-${theme}`);
  }
}

async function titleOfStop(): Promise<string> {
  const [title = ""] = await texts(".tour h2");
  return title.trim();
}

async function numberOfStop(): Promise<number> {
  const [text = ""] = await texts(".tour .tour-count");
  return Number(/^Step (\d+) of/.exec(text)?.[1]);
}

/** Waits until the panel stands at a stop, which then has something to read. */
async function arrived(number: number): Promise<void> {
  await until(`stop ${number}`, async () => {
    const [isThere, paragraphs] = [
      (await numberOfStop()) === number,
      await texts(".tour .tour-text"),
    ];
    return isThere && paragraphs.some((text) => text.trim() !== "") ? true : undefined;
  });
}

/** What happens in the cluster from now on. */
async function watched() {
  const extension = vscode.extensions.getExtension<RaftLabApi>("raft-lab.raft-lab");
  const api = await extension?.activate();
  assert(api);
  let view = emptyView;
  api.onEvent((event) => (view = viewAfter(event.seq === 0 ? emptyView : view, event)));
  return {
    leader: (): Promise<string> => until("a leader", () => leaderIn(view)?.id, 60),
    /** Waits until all logs are as long as the longest. */
    agreed: () =>
      until("agreement", () => {
        const lengths = [...view.nodes.values()].map(({ log }) => log.length);
        return lengths.every((length) => length === Math.max(...lengths)) ? true : undefined;
      }),
  };
}

suite("getting started", () => {
  teardown(async () => {
    await vscode.commands.executeCommand("raftLab.endTour");
    await vscode.commands.executeCommand("raftLab.stopCluster");
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("notifications.clearAll");
  });
  suiteTeardown(() =>
    vscode.workspace
      .getConfiguration("workbench")
      .update("colorTheme", undefined, vscode.ConfigurationTarget.Global),
  );

  test("the tour is played from the walkthrough to its end page, by clicks and keys", async function () {
    if (!hasWindow) this.skip();
    this.timeout(180_000);
    await openWalkthrough();
    await openStep("tour");
    await click(`${step("tour")}.expanded .monaco-button`);
    await arrived(1);
    await screenshot("tour-start");

    await click(".tour-next");
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await screenshot("tour-on-the-way");
    await arrived(2);
    await inThemes("tour-election");
    const elected = await titleOfStop();
    // Back jumps, and what was seen is told again in the same words.
    await click(".tour .buttons .button:not(.tour-next)");
    await arrived(1);
    await click(".tour-next");
    await arrived(2);
    assert.equal(await titleOfStop(), elected);

    // The button has the focus, so Enter plays to the next stop, and again skips the way.
    for (let stop = 3; stop <= stopCount; stop++) {
      await press("Enter");
      await until(`the way to stop ${stop}`, async () =>
        (await numberOfStop()) === stop ? true : undefined,
      );
      if (stop < stopCount) await press("Enter");
      await arrived(stop);
      if (stop === 7) await screenshot("tour-committed");
    }
    assert.equal(await titleOfStop(), endTitle);
    assert(!(await texts(".tour-next")).join("").includes("Next"));
    await inThemes("tour-end");

    await openWalkthrough();
    await isDone("tour");
    await inThemes("walkthrough-tour");
  });

  test("each of the other steps is done by doing it", async function () {
    if (!hasWindow) this.skip();
    this.timeout(180_000);
    const { leader } = await watched();

    await openWalkthrough();
    await openStep("leader");
    await screenshot("walkthrough-leader");
    await click(`${step("leader")}.expanded .monaco-button`);
    await click('.quick-input-list .monaco-list-row:has-text("3 nodes")');
    const first = await leader();

    await run<NodeChanged>("crashNode", first);
    await until("another leader", async () => ((await leader()) === first ? undefined : true), 60);
    await run<Stored>("submitEntry", "x=1");
    await run<Opened>("openReplicatedLog", await leader());

    const { file } = await run<Opened>("breakFile");
    assert.match(file, /raft-lab-exercise[/\\]127\.0\.0\.1_\d+\.log$/);
    // What is to be changed is selected: typing is enough.
    await until("the copy", () =>
      vscode.window.activeTextEditor?.document.fileName === file ? true : undefined,
    );
    await type("7");
    await until("a finding", () =>
      vscode.languages
        .getDiagnostics(vscode.Uri.file(file))
        .some(({ code }) => code === "log-matching")
        ? true
        : undefined,
    );
    await screenshot("walkthrough-broken");

    await vscode.commands.executeCommand("workbench.action.files.revert");
    await openWalkthrough();
    await screenshot("walkthrough-all-done");
    for (const name of ["leader", "crash", "files", "break"]) await isDone(name);
    for (const name of ["crash", "files", "break"]) {
      await openStep(name);
      await screenshot(`walkthrough-${name}`);
    }
  });

  test("the exercise takes the lab's logs, and leaves what was changed in its copies alone", async function () {
    this.timeout(90_000);
    const cluster = await watched();
    const { folder } = await run<Started>("startCluster", { size: 3, startAnew: true });
    const stored = await run<Stored>("submitEntry", "y=5");
    await cluster.agreed();
    const before = await run<Opened>("breakFile", { startAnew: true });
    const read = async (path: string): Promise<string> =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(path)));
    assert(!before.file.startsWith(join(folder, sep)));
    assert.match(await read(before.file), /\{"y": 5\}/);
    const { document, selection } = vscode.window.activeTextEditor ?? assert.fail();
    assert.equal(document.getText(selection), "5");
    assert.equal(selection.start.line, stored.index - 1);

    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(before.file),
      new TextEncoder().encode('{"term": 1, "command": {"mine": 1}}\n'),
    );
    await run<Opened>("breakFile");
    assert.match(await read(before.file), /mine/);
    await run<Opened>("breakFile", { startAnew: true });
    assert.doesNotMatch(await read(before.file), /mine/);
  });
});
