import { mixHigh, mixLow, seedHigh, seedLow, wholeHash, type Hash } from "./hash.ts";
import { readEscape } from "./json-escape.ts";
import { readNumber } from "./json-number.ts";

/** One member of an object, as places in the text. */
export interface ScannedMember {
  /** The key with its quotes. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly keyHash: Hash;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly valueHash: Hash;
}

export type Scan =
  /** `isStrict` is false if NaN or Infinity stands in it, which Python writes and JSON has not. */
  | {
      readonly kind: "value";
      readonly end: number;
      readonly hash: Hash;
      readonly isStrict: boolean;
    }
  /** The text ended within a value: up to there it could be one. */
  | { readonly kind: "cut" }
  /** Here stands what JSON does not have here. */
  | { readonly kind: "bad"; readonly at: number };

const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** What kind of value a hash is of goes into it first, so that "1" is not 1. */
const kindOfHash = { string: 1, number: 2, word: 3, array: 4, object: 5 } as const;

/** What JSON does not take for white space, which is less than what JavaScript does. */
export const notBlank = /[^ \t\r\n]/;

/** So much of the stacks is used again for the next value. */
const keptLength = 1_000;

const words: readonly (readonly [word: string, isStrict: boolean])[] = [
  ["true", true],
  ["false", true],
  ["null", true],
  ["NaN", false],
  ["Infinity", false],
];

/**
 * Reads one JSON value where it stands, makes a hash of what it says, and tells the members of the
 * outermost two objects.
 *
 * The hash is of the value, not of its text: white space, escapes, the order of keys and `1.0` for
 * `1` make no difference, but every digit of a long integer does. Of a key that stands there twice
 * the last value counts, as in Python. That is what two nodes are compared by that may have written
 * with different libraries.
 *
 * It keeps a stack of its own, so that brackets may nest as deep as the text is long, and it looks
 * at each character once. That is also why JSON.parse and its relatives are not asked.
 */
export class JsonScanner {
  /** Called for each member of the outermost object, and of objects that are its values. */
  readonly #onMember: (depth: number, member: ScannedMember) => void;
  #text = "";
  #at = 0;
  #to = 0;
  #isStrict = true;
  /** The value read last. */
  #start = 0;
  #low = 0;
  #high = 0;
  readonly #frames: Frame[] = [];
  #depth = 0;
  /** The members of all open objects, one object's after the other's; what is past them is old. */
  #count = 0;
  readonly #keys: number[] = [];
  readonly #lows: number[] = [];
  readonly #highs: number[] = [];

  constructor(onMember: (depth: number, member: ScannedMember) => void) {
    this.#onMember = onMember;
  }

  /** Reads the value that starts here, past white space. What comes after it is not looked at. */
  scan(text: string, from: number, to: number): Scan {
    this.#text = text;
    this.#at = from;
    this.#to = to;
    this.#isStrict = true;
    this.#depth = 0;
    this.#count = 0;
    const isGood = this.#value();
    this.#forget();
    if (!isGood) return this.#at >= to ? { kind: "cut" } : { kind: "bad", at: this.#at };
    const hash = wholeHash(this.#low, this.#high);
    return { kind: "value", end: this.#at, hash, isStrict: this.#isStrict };
  }

  #value(): boolean {
    for (;;) {
      const opened = this.#open();
      if (opened === "bad") return false;
      if (opened === "inside") continue;
      for (;;) {
        if (this.#depth === 0) return true;
        const after = this.#afterValue();
        if (after === "bad") return false;
        if (after === "inside") break;
      }
    }
  }

  /** At the start of a value: reads all of it, or steps into what holds others. */
  #open(): "bad" | "inside" | "whole" {
    const unit = this.#skip();
    this.#start = this.#at;
    switch (unit) {
      case quote:
        return this.#string() ? "whole" : "bad";
      case openBrace:
        this.#push(kindOfHash.object);
        if (this.#skip() === closeBrace) return this.#closeObject();
        return this.#key() ? "inside" : "bad";
      case openBracket:
        this.#push(kindOfHash.array);
        return this.#skip() === closeBracket ? this.#close() : "inside";
      default:
        return this.#numberOrWord(unit) ? "whole" : "bad";
    }
  }

  /** Past a value within an object or array: puts it in, and goes on or closes. */
  #afterValue(): "bad" | "inside" | "whole" {
    const frame = this.#frames[this.#depth - 1];
    if (frame === undefined) return "bad";
    if (frame.kind === kindOfHash.object) {
      this.#addMember(frame);
      const unit = this.#skip();
      if (unit === closeBrace) return this.#closeObject();
      if (unit !== comma) return "bad";
      this.#at++;
      return this.#key() ? "inside" : "bad";
    }
    frame.low = mixLow(mixLow(frame.low, this.#low), this.#high);
    frame.high = mixHigh(mixHigh(frame.high, this.#high), this.#low);
    const unit = this.#skip();
    if (unit === closeBracket) return this.#close();
    if (unit !== comma) return "bad";
    this.#at++;
    return "inside";
  }

  #key(): boolean {
    if (this.#skip() !== quote) return false;
    const frame = this.#frames[this.#depth - 1];
    if (frame === undefined) return false;
    frame.keyStart = this.#at;
    if (!this.#string()) return false;
    frame.keyEnd = this.#at;
    frame.keyLow = this.#low;
    frame.keyHigh = this.#high;
    if (this.#skip() !== colon) return false;
    this.#at++;
    return true;
  }

  #push(kind: number): void {
    const frame = (this.#frames[this.#depth] ??= newFrame());
    frame.kind = kind;
    frame.low = lowOf(kind);
    frame.high = highOf(kind);
    frame.start = this.#at;
    frame.firstMember = this.#count;
    frame.places = undefined;
    this.#depth++;
    this.#at++;
  }

  /** Objects are equal in whichever order their members stand: what they come to is added up. */
  #addMember(frame: Frame): void {
    const keyHash = wholeHash(frame.keyLow, frame.keyHigh);
    const low = mixLow(mixLow(mixLow(frame.keyLow, this.#low), this.#high), frame.keyHigh);
    const high = mixHigh(mixHigh(mixHigh(frame.keyHigh, this.#high), this.#low), frame.keyLow);
    const place = placeOf(frame, this.#keys, this.#count, keyHash);
    if (place === undefined) {
      this.#keys[this.#count] = keyHash;
      this.#lows[this.#count] = low;
      this.#highs[this.#count] = high;
      this.#count++;
    } else {
      frame.low = (frame.low - (this.#lows[place] ?? 0)) | 0;
      frame.high = (frame.high - (this.#highs[place] ?? 0)) | 0;
      this.#lows[place] = low;
      this.#highs[place] = high;
    }
    frame.low = (frame.low + low) | 0;
    frame.high = (frame.high + high) | 0;
    if (this.#depth > 2) return;
    this.#onMember(this.#depth, {
      keyStart: frame.keyStart,
      keyEnd: frame.keyEnd,
      keyHash,
      valueStart: this.#start,
      valueEnd: this.#at,
      valueHash: wholeHash(this.#low, this.#high),
    });
  }

  #closeObject(): "whole" {
    this.#count = this.#frames[this.#depth - 1]?.firstMember ?? 0;
    return this.#close();
  }

  #close(): "whole" {
    this.#at++;
    this.#depth--;
    const frame = this.#frames[this.#depth];
    if (frame !== undefined) {
      this.#start = frame.start;
      this.#low = mixLow(frame.low, frame.kind);
      this.#high = mixHigh(frame.high, frame.kind);
    }
    return "whole";
  }

  /** What was deep or wide once shall not be kept for ever, nor a text that is gone. */
  #forget(): void {
    this.#text = "";
    for (const stack of [this.#frames, this.#keys, this.#lows, this.#highs]) {
      if (stack.length > keptLength) stack.length = keptLength;
    }
  }

  #string(): boolean {
    const text = this.#text;
    const to = this.#to;
    let low = lowOf(kindOfHash.string);
    let high = highOf(kindOfHash.string);
    let at = this.#at + 1;
    for (; at < to; at++) {
      let unit = text.charCodeAt(at);
      if (unit === quote) {
        this.#at = at + 1;
        this.#low = low;
        this.#high = high;
        return true;
      }
      if (unit < space) break;
      if (unit === backslash) {
        const escape = readEscape(text, at, to);
        if (escape.unit === undefined) {
          at = escape.end;
          break;
        }
        unit = escape.unit;
        at = escape.end - 1;
      }
      low = mixLow(low, unit);
      high = mixHigh(high, unit);
    }
    this.#at = at;
    return false;
  }

  #numberOrWord(unit: number): boolean {
    const start = this.#at;
    const isMinus = unit === 0x2d;
    const first = isMinus ? this.#text.charCodeAt(start + 1) : unit;
    if (isMinus && start + 1 >= this.#to) {
      this.#at = this.#to;
      return false;
    }
    if (first < 0x30 || first > 0x39) return this.#word(isMinus);
    const { end, canonical } = readNumber(this.#text, start, this.#to);
    this.#at = end;
    if (canonical === undefined) return false;
    this.#hashText(kindOfHash.number, canonical);
    return true;
  }

  #word(isMinus: boolean): boolean {
    const start = this.#at + (isMinus ? 1 : 0);
    for (const [word, isStrict] of words) {
      if (isMinus && word !== "Infinity") continue;
      if (this.#text.startsWith(word, start) && start + word.length <= this.#to) {
        this.#isStrict &&= isStrict;
        this.#at = start + word.length;
        this.#hashText(kindOfHash.word, isMinus ? `-${word}` : word);
        return true;
      }
      const rest = this.#text.slice(start, Math.min(this.#to, start + word.length));
      if (rest !== "" && start + rest.length === this.#to && word.startsWith(rest)) {
        this.#at = this.#to;
        return false;
      }
    }
    return false;
  }

  #hashText(kind: number, text: string): void {
    let low = lowOf(kind);
    let high = highOf(kind);
    for (let at = 0; at < text.length; at++) {
      low = mixLow(low, text.charCodeAt(at));
      high = mixHigh(high, text.charCodeAt(at));
    }
    this.#low = low;
    this.#high = high;
  }

  /** The first unit that is no white space; NaN at the end, which is equal to none. */
  #skip(): number {
    for (; this.#at < this.#to; this.#at++) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== space && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) return unit;
    }
    return Number.NaN;
  }
}

/** An object or array that is open. There is one for each depth, used again and again. */
interface Frame {
  kind: number;
  low: number;
  high: number;
  start: number;
  keyStart: number;
  keyEnd: number;
  keyLow: number;
  keyHigh: number;
  /** Where its members begin among those of all. */
  firstMember: number;
  /** Where each key stands there, once there are many. */
  places: Map<Hash, number> | undefined;
}

function newFrame(): Frame {
  return {
    kind: 0,
    low: 0,
    high: 0,
    start: 0,
    keyStart: 0,
    keyEnd: 0,
    keyLow: 0,
    keyHigh: 0,
    firstMember: 0,
    places: undefined,
  };
}

/** Where among the members a key of this object stands already; `next` is where a new one goes. */
function placeOf(frame: Frame, keys: readonly Hash[], next: number, key: Hash): number | undefined {
  if (next - frame.firstMember < 16) {
    for (let at = frame.firstMember; at < next; at++) if (keys[at] === key) return at;
    return undefined;
  }
  frame.places ??= new Map(
    keys.slice(frame.firstMember, next).map((each, count) => [each, frame.firstMember + count]),
  );
  const place = frame.places.get(key);
  if (place === undefined) frame.places.set(key, next);
  return place;
}

function lowOf(kind: number): number {
  return mixLow(seedLow, kind);
}

function highOf(kind: number): number {
  return mixHigh(seedHigh, kind);
}
