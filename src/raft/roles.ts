import { lastIndex } from "./log.ts";
import { draw } from "./random.ts";
import { peers, update, writeLog, type Step } from "./step.ts";
import type { NodeId, Term } from "./units.ts";

// The moves between the roles of Figure 4.

/** §5.1: a newer term, wherever it comes from, makes us a follower in it. */
export function adoptTerm(step: Step, term: Term): void {
  // A leader's election deadline has long passed: it starts to wait like any other follower.
  if (step.state.role.kind === "leader") resetElectionDeadline(step);
  update(step, { currentTerm: term, votedFor: null, role: { kind: "follower", leaderId: null } });
}

/** §5.2: whoever sends AppendEntries in our term leads it. The vote of the term stands. */
export function followLeader(step: Step, leaderId: NodeId): void {
  const { role } = step.state;
  if (role.kind !== "follower" || role.leaderId !== leaderId) {
    update(step, { role: { kind: "follower", leaderId } });
  }
  resetElectionDeadline(step);
}

/** §5.2: a new term, a vote for ourselves, a fresh deadline. The vote counts once it is saved. */
export function becomeCandidate(step: Step): void {
  const { id, currentTerm } = step.state;
  update(step, {
    currentTerm: currentTerm + 1,
    votedFor: id,
    role: { kind: "candidate", votes: new Set() },
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
