import { isQuorum, mayStand, newestConfiguration } from "./configuration.ts";
import { isUpToDate, lastIndex, lastTerm } from "./log.ts";
import type { RequestVoteReply, RequestVoteRequest, TimeoutNowRequest } from "./messages.ts";
import { broadcast } from "./replication.ts";
import { becomeCandidate, becomeLeader, resetElectionDeadline, stopAsking } from "./roles.ts";
import { otherVoters, send, update, type Step } from "./step.ts";
import type { NodeId, Term } from "./units.ts";

/** §5.2: the election timeout passed without word from a leader, or the leader hands over. */
export function startElection(step: Step, isTransfer = false): void {
  becomeCandidate(step);
  const { id, currentTerm, log } = step.state;
  for (const to of otherVoters(step)) {
    send(step, {
      kind: "RequestVote",
      from: id,
      to,
      term: currentTerm,
      lastLogIndex: lastIndex(log),
      lastLogTerm: lastTerm(log),
      ...(isTransfer ? { isTransfer } : {}),
    });
  }
}

/** TimeoutNow at the receiver (dissertation §3.10): as if its election timeout had passed, and without asking first. */
export function handleTimeoutNow(step: Step, request: TimeoutNowRequest): void {
  const { currentTerm, role } = step.state;
  if (request.term !== currentTerm || role.kind !== "follower") return;
  if (mayStand(step.state)) startElection(step, true);
}

/** RequestVote at the receiver (§5.2, §5.4.1). The caller has adopted a newer term. */
export function handleRequestVote(step: Step, request: RequestVoteRequest): void {
  const { id, currentTerm, votedFor, log } = step.state;
  const free = votedFor === null || votedFor === request.from;
  const candidateLog = { term: request.lastLogTerm, index: request.lastLogIndex };
  const voteGranted = request.term === currentTerm && free && isUpToDate(candidateLog, log);
  if (voteGranted) {
    stopAsking(step);
    update(step, { votedFor: request.from });
    resetElectionDeadline(step);
  }
  send(step, {
    kind: "RequestVoteReply",
    from: id,
    to: request.from,
    term: currentTerm,
    voteGranted,
  });
}

export function handleRequestVoteReply(step: Step, reply: RequestVoteReply): void {
  if (reply.term !== step.state.currentTerm || !reply.voteGranted) return;
  countVote(step, reply.from);
}

/** Our own vote is one like the others, once no crash can take it back. */
export function countOwnVote(step: Step, savedTerm: Term): void {
  const { id, currentTerm, votedFor } = step.state;
  if (savedTerm === currentTerm && votedFor === id) countVote(step, id);
}

function countVote(step: Step, from: NodeId): void {
  const { role } = step.state;
  if (role.kind !== "candidate" || role.votes.has(from)) return;
  const votes = new Set(role.votes).add(from);
  update(step, { role: { kind: "candidate", votes } });
  if (!isQuorum(newestConfiguration(step.state), (id) => votes.has(id))) return;
  becomeLeader(step);
  broadcast(step);
}
