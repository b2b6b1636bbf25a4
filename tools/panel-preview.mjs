/**
 * Looks at the page of the panel outside VS Code: takes its picture, or measures a frame.
 *
 *   node tools/panel-preview.mjs --sample normal --theme dark --width 1400 --height 900
 *   node tools/panel-preview.mjs --all
 *   node tools/panel-preview.mjs --measure
 *
 * `--select '{"kind":"entry","index":8}'` selects something, `--reduced` reduces motion; the
 * samples are those of test/support/sample-pictures.ts.
 */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { PreviewServer, showSample } from "../test/panel/preview.ts";
import { measureFrames } from "../test/panel/frames.ts";
import { openSample } from "../test/support/sample-pictures.ts";
import { root } from "./npm.mjs";

/** @typedef {import("../test/panel/themes.ts").PreviewTheme} Theme */

/** @type {readonly Theme[]} */
const themes = ["dark", "light", "hc-dark", "hc-light"];

/** What is looked at with `--all`: sample, theme, width, height. */
const album = [
  ...themes.flatMap((theme) => [
    ["normal", theme, 1400, 900],
    ["normal", theme, 400, 900],
  ]),
  ...["election", "partition", "violation", "apart", "normal-past", "n9", "empty", "tour"].map(
    (sample) => [sample, "dark", 1000, 800],
  ),
  ["normal", "dark", 800, 900],
  ["n25", "dark", 1400, 900],
  ["n50", "dark", 1400, 900],
  ["partition", "hc-light", 1000, 800],
  ["election", "light", 1400, 900],
];

const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "normal" },
    theme: { type: "string", default: "dark" },
    width: { type: "string", default: "1400" },
    height: { type: "string", default: "900" },
    select: { type: "string", default: "null" },
    reduced: { type: "boolean", default: false },
    out: { type: "string", default: "" },
    all: { type: "boolean", default: false },
    measure: { type: "boolean", default: false },
  },
});

/**
 * @param {PreviewServer} server
 * @param {{ sample: string, theme: Theme, width: number, height: number, out: string }} look
 */
async function take(server, { sample, theme, width, height, out }) {
  const reducesMotion = values.reduced;
  const preview = await server.open({ theme, width, height, reducesMotion });
  await showSample(preview, openSample(sample, JSON.parse(values.select)));
  await mkdir(dirname(out), { recursive: true });
  await preview.page.screenshot({ path: out });
  for (const error of preview.errors) console.error(`page: ${error}`);
  await preview.page.close();
  console.log(out);
}

/** @param {string | number | undefined} name */
function themeNamed(name) {
  const theme = themes.find((each) => each === name);
  if (theme === undefined) throw new Error(`there is no theme ${name}`);
  return theme;
}

const server = await PreviewServer.start();
try {
  if (values.measure) {
    for (const line of await measureFrames(server)) console.log(line);
  } else if (values.all) {
    for (const [sample, theme, width, height] of album) {
      const out = join(root, `out/preview/${theme}-${sample}-${width}.png`);
      const size = { width: Number(width), height: Number(height) };
      await take(server, { sample: String(sample), theme: themeNamed(theme), ...size, out });
    }
  } else {
    const { sample, width, height } = values;
    const out = values.out || join(root, `out/preview/${values.theme}-${sample}-${width}.png`);
    const size = { width: Number(width), height: Number(height) };
    await take(server, { sample, theme: themeNamed(values.theme), ...size, out });
  }
} finally {
  await server.stop();
}
