import {
  isJoint,
  isVoter,
  newestConfiguration,
  sameConfiguration,
  sameNodes,
  simpleConfiguration,
  type Configuration,
} from "./configuration.ts";
import { lastIndex } from "./log.ts";
import { appendConfiguration, broadcast, messageLimit } from "./replication.ts";
import { endChange, stepDown } from "./roles.ts";
import { leaderOf, type LeaderRole, type MembershipChange } from "./state.ts";
import { send, update, type MembershipOutcome, type MembershipRequest, type Step } from "./step.ts";
import type { NodeId } from "./units.ts";

// Changes of the membership by joint consensus (§6), the only way here: whoever is new learns the
// log first, then old and new configuration count together, then the new one alone. Each is an
// entry, and the next follows once that is committed.

/** How many of the longest election timeouts a leader waits for word of a node that is to be added. */
const patience = 10;

/** The leader is to bring the cluster to other members. It goes on by itself until it is there. */
export function changeMembership(step: Step, request: MembershipRequest): void {
  const { role } = step.state;
  if (role.kind !== "leader") {
    return tell(step, { kind: "notLeader", leaderId: leaderOf(step.state) });
  }
  if (role.change !== null || role.transfer !== null || isUnderWay(step)) {
    return tell(step, { kind: "busy" });
  }
  const change = changeTo(newestConfiguration(step.state), request);
  if (change.voters.length === 0) return tell(step, { kind: "noVoters" });
  update(step, { role: { ...role, change } });
}

/**
 * Takes the next step of what is under way, if its time has come. A joint configuration is left
 * whoever has entered it: a new leader goes on where an old one stopped.
 */
export function proceedWithMembership(step: Step): void {
  const { role, id } = step.state;
  if (role.kind !== "leader" || role.transfer !== null) return;
  const newest = newestConfiguration(step.state);
  if (role.change === null && !isJoint(newest) && isVoter(newest, id)) return;
  if (!isNewestCommitted(step)) return;

  if (isJoint(newest)) return appendConfiguration(step, { ...newest, outgoing: [] });
  if (role.change !== null) proceedWith(step, role, role.change, newest);
  // §6: a leader that is not in the new configuration goes once that is committed.
  if (isNewestCommitted(step) && !isVoter(newestConfiguration(step.state), id)) leave(step);
}

function proceedWith(
  step: Step,
  role: LeaderRole,
  change: MembershipChange,
  newest: Configuration,
): void {
  const target = { ...simpleConfiguration(change.voters), learners: change.learners };
  if (sameConfiguration(newest, target)) return endChange(step, { kind: "done" });

  const newcomers = change.voters.filter((node) => !newest.voters.includes(node));
  const unknown = newcomers.filter((node) => !newest.learners.includes(node));
  if (unknown.length > 0) {
    return appendConfiguration(step, { ...newest, learners: [...newest.learners, ...unknown] });
  }
  const silent = newcomers.find((node) => isSilent(step, role, node));
  if (silent !== undefined) return leaveOut(step, newcomers, newest, silent);
  if (newcomers.some((node) => isBehind(step, role, node))) return;

  const isSameVoters = sameNodes(newest.voters, change.voters);
  appendConfiguration(step, isSameVoters ? target : { ...target, outgoing: newest.voters });
}

/** Whether more is missing than one request can bring, or it has not answered yet (dissertation §4.2.1). */
function isBehind(step: Step, { matchIndex }: LeaderRole, node: NodeId): boolean {
  const known = matchIndex.get(node) ?? 0;
  return known === 0 || lastIndex(step.state.log) - known > messageLimit.entries;
}

function isSilent({ state, now }: Step, role: LeaderRole, node: NodeId): boolean {
  const heard = role.heardFrom.get(node) ?? now;
  return now - heard > patience * state.timing.electionTimeoutMillis.max;
}

/** The newcomers are not to be had: what has begun with them is taken back. */
function leaveOut(
  step: Step,
  newcomers: readonly NodeId[],
  newest: Configuration,
  node: NodeId,
): void {
  endChange(step, { kind: "timedOut", node });
  const learners = newest.learners.filter((learner) => !newcomers.includes(learner));
  appendConfiguration(step, { ...newest, learners });
}

/** Says so to the others, has one of them stand at once if it has all, and follows. */
function leave(step: Step): void {
  broadcast(step);
  const { role, id, currentTerm, log } = step.state;
  if (role.kind !== "leader") return;
  const heir = newestConfiguration(step.state).voters.find(
    (voter) => role.matchIndex.get(voter) === lastIndex(log),
  );
  stepDown(step);
  if (heir !== undefined) send(step, { kind: "TimeoutNow", from: id, to: heir, term: currentTerm });
}

function changeTo(
  { voters, learners }: Configuration,
  { add, remove, as }: MembershipRequest,
): MembershipChange {
  const gone = new Set([...add, ...remove]);
  const added = [...new Set(add)].filter((node) => !remove.includes(node));
  const others = (nodes: readonly NodeId[]): readonly NodeId[] =>
    nodes.filter((node) => !gone.has(node));
  const keep = (nodes: readonly NodeId[]): readonly NodeId[] =>
    nodes.filter((node) => !remove.includes(node));
  return as === "voters"
    ? {
        voters: [...new Set([...keep(voters), ...added])],
        learners: others(learners),
        isAwaited: true,
      }
    : {
        voters: others(voters),
        learners: [...new Set([...keep(learners), ...added])],
        isAwaited: true,
      };
}

function isUnderWay(step: Step): boolean {
  return !isNewestCommitted(step) || isJoint(newestConfiguration(step.state));
}

function isNewestCommitted({ state }: Step): boolean {
  return (state.configurations.at(-1)?.index ?? 0) <= state.commitIndex;
}

function tell(step: Step, outcome: MembershipOutcome): void {
  step.effects.push({ kind: "membershipEnded", outcome });
}
