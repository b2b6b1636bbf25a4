import { isQuorum, isVoter, newestConfiguration, openConfigurations } from "./configuration.ts";
import { startElection } from "./election.ts";
import { isUpToDate, lastIndex, lastTerm } from "./log.ts";
import type { Message, PreVoteReply, PreVoteRequest } from "./messages.ts";
import { resetElectionDeadline } from "./roles.ts";
import { otherVoters, send, update, type Step } from "./step.ts";
import type { NodeId } from "./units.ts";

// Dissertation §9.6: who wants to stand asks first whether it could win, and changes nothing by it.

/** The election timeout has passed: would a quorum vote for us? */
export function askForPreVotes(step: Step): void {
  const { id, currentTerm, log } = step.state;
  resetElectionDeadline(step);
  update(step, { role: { kind: "follower", leaderId: null, preVotes: new Set() } });
  for (const to of otherVoters(step)) {
    send(step, {
      kind: "PreVote",
      from: id,
      to,
      term: currentTerm,
      lastLogIndex: lastIndex(log),
      lastLogTerm: lastTerm(log),
    });
  }
  countPreVote(step, id);
}

/** PreVote at a receiver that hears no leader. The caller has adopted a newer term. */
export function handlePreVote(step: Step, request: PreVoteRequest): void {
  const { currentTerm, log } = step.state;
  const candidateLog = { term: request.lastLogTerm, index: request.lastLogIndex };
  // It would stand in the term after its own, and in that nobody has voted yet.
  answer(step, request, request.term === currentTerm && isUpToDate(candidateLog, log));
}

export function handlePreVoteReply(step: Step, reply: PreVoteReply): void {
  if (reply.term === step.state.currentTerm && reply.voteGranted) countPreVote(step, reply.from);
}

function countPreVote(step: Step, from: NodeId): void {
  const { role } = step.state;
  if (role.kind !== "follower" || role.preVotes === undefined) return;
  const preVotes = new Set(role.preVotes).add(from);
  update(step, { role: { ...role, preVotes } });
  if (isQuorum(newestConfiguration(step.state), (id) => preVotes.has(id))) startElection(step);
}

/**
 * Turns away who asks for votes while we lead or hear a leader: its newer term, if it has one, is
 * not adopted. Answers whether the message was such a request.
 *
 * A leader that a transfer deposes has asked for that itself.
 */
export function turnsAway(step: Step, message: Message): boolean {
  const { extensions } = step.state;
  switch (message.kind) {
    case "PreVote":
      if (!hasLeader(step)) return false;
      answer(step, message, false);
      return true;
    case "RequestVote":
      if (message.isTransfer === true || !hasLeader(step)) return false;
      return extensions.checkQuorum || isStranger(step, message.from);
    default:
      return false;
  }
}

/**
 * End of §6: whoever has left the cluster and does not know it hears of no leader, stands again and
 * again, and would depose those that the others have. While there is none it may be needed.
 */
function isStranger({ state }: Step, node: NodeId): boolean {
  return !openConfigurations(state).some((configuration) => isVoter(configuration, node));
}

/** End of §6: whoever has heard of a leader within the shortest election timeout believes in it. */
function hasLeader(step: Step): boolean {
  const { role, leaderHeard, timing } = step.state;
  if (role.kind === "leader") return true;
  return leaderHeard !== null && step.now - leaderHeard < timing.electionTimeoutMillis.min;
}

function answer(step: Step, { from: to }: PreVoteRequest, voteGranted: boolean): void {
  const { id: from, currentTerm: term } = step.state;
  send(step, { kind: "PreVoteReply", from, to, term, voteGranted });
}
