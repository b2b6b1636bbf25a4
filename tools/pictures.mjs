/**
 * `npm run pictures`: takes the pictures of the README anew, in a real VS Code.
 *
 * They are taken by test/window/journey.test.ts, which does the lab in a window and looks on.
 */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { root, runQuietly, timed } from "./npm.mjs";

/** What the journey calls a picture, and what the README calls it. */
const pictures = { "journey-submitted": "panel", "journey-conflict": "log" };

const node = await bootstrap();
await timed("Building", () => runQuietly(node, ["build.ts"]));
const tests = ["--test", "--test-name-pattern", "by clicks|planted", "test/window/journey.test.ts"];
await timed("Doing the lab in VS Code", () => runQuietly(node, tests));
await mkdir(join(root, "media/readme"), { recursive: true });
for (const [taken, name] of Object.entries(pictures)) {
  const file = join("media/readme", `${name}.png`);
  await cp(join(root, "out/pictures/newest", `${taken}.png`), join(root, file));
  console.log(file);
}
