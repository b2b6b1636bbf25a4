import { invariant } from "../raft/index.ts";
import {
  depthLimit,
  isDeeperThan,
  membersOf,
  objectText,
  reformat,
  stringText,
} from "./python-json.ts";

/** The longest command, in characters. They are ASCII, so these are bytes too. */
export const commandLimit = 64 * 1024;

/** The name under which text is stored that names none. */
const defaultName = "data";

/** A command, or why there is none. */
export type CommandText =
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "empty" }
  | { readonly kind: "tooLong"; readonly limit: number }
  | { readonly kind: "tooDeep" };

/**
 * The command that a user means by what they typed.
 *
 * `NAME=VALUE` sets NAME, which is what stands before the first `=`. VALUE is JSON if it can be
 * read as such, else a string as it stands, so `n=007` and `n=1e400` set strings. Any other text
 * sets `data` to that text. White space around NAME, VALUE and the whole is not meant.
 */
export function commandOf(text: string): CommandText {
  const whole = text.trim();
  if (whole === "") return { kind: "empty" };

  const equals = whole.indexOf("=");
  const name = whole.slice(0, Math.max(0, equals)).trim();
  if (name === "") return setting(defaultName, stringWithin(whole));

  const value = whole.slice(equals + 1).trim();
  // The command is one deeper than its value. What only looks like deep JSON is refused too,
  // because telling the two apart would take parsing it.
  if (/^[[{]/.test(value) && isDeeperThan(depthLimit - 1, value)) return { kind: "tooDeep" };
  return setting(name, reformat(value) ?? stringWithin(value));
}

/** Whether this text can stand in a log as a command: a JSON object that `reformat` accepts. */
export function isCommand(text: string): boolean {
  return membersOf(text) !== undefined;
}

/**
 * What a command writes, to be told in a line of text. What would break or bend the line (control
 * and format characters) is shown escaped; several names are separated by commas.
 */
export function nameOf(command: string): string {
  return Array.from(membersOfCommand(command).keys(), visible).join(", ");
}

/** The values that a command sets, by name. */
export function membersOfCommand(command: string): ReadonlyMap<string, string> {
  const members = membersOf(command);
  invariant(members !== undefined, "every command is a JSON object");
  return members;
}

function setting(name: string, value: string | undefined): CommandText {
  // The name is measured first, because escapes could make it too long for any string.
  if (value !== undefined && name.length <= commandLimit) {
    const command = objectText(new Map([[name, value]]));
    if (command.length <= commandLimit) return { kind: "command", command };
  }
  return { kind: "tooLong", limit: commandLimit };
}

/** The text as a JSON string, unless that alone is too long. */
function stringWithin(text: string): string | undefined {
  return text.length > commandLimit ? undefined : stringText(text);
}

/** What would break or bend a line of text is shown escaped. */
export function visible(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (found) =>
    stringText(found).slice(1, -1),
  );
}
