/**
 * Builds what VS Code loads: `node build.ts`, and with `--tests` also the tests that run inside it.
 *
 * Each bundle of the extension is one file in dist/. A dynamic `import()` of the entry of another
 * bundle stays a load at run time, so what is heavy costs nothing until it is asked for.
 */
import { chmod, cp, mkdir, readdir, rm, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";

const root = import.meta.dirname;

/** What runs in the extension host or in a process of its own: bundle name → its entry. */
const bundles: Readonly<Record<string, string>> = {
  extension: "src/extension/extension.ts",
  cluster: "src/extension/node/cluster-entry.ts",
  tour: "src/extension/node/tour-entry.ts",
  "language-client": "src/extension/node/language-client-entry.ts",
  "language-server": "src/language/server/server.ts",
  "raft-lab": "src/cli/main.ts",
};

/** Turns the dynamic import of another bundle's entry into a load of that bundle. */
const loadOtherBundles: Plugin = {
  name: "load-other-bundles",
  setup(setup) {
    setup.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const target = relative(root, resolve(resolveDir, path));
      const other = Object.entries(bundles).find(([, entry]) => entry === target);
      return other === undefined ? undefined : { path: `./${other[0]}.cjs`, external: true };
    });
  },
};

const inExtensionHost: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: "cjs",
  platform: "node",
  // The extension host of VS Code 1.100 is Node 20.
  target: "node20",
  // As require() even where import() would do, because only require() knows the vscode module.
  supported: { "dynamic-import": false },
  logLevel: "warning",
};

async function buildExtension(): Promise<void> {
  await rm(join(root, "dist"), { recursive: true, force: true });
  // Parts that are still to come are left out.
  const entries = Object.entries(bundles).filter(([, entry]) => existsSync(join(root, entry)));
  await build({
    ...inExtensionHost,
    entryPoints: Object.fromEntries(entries),
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    // ws does without these two; they would be native modules.
    external: ["vscode", "bufferutil", "utf-8-validate"],
    plugins: [loadOtherBundles],
    minify: true,
    sourcemap: true,
  });
  // npm does this for whoever installs it, but it is also called where it lies.
  await chmod(join(root, "dist/raft-lab.cjs"), 0o755);
  if (existsSync(join(root, "src/panel/main.ts"))) await buildPanel();
  for (const name of (await readdir(join(root, "dist"))).filter((each) => !each.endsWith(".map"))) {
    const { size } = await stat(join(root, "dist", name));
    console.log(`dist/${name}  ${(size / 1024).toFixed(1)} KB`);
  }
}

/** The web page of the panel, and the icons it shows. */
async function buildPanel(): Promise<void> {
  await build({
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "browser",
    // The Chromium of VS Code 1.100.
    target: "chrome132",
    entryPoints: { panel: "src/panel/main.ts" },
    outdir: "dist",
    minify: true,
    sourcemap: true,
    logLevel: "warning",
  });
  for (const file of ["codicon.css", "codicon.ttf"]) {
    await cp(join(root, "node_modules/@vscode/codicons/dist", file), join(root, "dist", file));
  }
}

/** Bundles index.ts and every *.test.ts of one folder of tests; index.ts finds the others beside it. */
async function buildTests(from: string, to: string): Promise<void> {
  const found = await readdir(join(root, from), { recursive: true });
  const tests = found.filter((name) => name.endsWith(".test.ts")).map((name) => join(from, name));
  if (tests.length === 0) throw new Error(`there are no tests in ${from}`);
  await rm(join(root, to), { recursive: true, force: true });
  await build({
    ...inExtensionHost,
    entryPoints: ["test/vscode/index.ts", ...tests].map((path) => ({
      in: path,
      out: basename(path, ".ts"),
    })),
    outdir: to,
    outExtension: { ".js": ".cjs" },
    external: ["vscode", "mocha"],
    sourcemap: "inline",
  });
  console.log(`${to}/  ${tests.length} test ${tests.length === 1 ? "file" : "files"}`);
}

await buildExtension();
if (process.argv.includes("--tests")) {
  await buildTests("test/vscode/suite", "out/test/vscode");
  await buildTests("test/vscode/suite-vsix", "out/test/tester");
  const manifest = "test/vscode/tester/package.json";
  await mkdir(join(root, "out/test/tester"), { recursive: true });
  await cp(join(root, manifest), join(root, "out/test/tester", basename(manifest)));
}
