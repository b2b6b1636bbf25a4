/** A regular expression of ours. */
export interface Pattern {
  /** The file, from the root of the project, and the place in it. */
  readonly where: string;
  /** As it is handed to the engine: of a JSON file, past JSON's own escapes. */
  readonly source: string;
  readonly flags: string;
  /** What runs it: that of JavaScript, or the one that VS Code runs grammars by. */
  readonly engine: "JavaScript" | "Oniguruma";
}

/** What was found, and the places where something may be one that cannot be read. */
export interface Collected {
  readonly patterns: readonly Pattern[];
  readonly unreadable: readonly string[];
}
