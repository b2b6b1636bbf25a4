import type { Problem } from "../index.ts";

// What comes from files may hold anything: marks that turn text around, codes that move the cursor
// of a terminal. None of it may become more than characters that one sees.

/** What a problem says, with the section of the paper: a link to it would need the network. */
export function messageOf({ message, section }: Pick<Problem, "message" | "section">): string {
  return visible(section === "" ? message : `${message} (${sectionText(section)})`, 4_000);
}

/** Where the paper says it: `5.4.2` is a section, `Figure 8` says what it is. */
export function sectionText(section: string): string {
  return /^\d/.test(section) ? `Raft §${section}` : `Raft, ${section}`;
}

/** A text on one line, with what cannot be seen written out, and not longer than is good. */
export function visible(text: string, most = longestShown): string {
  const shown = text.length > most ? `${text.slice(0, most)}…` : text;
  return shown.replace(unseen, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}}`;
  });
}

const longestShown = 1_000;

/** Controls, ends of lines, halves of characters, and what turns the direction of writing. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
