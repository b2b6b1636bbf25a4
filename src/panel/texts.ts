import type { Strings } from "./protocol.ts";

/**
 * Says a text in the user's language: looks it up by its English form and fills in `{0}`, `{1}` …
 */
export type Say = (text: string, ...values: readonly (string | number)[]) => string;

export function sayIn(strings: Strings): Say {
  const known = sayings.get(strings);
  if (known !== undefined) return known;
  const say: Say = (text, ...values) => {
    const found = Object.hasOwn(strings, text) ? strings[text] : undefined;
    return (found ?? text).replace(/\{(\d)\}/g, (place, index: string) => {
      const value = values[Number(index)];
      return value === undefined ? place : String(value);
    });
  };
  sayings.set(strings, say);
  return say;
}

/** The same for the same translations, so that views can tell that nothing is different. */
const sayings = new WeakMap<Strings, Say>();
