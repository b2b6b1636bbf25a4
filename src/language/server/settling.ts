/** A text, or null where there is no file. */
export type Text = string | null;

/**
 * Decides when a new content of a file counts.
 *
 * raftos empties a file and then writes it again, many times a second, and appends an entry in more
 * than one write. Whoever looks in between sees an empty file or half a line, and to call that a
 * mistake would be a false alarm. So what looks unfinished counts only once it has stayed so.
 */
export class Settling {
  readonly #patience: number;
  #whole: Text;
  #since: number | null = null;

  /** `whole` is what counts now; `patience` how long, in milliseconds, to wait with less. */
  constructor(whole: Text, patience: number) {
    this.#whole = whole;
    this.#patience = patience;
  }

  /**
   * How long to wait before this text counts; 0 if it does at once, as one does that was written
   * long ago.
   */
  see(text: Text, now: number, modified = now): number {
    if (now - modified >= this.#patience || !isUnfinished(this.#whole, text)) {
      return this.#settle(text);
    }
    this.#since ??= now;
    const left = this.#since + this.#patience - now;
    return left > 0 ? left : this.#settle(text);
  }

  #settle(text: Text): 0 {
    this.#whole = text;
    this.#since = null;
    return 0;
  }
}

/** Whether the new text may be on its way from the old one to something else. */
function isUnfinished(old: Text, text: Text): boolean {
  if (text === null || text === "") return old !== text;
  if (old !== null && text.length < old.length && old.startsWith(text)) return true;
  return !endsAs(old === null || old === "" ? text.charAt(0) : old.slice(-1), text);
}

/** Whether a text ends as one does that begins, or did end before, with this character. */
function endsAs(character: string, text: string): boolean {
  switch (character) {
    case "\n":
      return text.endsWith("\n");
    case "{":
    case "}":
      return text.endsWith("}") || text.endsWith("\n");
    default:
      return true;
  }
}
