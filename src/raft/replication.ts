import { invariant } from "./assert.ts";
import { beginInstall, sendChunk } from "./chunks.ts";
import { indexOfQuorum, newestConfiguration, type Configuration } from "./configuration.ts";
import {
  entryAt,
  firstIndexFromTerm,
  firstNew,
  lastIndex,
  slice,
  termAt,
  type Entry,
} from "./log.ts";
import type { AppendEntriesReply, AppendEntriesRequest, AppendOutcome } from "./messages.ts";
import { followLeader } from "./roles.ts";
import { beginRound, noteRound, roundToAnswer, roundToSend } from "./rounds.ts";
import type { LeaderRole } from "./state.ts";
import { peers, send, update, writeLog, type SavedUpTo, type Step } from "./step.ts";
import { handOver } from "./transfer.ts";
import type { LogIndex, NodeId } from "./units.ts";

/** The most one AppendEntries carries; one entry always fits. */
export const messageLimit = { entries: 256, characters: 256 * 1024 };

/** How many entries may be on their way to one peer before its first acknowledgement. */
const windowEntries = 1024;

/**
 * AppendEntries at the receiver (§5.3). A heartbeat is one with no entries.
 *
 * The caller has already adopted a newer term, so what arrives is from our term or stale.
 */
export function handleAppendEntries(step: Step, request: AppendEntriesRequest): void {
  const { currentTerm, role, log } = step.state;
  invariant(request.term <= currentTerm, "newer terms are adopted before dispatch");
  if (request.term < currentTerm) return reply(step, request, conflictAt(step, request));

  invariant(role.kind !== "leader", `one leader per term, yet two in term ${currentTerm}`);
  followLeader(step, request.from);

  // Agreeing on the entry before the new ones means agreeing on all earlier ones too.
  // What a snapshot stands for is committed, so it is what every leader has.
  const isWithinSnapshot = request.prevLogIndex < log.start;
  if (!isWithinSnapshot && termAt(log, request.prevLogIndex) !== request.prevLogTerm) {
    return reply(step, request, conflictAt(step, request));
  }
  const from = firstNew(log, request.prevLogIndex, request.entries);
  if (from !== undefined) {
    writeLog(step, from, request.entries.slice(from - 1 - request.prevLogIndex));
  }

  // Past lastNew our log may still hold another leader's entries; those must not commit.
  const lastNew = request.prevLogIndex + request.entries.length;
  commitUpTo(step, Math.min(request.leaderCommit, lastNew));
  reply(step, request, { success: true, matchIndex: lastNew });
}

/** §5.3: the term in the way and where it starts, so that a leader skips it in one round. */
function conflictAt(step: Step, { prevLogIndex }: AppendEntriesRequest): AppendOutcome {
  const { log } = step.state;
  const conflictTerm = prevLogIndex === 0 ? null : (termAt(log, prevLogIndex) ?? null);
  const conflictIndex =
    conflictTerm === null ? lastIndex(log) + 1 : firstIndexFromTerm(log, conflictTerm);
  return { success: false, prevLogIndex, conflictTerm, conflictIndex };
}

function reply(step: Step, request: AppendEntriesRequest, outcome: AppendOutcome): void {
  const { id, currentTerm } = step.state;
  send(step, {
    kind: "AppendEntriesReply",
    from: id,
    to: request.from,
    term: currentTerm,
    outcome,
    ...roundToAnswer(step, request),
  });
}

/** §5.3: the leader appends, then replicates. Commands are promised nothing until they commit. */
export function propose(step: Step, commands: readonly string[]): void {
  const { role, log, currentTerm } = step.state;
  // While the leadership is handed over the log must come to an end (dissertation §3.10).
  if (role.kind !== "leader" || role.transfer !== null) {
    const leaderId = role.kind === "follower" ? role.leaderId : null;
    step.effects.push({ kind: "reject", leaderId });
    return;
  }
  invariant(commands.length > 0, "a proposal proposes something");
  const first = lastIndex(log) + 1;
  const entries = commands.map((command): Entry => ({
    kind: "command",
    term: currentTerm,
    command,
  }));
  writeLog(step, first, entries);
  step.effects.push({ kind: "accept", first, term: currentTerm });
  sendNew(step);
}

/** §6: the leader appends a configuration like any entry, and uses it from then on. */
export function appendConfiguration(step: Step, configuration: Configuration): void {
  const { log, currentTerm } = step.state;
  const entry: Entry = { kind: "configuration", term: currentTerm, configuration };
  writeLog(step, lastIndex(log) + 1, [entry]);
  followPeers(step);
  sendNew(step);
}

/** The leader keeps track of those, and only those, whom it sends its log. */
function followPeers(step: Step): void {
  const role = leaderRole(step);
  const next = lastIndex(step.state.log);
  const others = peers(step);
  update(step, {
    role: {
      ...role,
      nextIndex: new Map(others.map((peer) => [peer, role.nextIndex.get(peer) ?? next])),
      matchIndex: new Map(others.map((peer) => [peer, role.matchIndex.get(peer) ?? 0])),
      probing: new Set(
        others.filter((peer) => role.probing.has(peer) || !role.nextIndex.has(peer)),
      ),
      installing: new Map([...role.installing].filter(([peer]) => others.includes(peer))),
      heardFrom: new Map(others.map((peer) => [peer, role.heardFrom.get(peer) ?? step.now])),
    },
  });
}

/** Sends to each peer that keeps up what it has not been sent yet. */
function sendNew(step: Step): void {
  const role = leaderRole(step);
  const last = lastIndex(step.state.log);
  const nextIndex = new Map(role.nextIndex);
  for (const [peer, next] of role.nextIndex) {
    if (role.probing.has(peer) || next > last || isWindowFull(role, peer)) continue;
    if (role.installing.has(peer)) continue;
    nextIndex.set(peer, next + sendFrom(step, peer, next));
  }
  update(step, { role: { ...leaderRole(step), nextIndex } });
}

/** Says to every peer that we lead, with what it may lack. Also how a lost request is noticed. */
export function broadcast(step: Step): void {
  beginRound(step);
  const role = leaderRole(step);
  const nextIndex = new Map(role.nextIndex);
  for (const [peer, next] of role.nextIndex) {
    const isProbing = role.probing.has(peer);
    const most = !isProbing && isWindowFull(role, peer) ? 0 : messageLimit.entries;
    const count = sendFrom(step, peer, next, most);
    if (!isProbing) nextIndex.set(peer, next + count);
  }
  const heartbeatDeadline = step.now + step.state.timing.heartbeatMillis;
  update(step, { role: { ...leaderRole(step), nextIndex, heartbeatDeadline } });
}

function isWindowFull({ nextIndex, matchIndex }: LeaderRole, peer: NodeId): boolean {
  const underWay = (nextIndex.get(peer) ?? 1) - 1 - (matchIndex.get(peer) ?? 0);
  return underWay >= windowEntries;
}

/** One AppendEntries with `most` entries from `next` on; answers how many it carried. */
function sendFrom(step: Step, to: NodeId, next: LogIndex, most = messageLimit.entries): number {
  const { id, currentTerm, log, commitIndex } = step.state;
  const under = leaderRole(step).installing.get(to);
  if (under !== undefined) {
    // The same one until the peer has it: where messages take longer than it takes until there is
    // a newer one, all that the peer says would be about one that is sent no more.
    sendChunk(step, to);
    return 0;
  }
  if (next <= log.start) {
    beginInstall(step, to);
    return 0;
  }
  const entries = batchFrom(step, next, most);
  send(step, {
    kind: "AppendEntries",
    from: id,
    to,
    term: currentTerm,
    prevLogIndex: next - 1,
    prevLogTerm: termAt(log, next - 1) ?? 0,
    entries,
    leaderCommit: commitIndex,
    ...roundToSend(step),
  });
  return entries.length;
}

function batchFrom(step: Step, next: LogIndex, most: number): readonly Entry[] {
  const entries = slice(step.state.log, next, next + most - 1);
  let characters = 0;
  const tooMany = entries.findIndex((entry, i) => {
    characters += entry.kind === "command" ? entry.command.length : 0;
    return i > 0 && characters > messageLimit.characters;
  });
  return tooMany === -1 ? entries : entries.slice(0, tooMany);
}

export function handleAppendEntriesReply(step: Step, answer: AppendEntriesReply): void {
  const { role, currentTerm } = step.state;
  if (role.kind !== "leader" || answer.term !== currentTerm) return;
  // A node that has left may still answer what it was sent before.
  if (!role.nextIndex.has(answer.from)) return;
  noteHeard(step, answer.from);
  if (answer.round !== undefined) noteRound(step, answer.from, answer.round);
  if (answer.outcome.success) acknowledged(step, answer.from, answer.outcome.matchIndex);
  else backtrack(step, answer.from, answer.outcome);
}

/** Check-quorum and changes of the membership ask who is there. */
export function noteHeard(step: Step, from: NodeId): void {
  const role = leaderRole(step);
  if (!step.state.extensions.checkQuorum && role.change === null) return;
  update(step, { role: { ...role, heardFrom: new Map(role.heardFrom).set(from, step.now) } });
}

/** The log of the peer is ours up to `index`, durably. */
export function acknowledged(step: Step, from: NodeId, index: LogIndex): void {
  const role = leaderRole(step);
  // Replies may be late or come twice, and what a peer has acknowledged it keeps.
  const known = Math.max(role.matchIndex.get(from) ?? 0, index);
  const next = Math.max(role.nextIndex.get(from) ?? 1, known + 1);
  let { probing } = role;
  if (probing.has(from)) {
    const fewer = new Set(probing);
    fewer.delete(from);
    probing = fewer;
  }
  update(step, {
    role: {
      ...role,
      nextIndex: new Map(role.nextIndex).set(from, next),
      matchIndex: new Map(role.matchIndex).set(from, known),
      installing: withoutInstalled(role, from, known),
      probing,
    },
  });
  commitWhatAQuorumHolds(step);
  if (next <= lastIndex(step.state.log)) sendNew(step);
  handOver(step, from);
}

/** A snapshot that a peer has all of is sent no more. */
function withoutInstalled(
  { installing }: LeaderRole,
  peer: NodeId,
  known: LogIndex,
): LeaderRole["installing"] {
  if (known < (installing.get(peer)?.snapshot.index ?? Number.POSITIVE_INFINITY)) return installing;
  const left = new Map(installing);
  left.delete(peer);
  return left;
}

type Refusal = Extract<AppendOutcome, { success: false }>;

/** §5.3: goes back to where the logs may agree, by whole terms, and asks again at once. */
function backtrack(step: Step, from: NodeId, refusal: Refusal): void {
  const role = leaderRole(step);
  const known = role.matchIndex.get(from) ?? 0;
  const next = role.nextIndex.get(from) ?? 1;
  if (role.installing.has(from)) return;
  // A refusal of something else than what we last asked is late: it must not undo progress.
  const late = role.probing.has(from)
    ? refusal.prevLogIndex !== next - 1
    : refusal.prevLogIndex <= known;
  if (late) return;

  const hint = whereToTry(step, refusal);
  const earlier = Math.max(known + 1, Math.min(hint, refusal.prevLogIndex));
  update(step, {
    role: {
      ...role,
      nextIndex: new Map(role.nextIndex).set(from, earlier),
      probing: new Set(role.probing).add(from),
    },
  });
  sendFrom(step, from, earlier);
}

/** After our last entry of the term in the way if we have that term, else before that term. */
function whereToTry(step: Step, { conflictTerm, conflictIndex }: Refusal): LogIndex {
  const { log } = step.state;
  if (conflictTerm === null) return conflictIndex;
  const after = firstIndexFromTerm(log, conflictTerm + 1);
  return termAt(log, after - 1) === conflictTerm ? after : conflictIndex;
}

/** The driver says what our own disk holds: a leader counts itself like any other. */
export function noteSaved(step: Step, saved: SavedUpTo): void {
  const { log, savedIndex, role } = step.state;
  // The log may have been overwritten since; then this tells nothing of what stands there now.
  if (termAt(log, saved.index) !== saved.term || saved.index <= savedIndex) return;
  update(step, { savedIndex: saved.index });
  if (role.kind === "leader") commitWhatAQuorumHolds(step);
}

/** §5.4.2: only entries of the current term commit by counting; earlier ones follow. */
function commitWhatAQuorumHolds(step: Step): void {
  const { id, log, currentTerm, savedIndex, commitIndex } = step.state;
  const { matchIndex } = leaderRole(step);
  const held = indexOfQuorum(newestConfiguration(step.state), (node) =>
    node === id ? savedIndex : (matchIndex.get(node) ?? 0),
  );
  if (held <= commitIndex || termAt(log, held) !== currentTerm) return;
  commitUpTo(step, held);
  const isNewConfiguration = step.state.configurations.some(
    ({ index }) => index > commitIndex && index <= held,
  );
  if (!isNewConfiguration) return;
  // Who leaves learns it by this, and is sent nothing more.
  broadcast(step);
  followPeers(step);
}

function commitUpTo(step: Step, index: LogIndex): void {
  const { commitIndex, log } = step.state;
  if (index <= commitIndex) return;
  invariant(entryAt(log, index) !== undefined, "only what is in the log can commit");
  step.effects.push({
    kind: "apply",
    first: commitIndex + 1,
    entries: slice(log, commitIndex + 1, index),
  });
  update(step, { commitIndex: index });
}

export function leaderRole(step: Step): LeaderRole {
  const { role } = step.state;
  invariant(role.kind === "leader", "only a leader replicates");
  return role;
}
