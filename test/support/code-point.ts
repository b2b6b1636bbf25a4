import * as fc from "fast-check";

const firstSurrogate = 0xd800;
const surrogates = 0x800;
const last = 0x10ffff;

/**
 * Any character of Unicode: the unit of strings that may hold everything but half a surrogate pair.
 *
 * It draws what fast-check's own unit "binary" draws. That one makes a table of all 1.1 million of
 * them when a process first uses it, which takes two seconds in each process of the tests.
 */
export const codePoint: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: last - surrogates })
  .map(
    (position) =>
      String.fromCodePoint(position < firstSurrogate ? position : position + surrogates),
    positionOf,
  );

/** Without the way back fast-check would not put in names like __proto__, nor shrink them. */
function positionOf(character: unknown): number {
  if (typeof character !== "string") throw new TypeError("a character is a string");
  const [first, ...others] = Array.from(character, (each) => each.codePointAt(0) ?? 0);
  if (first === undefined || others.length > 0) throw new RangeError("it is not one character");
  if (first < firstSurrogate) return first;
  if (first < firstSurrogate + surrogates) throw new RangeError("it is half a surrogate pair");
  return first - surrogates;
}
