/**
 * A real VS Code, driven from outside by clicks and keys alone, with the extension under
 * development in it. Unlike the tests that run inside the extension host, it outlives a reload.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { chromium, type Browser, type Frame, type Locator, type Page } from "playwright-core";
import { prepareChromium } from "../../tools/chromium.mjs";
import { startServer, type RunningServer, type VersionName } from "../../tools/vscode-server.mjs";

const root = join(import.meta.dirname, "..", "..");

/** How long something may take to appear. */
const patienceMillis = 40_000;

/** As VS Code shows them to users. Their ids are not the same in every version. */
export const themes = {
  dark: "Dark Modern",
  light: "Light Modern",
  "hc-dark": "Dark High Contrast",
  "hc-light": "Light High Contrast",
} as const;

export type ThemeName = keyof typeof themes;

export interface WorkbenchOptions {
  readonly version: VersionName;
  /** Settings of the user, on top of those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Files to find in the workspace: path → content. */
  readonly files?: Readonly<Record<string, string>>;
  readonly width?: number;
  readonly height?: number;
}

export class Workbench {
  readonly page: Page;
  /** The folder that is open in it. */
  readonly workspace: string;
  readonly #home: string;
  readonly #version: VersionName;
  readonly #server: RunningServer;
  readonly #browser: Browser;

  private constructor(parts: {
    page: Page;
    home: string;
    version: VersionName;
    server: RunningServer;
    browser: Browser;
  }) {
    this.page = parts.page;
    this.#home = parts.home;
    this.workspace = join(parts.home, "workspace");
    this.#version = parts.version;
    this.#server = parts.server;
    this.#browser = parts.browser;
  }

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const { version, settings = {}, files = {}, width = 1280, height = 800 } = options;
    const executablePath = await prepareChromium();
    const home = await mkdtemp(join(tmpdir(), "raft-lab-window-"));
    const dataFolder = join(home, "data");
    const workspace = join(home, "workspace");
    for (const folder of [dataFolder, workspace]) await mkdir(folder);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(workspace, name, ".."), { recursive: true });
      await writeFile(join(workspace, name), content);
    }
    const server = await startServer({ version, dataFolder, development: true });
    const settingsFile = settingsOf(home);
    const quiet: object = JSON.parse(await readFile(settingsFile, "utf8"));
    await writeFile(settingsFile, JSON.stringify({ ...quiet, ...settings }));
    const browser = await chromium.launch({
      executablePath,
      chromiumSandbox: process.getuid?.() !== 0,
      args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    });
    const page = await browser.newPage({ viewport: { width, height }, locale: "en-US" });
    const workbench = new Workbench({ page, home, version, server, browser });
    await workbench.#go();
    return workbench;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Runs Developer: Reload Window: a new extension host, the same workspace. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load", { timeout: patienceMillis });
    await this.palette("Developer: Reload Window");
    await loaded;
    await this.#ready();
  }

  /** Runs a command by its title, as a user finds it. */
  async palette(title: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
    // An editor that opens at that moment takes the focus, and the palette closes.
    await until(`the palette to offer ${title}`, async () => {
      await this.page.keyboard.press("F1");
      try {
        const input = this.page.locator(".quick-input-widget input").first();
        await input.fill(`>${title}`, { timeout: 3000 });
        await row.click({ timeout: 3000 });
        return true;
      } catch {
        return undefined;
      }
    });
  }

  /** Chooses the row of a quick pick that holds `text`. */
  async choose(text: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
    await row.click({ timeout: patienceMillis });
  }

  /** Types into the input box that VS Code shows, and accepts. */
  async answer(text: string): Promise<void> {
    // What is typed before the box has the focus would be taken for keys of the panel.
    const input = this.page.locator(".quick-input-widget input:focus");
    await input.waitFor({ timeout: patienceMillis });
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Opens a file of the workspace with Quick Open. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+p");
    const input = this.page.locator(".quick-input-widget input");
    await input.waitFor({ timeout: patienceMillis });
    // By its whole path: the server of 1.100 comes without the program that searches for names.
    await input.fill(join(this.workspace, name));
    const last = basename(name);
    await this.choose(last);
    await this.page
      .locator(".editor-group-container.active > .title", { hasText: last })
      .waitFor({ timeout: patienceMillis });
  }

  /** Changes the colours, as a user does, and waits until the workbench wears them. */
  async theme(name: ThemeName): Promise<void> {
    const classes = { dark: "vs-dark", light: "vs", "hc-dark": "hc-black", "hc-light": "hc-light" };
    const dressed = this.page.locator(`.monaco-workbench.${classes[name]}`);
    await until(`the theme ${name}`, async () => {
      await this.palette("Preferences: Color Theme");
      const input = this.page.locator(".quick-input-widget input").first();
      await input.fill(themes[name]);
      await this.choose(themes[name]);
      return dressed
        .waitFor({ timeout: 3000 })
        .then(() => true)
        .catch(() => undefined);
    });
    await this.page.waitForTimeout(400);
  }

  /** The page of the cluster panel, once it is there. */
  async panel(): Promise<Frame> {
    try {
      return await until("the cluster panel", async () => {
        for (const frame of this.page.frames()) {
          const found = frame.locator("main.stage, main.closed");
          if ((await found.count().catch(() => 0)) > 0) return frame;
        }
        return undefined;
      });
    } catch (error) {
      await this.picture("without-panel");
      throw error;
    }
  }

  /** Takes a picture: out/pictures/VERSION/NAME.png. */
  async picture(name: string, part?: Locator): Promise<void> {
    const path = join(root, "out/pictures", this.#version, `${name}.png`);
    await (part ?? this.page).screenshot({ path });
  }

  async #go(): Promise<void> {
    const extension = `vscode-remote://127.0.0.1:${this.#server.port}${root}`;
    const payload = JSON.stringify([
      ["extensionDevelopmentPath", extension],
      ["skipWelcome", "true"],
    ]);
    await this.page.goto(this.#server.address({ folder: this.workspace, payload }));
    await this.#ready();
  }

  async #ready(): Promise<void> {
    // The activity bar shows our icon once the extension under development is known; where it is
    // hidden, the palette is asked for its commands until it has them.
    await this.page
      .locator('.activitybar [aria-label^="Raft Lab"], .noactivitybar .statusbar')
      .first()
      .waitFor({ timeout: 60_000 });
  }
}

/** Asks again and again until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  seconds = 60,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

function settingsOf(home: string): string {
  return join(home, "data", "data", "User", "settings.json");
}
