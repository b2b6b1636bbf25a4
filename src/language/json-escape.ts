export interface ReadEscape {
  /** Where it is over, or where it goes wrong: the end of the text if that cuts it off. */
  readonly end: number;
  /** The UTF-16 unit that is meant; undefined if it is no escape of JSON. */
  readonly unit: number | undefined;
}

/** Reads an escape in a string of JSON, which starts here with its backslash. */
export function readEscape(text: string, start: number, to: number): ReadEscape {
  const letter = start + 1 < to ? text[start + 1] : undefined;
  if (letter === undefined) return { end: to, unit: undefined };
  if (letter !== "u") {
    const unit = units.get(letter);
    return { end: unit === undefined ? start : start + 2, unit };
  }
  const digits = text.slice(start + 2, Math.min(to, start + 6));
  if (!/^[\da-fA-F]*$/.test(digits)) return { end: start, unit: undefined };
  if (digits.length < 4) return { end: to, unit: undefined };
  return { end: start + 6, unit: Number.parseInt(digits, 16) };
}

const units: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '"': '"',
    "\\": "\\",
    "/": "/",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
  }).map(([letter, meant]) => [letter, meant.charCodeAt(0)]),
);
