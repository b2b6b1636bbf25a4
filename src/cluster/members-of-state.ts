import { stringText } from "./python-json.ts";

/**
 * The members of a JSON object in the way of Python, in order, each value as the text that it is.
 * Undefined for what is none; of the values it only finds where they end.
 *
 * It takes a text of any length: a state machine is longer than any command.
 */
export function membersOfState(text: string): ReadonlyMap<string, string> | undefined {
  const steps = readingMembers(text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, one member at each step, for whoever must not hold up others. */
export function* readingMembers(
  text: string,
): Generator<void, ReadonlyMap<string, string> | undefined> {
  if (!text.startsWith("{") || !text.endsWith("}") || text.length < 2) return undefined;
  const members = new Map<string, string>();
  const end = text.length - 1;
  for (let at = 1; at < end;) {
    const colon = endOfValue(text, at);
    const name = nameIn(text.slice(at, colon));
    if (name === undefined || members.has(name) || !text.startsWith(": ", colon)) return undefined;
    const valueEnd = endOfValue(text, colon + 2);
    members.set(name, text.slice(colon + 2, valueEnd));
    if (valueEnd >= end) break;
    at = valueEnd + 2;
    if (!text.startsWith(", ", valueEnd) || at >= end) return undefined;
    yield;
  }
  return members;
}

/** Where the value that starts here is over: at a comma, a colon or a bracket outside of it. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const unit = text[at];
    if (unit === '"') at = endOfString(text, at);
    else if (unit === "{" || unit === "[") depth++;
    else if (depth === 0 && (unit === "," || unit === ":" || unit === "}" || unit === "]")) {
      return at;
    } else if (unit === "}" || unit === "]") depth--;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Undefined for what is no string, or one that is not written in the way of Python. */
function nameIn(json: string): string | undefined {
  try {
    const name: unknown = JSON.parse(json);
    return typeof name === "string" && stringText(name) === json ? name : undefined;
  } catch {
    return undefined;
  }
}
