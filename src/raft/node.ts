import { unreachable } from "./assert.ts";
import {
  countOwnVote,
  handleRequestVote,
  handleRequestVoteReply,
  startElection,
} from "./election.ts";
import { emptyLog, lastIndex, slice } from "./log.ts";
import type { Message } from "./messages.ts";
import {
  broadcast,
  handleAppendEntries,
  handleAppendEntriesReply,
  noteSaved,
  propose,
} from "./replication.ts";
import { adoptTerm, resetElectionDeadline } from "./roles.ts";
import type { Persistent, RaftState, Timing } from "./state.ts";
import type { Change, Effect, Input, Step } from "./step.ts";
import type { Millis, NodeId } from "./units.ts";

export const nothingSaved: Persistent = { currentTerm: 0, votedFor: null, log: emptyLog };

/** All that a node is made from; with the inputs that follow, all that it will ever be. */
export interface NodeOptions {
  readonly id: NodeId;
  readonly members: readonly NodeId[];
  readonly timing: Timing;
  readonly seed: number;
  readonly now: Millis;
  readonly saved: Persistent;
}

/**
 * One Raft node, without a clock, a network or a disk.
 *
 * `step` is the only way in. The same inputs at the same times give the same states and the
 * same effects, which is what replay, simulation and time travel rest on.
 */
export class RaftNode {
  #state: RaftState;

  constructor(options: NodeOptions) {
    const { id, members, timing, seed, now, saved } = options;
    const step = begin(
      {
        id,
        members,
        timing,
        ...saved,
        role: { kind: "follower", leaderId: null },
        commitIndex: 0,
        savedIndex: lastIndex(saved.log),
        electionDeadline: now,
        random: seed,
      },
      now,
    );
    resetElectionDeadline(step);
    this.#state = step.state;
  }

  /** A node that goes on from `state`, as kept by whoever watches a trace. */
  static at(state: RaftState): RaftNode {
    const { id, members, timing, currentTerm, votedFor, log } = state;
    const saved = { currentTerm, votedFor, log };
    const node = new RaftNode({ id, members, timing, seed: 0, now: 0, saved });
    node.#state = state;
    return node;
  }

  get state(): RaftState {
    return this.#state;
  }

  /** When the driver must wake this node, if nothing else happens first. */
  get nextDeadline(): Millis {
    const { role, electionDeadline } = this.#state;
    return role.kind === "leader" ? role.heartbeatDeadline : electionDeadline;
  }

  /** What happens next, at `now`. Throws InvariantViolation when the program is wrong. */
  step(input: Input, now: Millis): readonly Effect[] {
    const before = this.#state;
    const step = begin(before, now);
    dispatch(step, input);
    this.#state = step.state;
    const change = changeSince(before, step);
    return change === null ? step.effects : [{ kind: "save", change }, ...step.effects];
  }
}

function begin(state: RaftState, now: Millis): Step {
  return { state, effects: [], now, changedFrom: null };
}

function dispatch(step: Step, input: Input): void {
  switch (input.kind) {
    case "receive":
      if (input.message.term > step.state.currentTerm) adoptTerm(step, input.message.term);
      return receive(step, input.message);
    case "wake":
      return wake(step);
    case "propose":
      return propose(step, input.commands);
    case "saved":
      noteSaved(step, input);
      return countOwnVote(step, input.currentTerm);
    default:
      return unreachable(input);
  }
}

function receive(step: Step, message: Message): void {
  switch (message.kind) {
    case "RequestVote":
      return handleRequestVote(step, message);
    case "RequestVoteReply":
      return handleRequestVoteReply(step, message);
    case "AppendEntries":
      return handleAppendEntries(step, message);
    case "AppendEntriesReply":
      return handleAppendEntriesReply(step, message);
    default:
      return unreachable(message);
  }
}

function wake(step: Step): void {
  const { role, electionDeadline } = step.state;
  if (role.kind === "leader") {
    if (role.heartbeatDeadline <= step.now) broadcast(step);
  } else if (electionDeadline <= step.now) {
    startElection(step);
  }
}

function changeSince(before: RaftState, { state, changedFrom }: Step): Change | null {
  const { currentTerm, votedFor, log } = state;
  const voted = before.currentTerm !== currentTerm || before.votedFor !== votedFor;
  if (!voted && changedFrom === null) return null;
  return {
    vote: voted ? { currentTerm, votedFor } : null,
    log: changedFrom === null ? null : { from: changedFrom, entries: slice(log, changedFrom) },
  };
}
