import { configurationAt } from "./configuration.ts";
import { invariant } from "./assert.ts";
import { sendChunk } from "./chunks.ts";
import { compacted, entryAt, logAfter, termAt, type Log } from "./log.ts";
import type { InstallSnapshotReply, InstallSnapshotRequest } from "./messages.ts";
import { acknowledged, leaderRole, noteHeard } from "./replication.ts";
import { followLeader } from "./roles.ts";
import { noteRound, roundToAnswer } from "./rounds.ts";
import type { Receiving, Snapshot } from "./state.ts";
import { send, update, type Compaction, type SnapshotChange, type Step } from "./step.ts";

// §7: a snapshot stands for all entries up to its index, which are then dropped from the log. A
// follower that needs one of them is sent the snapshot instead, a chunk at a time (Figure 13).

/**
 * The state machine was written down as it was at `index`. Some entries before it are kept, for
 * followers that are only a little behind. One that is no newer than what we have says nothing.
 */
export function compact(step: Step, { index, data, keep }: Compaction): void {
  const { log, commitIndex, snapshot: known } = step.state;
  if (index <= (known?.index ?? 0)) return;
  invariant(index <= commitIndex, "only what is committed is compacted");
  const term = termAt(log, index);
  invariant(term !== undefined, "a snapshot is taken of what the log holds");
  const snapshot = { index, term, configuration: configurationAt(step.state, index), data };
  hold(step, { snapshot, logStart: Math.max(log.start, index - keep) });
}

/** InstallSnapshot at the receiver (Figure 13). The caller has adopted a newer term. */
export function handleInstallSnapshot(step: Step, request: InstallSnapshotRequest): void {
  const { currentTerm, role } = step.state;
  if (request.term < currentTerm) return reply(step, request, { kind: "wanted", offset: 0 });
  invariant(role.kind !== "leader", `one leader per term, yet two in term ${currentTerm}`);
  followLeader(step, request.from);

  // What is committed here is what the snapshot holds, and more; going back would undo it.
  const { lastIncludedIndex: index } = request;
  if (index <= step.state.commitIndex) return reply(step, request, { kind: "installed" });

  const received = receivedSoFar(step, request);
  const { length } = received;
  // A chunk that comes twice, or past one that was lost, says nothing new.
  if (request.offset !== length) return reply(step, request, { kind: "wanted", offset: length });
  const data = received + request.data;
  if (request.done) {
    install(step, request, data);
    return reply(step, request, { kind: "installed" });
  }
  keepReceived(step, { index, term: request.lastIncludedTerm, data });
  reply(step, request, { kind: "wanted", offset: data.length });
}

/** The leader goes on with the next chunk, or with the log behind the snapshot. */
export function handleInstallSnapshotReply(step: Step, answer: InstallSnapshotReply): void {
  const { role, currentTerm } = step.state;
  const { from, outcome, lastIncludedIndex } = answer;
  if (role.kind !== "leader" || answer.term !== currentTerm || !role.nextIndex.has(from)) return;
  noteHeard(step, from);
  if (answer.round !== undefined) noteRound(step, from, answer.round);
  if (outcome.kind === "installed") return acknowledged(step, from, lastIncludedIndex);
  const under = role.installing.get(from);
  if (under === undefined || under.snapshot.index !== lastIncludedIndex) return;
  if (outcome.offset === under.offset) return; // It has what was sent before, or it is late.
  const installing = new Map(role.installing).set(from, { ...under, offset: outcome.offset });
  update(step, { role: { ...leaderRole(step), installing } });
  // Back to an earlier chunk it goes with the next heartbeat, so that late replies beget nothing.
  if (outcome.offset > under.offset) sendChunk(step, from);
}

/** §7: what follows the snapshot's last entry stays, if that entry stands here in its term. */
export function logWithSnapshot(log: Log, { snapshot, logStart }: SnapshotChange): Log {
  const isKept = termAt(log, snapshot.index) === snapshot.term;
  return isKept ? compacted(log, logStart) : logAfter(snapshot.index, snapshot.term);
}

function receivedSoFar(step: Step, request: InstallSnapshotRequest): string {
  const { role } = step.state;
  const receiving = role.kind === "follower" ? role.receiving : undefined;
  const isSame =
    receiving?.index === request.lastIncludedIndex && receiving.term === request.lastIncludedTerm;
  return isSame ? receiving.data : "";
}

function keepReceived(step: Step, receiving: Receiving | undefined): void {
  const { role } = step.state;
  if (role.kind !== "follower") return;
  const { receiving: _, ...others } = role;
  update(step, { role: receiving === undefined ? others : { ...others, receiving } });
}

function install(step: Step, request: InstallSnapshotRequest, data: string): void {
  const { lastIncludedIndex: index, lastIncludedTerm: term, configuration } = request;
  const snapshot: Snapshot = { index, term, configuration, data };
  keepReceived(step, undefined);
  const isKept = entryAt(step.state.log, index)?.term === term;
  hold(step, { snapshot, logStart: index });
  // Of a log that is discarded nothing is durable until the snapshot is.
  if (!isKept) update(step, { savedIndex: 0 });
  update(step, { commitIndex: index });
  step.effects.push({ kind: "restore", snapshot });
}

/** From now on the snapshot stands for what the log does not hold. */
function hold(step: Step, change: SnapshotChange): void {
  const { log, configurations } = step.state;
  const { snapshot } = change;
  const after = logWithSnapshot(log, change);
  const isKept = termAt(log, snapshot.index) === snapshot.term;
  const { index, configuration } = snapshot;
  const known = configurations.findLastIndex((each) => each.index <= index);
  const from = isKept && known >= 0 ? configurations.slice(known) : [{ index, configuration }];
  update(step, { log: after, snapshot, configurations: from });
  step.snapshotChange = change;
}

type Outcome = InstallSnapshotReply["outcome"];

function reply(step: Step, request: InstallSnapshotRequest, outcome: Outcome): void {
  const { id, currentTerm } = step.state;
  const { lastIncludedIndex } = request;
  send(step, {
    kind: "InstallSnapshotReply",
    from: id,
    to: request.from,
    term: currentTerm,
    lastIncludedIndex,
    outcome,
    ...roundToAnswer(step, request),
  });
}
