/**
 * What a user does, from the first command to a found mistake, by clicks and then by keys alone, in
 * a real VS Code. Which one: RAFT_LAB_VSCODE_VERSION, newest or 1.100.
 */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Frame } from "playwright-core";
import { versionNamed } from "../../tools/vscode-server.mjs";
import { until, Workbench } from "../support/workbench.ts";

const version = versionNamed(process.env["RAFT_LAB_VSCODE_VERSION"] ?? "newest");

/** The sentence of status, as it stands. */
function sentence(panel: Frame): Promise<string> {
  return panel
    .locator(".say")
    .first()
    .innerText({ timeout: 2000 })
    .catch(() => "");
}

/** Who leads, as the sentence says: `n2`. */
async function leader(panel: Frame): Promise<string> {
  return until("a leader in the panel", async () => {
    return /^(n\d) leads/.exec(await sentence(panel))?.[1];
  });
}

async function committed(panel: Frame, count: number): Promise<void> {
  await until(`${count} committed entries`, async () => {
    const found = /(\d+) of \d+ committed/.exec(await sentence(panel))?.[1];
    return Number(found) >= count ? true : undefined;
  });
}

async function startCluster(workbench: Workbench): Promise<Frame> {
  await workbench.palette("Raft Lab: Start Raft Cluster");
  await workbench.choose("3 nodes");
  return workbench.panel();
}

suite(`a journey in VS Code ${version}`, () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({
      version,
      settings: { "raftLab.timing": "watch" },
    });
    await workbench.theme("dark");
  });
  after(() => workbench.close());

  test("by clicks: a leader, its crash, the next, an entry, the past, and a broken log", async () => {
    const panel = await startCluster(workbench);
    const first = await leader(panel);
    await committed(panel, 1);
    await workbench.picture("journey-leader");

    await panel.locator(`.ring [data-node]`, { hasText: first }).click();
    await panel.locator('.toolbar [data-command="crashNode"]').click();
    await until("the leader to be down", async () =>
      (await panel.locator(".ring .node.is-down").count()) === 1 ? true : undefined,
    );
    await workbench.picture("journey-crashed");
    const second = await leader(panel);
    assert.notEqual(second, first);

    await panel.locator('.toolbar [data-command="submitEntry"]').click();
    await workbench.answer("x=1");
    await committed(panel, 3);
    await workbench.picture("journey-submitted");

    await panel.locator('.toolbar [data-command="previousEvent"]').click();
    await until(
      "the past",
      async () => (await panel.locator(".chip.past").count()) > 0 || undefined,
    );
    await until("the moment before the crash", async () => {
      await workbench.page.waitForTimeout(700);
      if ((await panel.locator(".ring .node.is-down").count()) === 0) return true;
      await panel.locator('.toolbar [data-command="previousEvent"]').click();
      return undefined;
    });
    assert.match(await sentence(panel), new RegExp(`^${first} leads`));
    await workbench.picture("journey-past");
    await panel.locator(".chip.past").click();
    await until("live again", async () =>
      (await panel.locator(".chip.past").count()) === 0 ? true : undefined,
    );
    assert.match(await sentence(panel), new RegExp(`^${second} leads`));
  });

  test("a conflict planted in a log is underlined, listed, and leads to the other node's log", async () => {
    const logs = ["127.0.0.1_8000.log", "127.0.0.1_8001.log", "127.0.0.1_8002.log"];
    await workbench.palette("Raft Lab: Stop Raft Cluster");
    await until("the cluster to stop", async () => {
      const panel = await workbench.panel();
      return (await panel.locator(".chip", { hasText: "Stopped" }).count()) > 0 ? true : undefined;
    });
    const folder = join(workbench.workspace, "raft-lab");
    // A node that was down all the while has nothing to contradict.
    const contents = await Promise.all(logs.map((log) => readFile(join(folder, log), "utf8")));
    const name = logs[contents.findLastIndex((content) => content.includes('{"x": 1}'))] ?? "";
    await workbench.openFile(join("raft-lab", name));
    const { page } = workbench;
    const coloured = page.locator(".editor-instance .view-line span[class*='mtk']");
    // A line is there before its grammar is.
    await until("three colours", async () => {
      const colours = await coloured.evaluateAll(
        (spans) => new Set(spans.map((span) => span.className)).size,
      );
      return colours >= 3 ? true : undefined;
    });

    const text = await readFile(join(folder, name), "utf8");
    const broken = text.replace('{"x": 1}', '{"x": 2}');
    assert.notEqual(broken, text);
    await writeFile(join(folder, name), broken);
    await page.locator(".squiggly-error").first().waitFor({ timeout: 40_000 });
    await workbench.picture("journey-conflict");
    await workbench.palette("Problems: Focus on Problems View");
    const problem = page
      .locator(".markers-panel .monaco-list-row", { hasText: "log-matching" })
      .first();
    await problem.waitFor({ timeout: 40_000 });
    await workbench.picture("journey-problems");
    const related = page.locator(
      ".markers-panel .monaco-list-row .marker-source, .markers-panel .related-info-resource",
    );
    await related
      .filter({ hasText: /127\.0\.0\.1_800[02]\.log/ })
      .first()
      .dblclick();
    await page
      .locator(".tab.active", { hasText: /127\.0\.0\.1_800[02]\.log/ })
      .waitFor({ timeout: 40_000 });
  });

  test("after the window was reloaded the panel is there again", async () => {
    await workbench.palette("Raft Lab: Show Cluster Panel");
    await workbench.page.locator(".tab.active", { hasText: "Raft Cluster" }).waitFor();
    await workbench.reload();
    const panel = await workbench.panel();
    await panel.locator("button", { hasText: "Start Raft Cluster" }).waitFor({ timeout: 40_000 });
    await workbench.picture("journey-reloaded");
  });
});

suite(`the same journey in VS Code ${version}, with keys alone`, () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ version });
    await workbench.theme("hc-dark");
  });
  after(() => workbench.close());

  test("a leader, its crash, the next, an entry, the past, and back to live", async () => {
    await workbench.press("F1");
    await workbench.page.locator(".quick-input-widget input").waitFor();
    await workbench.page.keyboard.type("Raft Lab: Start Raft Cluster");
    await workbench.page
      .locator(".quick-input-list .monaco-list-row", { hasText: "Start Raft Cluster" })
      .first()
      .waitFor();
    await workbench.press("Enter");
    await workbench.page
      .locator(".quick-input-list .monaco-list-row", { hasText: "3 nodes" })
      .first()
      .waitFor();
    await workbench.page.keyboard.type("3");
    await workbench.press("Enter");
    const panel = await workbench.panel();
    const first = await leader(panel);
    await committed(panel, 1);

    // The panel has the focus; the tabulator goes through the toolbar to the nodes.
    await until(
      "a node with the focus",
      async () => {
        await workbench.press("Tab");
        return (await panel.locator(".ring [data-node]:focus").count()) > 0 ? true : undefined;
      },
      20,
    );
    await until(
      "the leader to have the focus",
      async () => {
        const focused = await panel.locator(".ring [data-node]:focus").getAttribute("aria-label");
        if (focused?.startsWith(`${first},`) === true) return true;
        await workbench.press("ArrowRight");
        return undefined;
      },
      20,
    );
    await workbench.press("Enter", "x");
    const second = await until("the next leader", async () => {
      const found = await leader(panel);
      return found === first ? undefined : found;
    });

    await workbench.press("c");
    await workbench.answer("y=2");
    await committed(panel, 3);

    await workbench.press("Shift+;");
    await until("the moment before the crash", async () => {
      if ((await panel.locator(".ring .node.is-down").count()) === 0) return true;
      await workbench.press("Shift+;");
      return undefined;
    });
    assert.match(await sentence(panel), new RegExp(`^${first} leads`));
    await workbench.press("l");
    await until("live again", async () =>
      (await sentence(panel)).startsWith(`${second} leads`) ? true : undefined,
    );
    await workbench.picture("journey-keys");
  });
});
