/**
 * What a test in the extension host can ask of the window around it.
 *
 * The tests run inside VS Code and cannot see its window; the launcher, which drives the window,
 * can. A request is a file in the folder that RAFT_LAB_RIG names, and so is its answer.
 * test/vscode/window.mjs is the other side.
 */
import { access, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** `selector` is one of Playwright's; it is looked for in the workbench, then in its webviews. */
export type WindowRequest =
  | { readonly kind: "screenshot"; readonly name: string; readonly selector?: string }
  | { readonly kind: "resize"; readonly width: number; readonly height: number }
  | { readonly kind: "press"; readonly key: string }
  | { readonly kind: "type"; readonly text: string }
  | { readonly kind: "click"; readonly selector: string; readonly button?: "right" }
  | { readonly kind: "hover"; readonly selector: string }
  | { readonly kind: "texts"; readonly selector: string };

/** Whether there is a window to ask: not when a desktop VS Code runs the tests. */
export const hasWindow = process.env["RAFT_LAB_RIG"] !== undefined;

let requests = 0;

/** Takes a picture of the window, or of one part of it: out/pictures/VERSION/NAME.png. */
export async function screenshot(name: string, selector?: string): Promise<void> {
  if (!hasWindow) return;
  await ask({ kind: "screenshot", name, ...(selector === undefined ? {} : { selector }) });
}

/** Makes the window as large as that, in CSS pixels. */
export async function resize(width: number, height: number): Promise<void> {
  if (hasWindow) await ask({ kind: "resize", width, height });
}

/** Presses a key, in Playwright's notation: `F1`, `Control+Shift+P`, `Enter`. */
export async function press(key: string): Promise<void> {
  await ask({ kind: "press", key });
}

/** Types into whatever has the focus. */
export async function type(text: string): Promise<void> {
  await ask({ kind: "type", text });
}

/** Clicks the first element that matches, and waits for it to be there before. */
export async function click(selector: string): Promise<void> {
  await ask({ kind: "click", selector });
}

/** Clicks with the other button: where a menu is, it opens. */
export async function rightClick(selector: string): Promise<void> {
  await ask({ kind: "click", selector, button: "right" });
}

/** Moves the mouse over the first element that matches. */
export async function hover(selector: string): Promise<void> {
  await ask({ kind: "hover", selector });
}

/** The texts of all elements that match, once there is one. */
export function texts(selector: string): Promise<readonly string[]> {
  return ask({ kind: "texts", selector });
}

async function ask(request: WindowRequest): Promise<readonly string[]> {
  const folder = process.env["RAFT_LAB_RIG"];
  if (folder === undefined) throw new Error("there is no window to ask");
  requests += 1;
  const question = join(folder, `${requests}.request`);
  const answer = join(folder, `${requests}.answer`);
  // Renamed when complete, so that the launcher never reads half a request.
  await writeFile(`${question}.partial`, JSON.stringify(request));
  await rename(`${question}.partial`, question);
  while (!(await exists(answer))) await new Promise((wake) => setTimeout(wake, 25));
  const read = decodeAnswer(JSON.parse(await readFile(answer, "utf8")));
  await rm(answer);
  if (typeof read === "string") throw new Error(`the window, asked for ${request.kind}: ${read}`);
  return read;
}

/** The texts that were asked for, or why the request failed. */
function decodeAnswer(raw: unknown): readonly string[] | string {
  if (Array.isArray(raw)) return raw.map(String);
  return String(raw);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
