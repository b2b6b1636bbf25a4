import type { Range } from "../simulator/index.ts";
import type { Problem } from "./scenario.ts";

/** A word of a line, or a text in quotes. */
interface Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly column: number;
}

/**
 * One line, read from left to right. What is not as it should be is kept as the line's problem, and
 * answered with undefined; only the first problem of a line is worth telling.
 */
export class Line {
  readonly number: number;
  readonly #words: readonly Word[];
  readonly #end: number;
  #at = 0;
  #problem: Problem | undefined;

  constructor(number: number, text: string) {
    this.number = number;
    const { words, end, unclosed } = wordsOf(text);
    this.#words = words;
    this.#end = end;
    if (unclosed !== undefined) {
      this.#problem = { line: number, column: unclosed, text: 'this quote has no second "' };
    }
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  /** Where the next word stands, or would. */
  get column(): number {
    return this.#words[this.#at]?.column ?? this.#end;
  }

  /** Notes what was expected here. */
  expected(what: string): undefined {
    const word = this.#words[this.#at];
    const found = word === undefined ? "the line ends" : `there is ${shown(word)}`;
    return this.wrong(`${what} is expected here, but ${found}`);
  }

  /** Notes what is wrong, here or where a word stood that was read before. */
  wrong(text: string, column = this.column): undefined {
    this.#problem ??= { line: this.number, column, text };
  }

  /** The next word, if it is not in quotes. */
  peek(): string | undefined {
    const word = this.#words[this.#at];
    return word?.quoted === false ? word.text : undefined;
  }

  /** Whether the next word is this one; then it is read. */
  has(word: string): boolean {
    if (this.peek() !== word) return false;
    this.#at++;
    return true;
  }

  /** Reads the next word, which must be one of these. */
  oneOf<T extends string>(words: readonly T[]): T | undefined {
    const found = words.find((word) => word === this.peek());
    if (found === undefined) return this.expected(listed(words));
    this.#at++;
    return found;
  }

  /** Reads a word of any kind. */
  word(what: string): string | undefined {
    const word = this.peek();
    if (word === undefined) return this.expected(what);
    this.#at++;
    return word;
  }

  /** Reads a text in quotes, if one is next. */
  quoted(): string | undefined {
    const word = this.#words[this.#at];
    if (word?.quoted !== true) return undefined;
    this.#at++;
    return word.text;
  }

  whole(what: string, { min, max }: Range): number | undefined {
    const value = wholeOf(this.peek() ?? "");
    const named = `${what}, ${min} to ${max},`;
    if (value === undefined || value < min || value > max) return this.expected(named);
    this.#at++;
    return value;
  }

  /** `5`, or `5..10` for whatever lies between. */
  range(what: string, { min, max }: Range): Range | undefined {
    const [first = "", second = first, ...more] = (this.peek() ?? "").split("..");
    const [from, to] = [wholeOf(first), wholeOf(second)];
    const fits = from !== undefined && to !== undefined && from >= min && from <= to && to <= max;
    if (!fits || more.length > 0) {
      return this.expected(`${what}, ${min} to ${max}, or two of them as FROM..TO,`);
    }
    this.#at++;
    return { min: from, max: to };
  }

  /** Nothing may follow. */
  ends(): true | undefined {
    return this.isAtEnd ? true : this.expected("the end of the line");
  }
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "nothing";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

export function wholeOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function wordsOf(text: string): {
  readonly words: readonly Word[];
  readonly end: number;
  readonly unclosed: number | undefined;
} {
  const words: Word[] = [];
  let end = 1;
  for (let at = 0; at < text.length;) {
    const column = at + 1;
    const [first = ""] = text.slice(at, at + 1);
    if (first === "#") break;
    if (first.trim() === "") {
      at++;
      continue;
    }
    if (first === '"') {
      const close = text.indexOf('"', at + 1);
      if (close === -1) return { words, end: text.length + 1, unclosed: column };
      words.push({ text: text.slice(at + 1, close), quoted: true, column });
      at = close + 1;
    } else {
      const start = at;
      while (at < text.length && !/[\s"#]/.test(text.charAt(at))) at++;
      words.push({ text: text.slice(start, at), quoted: false, column });
    }
    end = at + 1;
  }
  return { words, end, unclosed: undefined };
}

/** A word as a problem shows it: one that would break the message is shortened. */
function shown({ text, quoted }: Word): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return quoted ? `the text "${short}"` : `"${short}"`;
}
