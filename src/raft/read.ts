import { termAt } from "./log.ts";
import type { ReadIndexReply, ReadIndexRequest } from "./messages.ts";
import { broadcast } from "./replication.ts";
import { confirmedRound, hasLease } from "./rounds.ts";
import { leaderOf, type LeaderRole, type PendingRead, type RaftState } from "./state.ts";
import { send, update, type Step } from "./step.ts";
import type { LogIndex, Millis, NodeId } from "./units.ts";

// Reads that see all that was acknowledged before they were asked for (§8, dissertation §6.4), and
// write nothing to the log.

/** Clients ask to read here. A follower asks its leader how far it must have applied for that. */
export function requestReads(step: Step, ids: readonly string[]): void {
  const { id: self, role, currentTerm } = step.state;
  if (role.kind === "leader") return take(step, self, ids);
  const leaderId = leaderOf(step.state);
  if (leaderId === null) {
    for (const id of ids) step.effects.push({ kind: "readRefused", id, leaderId });
    return;
  }
  const deadline = deadlineFrom(step);
  const forwarded = [...step.state.forwarded, ...ids.map((id) => ({ id, deadline }))];
  update(step, { forwarded });
  for (const id of ids) {
    send(step, { kind: "ReadIndex", from: self, to: leaderId, term: currentTerm, id });
  }
}

/** ReadIndex at the receiver: a follower wants to read. Only who leads can tell. */
export function handleReadIndex(step: Step, request: ReadIndexRequest): void {
  if (step.state.role.kind === "leader") take(step, request.from, [request.id]);
  else replyTo(step, request.from, request.id, null);
}

/**
 * The leader's word on a read that we have sent on. One of another term, or about a read that was
 * given up or answered, is for nobody.
 */
export function handleReadIndexReply(step: Step, reply: ReadIndexReply): void {
  const { forwarded, currentTerm } = step.state;
  if (reply.term !== currentTerm || !forwarded.some(({ id }) => id === reply.id)) return;
  update(step, { forwarded: forwarded.filter(({ id }) => id !== reply.id) });
  tell(step, reply.id, reply.index);
}

/**
 * What can be told of reads after this step: the leader knows how far everything is committed, has
 * the leadership confirmed, or a read has waited long enough. Called at the end of every step.
 */
export function proceedWithReads(step: Step): void {
  if (step.state.forwarded.length > 0) giveUpForwarded(step);
  if ((leading(step)?.reading.pending.length ?? 0) === 0) return;
  giveUpPending(step);
  fixIndexes(step);
  if (hasLease(step)) return answer(step, ({ index }) => index !== null);
  answerConfirmed(step);
  // Whoever is a quorum alone has confirmed the round by sending it.
  if (sendRound(step)) answerConfirmed(step);
}

/** When the oldest read is given up. All wait equally long, so it is the first. */
export function readDeadline({ role, forwarded }: RaftState): Millis {
  const own = role.kind === "leader" ? role.reading.pending[0]?.deadline : undefined;
  const others = forwarded[0]?.deadline;
  return Math.min(own ?? Number.POSITIVE_INFINITY, others ?? Number.POSITIVE_INFINITY);
}

function take(step: Step, from: NodeId, ids: readonly string[]): void {
  const role = leading(step);
  if (role === undefined) return;
  const deadline = deadlineFrom(step);
  const more = ids.map((id): PendingRead => ({ from, id, index: null, round: null, deadline }));
  const pending = [...role.reading.pending, ...more];
  update(step, { role: { ...role, reading: { ...role.reading, pending } } });
}

/**
 * §8: a new leader does not know how far the log is committed until an entry of its own term is.
 * From then on a read must see all that is committed when it is looked at.
 */
function fixIndexes(step: Step): void {
  const role = leading(step);
  const { log, commitIndex, currentTerm } = step.state;
  if (role === undefined || termAt(log, commitIndex) !== currentTerm) return;
  if (role.reading.pending.every(({ index }) => index !== null)) return;
  const pending = role.reading.pending.map((read) =>
    read.index === null ? { ...read, index: commitIndex } : read,
  );
  update(step, { role: { ...role, reading: { ...role.reading, pending } } });
}

/** One round is under way at a time; who comes meanwhile joins the next. Answers whether one began. */
function sendRound(step: Step): boolean {
  const role = leading(step);
  if (role === undefined) return false;
  const { pending } = role.reading;
  if (pending.some(({ round }) => round !== null)) return false;
  if (pending.every(({ index }) => index === null)) return false;
  broadcast(step);
  return true;
}

function answerConfirmed(step: Step): void {
  const confirmed = confirmedRound(step.state);
  answer(step, ({ round }) => round !== null && round <= confirmed);
}

function answer(step: Step, isAnswered: (read: PendingRead) => boolean): void {
  const answered = removePending(step, isAnswered);
  for (const { from, id, index } of answered) {
    if (from === step.state.id) tell(step, id, index);
    else replyTo(step, from, id, index);
  }
}

function removePending(
  step: Step,
  isRemoved: (read: PendingRead) => boolean,
): readonly PendingRead[] {
  const role = leading(step);
  const removed = role?.reading.pending.filter(isRemoved) ?? [];
  if (role === undefined || removed.length === 0) return [];
  const pending = role.reading.pending.filter((read) => !isRemoved(read));
  update(step, { role: { ...role, reading: { ...role.reading, pending } } });
  return removed;
}

/** Of the others' reads nothing is said: they have given them up themselves. */
function giveUpPending(step: Step): void {
  const { id: self } = step.state;
  for (const { from, id } of removePending(step, ({ deadline }) => deadline <= step.now)) {
    if (from === self) tell(step, id, null);
  }
}

function giveUpForwarded(step: Step): void {
  const { forwarded } = step.state;
  const late = forwarded.filter(({ deadline }) => deadline <= step.now);
  if (late.length === 0) return;
  update(step, { forwarded: forwarded.filter(({ deadline }) => deadline > step.now) });
  for (const { id } of late) tell(step, id, null);
}

function tell(step: Step, id: string, index: LogIndex | null): void {
  if (index !== null) step.effects.push({ kind: "readReady", id, index });
  else step.effects.push({ kind: "readRefused", id, leaderId: leaderOf(step.state) });
}

function replyTo(step: Step, to: NodeId, id: string, index: LogIndex | null): void {
  const { id: from, currentTerm: term } = step.state;
  send(step, { kind: "ReadIndexReply", from, to, term, id, index });
}

function deadlineFrom({ state, now }: Step): Millis {
  return now + state.timing.electionTimeoutMillis.max;
}

function leading({ state }: Step): LeaderRole | undefined {
  return state.role.kind === "leader" ? state.role : undefined;
}
