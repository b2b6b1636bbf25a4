import { unreachable } from "../../raft/index.ts";
import type { HoverPart } from "../index.ts";
import { sectionText, visible } from "./texts.ts";

// What comes from files may hold anything: links, HTML, commands. None of it may become more than
// characters that one sees.

/** The lines of a hover as Markdown. */
export function markdownOf(lines: readonly (readonly HoverPart[])[]): string {
  return lines.map((parts) => parts.map(markdownPart).join("")).join("  \n");
}

/** The same for a client that shows no Markdown. */
export function plainTextOf(lines: readonly (readonly HoverPart[])[]): string {
  return lines.map((parts) => parts.map(plainPart).join("")).join("\n");
}

function markdownPart(part: HoverPart): string {
  switch (part.kind) {
    case "text":
      // A character of ASCII that is no letter and no digit stands for itself behind a backslash.
      return visible(part.text).replace(/[!-/:-@[-`{-~]/g, "\\$&");
    case "code":
      return codeSpan(visible(part.text));
    case "section":
      return `*${sectionText(visible(part.section)).replace(/[!-/:-@[-`{-~]/g, "\\$&")}*`;
    default:
      return unreachable(part);
  }
}

/** The fence is longer than any within. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  // One space on each side is taken off again.
  return `${fence} ${text} ${fence}`;
}

function plainPart(part: HoverPart): string {
  switch (part.kind) {
    case "text":
    case "code":
      return visible(part.text);
    case "section":
      return sectionText(visible(part.section));
    default:
      return unreachable(part);
  }
}
