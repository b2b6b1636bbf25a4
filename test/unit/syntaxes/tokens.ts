import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate, { type IGrammar, type StateStack } from "vscode-textmate";

/** A piece of a line, with the scopes that a theme colours it by, innermost last. */
export interface Token {
  readonly text: string;
  /** Without the language's own name at their ends. */
  readonly scopes: readonly string[];
}

export type Language = "raft-log" | "raft-account";

const syntaxes = join(import.meta.dirname, "../../../syntaxes");
const require = createRequire(import.meta.url);

/** The grammar, run by the two libraries that VS Code runs it by. */
export async function grammarOf(language: Language): Promise<Tokenizer> {
  await (loading ??= oniguruma.loadWASM({
    data: readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")),
  }));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scopeName) => {
      const path = join(syntaxes, `${scopeName.replace(/^source\./, "")}.tmLanguage.json`);
      return Promise.resolve(textmate.parseRawGrammar(readFileSync(path, "utf8"), path));
    },
  });
  const grammar = await registry.loadGrammar(`source.${language}`);
  if (grammar === null) throw new Error(`there is no grammar of ${language}`);
  return new Tokenizer(grammar, language);
}

let loading: Promise<void> | undefined;

export class Tokenizer {
  readonly #grammar: IGrammar;
  readonly #language: Language;

  constructor(grammar: IGrammar, language: Language) {
    this.#grammar = grammar;
    this.#language = language;
  }

  /** The tokens of each line of a text, which is cut into lines as VS Code does it by default. */
  lines(text: string, lineEnd = /\r\n|\r|\n/): readonly (readonly Token[])[] {
    let state: StateStack = textmate.INITIAL;
    return text.split(lineEnd).map((line) => {
      const { tokens, ruleStack } = this.#grammar.tokenizeLine(line, state);
      state = ruleStack;
      return tokens.map(({ startIndex, endIndex, scopes }) => {
        return {
          text: line.slice(startIndex, endIndex),
          scopes: scopes.map((each) => this.#short(each)),
        };
      });
    });
  }

  /** As VS Code asks for it while one types: tokens as numbers. Returns how many there are. */
  count(line: string): number {
    return this.#grammar.tokenizeLine2(line, textmate.INITIAL).tokens.length / 2;
  }

  /** Each token of a line that has a scope of its own, as `text  its innermost scopes`. */
  shown(line: string): readonly string[] {
    return (this.lines(line)[0] ?? [])
      .map(({ text, scopes }) => `${text.trim()}  ${scopes.slice(1).join(" ")}`.trim())
      .filter((each) => each.includes("  "));
  }

  #short(scope: string): string {
    return scope.endsWith(`.${this.#language}`)
      ? scope.slice(0, -this.#language.length - 1)
      : scope;
  }
}
