import { invariant } from "../raft/index.ts";

/** How deep JSON may be nested; `[]` is one deep. */
export const depthLimit = 64;

/** The longest JSON that is read at all, in characters: time, memory and the answer are bounded. */
export const lengthLimit = 4 * 1024 * 1024;

/**
 * JSON as Python writes it: what `json.dumps(json.loads(text))` answers.
 *
 * Files of raftos hold what Python wrote, and a lab compares them by eye and by diff, so the same
 * value must be the same text, to the digit. That is why numbers are taken from the text and not
 * from JSON.parse, which would round long integers and forget that `100.0` was no integer.
 *
 * `undefined` for what is not strict JSON, for what is past the two limits, and for a float too
 * large for a double: Python reads 1e400 as infinity and writes `Infinity`, which is no JSON and
 * which nobody could read back. Integers are of any length, as in the Pythons that raftos runs on.
 *
 * Never throws. A command of 64 characters takes one to five microseconds; the cost is linear.
 */
export function reformat(text: string): string | undefined {
  const reader = readerOf(text);
  const value = reader?.value();
  return reader?.overflowed === true ? undefined : value;
}

/**
 * The members of a JSON object in the order of their first appearance, each value reformatted.
 * Of a key that stands there twice the last value counts, at the first place, as in a Python dict.
 * `undefined` for what `reformat` refuses and for JSON that is not an object.
 */
export function membersOf(text: string): ReadonlyMap<string, string> | undefined {
  const reader = readerOf(text);
  const members = reader?.isAtObject() === true ? reader.members() : undefined;
  return reader?.overflowed === true ? undefined : members;
}

/** A JSON object of values that are JSON already. */
export function objectText(members: ReadonlyMap<string, string>): string {
  return `{${Array.from(members, ([key, value]) => `${stringText(key)}: ${value}`).join(", ")}}`;
}

/** A JSON string as Python writes it: ASCII only. Lone surrogates are kept, escaped. */
export function stringText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Whether brackets nest deeper than this, for JSON. Of other text it says no more than that the
 * text looks so. It is asked before parsing, because parsers may run out of stack.
 */
export function isDeeperThan(levels: number, text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at];
    if (unit === '"') at = afterString(text, at) - 1;
    else if (unit === "[" || unit === "{") depth += 1;
    else if (unit === "]" || unit === "}") depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

function readerOf(text: string): Reader | undefined {
  if (text.length > lengthLimit || isDeeperThan(depthLimit, text)) return undefined;
  return isJson(text) ? new Reader(text) : undefined;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where the string that starts here with its quote has ended; the end of the text if it does not. */
function afterString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/**
 * Reads text that JSON.parse has accepted and that is not too deep, so it checks nothing again and
 * may recurse. Commas and colons tell it nothing either: it skips them like white space.
 */
class Reader {
  /** Whether a number was too large for a float. What was read is then not to be used. */
  overflowed = false;
  readonly #text: string;
  readonly #literal = /[-+.\w]+/y;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtObject(): boolean {
    return this.#next() === "{";
  }

  value(): string {
    switch (this.#next()) {
      case "{":
        return objectText(this.members());
      case "[":
        return `[${this.#items().join(", ")}]`;
      case '"':
        return stringText(this.#string());
      default:
        return this.#numberOrWord();
    }
  }

  members(): ReadonlyMap<string, string> {
    // A Map, because `__proto__` is a key like any other.
    const members = new Map<string, string>();
    this.#at += 1;
    while (this.#next() !== "}") members.set(this.#string(), this.value());
    this.#at += 1;
    return members;
  }

  #items(): readonly string[] {
    const items: string[] = [];
    this.#at += 1;
    while (this.#next() !== "]") items.push(this.value());
    this.#at += 1;
    return items;
  }

  #string(): string {
    const start = this.#at;
    this.#at = afterString(this.#text, start);
    const value: unknown = JSON.parse(this.#text.slice(start, this.#at));
    invariant(typeof value === "string", "what starts with a quote is a string");
    return value;
  }

  #numberOrWord(): string {
    this.#literal.lastIndex = this.#at;
    const token = this.#literal.exec(this.#text)?.[0];
    invariant(token !== undefined, "a value is where JSON.parse found one");
    this.#at += token.length;
    if (!/\d/.test(token)) return token;
    // Python has no negative zero among its integers.
    if (!/[.eE]/.test(token)) return token === "-0" ? "0" : token;

    const value = Number(token);
    if (!Number.isFinite(value)) this.overflowed = true;
    return floatText(value);
  }

  /** The first character of what comes next, which is then where `#at` points to. */
  #next(): string {
    while (" \n\r\t,:".includes(this.#text[this.#at] ?? "the end")) this.#at += 1;
    return this.#text[this.#at] ?? "";
  }
}

/**
 * Python's repr of a float. Both languages write the fewest digits that give the number back, but
 * go over to an exponent at other sizes and write it differently.
 */
function floatText(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const magnitude = Math.abs(value);
  const [digits = "", power = ""] = magnitude.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const width = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${width}`;
  }
  return `${sign}${magnitude}${Number.isInteger(magnitude) ? ".0" : ""}`;
}
