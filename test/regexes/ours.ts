import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonKindOf, jsonPatterns } from "./json-patterns.ts";
import type { Collected } from "./pattern.ts";
import { sourcePatterns } from "./source-patterns.ts";

const root = join(import.meta.dirname, "../..");

/** Every regular expression that ships: of the source, the grammars and the manifest. */
export function ourPatterns(): Collected {
  const project = join(import.meta.dirname, "tsconfig.source.json");
  const all = [sourcePatterns(root, join(root, "src"), [project]), ...jsonFiles().map(patternsIn)];
  return {
    patterns: all.flatMap(({ patterns }) => patterns),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
  };
}

function jsonFiles(): readonly string[] {
  const folders = ["syntaxes", "media/schemas"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("json"))
      .map((name) => `${folder}/${name}`),
  );
  return ["package.json", ...folders];
}

function patternsIn(path: string): Collected {
  const kind = jsonKindOf(path);
  if (kind === undefined) return { patterns: [], unreadable: [path] };
  return jsonPatterns(path, kind, JSON.parse(readFileSync(join(root, path), "utf8")));
}
