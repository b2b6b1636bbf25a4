import {
  lastIndex,
  termAt,
  unreachable,
  type LogIndex,
  type Message,
  type NodeId,
  type Term,
} from "../raft/index.ts";
import type { Check, Violation } from "./check.ts";
import { lastAgreement, type Seen, type SeenNode } from "./seen.ts";

/**
 * Figure 2: persistent state is "updated on stable storage before responding to RPCs".
 *
 * A message may leave long after the step that asked for it, when the node has moved on. What is
 * durable then may be of a later term, and so of a later state, which no crash can take back to
 * before the promise either; such a message is not judged further.
 */
export const promiseAfterSave: Check = {
  id: "promise-after-save",
  claim: "A node promises nothing that a crash could take back.",
  section: "Figure 2",
  watch(seen) {
    return {
      sent(event, found) {
        const { now } = seen;
        if (now === undefined || !seen.recordsSaving) return;
        const broken = brokenPromise(seen, now, event.message);
        if (broken === undefined) return;
        const about = `${now.id} ${event.message.term}`;
        found({ about, text: broken, because: [now.durableSince] });
      },
      // The state that clients see is a promise, too.
      applied(event, found) {
        const { now } = seen;
        const last = event.first + event.entries.length - 1;
        if (now === undefined || !seen.recordsSaving) return;
        if (termAt(now.durable.log, last) === event.entries.at(-1)?.term) return;
        const text = `${now.id} applied entry ${last} before the entry was saved.`;
        found({ about: `${now.id} applied ${last}`, text, because: [now.durableSince] });
      },
      started(event, found) {
        const { before } = seen;
        if (before === undefined || !seen.recordsSaving) return;
        const violation = lostInRestart(before, seen.now?.durable ?? event.saved);
        if (violation !== undefined) found(violation);
      },
    };
  },
};

/** What the message promises without its being durable. */
function brokenPromise(seen: Seen, node: SeenNode, message: Message): string | undefined {
  const { currentTerm } = node.durable;
  const { term } = message;
  if (currentTerm > term) return undefined;
  if (currentTerm < term) {
    return `${node.id} sent a message of term ${term} when only term ${currentTerm} was saved.`;
  }
  switch (message.kind) {
    case "RequestVote":
      return unsavedVote(node, term, node.id);
    case "RequestVoteReply":
      return message.voteGranted ? unsavedVote(node, term, message.to) : undefined;
    case "AppendEntriesReply":
      return message.outcome.success
        ? unsavedEntries(seen, node, message, message.outcome.matchIndex)
        : undefined;
    case "InstallSnapshotReply":
      return message.outcome.kind === "installed"
        ? unsavedEntries(seen, node, message, message.lastIncludedIndex)
        : undefined;
    case "InstallSnapshot":
    case "PreVote":
    case "PreVoteReply":
    case "TimeoutNow":
    case "ReadIndex":
    case "ReadIndexReply":
      // These promise nothing.
      return undefined;
    case "AppendEntries":
      // A leader may send what it is still writing (dissertation, §10.2.1).
      return undefined;
    default:
      return unreachable(message);
  }
}

function unsavedVote({ id, durable }: SeenNode, term: Term, candidate: NodeId): string | undefined {
  if (durable.votedFor === candidate) return undefined;
  const whom = candidate === id ? "itself" : candidate;
  return `${id} sent its vote for ${whom} in term ${term} before the vote was saved.`;
}

function unsavedEntries(
  seen: Seen,
  node: SeenNode,
  { term, to }: Message,
  matchIndex: LogIndex,
): string | undefined {
  const { log } = node.durable;
  const saved = termAt(log, matchIndex);
  if (saved === undefined) {
    return `${node.id} acknowledged entry ${matchIndex} when its log was saved only up to ${lastIndex(log)}.`;
  }
  const leader = seen.nodes.get(to);
  const isLeading = leader?.role === "leader" && leader.currentTerm === term;
  if (isLeading && matchIndex > lastIndex(leader.log)) {
    return `${node.id} acknowledged entry ${matchIndex} to ${to}, whose log ends at ${lastIndex(leader.log)}.`;
  }
  // A leader's log only grows while it leads. Our own tells what we meant while our term lasts.
  const teller = isLeading ? leader : node;
  if (teller.currentTerm !== term) return undefined;
  const meant = termAt(teller.log, matchIndex);
  if (meant === undefined || meant === saved) return undefined;
  return `${node.id} acknowledged entry ${matchIndex} of term ${meant} when one of term ${saved} was saved there.`;
}

/** What the disk had confirmed and does not hold any more. Changes under way may have replaced it. */
function lostInRestart(before: SeenNode, saved: SeenNode["durable"]): Violation | undefined {
  const { id, durable, unsaved, durableSince } = before;
  let kept: LogIndex = lastIndex(durable.log);
  for (const { changes, after } of unsaved) {
    // A snapshot may take the place of all that it conflicts with (§7).
    if (changes.some(({ snapshot }) => snapshot !== undefined)) {
      kept = Math.min(kept, lastAgreement(durable.log, after.log));
    }
    for (const { log } of changes) if (log !== null) kept = Math.min(kept, log.from - 1);
  }
  if (termAt(saved.log, kept) !== termAt(durable.log, kept)) {
    const lost = lastAgreement(saved.log, durable.log) + 1;
    const text = `${id} restarted without entry ${lost}, which had been saved.`;
    return { about: id, text, because: [durableSince] };
  }
  const { currentTerm, votedFor } = durable;
  if (votedFor !== null && saved.currentTerm === currentTerm && saved.votedFor !== votedFor) {
    const text = `${id} restarted without its vote for ${votedFor} in term ${currentTerm}, which had been saved.`;
    return { about: id, text, because: [durableSince] };
  }
  return undefined;
}
