/**
 * `npm run pictures`: takes the pictures of the README anew, in a real VS Code.
 *
 * They are taken by test/vscode/suite/lab.test.ts, which does the lab in a window and looks on.
 */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { root, runQuietly, timed } from "./npm.mjs";

const node = await bootstrap();
await timed("Building", () => runQuietly(node, ["build.ts", "--tests"]));
const tests = ["test/vscode/run.ts", "--version", "newest", "--grep", "3 nodes"];
await timed("Doing the lab in VS Code", () => runQuietly(node, tests));
await mkdir(join(root, "media/readme"), { recursive: true });
const taken = join(root, "out/pictures/newest/readme.png");
await cp(taken, join(root, "media/readme/cluster.png"));
console.log("media/readme/cluster.png");
