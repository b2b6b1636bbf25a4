/** The launcher's side of test/support/rig.ts: it does to the window what tests ask for. */
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {import("playwright-core").Page} Page */

/** How long an element may take to appear. */
const patienceMillis = 10_000;

/**
 * @param {object} options
 * @param {Page} options.page
 * @param {string} options.rig the folder of requests and answers
 * @param {string} options.pictures where pictures go
 * @returns {() => Promise<void>} ends it
 */
export function answerRequests({ page, rig, pictures }) {
  const closing = new AbortController();
  const done = (async () => {
    while (!closing.signal.aborted) {
      for (const name of await readdir(rig)) {
        if (name.endsWith(".request")) await answer(join(rig, name), page, pictures);
      }
      await new Promise((wake) => setTimeout(wake, 25));
    }
  })();
  return async () => {
    closing.abort();
    await done;
  };
}

/**
 * @param {string} file
 * @param {Page} page
 * @param {string} pictures
 */
async function answer(file, page, pictures) {
  const request = JSON.parse(await readFile(file, "utf8"));
  /** @type {readonly string[] | string} */
  let result;
  try {
    result = await perform(request, page, pictures);
  } catch (error) {
    result = error instanceof Error ? error.message : String(error);
  }
  await rm(file);
  const target = file.replace(/\.request$/, ".answer");
  await writeFile(`${target}.partial`, JSON.stringify(result));
  await rename(`${target}.partial`, target);
}

/**
 * @param {import("../support/rig.ts").WindowRequest} request
 * @param {Page} page
 * @param {string} pictures
 * @returns {Promise<readonly string[]>}
 */
async function perform(request, page, pictures) {
  switch (request.kind) {
    case "screenshot": {
      await mkdir(pictures, { recursive: true });
      const path = join(pictures, `${request.name}.png`);
      if (request.selector === undefined) await page.screenshot({ path });
      else await (await find(page, request.selector)).screenshot({ path });
      return [path];
    }
    case "resize":
      await page.setViewportSize({ width: request.width, height: request.height });
      return [];
    case "press":
      await page.keyboard.press(request.key);
      return [];
    case "type":
      await page.keyboard.type(request.text);
      return [];
    case "click":
      await (
        await find(page, request.selector)
      ).click({ timeout: patienceMillis, button: request.button ?? "left" });
      return [];
    case "hover":
      await (await find(page, request.selector)).hover({ timeout: patienceMillis });
      return [];
    case "texts":
      await find(page, request.selector);
      return textsOf(page, request.selector);
    default:
      throw new Error(`unknown request ${JSON.stringify(request)}`);
  }
}

/**
 * The first element that matches, in the workbench or in one of its webviews, which are frames.
 *
 * @param {Page} page
 * @param {string} selector
 */
async function find(page, selector) {
  const deadline = performance.now() + patienceMillis;
  while (performance.now() < deadline) {
    for (const frame of page.frames()) {
      const found = frame.locator(selector).first();
      // A webview that is being closed or loaded has nothing to show.
      if (await found.isVisible().catch(() => false)) return found;
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`nothing in the window matches ${selector}`);
}

/**
 * @param {Page} page
 * @param {string} selector
 */
async function textsOf(page, selector) {
  const found = page.frames().map((frame) =>
    frame
      .locator(selector)
      .allInnerTexts()
      .catch(() => []),
  );
  return (await Promise.all(found)).flat();
}
