import { indexOfQuorum, newestConfiguration } from "./configuration.ts";
import type { LeaderRole, RaftState, Reading } from "./state.ts";
import { update, type Step } from "./step.ts";
import type { Millis, NodeId, Term } from "./units.ts";

// Rounds of AppendEntries, numbered within a term, so that a reply tells how late its sender still
// followed this leader: dissertation §6.4, where a round of heartbeats confirms a leadership.

/** A leader at the begin of its term: nobody reads, and no round has been sent. */
export const nothingRead: Reading = {
  pending: [],
  round: 0,
  acknowledged: new Map(),
  sent: [],
  isLeaseGivenUp: false,
};

/**
 * What is broadcast now is a new round, if reads wait for one or leases are on. The reads join it.
 * They came before, so that every reply to it tells of a moment after they were asked for.
 */
export function beginRound(step: Step): void {
  const { role } = step.state;
  if (role.kind !== "leader" || !wantsRound(step, role)) return;
  const { reading } = role;
  const round = reading.round + 1;
  const pending = reading.pending.map((read) =>
    read.index !== null && read.round === null ? { ...read, round } : read,
  );
  const sent = [...reading.sent, { round, time: step.now }];
  updateReading(step, role, { ...reading, pending, round, sent: pruned(step, sent) });
}

/** The number that AppendEntries carries now: none while nobody reads and there are no leases. */
export function roundToSend({ state }: Step): { readonly round?: number } {
  const { role } = state;
  if (role.kind !== "leader" || role.reading.round === 0) return {};
  const isOfUse = role.reading.pending.length > 0 || leaseMillis(state) !== null;
  return isOfUse ? { round: role.reading.round } : {};
}

/**
 * What a reply says of the round that it answers. A refusal, too, tells that its sender follows us;
 * but rounds are counted within a term, so one of an earlier term of the same leader says nothing.
 */
export function roundToAnswer(
  { state }: Step,
  { term, round }: { readonly term: Term; readonly round?: number },
): { readonly round?: number } {
  return round === undefined || term !== state.currentTerm ? {} : { round };
}

/** A reply of this term carries the number of the round that it answers. Late ones tell nothing new. */
export function noteRound(step: Step, from: NodeId, round: number): void {
  const { role } = step.state;
  if (role.kind !== "leader") return;
  const { reading } = role;
  // Nobody can have answered what was not sent.
  if (round > reading.round || round <= (reading.acknowledged.get(from) ?? 0)) return;
  const acknowledged = new Map(reading.acknowledged).set(from, round);
  updateReading(step, role, { ...reading, acknowledged });
}

/** The newest round that a quorum, with ourselves, has answered. */
export function confirmedRound(state: RaftState): number {
  const { id, role } = state;
  if (role.kind !== "leader") return 0;
  const { round, acknowledged } = role.reading;
  return indexOfQuorum(newestConfiguration(state), (node) =>
    node === id ? round : (acknowledged.get(node) ?? 0),
  );
}

/**
 * Whether nobody else can lead yet (dissertation §6.4.1): a quorum has answered a round that was
 * *sent* so lately that none of it votes for another before we are done, even with its clock ahead
 * of ours as far as clocks may drift apart.
 */
export function hasLease({ state, now }: Step): boolean {
  const { role } = state;
  const millis = leaseMillis(state);
  if (role.kind !== "leader" || millis === null || role.reading.isLeaseGivenUp) return false;
  const round = confirmedRound(state);
  const sent = role.reading.sent.find((each) => each.round === round);
  return sent !== undefined && now - sent.time < millis;
}

/** Who asks another to stand lets it be elected at once: no lease holds in this term any more. */
export function giveUpLease(step: Step): void {
  const { role } = step.state;
  if (role.kind !== "leader") return;
  updateReading(step, role, { ...role.reading, isLeaseGivenUp: true });
}

function wantsRound({ state }: Step, { reading }: LeaderRole): boolean {
  if (leaseMillis(state) !== null) return true;
  return reading.pending.some(({ index, round }) => index !== null && round === null);
}

/** Sendings that no lease can begin with any more are forgotten. */
function pruned(step: Step, sent: Reading["sent"]): Reading["sent"] {
  const millis = leaseMillis(step.state);
  return millis === null ? [] : sent.filter(({ time }) => step.now - time < millis);
}

/** How long a lease lasts; null without leases. They rest on followers that keep their votes back. */
function leaseMillis({ extensions, timing }: Step["state"]): Millis | null {
  const { lease, checkQuorum } = extensions;
  if (lease === undefined || !checkQuorum) return null;
  return timing.electionTimeoutMillis.min * (1 - lease.clockDrift);
}

function updateReading(step: Step, role: LeaderRole, reading: Reading): void {
  update(step, { role: { ...role, reading } });
}
