import { l10n } from "vscode";
import {
  unreachable,
  type Message,
  type MembershipRequest,
  type NodeId,
  lastIndex,
} from "../raft/index.ts";
import type { Answer, ClusterEvent, NodeEvent, Notice, TraceEvent } from "../trace/index.ts";
import type { NameOf } from "./names.ts";
import {
  answerText,
  dropText,
  entriesText,
  failureText,
  noticeText,
  refusalText,
  roleText,
  configurationText,
  membershipText,
  transferText,
} from "./texts.ts";

/** One event as a sentence, whatever its kind: what proves a finding is shown with it. */
export function eventText(event: TraceEvent, nameOf: NameOf): string {
  return event.node === null
    ? clusterEventText(event, nameOf)
    : nodeEventText(event, nameOf(event.node), nameOf);
}

/** How much an event matters to a reader of the output. */
export type Level = "trace" | "debug" | "info" | "warning" | "error";

export function levelOf(event: TraceEvent): Level {
  switch (event.kind) {
    case "failed":
      return "error";
    case "refused":
    case "unanswered":
      return "warning";
    case "noticed":
      return isExpected(event.notice) ? "info" : "warning";
    case "answered":
      return isGranted(event.answer) ? "info" : "warning";
    case "roleChanged":
      return event.role === "follower" ? "debug" : "info";
    case "started":
    case "crashed":
    case "paused":
    case "resumed":
    case "speedSet":
    case "linkCut":
    case "linkHealed":
    case "nodeAdded":
    case "nodeRemoved":
      return "info";
    case "committed":
    case "termChanged":
    case "voted":
    case "leaderKnown":
    case "truncated":
    case "requested":
    case "readRequested":
    case "transferRequested":
    case "transferEnded":
    case "membershipRequested":
    case "membershipEnded":
    case "configurationChanged":
    case "snapshotTaken":
    case "compacted":
    case "restored":
      return "debug";
    case "received":
    case "woke":
    case "saving":
    case "saved":
    case "sent":
    case "dropped":
    case "duplicated":
    case "appended":
    case "applied":
      return "trace";
    default:
      return unreachable(event);
  }
}

/** The client got what it asked for. */
export function isGranted({ kind }: Answer): boolean {
  return kind === "committed" || kind === "read";
}

/** After a crash files lag behind, and files of raftos are imported because the user wants it. */
function isExpected(notice: Notice): boolean {
  const { kind } = notice;
  if (kind === "logFileBegins") return notice.keptAs === null;
  return kind === "fileCompleted" || kind === "imported";
}

function nodeEventText(event: NodeEvent, node: string, nameOf: NameOf): string {
  switch (event.kind) {
    case "started": {
      const { log, currentTerm } = event.saved;
      return l10n.t(
        "{0} started in term {1} with {2}",
        node,
        currentTerm,
        entriesText(lastIndex(log)),
      );
    }
    case "crashed":
      return event.unsaved === 0
        ? l10n.t("{0} crashed", node)
        : l10n.t("{0} crashed while it was saving", node);
    case "failed":
      return l10n.t("{0} stopped: {1}", node, failureText(event.failure));
    case "received":
      return l10n.t("{0} receives message {1}", node, event.id);
    case "woke":
      return l10n.t("{0} wakes: a deadline has passed", node);
    case "requested":
      return event.requests.length === 1
        ? l10n.t("{0} is given 1 command", node)
        : l10n.t("{0} is given {1} commands", node, event.requests.length);
    case "saving":
      return l10n.t("{0} saves what changed", node);
    case "saved":
      return l10n.t(
        "{0} has saved term {1} and its log up to {2}",
        node,
        event.currentTerm,
        event.index,
      );
    case "termChanged":
      return l10n.t("{0} is in term {1}", node, event.term);
    case "voted":
      return l10n.t("{0} votes for {1} in term {2}", node, nameOf(event.candidate), event.term);
    case "roleChanged":
      return l10n.t("{0} becomes {1} in term {2}", node, roleText(event.role), event.term);
    case "leaderKnown":
      return event.leaderId === null
        ? l10n.t("{0} knows of no leader", node)
        : l10n.t("{0} takes {1} to lead", node, nameOf(event.leaderId));
    case "truncated":
      return l10n.t("{0} drops its entries from {1} on", node, event.from);
    case "appended":
      return l10n.t("{0} appends {1} at {2}", node, entriesText(event.entries.length), event.first);
    case "committed":
      return l10n.t("{0} knows all entries up to {1} to be committed", node, event.index);
    case "applied":
      return l10n.t(
        "{0} applies {1} from {2} on",
        node,
        entriesText(event.entries.length),
        event.first,
      );
    case "sent":
      return messageText(event.message, event.id, nameOf);
    case "answered":
      return l10n.t("{0} answers: {1}", node, answerText(event.answer, nameOf));
    case "unanswered":
      return l10n.t("{0} stopped with a command in its hands", node);
    case "readRequested":
      return event.reads.length === 1
        ? l10n.t("{0} is asked to read 1 value", node)
        : l10n.t("{0} is asked to read {1} values", node, event.reads.length);
    case "transferRequested":
      return l10n.t("{0} is asked to hand its leadership over to {1}", node, nameOf(event.to));
    case "transferEnded":
      return l10n.t("{0} on the transfer: {1}", node, transferText(event.outcome, nameOf));
    case "noticed":
      return noticeText(event.notice, node);
    case "snapshotTaken":
      return l10n.t("{0} writes down its state machine as it is at {1}", node, event.index);
    case "compacted":
      return l10n.t(
        "{0} has a snapshot up to {1}; its log begins after {2}",
        node,
        event.index,
        event.logStart,
      );
    case "restored":
      return l10n.t("{0} goes on from the snapshot up to {1}", node, event.index);
    case "membershipRequested":
      return membershipRequestText(event, node, nameOf);
    case "membershipEnded":
      return l10n.t("{0} on the members: {1}", node, membershipText(event.outcome, nameOf));
    case "configurationChanged":
      return l10n.t(
        "{0} goes by the configuration at {1}: {2}",
        node,
        event.index,
        configurationText(event.configuration, nameOf),
      );
    default:
      return unreachable(event);
  }
}

function membershipRequestText(
  { add, remove, as }: MembershipRequest,
  node: string,
  nameOf: NameOf,
): string {
  const names = (ids: readonly NodeId[]): string => ids.map(nameOf).join(", ");
  if (add.length === 0) return l10n.t("{0} is asked to do without {1}", node, names(remove));
  return as === "voters"
    ? l10n.t("{0} is asked to take in {1}", node, names(add))
    : l10n.t("{0} is asked to take in {1}, to learn only", node, names(add));
}

function clusterEventText(event: ClusterEvent, nameOf: NameOf): string {
  switch (event.kind) {
    case "dropped":
      return l10n.t("Message {0} is lost: {1}", event.id, dropText(event.reason));
    case "duplicated":
      return l10n.t("Message {0} is on its way again as {1}", event.id, event.copy);
    case "linkCut":
      return l10n.t("The link from {0} to {1} is cut", nameOf(event.from), nameOf(event.to));
    case "linkHealed":
      return l10n.t("The link from {0} to {1} is healed", nameOf(event.from), nameOf(event.to));
    case "paused":
      return l10n.t("The cluster is paused");
    case "resumed":
      return l10n.t("The cluster goes on");
    case "speedSet":
      return l10n.t("The speed is {0}", event.speed);
    case "nodeAdded":
      return l10n.t("{0} belongs to the cluster now", event.name);
    case "nodeRemoved":
      return l10n.t("{0} belongs to the cluster no more", nameOf(event.member));
    case "refused":
      return l10n.t("Refused: {0}", refusalText(event.reason, nameOf));
    default:
      return unreachable(event);
  }
}

function messageText(message: Message, id: number, nameOf: NameOf): string {
  const [from, to] = [nameOf(message.from), nameOf(message.to)];
  return l10n.t(
    "{0} → {1}, message {2} of term {3}: {4}",
    from,
    to,
    id,
    message.term,
    gist(message),
  );
}

/** What a message says, beside its term. */
function gist(message: Message): string {
  switch (message.kind) {
    case "RequestVote":
      return l10n.t(
        "asks for a vote; its log ends at {0}, of term {1}",
        message.lastLogIndex,
        message.lastLogTerm,
      );
    case "RequestVoteReply":
      return message.voteGranted ? l10n.t("grants its vote") : l10n.t("refuses its vote");
    case "PreVote":
      return l10n.t(
        "asks whether it would get a vote; its log ends at {0}, of term {1}",
        message.lastLogIndex,
        message.lastLogTerm,
      );
    case "PreVoteReply":
      return message.voteGranted ? l10n.t("would vote for it") : l10n.t("would not vote for it");
    case "TimeoutNow":
      return l10n.t("hands the leadership over");
    case "InstallSnapshot":
      return message.done
        ? l10n.t("the last part of a snapshot up to {0}", message.lastIncludedIndex)
        : l10n.t("a part of a snapshot up to {0}", message.lastIncludedIndex);
    case "InstallSnapshotReply":
      return message.outcome.kind === "installed"
        ? l10n.t("has the snapshot up to {0}", message.lastIncludedIndex)
        : l10n.t(
            "wants the snapshot up to {0} from character {1} on",
            message.lastIncludedIndex,
            message.outcome.offset,
          );
    case "AppendEntries": {
      const { entries, prevLogIndex, leaderCommit } = message;
      return entries.length === 0
        ? l10n.t("a heartbeat; committed are all up to {0}", leaderCommit)
        : l10n.t("{0} to stand after {1}", entriesText(entries.length), prevLogIndex);
    }
    case "AppendEntriesReply": {
      const { outcome } = message;
      return outcome.success
        ? l10n.t("our logs agree up to {0}", outcome.matchIndex)
        : l10n.t("our logs do not agree at {0}", outcome.prevLogIndex);
    }
    case "ReadIndex":
      return l10n.t("asks how far it must be to read");
    case "ReadIndexReply":
      return message.index === null
        ? l10n.t("does not lead, so it cannot tell how far one must be to read")
        : l10n.t("may read once all up to {0} are applied", message.index);
    default:
      return unreachable(message);
  }
}
