import { l10n } from "vscode";
import {
  unreachable,
  type Role,
  type TransferOutcome,
  type MembershipOutcome,
  type Configuration,
  type NodeId,
} from "../raft/index.ts";
import type { Difference } from "../runtime/index.ts";
import type { Answer, DropReason, Failure, Notice, Refusal } from "../trace/index.ts";
import type { NameOf } from "./names.ts";

// What can happen, in the user's words and language. Nothing here decides anything.

/** Why nothing came of an action, and what to do about it. */
export function refusalText(reason: Refusal, nameOf: NameOf): string {
  switch (reason.kind) {
    case "unknownNode":
      return l10n.t("The cluster has no node {0}.", reason.node);
    case "notRunning":
      return l10n.t("{0} is not running. Restart it first.", nameOf(reason.node));
    case "alreadyRunning":
      return l10n.t("{0} is running already.", nameOf(reason.node));
    case "noLeader":
      return l10n.t(
        "No node leads, so nobody can take an entry. A leader is elected once a majority of the nodes is running.",
      );
    case "tooLong":
      return l10n.t("The entry is too long: at most {0} characters.", reason.limit);
    case "badCommand":
      return l10n.t("The entry is not a JSON object, so no state machine can apply it.");
    case "alreadyPaused":
      return l10n.t("The cluster is paused already.");
    case "notPaused":
      return l10n.t("The cluster is not paused.");
    case "badSpeed":
      return l10n.t("The speed must be from {0} to {1}.", reason.slowest, reason.fastest);
    case "linkIsCut": {
      const { from, to } = reason;
      return l10n.t("The link from {0} to {1} is cut already.", nameOf(from), nameOf(to));
    }
    case "linkIsWhole": {
      const { from, to } = reason;
      return l10n.t("The link from {0} to {1} is not cut.", nameOf(from), nameOf(to));
    }
    case "stopped":
      return l10n.t("The cluster was stopped.");
    case "tooMany":
      return l10n.t("A cluster here has at most {0} nodes.", reason.limit);
    default:
      return unreachable(reason);
  }
}

/** Why a node stopped of itself or could not start: the end of a sentence that names the node. */
export function failureText(failure: Failure): string {
  switch (failure.kind) {
    case "invariant":
      return l10n.t("its program contradicts itself: {0}. This is a bug.", failure.claim);
    case "disk":
      return l10n.t("{0} could not be written: {1}", failure.file, failure.error);
    case "damagedWal":
      return l10n.t(
        "{0} is damaged at line {1}, before its end, so entries that were acknowledged may be lost.",
        failure.file,
        failure.line,
      );
    case "unsupportedWal":
      return l10n.t(
        "{0} was written by another version of Raft Lab, as its line {1} says. Update the extension.",
        failure.file,
        failure.line,
      );
    case "foreignWal":
      return l10n.t("{0} belongs to {1}.", failure.file, failure.owner);
    case "missingWal":
      return l10n.t("{0} is gone. A node that forgot its vote could vote twice.", failure.file);
    case "socket":
      return l10n.t("no socket could be opened on {0}: {1}", failure.address, failure.error);
    case "missingSnapshot":
      return l10n.t(
        "{0} is gone, or an older one. Without it nobody knows the entries up to {1}, which are no longer in the wal.",
        failure.file,
        failure.index,
      );
    case "damagedSnapshot":
      return l10n.t(
        "{0} is damaged at line {1}. Without it nobody knows the entries up to {2}, which are no longer in the wal.",
        failure.file,
        failure.line,
        failure.index,
      );
    default:
      return unreachable(failure);
  }
}

/** What a node found in its files or on its address. */
export function noticeText(notice: Notice, node: string): string {
  switch (notice.kind) {
    case "tailCut":
      return l10n.t(
        "{0}: a crash had torn the end of {1}. {2} bytes that nobody was promised are cut off.",
        node,
        notice.file,
        notice.bytes,
      );
    case "fileDiffers":
      return l10n.t(
        "{0}: {1} was changed by somebody else. That version is kept as {2}; the file is written anew.",
        node,
        notice.file,
        notice.keptAs,
      );
    case "fileCompleted":
      return l10n.t("{0}: {1} lagged behind and was completed.", node, notice.file);
    case "imported":
      return l10n.t(
        "{0}: read from the files of raftos: {1}, up to term {2}.",
        node,
        entriesText(notice.entries),
        notice.term,
      );
    case "portMoved":
      return l10n.t(
        "{0}: the address {1} is in use by another program, so it listens on port {2} this time. Its files keep their names.",
        node,
        notice.address,
        notice.port,
      );
    case "logFileBegins":
      return notice.keptAs === null
        ? l10n.t("{0}: {1} begins after entry {2}.", node, notice.file, notice.after)
        : l10n.t(
            "{0}: {1} begins after entry {2} now, because a snapshot stands for all up to there. What the file held before is kept as {3}.",
            node,
            notice.file,
            notice.after,
            notice.keptAs,
          );
    default:
      return unreachable(notice);
  }
}

/** What a node told a client. */
export function answerText(answer: Answer, nameOf: NameOf): string {
  switch (answer.kind) {
    case "committed":
      return l10n.t("Entry {0} is committed in term {1}.", answer.index, answer.term);
    case "superseded":
      return l10n.t(
        "The entry was not stored: another leader's entry stands in its place, {0}. Submit it again.",
        answer.index,
      );
    case "notLeader":
      return answer.leaderId === null
        ? l10n.t("It does not lead, and does not know who does.")
        : l10n.t("It does not lead; {0} does.", nameOf(answer.leaderId));
    case "read":
      return l10n.t("Read as of entry {0}.", answer.index);
    case "readRefused":
      return answer.leaderId === null
        ? l10n.t("Not read: it knows of no leader that could confirm what is the newest.")
        : l10n.t(
            "Not read: {0} has not confirmed in time what is the newest.",
            nameOf(answer.leaderId),
          );
    default:
      return unreachable(answer);
  }
}

/** What came of a transfer of the leadership. */
export function transferText(outcome: TransferOutcome, nameOf: NameOf): string {
  switch (outcome.kind) {
    case "steppedDown":
      return l10n.t(
        "A newer term has begun, for which {0} was asked to stand.",
        nameOf(outcome.to),
      );
    case "timedOut":
      return l10n.t(
        "{0} did not stand for election within an election timeout. The leader goes on.",
        nameOf(outcome.to),
      );
    case "replaced":
      return l10n.t("Another transfer took its place.");
    case "notLeader":
      return outcome.leaderId === null
        ? l10n.t("It does not lead, and does not know who does.")
        : l10n.t("It does not lead; {0} does.", nameOf(outcome.leaderId));
    case "noPeer":
      return l10n.t("{0} leads already.", nameOf(outcome.to));
    default:
      return unreachable(outcome);
  }
}

export function roleText(role: Role["kind"]): string {
  switch (role) {
    case "follower":
      return l10n.t("follower");
    case "candidate":
      return l10n.t("candidate");
    case "leader":
      return l10n.t("leader");
    default:
      return unreachable(role);
  }
}

/** Why a message did not arrive: the end of a sentence about it. */
export function dropText(reason: DropReason): string {
  switch (reason) {
    case "lost":
      return l10n.t("by chance");
    case "cut":
      return l10n.t("the link is cut");
    case "down":
      return l10n.t("nobody is there");
    case "disconnected":
      return l10n.t("the connection broke");
    default:
      return unreachable(reason);
  }
}

export function entriesText(count: number): string {
  return count === 1 ? l10n.t("1 entry") : l10n.t("{0} entries", count);
}

export function nodesText(count: number): string {
  return count === 1 ? l10n.t("1 node") : l10n.t("{0} nodes", count);
}

/** What is wrong with a file of a node, after the file's name. */
export function differenceText(difference: Difference, nameOf: NameOf): string {
  switch (difference.kind) {
    case "unreadable":
      return l10n.t("cannot be read: {0}", difference.error);
    case "gone":
      return l10n.t("is gone.");
    case "foreign":
      return l10n.t("belongs to {0}.", difference.owner);
    case "damaged":
      return l10n.t("is damaged at line {0}.", difference.line);
    case "otherLine":
      return l10n.t("is not what was written: see its line {0}.", difference.line);
    case "otherVote": {
      const { term, votedFor } = difference;
      return votedFor === null
        ? l10n.t("does not say term {0} and no vote.", term)
        : l10n.t("does not say term {0} and a vote for {1}.", term, votedFor);
    }
    case "noState":
      return l10n.t("is not what any first entries of the log come to.");
    case "oldState":
      return l10n.t("is not what the node has applied.");
    case "lacksEntry":
      return l10n.t("lacks the committed entry {0}.", difference.index);
    case "otherEntry": {
      const { index, than } = difference;
      return l10n.t("has another committed entry {0} than {1}.", index, nameOf(than));
    }
    case "otherBeginning":
      return l10n.t("is not what was written in its lines up to entry {0}.", difference.upTo);
    case "noSnapshot":
      return l10n.t("is gone, or does not stand for all up to entry {0}.", difference.upTo);
    default:
      return unreachable(difference);
  }
}

/** What came of a change of the membership: a sentence. */
export function membershipText(outcome: MembershipOutcome, nameOf: NameOf): string {
  switch (outcome.kind) {
    case "done":
      return l10n.t("The new configuration is committed.");
    case "steppedDown":
      return l10n.t(
        "The leader changed meanwhile. A newer one may yet bring the change to its end; look at the nodes, then try again.",
      );
    case "timedOut":
      return l10n.t("Nothing was heard of {0}, so it was left out again.", nameOf(outcome.node));
    case "busy":
      return l10n.t("Another change is under way. Try again when it is over.");
    case "noVoters":
      return l10n.t("Nobody would be left to vote.");
    case "notLeader":
      return outcome.leaderId === null
        ? l10n.t("It does not lead, and knows of no leader.")
        : l10n.t("It does not lead; {0} does.", nameOf(outcome.leaderId));
    default:
      return unreachable(outcome);
  }
}

/** `n1 n2 n3`, `n1 n2 n3 → n1 n2`, and behind a plus who only learns. */
export function configurationText(
  { voters, outgoing, learners }: Configuration,
  nameOf: NameOf,
): string {
  const names = (nodes: readonly NodeId[]): string => nodes.map(nameOf).join(" ");
  const old = outgoing.length === 0 ? "" : `${names(outgoing)} → `;
  const added = learners.length === 0 ? "" : ` + ${names(learners)}`;
  return `${old}${names(voters)}${added}`;
}
