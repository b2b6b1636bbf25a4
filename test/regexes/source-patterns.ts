import { relative, sep } from "node:path";
import {
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isRegularExpressionLiteral,
  isStringLiteral,
} from "typescript/unstable/ast/is";
import type { Node, SourceFile } from "typescript/unstable/ast";
import { API, type APIOptions } from "typescript/unstable/sync";
import type { Collected, Pattern } from "./pattern.ts";

/**
 * Every regular expression in the TypeScript files of some projects that stand under `folder`, as
 * TypeScript's own parser sees them: a slash in a comment, a string or a division is none.
 *
 * Beside literals these are `new RegExp("…")` and strings that are handed to `match`, `matchAll`
 * or `search`, which make expressions of them. A RegExp of anything but a literal is unreadable.
 */
export function sourcePatterns(
  root: string,
  folder: string,
  projects: readonly string[],
  files?: APIOptions["fs"],
): Collected {
  const api = new API(files === undefined ? { cwd: root } : { cwd: root, fs: files });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [...projects] });
    const sources = new Map<string, SourceFile>();
    for (const { program } of snapshot.getProjects()) {
      for (const name of program.getSourceFileNames()) {
        const file = name.startsWith(`${folder}/`) ? program.getSourceFile(name) : undefined;
        if (file !== undefined) sources.set(name, file);
      }
    }
    if (sources.size === 0) throw new Error(`no project has a file under ${folder}`);
    const found = [...sources].map(([name, file]) => {
      return patternsOf(file, relative(root, name).replaceAll(sep, "/"));
    });
    return {
      patterns: found.flatMap(({ patterns }) => patterns),
      unreadable: found.flatMap(({ unreadable }) => unreadable),
    };
  } finally {
    api.close();
  }
}

function patternsOf(file: SourceFile, path: string): Collected {
  const patterns: Pattern[] = [];
  const unreadable: string[] = [];
  const where = (node: Node): string => {
    const start = node.getStart(file);
    return `${path}:${file.text.slice(0, start).split("\n").length}`;
  };
  const take = (node: Node, source: string, flags: string): void => {
    patterns.push({ where: where(node), source, flags, engine: "JavaScript" });
  };
  const visit = (node: Node): void => {
    if (isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      take(node, node.text.slice(1, end), node.text.slice(end + 1));
    } else if (isNewExpression(node) || isCallExpression(node)) {
      const [first, second] = node.arguments ?? [];
      const made = isIdentifier(node.expression) && node.expression.text === "RegExp";
      if (made) {
        const source = literalText(first);
        const flags = second === undefined ? "" : literalText(second);
        if (source !== undefined && flags !== undefined) take(node, source, flags);
        else if (first === undefined || !isRegularExpressionLiteral(first)) {
          unreadable.push(where(node));
        }
      } else if (isPropertyAccessExpression(node.expression)) {
        const source = takers.has(node.expression.name.text) ? literalText(first) : undefined;
        if (source !== undefined) take(node, source, "");
      }
    }
    node.forEachChild(visit);
  };
  visit(file);
  return { patterns, unreadable };
}

/** The methods of strings that make a regular expression of a string. */
const takers: ReadonlySet<string> = new Set(["match", "matchAll", "search"]);

function literalText(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) ? node.text : undefined;
}
