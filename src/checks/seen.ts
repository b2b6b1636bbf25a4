import {
  append,
  configurationAtStart,
  emptyLog,
  entryAt,
  lastIndex,
  logAfter,
  slice,
  termAt,
  truncateFrom,
  unreachable,
  type Change,
  type Configuration,
  type Log,
  type LogIndex,
  type NodeId,
  type Persistent,
  type Role,
  type Term,
} from "../raft/index.ts";
import type { NodeEvent, TraceEvent } from "../trace/index.ts";

export type EventOf<K extends TraceEvent["kind"]> = Extract<TraceEvent, { readonly kind: K }>;

/**
 * What the events so far tell of the cluster, rebuilt once for all checks.
 *
 * A node is known from its `started` on; of one whose start the trace does not hold, nothing is
 * known, and a check must be silent about it.
 */
export class Seen {
  readonly #nodes = new Map<NodeId, SeenNode>();
  readonly #commits: Commit[] = [];
  #before: SeenNode | undefined;
  #now: SeenNode | undefined;
  #committed: Log = emptyLog;
  #newCommit: Commit | undefined;
  #recordsSaving = false;

  /** The node of the event at hand, after it; undefined when it is unknown or there is none. */
  get now(): SeenNode | undefined {
    return this.#now;
  }

  /** The same node before the event. */
  get before(): SeenNode | undefined {
    return this.#before;
  }

  /** Every known node, running or not, after the event at hand. */
  get nodes(): ReadonlyMap<NodeId, SeenNode> {
    return this.#nodes;
  }

  /** What the cluster has committed: each entry as the first node to commit it had it. */
  get committed(): Log {
    return this.#committed;
  }

  /** Who committed what first; the indices grow. */
  get commits(): readonly Commit[] {
    return this.#commits;
  }

  /** The commit that is new to the cluster with the event at hand. */
  get newCommit(): Commit | undefined {
    return this.#newCommit;
  }

  /** Whether the trace tells of the disks. One that does not says nothing of what is durable. */
  get recordsSaving(): boolean {
    return this.#recordsSaving;
  }

  /** The event that first committed the entry at `index`. */
  commitOf(index: LogIndex): Commit | undefined {
    let [low, high] = [0, this.#commits.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#commits[middle]?.index ?? 0) >= index) high = middle;
      else low = middle + 1;
    }
    return this.#commits[low];
  }

  take(event: TraceEvent): void {
    this.#newCommit = undefined;
    if (event.node === null) {
      this.#before = undefined;
      this.#now = undefined;
      return;
    }
    if (event.kind === "saving" || event.kind === "saved") this.#recordsSaving = true;
    const before = this.#nodes.get(event.node);
    const now = nodeAfter(before, event, this.#committed);
    this.#before = before;
    this.#now = now;
    if (now !== before) {
      if (now === undefined) this.#nodes.delete(event.node);
      else this.#nodes.set(event.node, now);
    }
    if (event.kind === "committed" && now !== undefined) this.#commit(now, event);
  }

  #commit(node: SeenNode, event: EventOf<"committed">): void {
    const known = lastIndex(this.#committed);
    if (event.index <= known) return;
    const fresh = slice(node.log, known + 1, event.index);
    if (fresh.length === 0) return;
    this.#committed = append(this.#committed, fresh);
    const index = known + fresh.length;
    this.#newCommit = { event, node: node.id, term: node.currentTerm, index };
    this.#commits.push(this.#newCommit);
  }
}

/** Entries that a node was the first to commit: those after the commit before, up to `index`. */
export interface Commit {
  readonly event: TraceEvent;
  readonly node: NodeId;
  /** The term in which that node was. */
  readonly term: Term;
  readonly index: LogIndex;
}

/**
 * What is known of one node, its log with all that its snapshot stands for (§7): that is what the
 * cluster has committed, so far as it was seen. Of one that is down, what it was when it went. `…Since`: why. */
export interface SeenNode {
  readonly id: NodeId;
  /** Whom it takes to be in the cluster (§6). */
  readonly configuration: Configuration;
  readonly started: EventOf<"started">;
  readonly currentTerm: Term;
  readonly termSince: TraceEvent;
  readonly votedFor: NodeId | null;
  readonly role: Role["kind"];
  readonly roleSince: TraceEvent;
  readonly log: Log;
  readonly logSince: TraceEvent;
  readonly commitIndex: LogIndex;
  readonly commitSince: TraceEvent;
  readonly lastApplied: LogIndex;
  readonly appliedSince: TraceEvent;
  /** What no crash can take from it: what a `saved` confirmed, or its disk held at the start. */
  readonly durable: Persistent;
  readonly durableSince: TraceEvent;
  /** What its disk has been given and not confirmed; after a crash, any part may be there. */
  readonly unsaved: readonly Unsaved[];
}

interface Unsaved {
  readonly changes: readonly Change[];
  /** What will be durable when the disk is done. */
  readonly after: Persistent;
}

function nodeAfter(
  node: SeenNode | undefined,
  event: NodeEvent,
  committed: Log,
): SeenNode | undefined {
  if (event.kind === "started") return born(event, committed);
  return node === undefined ? undefined : changed(node, event, committed);
}

/** The log that a snapshot leaves, with what it stands for. */
function withSnapshot(log: Log, index: LogIndex, term: Term, committed: Log): Log {
  if (termAt(log, index) === term) return log;
  const isSeen = termAt(committed, index) === term;
  return isSeen ? truncateFrom(committed, index + 1) : logAfter(index, term);
}

function changed(
  node: SeenNode,
  event: Exclude<NodeEvent, { readonly kind: "started" }>,
  committed: Log,
): SeenNode | undefined {
  switch (event.kind) {
    case "termChanged":
      return { ...node, currentTerm: event.term, votedFor: null, termSince: event };
    case "voted":
      return { ...node, votedFor: event.candidate };
    case "roleChanged":
      return { ...node, role: event.role, roleSince: event };
    case "truncated":
      return { ...node, log: truncateFrom(node.log, event.from), logSince: event };
    case "appended": {
      const log = written(node.log, event.first, event.entries);
      // Where events are missing, what follows would be judged by a log that never was.
      return log === undefined ? undefined : { ...node, log, logSince: event };
    }
    case "committed":
      return { ...node, commitIndex: event.index, commitSince: event };
    case "applied": {
      const lastApplied = event.first + event.entries.length - 1;
      return { ...node, lastApplied, appliedSince: event };
    }
    case "saving":
      return { ...node, unsaved: [...node.unsaved, unsavedBy(node, event.changes, committed)] };
    case "compacted": {
      const log = withSnapshot(node.log, event.index, event.term, committed);
      return log === node.log ? node : { ...node, log, logSince: event };
    }
    case "restored":
      return { ...node, lastApplied: event.index, appliedSince: event };
    case "saved":
      return savedNode(node, event);
    case "configurationChanged":
      return { ...node, configuration: event.configuration };
    case "received":
    case "woke":
    case "requested":
    case "transferRequested":
    case "transferEnded":
    case "snapshotTaken":
    case "membershipRequested":
    case "membershipEnded":
    case "leaderKnown":
    case "sent":
    case "answered":
    case "unanswered":
    case "noticed":
    case "readRequested":
    // One that is down stays as it was: its disk is, and what it promised.
    case "crashed":
    case "failed":
      return node;
    default:
      return unreachable(event);
  }
}

function born(event: EventOf<"started">, committed: Log): SeenNode {
  const { node, members } = event;
  const { start, startTerm } = event.saved.log;
  const before = withSnapshot(emptyLog, start, startTerm, committed);
  const log = start === 0 ? event.saved.log : append(before, slice(event.saved.log, 1));
  const saved = { ...event.saved, log };
  const applied = saved.snapshot?.index ?? 0;
  return {
    id: node,
    configuration: configurationAtStart(members, saved),
    started: event,
    currentTerm: saved.currentTerm,
    termSince: event,
    votedFor: saved.votedFor,
    role: "follower",
    roleSince: event,
    log: saved.log,
    logSince: event,
    commitIndex: applied,
    commitSince: event,
    lastApplied: applied,
    appliedSince: event,
    durable: saved,
    durableSince: event,
    unsaved: [],
  };
}

/** The log with `entries` from `first` on; undefined if that leaves a gap. */
function written(
  log: Log,
  first: LogIndex,
  entries: EventOf<"appended">["entries"],
): Log | undefined {
  if (first > lastIndex(log) + 1) return undefined;
  return append(truncateFrom(log, first), entries);
}

function unsavedBy(
  { durable, unsaved }: SeenNode,
  changes: readonly Change[],
  committed: Log,
): Unsaved {
  let after = unsaved.at(-1)?.after ?? durable;
  for (const { vote, log, snapshot: change } of changes) {
    if (change !== undefined) {
      const { snapshot } = change;
      const whole = withSnapshot(after.log, snapshot.index, snapshot.term, committed);
      after = { ...after, snapshot, log: whole };
    }
    after = {
      ...after,
      currentTerm: vote?.currentTerm ?? after.currentTerm,
      votedFor: vote === null ? after.votedFor : vote.votedFor,
      // Entries past a gap are no log: to a node that reads its disk they do not exist.
      log: log === null ? after.log : (written(after.log, log.from, log.entries) ?? after.log),
    };
  }
  return { changes, after };
}

function savedNode(node: SeenNode, event: EventOf<"saved">): SeenNode {
  const [done, ...unsaved] = node.unsaved;
  const durable = done?.after ?? confirmed(node, event);
  return { ...node, durable, durableSince: event, unsaved };
}

/** What is durable by the word of `saved` alone, for a trace that does not tell of `saving`. */
function confirmed(node: SeenNode, { currentTerm, index, term }: EventOf<"saved">): Persistent {
  const isCurrent = currentTerm === node.currentTerm;
  const stands = termAt(node.log, index) === term;
  return {
    currentTerm,
    votedFor: isCurrent ? node.votedFor : null,
    log: stands ? truncateFrom(node.log, index + 1) : node.durable.log,
    ...(node.durable.snapshot === undefined ? {} : { snapshot: node.durable.snapshot }),
  };
}

/**
 * The last index up to which two logs agree; 0 if they never do.
 *
 * Log Matching (§5.3) has a check of its own, so equal terms at one index are taken to mean that
 * all before is equal, and halving finds the place.
 */
export function lastAgreement(one: Log, other: Log): LogIndex {
  let [low, high] = [0, Math.min(lastIndex(one), lastIndex(other))];
  let middle = high;
  while (low < high) {
    if (entryAt(one, middle)?.term === entryAt(other, middle)?.term) low = middle;
    else high = middle - 1;
    middle = (low + high + 1) >> 1;
  }
  return low;
}
