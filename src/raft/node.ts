import { unreachable } from "./assert.ts";
import {
  countOwnVote,
  handleRequestVote,
  handleRequestVoteReply,
  handleTimeoutNow,
  startElection,
} from "./election.ts";
import { isQuorum, mayStand, newestConfiguration } from "./configuration.ts";
import { configurationsAtStart } from "./configurations-at-start.ts";
import { chunkCharacters } from "./chunks.ts";
import { changeMembership, proceedWithMembership } from "./membership.ts";
import { emptyLog, lastIndex, slice } from "./log.ts";
import type { Message } from "./messages.ts";
import {
  broadcast,
  handleAppendEntries,
  handleAppendEntriesReply,
  noteSaved,
  propose,
} from "./replication.ts";
import { askForPreVotes, handlePreVote, handlePreVoteReply, turnsAway } from "./pre-vote.ts";
import {
  handleReadIndex,
  handleReadIndexReply,
  proceedWithReads,
  readDeadline,
  requestReads,
} from "./read.ts";
import { adoptTerm, endTransfer, resetElectionDeadline, stepDown } from "./roles.ts";
import {
  paperOnly,
  type Extensions,
  type Persistent,
  type RaftState,
  type Timing,
} from "./state.ts";
import type { Change, Effect, Input, Step } from "./step.ts";
import { compact, handleInstallSnapshot, handleInstallSnapshotReply } from "./snapshot.ts";
import { transferLeadership } from "./transfer.ts";
import type { Millis, NodeId } from "./units.ts";

export const nothingSaved: Persistent = { currentTerm: 0, votedFor: null, log: emptyLog };

/** All that a node is made from; with the inputs that follow, all that it will ever be. */
export interface NodeOptions {
  readonly id: NodeId;
  /**
   * With whom it begins, as long as its log tells nothing else: all nodes that found a cluster name
   * the same ones, and who is to be added to one names nobody.
   */
  readonly members: readonly NodeId[];
  readonly timing: Timing;
  /** Nothing beyond Figure 2, if left out. */
  readonly extensions?: Extensions;
  /** How much of a snapshot goes into one message; a sensible amount, if left out. */
  readonly chunkCharacters?: number;
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
    const { id, members, timing, extensions = paperOnly, seed, now, saved } = options;
    const { chunkCharacters: characters = chunkCharacters } = options;
    const step = begin(
      {
        id,
        configurations: configurationsAtStart(members, saved),
        timing,
        extensions,
        currentTerm: saved.currentTerm,
        votedFor: saved.votedFor,
        log: saved.log,
        snapshot: saved.snapshot ?? null,
        chunkCharacters: characters,
        role: { kind: "follower", leaderId: null },
        commitIndex: saved.snapshot?.index ?? 0,
        savedIndex: lastIndex(saved.log),
        electionDeadline: now,
        // It may have heard a leader that counts on its silence, and forgotten (dissertation §6.4.1).
        leaderHeard: extensions.lease === undefined ? null : now,
        forwarded: [],
        random: seed,
      },
      now,
    );
    resetElectionDeadline(step);
    this.#state = step.state;
  }

  /** A node that goes on from `state`, as kept by whoever watches a trace. */
  static at(state: RaftState): RaftNode {
    const { id, timing, extensions } = state;
    const saved = nothingSaved;
    const node = new RaftNode({ id, members: [], timing, extensions, seed: 0, now: 0, saved });
    node.#state = state;
    return node;
  }

  get state(): RaftState {
    return this.#state;
  }

  /** When the driver must wake this node, if nothing else happens first. */
  get nextDeadline(): Millis {
    const { role, electionDeadline } = this.#state;
    const reads = readDeadline(this.#state);
    if (role.kind !== "leader") return Math.min(electionDeadline, reads);
    const transfer = role.transfer?.deadline ?? Number.POSITIVE_INFINITY;
    return Math.min(role.heartbeatDeadline, transfer, reads);
  }

  /** What happens next, at `now`. Throws InvariantViolation when the program is wrong. */
  step(input: Input, now: Millis): readonly Effect[] {
    const before = this.#state;
    const step = begin(before, now);
    dispatch(step, input);
    proceedWithMembership(step);
    proceedWithReads(step);
    this.#state = step.state;
    const change = changeSince(before, step);
    return change === null ? step.effects : [{ kind: "save", change }, ...step.effects];
  }
}

function begin(state: RaftState, now: Millis): Step {
  return { state, effects: [], now, changedFrom: null, snapshotChange: null };
}

function dispatch(step: Step, input: Input): void {
  switch (input.kind) {
    case "receive":
      if (turnsAway(step, input.message)) return;
      if (input.message.term > step.state.currentTerm) adoptTerm(step, input.message.term);
      return receive(step, input.message);
    case "wake":
      return wake(step);
    case "propose":
      return propose(step, input.commands);
    case "transfer":
      return transferLeadership(step, input.to);
    case "changeMembership":
      return changeMembership(step, input);
    case "compact":
      return compact(step, input);
    case "saved":
      noteSaved(step, input);
      return countOwnVote(step, input.currentTerm);
    case "read":
      return requestReads(step, input.ids);
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
    case "PreVote":
      return handlePreVote(step, message);
    case "PreVoteReply":
      return handlePreVoteReply(step, message);
    case "TimeoutNow":
      return handleTimeoutNow(step, message);
    case "InstallSnapshot":
      return handleInstallSnapshot(step, message);
    case "InstallSnapshotReply":
      return handleInstallSnapshotReply(step, message);
    case "ReadIndex":
      return handleReadIndex(step, message);
    case "ReadIndexReply":
      return handleReadIndexReply(step, message);
    default:
      return unreachable(message);
  }
}

function wake(step: Step): void {
  const { role, electionDeadline, extensions } = step.state;
  if (role.kind === "leader") {
    if (extensions.checkQuorum && !hearsQuorum(step)) return stepDown(step);
    if ((role.transfer?.deadline ?? step.now + 1) <= step.now) endTransfer(step, "timedOut");
    if (role.heartbeatDeadline <= step.now) broadcast(step);
  } else if (electionDeadline <= step.now) {
    if (!mayStand(step.state)) resetElectionDeadline(step);
    else if (extensions.preVote) askForPreVotes(step);
    else startElection(step);
  }
}

/** Dissertation §6.2: has a quorum, with ourselves, replied within an election timeout? */
function hearsQuorum({ state, now }: Step): boolean {
  const { id, role, timing } = state;
  if (role.kind !== "leader") return false;
  const since = now - timing.electionTimeoutMillis.max;
  return isQuorum(newestConfiguration(state), (node) => {
    return node === id || (role.heardFrom.get(node) ?? since - 1) >= since;
  });
}

function changeSince(
  before: RaftState,
  { state, changedFrom, snapshotChange }: Step,
): Change | null {
  const { currentTerm, votedFor, log } = state;
  const voted = before.currentTerm !== currentTerm || before.votedFor !== votedFor;
  if (!voted && changedFrom === null && snapshotChange === null) return null;
  return {
    ...(snapshotChange === null ? {} : { snapshot: snapshotChange }),
    vote: voted ? { currentTerm, votedFor } : null,
    log: changedFrom === null ? null : { from: changedFrom, entries: slice(log, changedFrom) },
  };
}
