/** A pattern that the tool finds fault with or cannot judge, and why it may stay. */
export interface Allowed {
  /** In which file, from the root of the project. */
  readonly file: string;
  readonly source: string;
  /** As a sentence: why no text can make it slow. */
  readonly reason: string;
}

export const allowed: readonly Allowed[] = [];
