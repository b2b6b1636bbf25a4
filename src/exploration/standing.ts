import {
  entryAt,
  lastIndex,
  lastTerm,
  isQuorum,
  isVoter,
  membersIn,
  simpleConfiguration,
  type Configuration,
  type Entry,
  type LogIndex,
  type NodeId,
  type Term,
} from "../raft/index.ts";
import { leaderIn, type NodeView } from "../trace/index.ts";
import type { Commit } from "./commits.ts";
import type { Moment } from "./moment.ts";

/** How it stands at a moment with the entry at an index. */
export interface Standing {
  readonly index: LogIndex;
  /** The entry that counts there; null if no log reaches that far. */
  readonly entry: Entry | null;
  readonly copies: readonly Copy[];
  /** How many durable copies make a majority. */
  readonly needed: number;
  /** Both majorities that are needed, while two configurations count together (§6); else null. */
  readonly joint: { readonly incoming: Majority; readonly outgoing: Majority } | null;
  readonly verdict: Verdict;
}

/** How many hold the entry durably, of how many, and how many make a majority. */
export interface Majority {
  readonly held: number;
  readonly of: number;
  readonly needed: number;
}

/** What one member has of the entry that counts. */
export interface Copy {
  readonly node: NodeId;
  readonly isUp: boolean;
  readonly what: CopyKind;
}

export type CopyKind =
  | { readonly kind: "saved" }
  /** In its log, and not yet known to be on its disk: no promise rests on it. */
  | { readonly kind: "saving" }
  /** Its log is too short. A message on its way may bring the entry; `nextIndex` is the leader's. */
  | { readonly kind: "lacks"; readonly isComing: boolean; readonly nextIndex: LogIndex | null }
  /** Another entry stands there, which will be replaced. */
  | { readonly kind: "conflicts"; readonly term: Term };

/** Whether it is committed, and why or why not. */
export type Verdict =
  /** Known by these. `how` is null when that is no longer known. */
  | {
      readonly kind: "committed";
      readonly knownBy: readonly NodeId[];
      readonly how: HowCommitted | null;
    }
  /** Few copies yet; the leader knows of those that `acknowledged`. */
  | {
      readonly kind: "spreading";
      readonly leader: NodeId;
      readonly acknowledged: readonly NodeId[];
    }
  /** On a majority, which the leader has not heard of yet. */
  | {
      readonly kind: "uncounted";
      readonly leader: NodeId;
      readonly acknowledged: readonly NodeId[];
    }
  /** §5.4.2: on a majority, but of an earlier term. The first own entry of the leader commits it. */
  | {
      readonly kind: "olderTerm";
      readonly leader: NodeId;
      readonly leaderTerm: Term;
      readonly ownEntry: LogIndex | null;
    }
  /** The leader has nothing there: what others hold was never committed. */
  | { readonly kind: "leaderLacks"; readonly leader: NodeId }
  /** Nobody can commit it for now. */
  | { readonly kind: "noLeader" }
  /** No log reaches that far. */
  | { readonly kind: "nowhere" };

/** The leader's doing: it counted copies of `index`, an entry of its own term. */
export interface HowCommitted {
  /** Whether that is the entry itself, or a later one which took it along (§5.4.2). */
  readonly kind: "counted" | "takenAlong";
  readonly by: NodeId;
  readonly term: Term;
  readonly index: LogIndex;
}

/** How it stands with the entry at `index`; `commit` is what made it known to be committed. */
export function standingOf(index: LogIndex, moment: Moment, commit: Commit | undefined): Standing {
  const entry = entriesThatCount(moment)(index) ?? null;
  const configuration = configurationIn(moment);
  const voters = membersIn(configuration).filter((id) => isVoter(configuration, id));
  const copies = voters.map((id) => copyAt(id, index, entry, moment));
  const needed = majorityOf(configuration.voters);
  const known = { index, entry, copies, needed, joint: jointOf(configuration, copies) };
  return { ...known, verdict: verdictOn({ ...known, moment, commit }) };
}

function majorityOf(voters: readonly NodeId[]): number {
  return Math.floor(voters.length / 2) + 1;
}

function jointOf({ voters, outgoing }: Configuration, copies: readonly Copy[]): Standing["joint"] {
  if (outgoing.length === 0) return null;
  const majority = (nodes: readonly NodeId[]): Majority => {
    const held = copies.filter(({ node, what }) => what.kind === "saved" && nodes.includes(node));
    return { held: held.length, of: nodes.length, needed: majorityOf(nodes) };
  };
  return { incoming: majority(voters), outgoing: majority(outgoing) };
}

/** How far the cluster is known to have committed: by the node that knows most. */
export function clusterCommit({ view }: Moment): LogIndex {
  let newest = 0;
  for (const { commitIndex } of view.nodes.values()) newest = Math.max(newest, commitIndex);
  return newest;
}

/**
 * Which entry counts at an index: what is committed there, else what the leader holds, else what
 * stands in the most up-to-date log that reaches there (§5.4.1). A leader counts for nothing once a
 * log holds entries of a newer term: somebody else led since.
 */
export function entriesThatCount(moment: Moment): (index: LogIndex) => Entry | undefined {
  const nodes = [...moment.view.nodes.values()].toSorted(newerLogFirst);
  const told = leaderIn(moment.view);
  const isDeposed = nodes.some(({ log }) => lastTerm(log) > (told?.currentTerm ?? 0));
  const leader = isDeposed ? undefined : told;
  const knowing = nodes.toSorted((one, other) => other.commitIndex - one.commitIndex)[0];
  return (index) => {
    if (knowing !== undefined && index <= knowing.commitIndex) return entryAt(knowing.log, index);
    const own = leader === undefined ? undefined : entryAt(leader.log, index);
    if (own !== undefined) return own;
    const holder = nodes.find(({ log }) => lastIndex(log) >= index);
    return holder === undefined ? undefined : entryAt(holder.log, index);
  };
}

function newerLogFirst({ log: one }: NodeView, { log: other }: NodeView): number {
  return lastTerm(other) - lastTerm(one) || lastIndex(other) - lastIndex(one);
}

/**
 * Who counts: whom the leader says, else the node whose log is the most up-to-date (§5.4.1) of those
 * that run; else all that ever ran. A node that was added and has heard of nobody yet says nothing.
 */
function configurationIn({ view }: Moment): Configuration {
  const leader = leaderIn(view);
  const knowing = [...view.nodes.values()]
    .filter(({ life, configuration }) => life.kind === "running" && configuration.voters.length > 0)
    .toSorted(newerLogFirst);
  const told = knowing.find(({ id }) => id === leader?.id) ?? knowing[0];
  return told?.configuration ?? simpleConfiguration([...view.nodes.keys()]);
}

function copyAt(node: NodeId, index: LogIndex, counts: Entry | null, moment: Moment): Copy {
  const seen = moment.view.nodes.get(node);
  const isUp = seen?.life.kind === "running";
  const entry = seen === undefined ? undefined : entryAt(seen.log, index);
  if (seen === undefined || entry === undefined) {
    return { node, isUp, what: { kind: "lacks", ...comingTo(node, index, moment) } };
  }
  if (entry.term !== counts?.term) {
    return { node, isUp, what: { kind: "conflicts", term: entry.term } };
  }
  return { node, isUp, what: { kind: index <= seen.savedIndex ? "saved" : "saving" } };
}

function comingTo(
  node: NodeId,
  index: LogIndex,
  moment: Moment,
): { readonly isComing: boolean; readonly nextIndex: LogIndex | null } {
  const leader = leaderIn(moment.view);
  const role = leader === undefined ? undefined : moment.states.get(leader.id)?.role;
  const nextIndex = role?.kind === "leader" ? (role.nextIndex.get(node) ?? null) : null;
  for (const { message, arrival } of moment.inFlight.values()) {
    if (message.kind !== "AppendEntries" || message.to !== node || arrival === null) continue;
    const { prevLogIndex, entries } = message;
    if (prevLogIndex < index && index <= prevLogIndex + entries.length) {
      return { isComing: true, nextIndex };
    }
  }
  return { isComing: false, nextIndex };
}

interface Case extends Omit<Standing, "verdict"> {
  readonly moment: Moment;
  readonly commit: Commit | undefined;
}

function verdictOn({ index, entry, copies, moment, commit }: Case): Verdict {
  if (entry === null) return { kind: "nowhere" };
  const nodes = [...moment.view.nodes.values()];
  if (index <= clusterCommit(moment)) {
    const knownBy = nodes.filter((node) => node.commitIndex >= index).map(({ id }) => id);
    return { kind: "committed", knownBy, how: howCommitted(entry, commit) };
  }
  const leader = leaderIn(moment.view);
  if (leader === undefined) return { kind: "noLeader" };
  if (entryAt(leader.log, index) === undefined) return { kind: "leaderLacks", leader: leader.id };

  const holders = copies.filter(({ what }) => what.kind === "saved").map(({ node }) => node);
  const isHeld = isQuorum(configurationIn(moment), (node) => holders.includes(node));
  if (isHeld && entry.term < leader.currentTerm) {
    const { id, currentTerm: leaderTerm } = leader;
    return { kind: "olderTerm", leader: id, leaderTerm, ownEntry: firstOwnEntry(leader) };
  }
  const acknowledged = acknowledgedBy(leader, index, moment);
  return { kind: isHeld ? "uncounted" : "spreading", leader: leader.id, acknowledged };
}

function howCommitted(entry: Entry, commit: Commit | undefined): HowCommitted | null {
  if (commit === undefined) return null;
  const { by, term, index } = commit;
  return { kind: entry.term === term ? "counted" : "takenAlong", by, term, index };
}

function firstOwnEntry({ log, currentTerm }: NodeView): LogIndex | null {
  if (lastTerm(log) !== currentTerm) return null;
  // Terms never decrease along a log, so halving finds where this one begins.
  let [low, high] = [1, lastIndex(log)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entryAt(log, middle)?.term === currentTerm) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whose copies the leader may count: those that told so, and its own once it is durable. */
function acknowledgedBy(leader: NodeView, index: LogIndex, moment: Moment): readonly NodeId[] {
  const role = moment.states.get(leader.id)?.role;
  const peers = role?.kind === "leader" ? [...role.matchIndex] : [];
  const told = peers.filter(([, match]) => match >= index).map(([peer]) => peer);
  return leader.savedIndex >= index ? [leader.id, ...told] : told;
}
