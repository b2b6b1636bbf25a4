import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize, sep } from "node:path";
import { test } from "node:test";

interface Layer {
  /** The folders it stands on. */
  readonly folders: readonly string[];
  readonly packages?: readonly string[];
  /** Where Node may be named: a folder or a file, as the start of a path under src. */
  readonly node?: readonly string[];
}

/** Who may import whom, from the bottom up. ARCHITECTURE.md draws the same table. */
const layers: Readonly<Record<string, Layer>> = {
  raft: { folders: [] },
  trace: { folders: ["raft"], packages: ["valibot"] },
  checks: { folders: ["raft", "trace"] },
  cluster: { folders: ["raft", "trace"] },
  driver: { folders: ["raft", "trace", "cluster"] },
  simulator: { folders: ["raft", "trace", "cluster", "driver"] },
  scenario: { folders: ["raft", "trace", "checks", "cluster", "simulator"] },
  hunt: {
    folders: ["raft", "trace", "checks", "cluster", "driver", "simulator", "scenario"],
    node: ["hunt/seeds.ts", "hunt/scenarios.ts"],
  },
  runtime: {
    folders: ["raft", "trace", "cluster", "driver"],
    packages: ["ws", "nanoid", "valibot"],
    node: ["runtime/"],
  },
  language: {
    folders: ["raft", "trace", "checks", "cluster"],
    packages: ["jsonc-parser", "vscode-languageserver", "vscode-languageserver-textdocument"],
    node: ["language/server/"],
  },
  exploration: { folders: ["raft", "trace", "checks", "cluster"] },
  panel: {
    folders: ["raft", "trace", "checks", "cluster"],
    packages: ["lit", "valibot"],
  },
  tour: { folders: ["raft", "trace", "cluster", "driver", "simulator"] },
  cli: { folders: ["language"], node: ["cli/"] },
  extension: {
    folders: [
      "raft",
      "trace",
      "checks",
      "cluster",
      "driver",
      "runtime",
      "exploration",
      "panel",
      "tour",
      "language",
    ],
    packages: ["vscode", "vscode-languageclient"],
    node: ["extension/node/"],
  },
};

/** Names through which the clock, chance or the outside leaks into code that must replay. */
const impure =
  /\b(Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|crypto|process|console|Promise|async|await)\b|\bMath\.random\b/;
const replayed = [
  "raft",
  "trace",
  "checks",
  "cluster",
  "driver",
  "simulator",
  "scenario",
  "exploration",
  "tour",
];

const src = join(import.meta.dirname, "../../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => {
    const [folder = ""] = path.split(sep);
    return { path: path.replaceAll(sep, "/"), folder, text: readFileSync(join(src, path), "utf8") };
  });

test("there are files to look at", () => {
  assert(files.length > 10, `only ${files.length} files under src`);
  assert(files.every(({ text }) => text.length > 0));
});

test("every folder under src has its place in the layers", () => {
  for (const { path, folder } of files) assert(folder in layers, `${path} has no layer`);
  for (const folder of Object.keys(layers)) {
    assert(existsSync(join(src, folder)), `the layer ${folder} has no folder`);
  }
});

test("a folder imports only folders below it, through their index", () => {
  for (const { path, folder, text } of files) {
    for (const target of imports(text).filter((name) => name.startsWith("."))) {
      const resolved = normalize(join(dirname(path), target)).replaceAll(sep, "/");
      const [other = ""] = resolved.split("/");
      if (other === folder) continue;
      assert(
        layers[folder]?.folders.includes(other),
        `${path} imports ${resolved}: ${folder} does not stand above ${other}`,
      );
      // What of the language needs Node is a folder of its own, with an index of its own.
      const indexes = [`${other}/index.ts`, "language/server/index.ts"];
      assert(indexes.includes(resolved), `${path} reaches into ${other} past its index`);
    }
  }
});

test("only where the layers say so does code touch Node or a package", () => {
  for (const { path, folder, text } of files) {
    const layer = layers[folder];
    for (const name of imports(text).filter((each) => !each.startsWith("."))) {
      const isNode = name.startsWith("node:") || builtinModules.includes(name);
      const allowed = isNode
        ? layer?.node?.some((start) => path.startsWith(start))
        : layer?.packages?.some((each) => name === each || name.startsWith(`${each}/`));
      assert(allowed, `${path} imports ${name}`);
    }
  }
});

test("code that must replay names no clock, no chance, no promise and no outside", () => {
  for (const { path, text } of files.filter(({ folder }) => replayed.includes(folder))) {
    assert.equal(impure.exec(withoutComments(text))?.[0], undefined, path);
  }
});

test("only the runtime and the extension's Node side read or write files, and never while waiting", () => {
  for (const { path, text } of files) {
    // A word of the Language Server Protocol ends like that, too.
    const found = /\b(?!textDocumentSync\b)\w+Sync\b/.exec(withoutComments(text));
    assert.equal(found?.[0], undefined, path);
  }
});

test("no file of the source is longer than 400 lines", () => {
  for (const { path, text } of files) {
    assert(text.split("\n").length <= 401, `${path} has ${text.split("\n").length} lines`);
  }
});

function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/.*/g, (found) =>
    found.startsWith('"') ? '""' : "",
  );
}

function imports(text: string): string[] {
  const statement =
    /^(?:import|export)\b[^;'"]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;
  return [...text.matchAll(statement)].map(
    ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? "",
  );
}
