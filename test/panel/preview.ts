/**
 * The page of the panel outside VS Code, in Chromium: with a stand-in for the host, and the policy,
 * the classes and the theme variables that a webview has.
 */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import type { PanelUpdate } from "../../src/panel/index.ts";
import { prepareChromium } from "../../tools/chromium.mjs";
import type { Sample } from "../support/sample-pictures.ts";
import { themeVariables, type PreviewTheme } from "./themes.ts";

const root = join(import.meta.dirname, "..", "..");

export interface PreviewOptions {
  readonly theme: PreviewTheme;
  readonly width: number;
  readonly height: number;
  /** As `workbench.reduceMotion` has it. */
  readonly reducesMotion?: boolean;
  /** What the page kept before the window was loaded anew. */
  readonly state?: unknown;
}

/** A page of the panel, and what it asked its host for. */
export interface Preview {
  readonly page: Page;
  readonly tell: (update: PanelUpdate) => Promise<void>;
  /** Every request so far. */
  readonly requests: () => Promise<readonly unknown[]>;
  /** What went wrong in the page so far. */
  readonly errors: readonly string[];
}

export class PreviewServer {
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(server: Server, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  static async start(): Promise<PreviewServer> {
    const files = await filesOfPage();
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const file = files.get(url.pathname) ?? madeFor(url);
      if (file === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "Content-Type": file.kind }).end(file.body);
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const browser = await chromium.launch({
      executablePath: await prepareChromium(),
      chromiumSandbox: process.getuid?.() !== 0,
      args: ["--disable-gpu"],
    });
    return new PreviewServer(server, browser);
  }

  async open(options: PreviewOptions): Promise<Preview> {
    const { theme, width, height, reducesMotion = false, state = null } = options;
    const page = await this.#browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const query = new URLSearchParams({
      theme,
      motion: reducesMotion ? "reduced" : "full",
      state: JSON.stringify(state),
    });
    await page.goto(`http://127.0.0.1:${address.port}/?${query.toString()}`);
    await page.waitForFunction(() => Reflect.get(globalThis, "raftLabRequests").length > 0);
    return {
      page,
      errors,
      tell: (update) =>
        page.evaluate((data) => {
          Reflect.apply(Reflect.get(globalThis, "postMessage"), globalThis, [data, "*"]);
        }, update),
      requests: () => page.evaluate(() => Reflect.get(globalThis, "raftLabRequests")),
    };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** Shows a sample and answers what the page asks for, until it asks no more. */
export async function showSample({ page, tell, requests }: Preview, sample: Sample): Promise<void> {
  await tell(sample.opened);
  let heard = (await requests()).length;
  for (let turn = 0; turn < 4; turn++) {
    await page.waitForTimeout(150);
    const all = await requests();
    // That it wants everything was answered with the first picture.
    const fresh = all.slice(heard).filter((request) => !isReady(request));
    heard = all.length;
    const update = fresh.length === 0 ? undefined : sample.answer(fresh);
    if (update !== undefined) await tell(update);
  }
}

function isReady(request: unknown): boolean {
  return (
    typeof request === "object" && request !== null && Reflect.get(request, "kind") === "ready"
  );
}

interface File {
  readonly kind: string;
  readonly body: string | Buffer;
}

/** The bundle, built anew from the sources as build.ts does it, and what it needs. */
async function filesOfPage(): Promise<ReadonlyMap<string, File>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/panel/main.ts"],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "chrome132",
    minify: process.env["RAFT_LAB_READABLE"] === undefined,
    write: false,
    logLevel: "error",
  });
  const codicons = "node_modules/@vscode/codicons/dist";
  const read = async (path: string, kind: string) => ({
    kind,
    body: await readFile(join(root, path)),
  });
  return new Map<string, File>([
    ["/panel.js", { kind: "text/javascript", body: outputFiles[0]?.text ?? "" }],
    ["/host.js", { kind: "text/javascript", body: host }],
    ["/panel.css", await read("media/panel.css", "text/css")],
    ["/panel-views.css", await read("media/panel-views.css", "text/css")],
    ["/codicon.css", await read(`${codicons}/codicon.css`, "text/css")],
    ["/codicon.ttf", await read(`${codicons}/codicon.ttf`, "font/ttf")],
  ]);
}

function madeFor({ pathname, searchParams }: URL): File | undefined {
  const theme = searchParams.get("theme") ?? "dark";
  if (pathname === "/theme.css") return { kind: "text/css", body: themeVariables(theme) };
  if (pathname !== "/") return undefined;
  const isReduced = searchParams.get("motion") === "reduced";
  return { kind: "text/html", body: pageOf(theme, isReduced, searchParams.get("state") ?? "null") };
}

/** Stands in for the script that VS Code runs before the page's own. */
const host = `
  globalThis.raftLabRequests = [];
  let state = JSON.parse(document.body.dataset.state);
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (request) => globalThis.raftLabRequests.push(structuredClone(request)),
    getState: () => state,
    setState: (next) => { state = next; },
  });
`;

const classes: Readonly<Record<string, string>> = {
  dark: "vscode-dark",
  light: "vscode-light",
  "hc-dark": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast vscode-high-contrast-light",
};

function pageOf(theme: string, isReduced: boolean, state: string): string {
  const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:";
  const motion = isReduced ? " vscode-reduce-motion" : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Raft Cluster</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/theme.css?theme=${theme}">
<link rel="stylesheet" href="/codicon.css">
<link rel="stylesheet" href="/panel.css">
<link rel="stylesheet" href="/panel-views.css">
</head>
<body class="${classes[theme] ?? "vscode-dark"}${motion}" data-state="${escaped(state)}">
<script src="/host.js"></script>
<script type="module" src="/panel.js"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
