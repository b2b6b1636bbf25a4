export interface ReadNumber {
  /** Where it is over, or where it stops being a number. */
  readonly end: number;
  /** The same text for equal numbers; undefined if it is none. */
  readonly canonical: string | undefined;
}

/**
 * Reads a number of JSON. Integers keep all their digits, however many, and `1.0` is 1: not every
 * library writes a whole float with its point.
 */
export function readNumber(text: string, start: number, to: number): ReadNumber {
  const wholeStart = text[start] === "-" ? start + 1 : start;
  let at = afterDigits(text, wholeStart, to);
  if (at === wholeStart) return { end: at, canonical: undefined };
  if (text[wholeStart] === "0" && at > wholeStart + 1) {
    return { end: wholeStart + 1, canonical: undefined };
  }
  let isFloat = false;
  if (at < to && text[at] === ".") {
    const digits = at + 1;
    at = afterDigits(text, digits, to);
    if (at === digits) return { end: at, canonical: undefined };
    isFloat = true;
  }
  if (at < to && (text[at] === "e" || text[at] === "E")) {
    const hasSign = at + 1 < to && (text[at + 1] === "+" || text[at + 1] === "-");
    const digits = hasSign ? at + 2 : at + 1;
    at = afterDigits(text, digits, to);
    if (at === digits) return { end: at, canonical: undefined };
    isFloat = true;
  }
  const token = text.slice(start, at);
  return { end: at, canonical: isFloat ? canonicalFloat(token) : token === "-0" ? "0" : token };
}

function afterDigits(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
  return at;
}

function canonicalFloat(token: string): string {
  const value = Number(token);
  if (!Number.isFinite(value)) return token;
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}
