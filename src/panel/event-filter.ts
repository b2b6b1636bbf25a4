import type { EventIcon, EventLine, MemberPicture } from "./protocol.ts";

/**
 * The lines that a filter lets through: those with its text, whatever the case. The name of a node
 * stands for itself only, so that `n1` does not find `n10`.
 */
export function filteredEvents(
  lines: readonly EventLine[],
  filter: string,
  members: readonly MemberPicture[],
): readonly EventLine[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === "") return lines;
  const member = members.find(({ id, name, shortName, address }) =>
    [id, name, shortName, address].some((each) => each.toLowerCase() === wanted),
  );
  if (member === undefined) {
    return lines.filter(({ text, section }) => `${text} ${section}`.toLowerCase().includes(wanted));
  }
  const names = [member.name, member.shortName].map((each) => each.toLowerCase());
  return lines.filter(({ text }) => names.some((name) => hasWord(text.toLowerCase(), name)));
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isPartOfWord(text[at - 1]) && !isPartOfWord(text[at + word.length])) return true;
  }
  return false;
}

function isPartOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

/** Which of VS Code's icons stands for what happened. */
export function iconOf(icon: EventIcon): string {
  const names: Readonly<Record<EventIcon, string>> = {
    crash: "circle-slash",
    start: "debug-restart",
    timeout: "watch",
    vote: "check",
    leader: "star-full",
    send: "arrow-right",
    receive: "arrow-left",
    lost: "close",
    store: "database",
    commit: "lock",
    apply: "pass",
    client: "inbox",
    refuse: "error",
    cut: "debug-disconnect",
    clock: "clock",
    term: "arrow-up",
    violation: "error",
    note: "info",
  };
  return names[icon];
}

/** `12.480`: seconds, as exact as events are apart. */
export function eventTime(time: number): string {
  return (Math.max(0, time) / 1000).toFixed(3);
}
