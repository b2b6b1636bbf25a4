/**
 * `npm run pictures:look [-- --only SCENE,SCENE]`: takes the pictures by which the look of everything is
 * judged, in a real VS Code, in four themes and three widths.
 *
 * They come to out/pictures/look/SCENE-THEME-WIDTH.png.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Frame } from "playwright-core";
import { until, Workbench, type ThemeName } from "../support/workbench.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "out/pictures/look");
const sizes = [
  [400, 900],
  [1000, 800],
  [1600, 1000],
] as const;
const names: readonly ThemeName[] = ["dark", "light", "hc-dark", "hc-light"];

const { values } = parseArgs({ options: { only: { type: "string" } } });
const only = values.only?.split(",");
const isWanted = (scene: string) =>
  only === undefined || only.some((start) => scene.startsWith(start));

/** Nothing but the editor, so that it is as wide as the window. */
const settings = {
  "raftLab.timing": "watch",
  "workbench.editor.showTabs": "single",
  "window.commandCenter": false,
  "workbench.layoutControl.enabled": false,
  "editor.minimap.enabled": false,
};

await mkdir(folder, { recursive: true });
const workbench = await Workbench.open({ version: "newest", settings, width: 1600, height: 1000 });
try {
  await panelScenes();
  await logScene();
  await tourScenes();
} finally {
  await workbench.close();
}

async function panelScenes(): Promise<void> {
  await workbench.palette("Raft Lab: Start Raft Cluster");
  await workbench.choose("5 nodes");
  const panel = await workbench.panel();
  await told(panel, /^n\d leads/);
  // The start has shown the tree; without it the panel has the whole width.
  await workbench.palette("View: Close Primary Side Bar");
  for (const entry of ["x=1", 'name="Ada"', "y=[1, 2]"]) await submit(panel, entry);
  const leader = /^(n\d)/.exec(await sentence(panel))?.[1] ?? "n1";
  await panel.locator(".ring [data-node]", { hasText: leader }).click();
  await take("leader");
  await panel.locator('.toolbar [data-command="crashNode"]').click();
  await told(panel, /No leader/);
  await panel.locator(".inspector-region .codicon-close").first().click();
  await told(panel, new RegExp(`^(?!${leader})n\\d leads`));
  for (const entry of ["z=1", "z=2", "z=3"]) await submit(panel, entry);
  await panel.locator(".ring [data-node]", { hasText: leader }).click();
  await panel.locator('.toolbar [data-command="restartNode"]').first().click();
  await until("the node to be back", async () =>
    (await panel.locator(".ring .node.is-down").count()) === 0 ? true : undefined,
  );
  await panel.locator(".inspector-region .codicon-close").first().click();
  await workbench.page.waitForTimeout(350);
  await panel.locator('.toolbar [data-command="playOrPause"]').click();
  await workbench.page.waitForTimeout(300);
  await take("lagging");
  await jumpTo(panel, async () => (await panel.locator(".ring .node.is-candidate").count()) > 0);
  for (let step = 0; step < 3; step++)
    await panel.locator('.toolbar [data-command="stepForward"]').click();
  await take("election");
  await jumpTo(panel, async () => (await panel.locator(".ring .node.is-down").count()) > 0);
  await take("crash");
  await panel.locator(".chip.past").click();
  await panel.locator('.toolbar [data-command="playOrPause"]').click();
  await told(panel, /leads/);
  await take("timeline");
  await membersScene(panel);
}

/** A cluster with a learner, in the panel and in the tree. */
async function membersScene(panel: Frame): Promise<void> {
  if (!isWanted("members")) return;
  await workbench.palette("Raft Lab: Add Node");
  await workbench.choose("As a learner");
  await panel.locator(".ring [data-node]", { hasText: "n6" }).waitFor({ timeout: 40_000 });
  // Until it has the log, and a while so that the messages to it are on their way.
  await workbench.page.waitForTimeout(4000);
  await panel.locator(".ring [data-node]", { hasText: "n6" }).click();
  await workbench.page.waitForTimeout(500);
  await take("members");
  await workbench.palette("View: Toggle Primary Side Bar Visibility");
  await take("members-tree");
}

async function logScene(): Promise<void> {
  if (!isWanted("log")) return;
  const file = join(workbench.workspace, "raft-lab", "127.0.0.1_8001.log");
  await workbench.palette("Raft Lab: Stop Raft Cluster");
  const text = await readFile(file, "utf8");
  const lines = text.replace('{"x": 1}', '{"x": 2}').trimEnd();
  await writeFile(file, `${lines}\n{"term": 1, "comma`);
  await workbench.openFile("raft-lab/127.0.0.1_8001.log");
  await workbench.page.locator(".squiggly-error").first().waitFor({ timeout: 40_000 });
  await workbench.palette("Problems: Focus on Problems View");
  await workbench.page.waitForTimeout(1500);
  await take("log");
  await workbench.palette("View: Toggle Problems");
}

async function tourScenes(): Promise<void> {
  if (!isWanted("tour") && !isWanted("walkthrough")) return;
  await workbench.palette("Raft Lab: Getting Started");
  await workbench.page
    .locator(".getting-started-step, .step-title")
    .first()
    .waitFor({ timeout: 40_000 });
  await take("walkthrough");
  await workbench.palette("Raft Lab: Take the Guided Tour");
  const panel = await workbench.panel();
  await panel.locator(".tour-next").waitFor({ timeout: 40_000 });
  for (let stop = 0; stop < 7; stop++) {
    await panel.locator(".tour-next").click();
    await workbench.page.waitForTimeout(200);
  }
  await workbench.page.waitForTimeout(6000);
  await take("tour");
  for (let stop = 0; stop < 30 && (await panel.locator(".tour.is-end").count()) === 0; stop++) {
    await panel.locator(".tour-next").click();
    await workbench.page.waitForTimeout(200);
  }
  await take("tour-end");
}

/** One scene in every theme and at every width. */
async function take(scene: string): Promise<void> {
  if (!isWanted(scene)) return;
  for (const theme of names) {
    await workbench.theme(theme);
    for (const [width, height] of sizes) {
      await workbench.page.setViewportSize({ width, height });
      await workbench.page.waitForTimeout(500);
      await workbench.page.screenshot({ path: join(folder, `${scene}-${theme}-${width}.png`) });
    }
  }
  await workbench.page.setViewportSize({ width: 1600, height: 1000 });
  console.log(`${scene}: ${names.length * sizes.length} pictures`);
}

function sentence(panel: Frame): Promise<string> {
  return panel
    .locator(".say")
    .first()
    .innerText({ timeout: 5000 })
    .catch(() => "");
}

async function told(panel: Frame, wanted: RegExp): Promise<void> {
  await until(
    String(wanted),
    async () => (wanted.test(await sentence(panel)) ? true : undefined),
    90,
  );
}

async function submit(panel: Frame, text: string): Promise<void> {
  await panel.locator('.toolbar [data-command="submitEntry"]').click();
  await workbench.answer(text);
  await workbench.page.waitForTimeout(1200);
}

/** Goes back from event to event until it is so. */
async function jumpTo(panel: Frame, isSo: () => Promise<boolean>): Promise<void> {
  await until("that moment", async () => {
    await panel.locator('.toolbar [data-command="previousEvent"]').click();
    await workbench.page.waitForTimeout(150);
    return (await isSo()) ? true : undefined;
  });
}
