import { lastIndex } from "./log.ts";
import { draw } from "./random.ts";
import { nothingRead } from "./rounds.ts";
import { peers, update, writeLog, type MembershipOutcome, type Step } from "./step.ts";
import type { NodeId, Term } from "./units.ts";

// The moves between the roles of Figure 4.

/** §5.1: a newer term, wherever it comes from, makes us a follower in it. */
export function adoptTerm(step: Step, term: Term): void {
  // A leader's election deadline has long passed: it starts to wait like any other follower.
  if (step.state.role.kind === "leader") resetElectionDeadline(step);
  endTransfer(step, "steppedDown");
  endChange(step, { kind: "steppedDown" });
  refuseReads(step);
  update(step, {
    currentTerm: term,
    votedFor: null,
    role: { kind: "follower", leaderId: null },
    // A leader that counts on our silence may not have heard of the newer term.
    leaderHeard: step.state.extensions.lease === undefined ? null : step.state.leaderHeard,
  });
}

/** Dissertation §6.2: a leader without a quorum leads nobody. Its vote of the term stands. */
export function stepDown(step: Step): void {
  endTransfer(step, "steppedDown");
  endChange(step, { kind: "steppedDown" });
  refuseReads(step);
  update(step, { role: { kind: "follower", leaderId: null }, leaderHeard: null });
  resetElectionDeadline(step);
}

/** A transfer that is under way comes to this end. */
export function endTransfer(step: Step, kind: "steppedDown" | "timedOut" | "replaced"): void {
  const { role } = step.state;
  if (role.kind !== "leader" || role.transfer === null) return;
  const { to } = role.transfer;
  update(step, { role: { ...role, transfer: null } });
  step.effects.push({ kind: "transferEnded", outcome: { kind, to } });
}

/** A change of the membership that is under way comes to this end. */
export function endChange(step: Step, outcome: MembershipOutcome): void {
  const { role } = step.state;
  if (role.kind !== "leader" || role.change === null) return;
  const { isAwaited } = role.change;
  update(step, { role: { ...role, change: null } });
  if (isAwaited) step.effects.push({ kind: "membershipEnded", outcome });
}

/** Nobody here will hear a confirmation any more: whoever wants to read asks again. */
function refuseReads(step: Step): void {
  const { id: self, role, forwarded } = step.state;
  const pending = role.kind === "leader" ? role.reading.pending : [];
  for (const { id } of [...pending.filter(({ from }) => from === self), ...forwarded]) {
    step.effects.push({ kind: "readRefused", id, leaderId: null });
  }
  if (forwarded.length > 0) update(step, { forwarded: [] });
}

/** §5.2: whoever sends AppendEntries in our term leads it. The vote of the term stands. */
export function followLeader(step: Step, leaderId: NodeId): void {
  const { role } = step.state;
  if (role.kind !== "follower" || role.leaderId !== leaderId || role.preVotes !== undefined) {
    update(step, { role: { kind: "follower", leaderId } });
  }
  update(step, { leaderHeard: step.now });
  resetElectionDeadline(step);
}

/** Whoever votes for another no longer asks for itself (dissertation §9.6). */
export function stopAsking(step: Step): void {
  const { role } = step.state;
  if (role.kind !== "follower" || role.preVotes === undefined) return;
  update(step, { role: { kind: "follower", leaderId: role.leaderId } });
}

/** §5.2: a new term, a vote for ourselves, a fresh deadline. The vote counts once it is saved. */
export function becomeCandidate(step: Step): void {
  const { id, currentTerm } = step.state;
  refuseReads(step);
  update(step, {
    currentTerm: currentTerm + 1,
    votedFor: id,
    role: { kind: "candidate", votes: new Set() },
    leaderHeard: null,
  });
  resetElectionDeadline(step);
}

/** §5.2 and §8: nothing is known of the peers' logs yet; the term starts with a no-op. */
export function becomeLeader(step: Step): void {
  const { log, currentTerm } = step.state;
  const next = lastIndex(log) + 1;
  const others = peers(step);
  update(step, {
    role: {
      kind: "leader",
      nextIndex: new Map(others.map((peer) => [peer, next])),
      matchIndex: new Map(others.map((peer) => [peer, 0])),
      probing: new Set(others),
      heartbeatDeadline: step.now,
      // Who voted was there just now, and the others get as much time.
      heardFrom: new Map(others.map((peer) => [peer, step.now])),
      transfer: null,
      change: null,
      installing: new Map(),
      reading: nothingRead,
    },
  });
  writeLog(step, next, [{ kind: "noOp", term: currentTerm }]);
}

export function resetElectionDeadline(step: Step): void {
  const { random, timing } = step.state;
  const { value, next } = draw(random);
  const { min, max } = timing.electionTimeoutMillis;
  update(step, {
    random: next,
    electionDeadline: step.now + min + Math.floor(value * (max - min)),
  });
}
