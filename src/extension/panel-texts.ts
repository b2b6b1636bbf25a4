import { l10n } from "vscode";
import { membersOf } from "../cluster/index.ts";
import { unreachable, type Entry, type Message } from "../raft/index.ts";
import type { EventIcon } from "../panel/index.ts";
import type { DropReason, MessageOf, TraceEvent } from "../trace/index.ts";
import { eventText, isGranted } from "./event-text.ts";
import type { NameOf } from "./names.ts";
import { configurationText, dropText } from "./texts.ts";

/** What a message says, in the few words that fit beside it. */
export function messageLabel(message: Message): string {
  switch (message.kind) {
    case "RequestVote":
      return l10n.t("last {0}/t{1}", message.lastLogIndex, message.lastLogTerm);
    case "RequestVoteReply":
      return message.voteGranted ? l10n.t("vote granted") : l10n.t("vote refused");
    case "PreVote":
      return l10n.t("last {0}/t{1}", message.lastLogIndex, message.lastLogTerm);
    case "PreVoteReply":
      return message.voteGranted ? l10n.t("would vote") : l10n.t("would not vote");
    case "TimeoutNow":
      return l10n.t("stand now");
    case "InstallSnapshot":
      return l10n.t("snapshot up to {0}", message.lastIncludedIndex);
    case "InstallSnapshotReply":
      return message.outcome.kind === "installed"
        ? l10n.t("match {0}", message.lastIncludedIndex)
        : l10n.t("from {0} on", message.outcome.offset);
    case "AppendEntries": {
      const { prevLogIndex, entries } = message;
      const first = prevLogIndex + 1;
      if (entries.length === 0) return l10n.t("heartbeat");
      return entries.length === 1
        ? l10n.t("entry {0}", first)
        : l10n.t("entries {0} to {1}", first, prevLogIndex + entries.length);
    }
    case "AppendEntriesReply": {
      const { outcome } = message;
      return outcome.success
        ? l10n.t("match {0}", outcome.matchIndex)
        : l10n.t("no match at {0}", outcome.prevLogIndex);
    }
    case "ReadIndex":
      return l10n.t("read?");
    case "ReadIndexReply":
      return message.index === null ? l10n.t("no read") : l10n.t("read at {0}", message.index);
    default:
      return unreachable(message);
  }
}

/** The fields of a message as Figure 2 names them. */
export function messageFields(
  message: Message,
  nameOf: NameOf,
): readonly (readonly [string, string])[] {
  const { term } = message;
  switch (message.kind) {
    case "RequestVote": {
      const { from, lastLogIndex, lastLogTerm } = message;
      return fields({ term, candidateId: nameOf(from), lastLogIndex, lastLogTerm });
    }
    case "PreVote": {
      const { from, lastLogIndex, lastLogTerm } = message;
      return fields({ term, candidateId: nameOf(from), lastLogIndex, lastLogTerm });
    }
    case "TimeoutNow":
      return fields({ term, leaderId: nameOf(message.from) });
    case "InstallSnapshot": {
      const { from, lastIncludedIndex, lastIncludedTerm, offset, data, done: isLast } = message;
      const leaderId = nameOf(from);
      const more = { offset, "data[]": data.length, done: isLast };
      return fields({ term, leaderId, lastIncludedIndex, lastIncludedTerm, ...more });
    }
    case "InstallSnapshotReply": {
      const { lastIncludedIndex, outcome } = message;
      const more = outcome.kind === "wanted" ? { offset: outcome.offset } : { installed: true };
      return fields({ term, lastIncludedIndex, ...more });
    }
    case "PreVoteReply":
    case "RequestVoteReply":
      return fields({ term, voteGranted: message.voteGranted });
    case "AppendEntries": {
      const { from, prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
      const leaderId = nameOf(from);
      const count = entries.length;
      return fields({
        term,
        leaderId,
        prevLogIndex,
        prevLogTerm,
        "entries[]": count,
        leaderCommit,
        ...roundOf(message),
      });
    }
    case "AppendEntriesReply":
      return fields({ term, ...message.outcome, ...roundOf(message) });
    case "ReadIndex":
      return fields({ term });
    case "ReadIndexReply":
      return fields({ term, readIndex: message.index });
    default:
      return unreachable(message);
  }
}

/** The round of heartbeats by which reads are confirmed, where there is one. */
function roundOf({ round }: { readonly round?: number }): Readonly<Record<string, number>> {
  return round === undefined ? {} : { round };
}

function fields(
  values: Readonly<Record<string, string | number | boolean | null>>,
): readonly (readonly [string, string])[] {
  return Object.entries(values).map(([name, value]) => [name, String(value)] as const);
}

const entryTexts = new WeakMap<Entry, string>();
const entryTextLength = 200;

/** What an entry says, as one types it: `x=1`; `no-op` of what a leader begins its term with. */
export function entryText(entry: Entry): string {
  if (entry.kind === "noOp") return "no-op";
  if (entry.kind === "configuration") {
    return l10n.t(
      "members {0}",
      configurationText(entry.configuration, (id) => id),
    );
  }
  let text = entryTexts.get(entry);
  if (text === undefined) entryTexts.set(entry, (text = commandText(entry.command)));
  return text;
}

/** A command as one types it; a part of it, if it is longer than that. */
export function commandText(command: string, most = entryTextLength): string {
  const members = membersOf(command);
  if (members === undefined || members.size === 0) return shortened(command, most);
  const parts: string[] = [];
  let length = 0;
  for (const [name, value] of members) {
    if (length > most) break;
    const part = `${visible(shortened(name, most))}=${shortened(value, most)}`;
    parts.push(part);
    length += part.length;
  }
  return shortened(parts.join(", "), most);
}

/** Characters that would bend or hide the text around them are shown as what they are not. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�");
}

/** At most that many characters, with an ellipsis where some are missing; no surrogate is cut. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** An event as a line of the list of events: shorter than elsewhere, for there are many. */
export function lineText(event: TraceEvent, messageOf: MessageOf, nameOf: NameOf): string {
  switch (event.kind) {
    case "sent":
      return messageLine(event.message, nameOf);
    case "dropped": {
      const message = messageOf(event.id);
      if (message === undefined) return eventText(event, nameOf);
      return l10n.t("{0} is lost: {1}", messageLine(message, nameOf), dropText(event.reason));
    }
    case "requested": {
      const [request] = event.requests;
      if (event.requests.length !== 1 || request === undefined) return eventText(event, nameOf);
      return l10n.t("{0} is given {1}", nameOf(event.node), commandText(request.command));
    }
    case "appended": {
      const [entry] = event.entries;
      if (event.entries.length !== 1 || entry === undefined) return eventText(event, nameOf);
      const { node, first } = event;
      return l10n.t("{0} appends {1} at {2}", nameOf(node), entryText(entry), first);
    }
    case "applied": {
      const [entry] = event.entries;
      if (event.entries.length !== 1 || entry === undefined) return eventText(event, nameOf);
      return l10n.t("{0} applies {1}, {2}", nameOf(event.node), event.first, entryText(entry));
    }
    case "committed":
      return l10n.t("{0} knows up to {1} to be committed", nameOf(event.node), event.index);
    default:
      return eventText(event, nameOf);
  }
}

function messageLine(message: Message, nameOf: NameOf): string {
  const { from, to, kind } = message;
  return l10n.t("{0} → {1} {2}: {3}", nameOf(from), nameOf(to), kind, messageLabel(message));
}

export interface EventLook {
  readonly icon: EventIcon;
  readonly section: string;
}

/** How an event stands in the list of events; null of what would only repeat or drown others. */
export function lookOf(event: TraceEvent, messageOf: MessageOf): EventLook | null {
  switch (event.kind) {
    case "started":
      return { icon: "start", section: "" };
    case "crashed":
    case "failed":
      return { icon: "crash", section: "§5.5" };
    case "roleChanged":
      if (event.role === "leader") return { icon: "leader", section: "§5.2" };
      return event.role === "candidate"
        ? { icon: "timeout", section: "§5.2" }
        : { icon: "note", section: "§5.1" };
    case "voted":
      return { icon: "vote", section: "§5.2" };
    case "termChanged":
      return { icon: "term", section: "§5.1" };
    case "requested":
      return { icon: "client", section: "§5.3" };
    case "appended":
      return { icon: "store", section: "§5.3" };
    case "truncated":
      return { icon: "refuse", section: "§5.3" };
    case "committed":
      return { icon: "commit", section: "§5.3" };
    case "applied":
      return { icon: "apply", section: "§5.3" };
    case "sent":
      return lookOfSent(event.message);
    case "dropped":
      return lookOfLost(messageOf(event.id), event.reason);
    case "answered":
      return { icon: isGranted(event.answer) ? "client" : "refuse", section: "§8" };
    case "readRequested":
      return { icon: "client", section: "dissertation §6.4" };
    case "transferRequested":
      return { icon: "client", section: "dissertation §3.10" };
    case "transferEnded":
      return event.outcome.kind === "steppedDown"
        ? null
        : { icon: "refuse", section: "dissertation §3.10" };
    case "membershipRequested":
      return { icon: "client", section: "§6" };
    case "membershipEnded":
      return { icon: event.outcome.kind === "done" ? "client" : "refuse", section: "§6" };
    case "configurationChanged":
      return { icon: "note", section: "§6" };
    case "snapshotTaken":
      return null; // Told by what comes of it.
    case "compacted":
      return { icon: "store", section: "§7" };
    case "restored":
      return { icon: "apply", section: "§7" };
    case "nodeAdded":
    case "nodeRemoved":
      return { icon: "start", section: "" };
    case "unanswered":
      return { icon: "refuse", section: "§8" };
    case "linkCut":
    case "linkHealed":
      return { icon: "cut", section: "" };
    case "paused":
    case "resumed":
    case "speedSet":
      return { icon: "clock", section: "" };
    case "refused":
      return { icon: "refuse", section: "" };
    case "noticed":
      return { icon: "note", section: "" };
    // Told by what comes of them.
    case "received":
    case "woke":
    case "saving":
    case "saved":
    case "leaderKnown":
    case "duplicated":
      return null;
    default:
      return unreachable(event);
  }
}

/** Entries are told where they are appended, votes where they are given. */
function lookOfSent(message: Message): EventLook | null {
  switch (message.kind) {
    case "RequestVote":
      return { icon: "send", section: "§5.2" };
    case "RequestVoteReply":
      return message.voteGranted ? null : { icon: "refuse", section: "§5.4.1" };
    case "PreVote":
      return { icon: "send", section: "dissertation §9.6" };
    case "PreVoteReply":
      return message.voteGranted ? null : { icon: "refuse", section: "dissertation §9.6" };
    case "TimeoutNow":
      return { icon: "send", section: "dissertation §3.10" };
    case "InstallSnapshot":
      return { icon: "send", section: "§7" };
    case "InstallSnapshotReply":
      return null;
    case "AppendEntries":
      return null;
    case "AppendEntriesReply":
      return message.outcome.success ? null : { icon: "refuse", section: "§5.3" };
    case "ReadIndex":
      return { icon: "send", section: "dissertation §6.4" };
    case "ReadIndexReply":
      return message.index === null ? { icon: "refuse", section: "dissertation §6.4" } : null;
    default:
      return unreachable(message);
  }
}

/** A leader goes on sending to who is down or cut off, and each of these messages is lost. */
function lookOfLost(message: Message | undefined, reason: DropReason): EventLook | null {
  if (message === undefined || isRoutine(message)) return null;
  const isVote = message.kind === "RequestVote" || message.kind === "RequestVoteReply";
  return isVote || reason === "lost" ? { icon: "lost", section: "" } : null;
}

/** Whether an event is one that a step goes to: those of the list, and messages that set out. */
export function isStep(event: TraceEvent, messageOf: MessageOf): boolean {
  if (event.kind === "sent" && !isRoutine(event.message)) return true;
  return lookOf(event, messageOf) !== null;
}

/** A heartbeat, or what is answered to one as far as one can tell: they come all the time. */
function isRoutine(message: Message): boolean {
  if (message.kind === "AppendEntries") return message.entries.length === 0;
  return message.kind === "AppendEntriesReply" && message.outcome.success;
}

export function outdatedText(): string {
  return l10n.t("This panel is out of date. Reopen it.");
}
