/** What a text says, read as JSON, or why it is not read. */
export type Json =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "bad"; readonly reason: string };

/** How deep JSON from outside may be nested; `[]` is one deep. */
const depthLimit = 64;

/**
 * Reads JSON that somebody else wrote, at a bounded cost: nothing longer than `lengthLimit`
 * characters, and nothing so deep that whoever handles it next could run out of stack. JSON.parse
 * itself takes millions of levels. Never throws.
 */
export function readJson(text: string, lengthLimit: number): Json {
  if (text.length > lengthLimit) {
    return { kind: "bad", reason: `longer than ${lengthLimit} characters` };
  }
  if (isTooDeep(text)) return { kind: "bad", reason: `nested deeper than ${depthLimit} levels` };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "bad", reason: "not JSON" };
  }
}

/** Asked before the text is known to be JSON; of other text the answer does not matter. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text[at];
    if (unit === '"') at = endOfString(text, at);
    else if (unit === "[" || unit === "{") depth++;
    else if (unit === "]" || unit === "}") depth--;
    if (depth > depthLimit) return true;
  }
  return false;
}

/** The place of the quote that ends the string whose first quote stands at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
