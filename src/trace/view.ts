import {
  append,
  configurationAtStart,
  emptyLog,
  lastIndex,
  logAfter,
  simpleConfiguration,
  slice,
  termAt,
  truncateFrom,
  type Configuration,
  type Log,
  type LogIndex,
  type NodeId,
  type Role,
  type Term,
} from "../raft/index.ts";
import type { Failure, NodeEvent, TraceEvent } from "./event.ts";

/** The cluster as the events up to some moment tell it. Every moment's view is a value. */
export interface ClusterView {
  /** Every node that was ever started. */
  readonly nodes: ReadonlyMap<NodeId, NodeView>;
  readonly paused: boolean;
  readonly speed: number;
  /** Links over which nothing arrives, as `linkName` names them. */
  readonly cutLinks: ReadonlySet<string>;
}

/** What is known of one node; of one that is down, what it was when it went. */
export interface NodeView {
  readonly id: NodeId;
  readonly life: Life;
  readonly currentTerm: Term;
  readonly votedFor: NodeId | null;
  readonly role: Role["kind"];
  readonly leaderId: NodeId | null;
  /** What it holds, or its snapshot stands for; of that alone nothing may be known. */
  readonly log: Log;
  /** The entries up to here are gone from its own log: a snapshot stands for them (§7). */
  readonly logStart: LogIndex;
  /** How far its log is known to be durable. */
  readonly savedIndex: LogIndex;
  readonly commitIndex: LogIndex;
  readonly lastApplied: LogIndex;
  /** Whom it takes to be in the cluster: the newest configuration in its log (§6). */
  readonly configuration: Configuration;
}

export type Life =
  | { readonly kind: "running" }
  | { readonly kind: "crashed" }
  | { readonly kind: "failed"; readonly failure: Failure };

export const emptyView: ClusterView = {
  nodes: new Map(),
  paused: false,
  speed: 1,
  cutLinks: new Set(),
};

export function linkName(from: NodeId, to: NodeId): string {
  return `${from} → ${to}`;
}

/** The view after `event`. */
export function viewAfter(view: ClusterView, event: TraceEvent): ClusterView {
  if (event.node !== null) {
    const before = view.nodes.get(event.node) ?? unborn(event.node);
    const after = nodeAfter(before, event, view);
    if (after === before) return view;
    return { ...view, nodes: new Map(view.nodes).set(event.node, after) };
  }
  switch (event.kind) {
    case "paused":
      return { ...view, paused: true };
    case "resumed":
      return { ...view, paused: false };
    case "speedSet":
      return { ...view, speed: event.speed };
    case "linkCut":
      return { ...view, cutLinks: new Set(view.cutLinks).add(linkName(event.from, event.to)) };
    case "linkHealed": {
      const cutLinks = new Set(view.cutLinks);
      cutLinks.delete(linkName(event.from, event.to));
      return { ...view, cutLinks };
    }
    case "nodeRemoved": {
      const nodes = new Map(view.nodes);
      nodes.delete(event.member);
      return { ...view, nodes };
    }
    default:
      return view;
  }
}

/**
 * Who leads: of the running nodes that say they do, the one of the newest term. A leader that was
 * cut off may not know yet that it is one no longer.
 */
export function leaderIn(view: ClusterView): NodeView | undefined {
  let leader: NodeView | undefined;
  for (const node of view.nodes.values()) {
    if (node.life.kind !== "running" || node.role !== "leader") continue;
    if (leader === undefined || node.currentTerm > leader.currentTerm) leader = node;
  }
  return leader;
}

function unborn(id: NodeId): NodeView {
  return {
    id,
    life: { kind: "crashed" },
    currentTerm: 0,
    votedFor: null,
    role: "follower",
    leaderId: null,
    log: emptyLog,
    logStart: 0,
    savedIndex: 0,
    commitIndex: 0,
    lastApplied: 0,
    configuration: simpleConfiguration([]),
  };
}

/** What stands before the snapshot's end on whoever still shows it: all had the same (§5.3). */
function logBefore(index: LogIndex, term: Term, view: ClusterView): Log {
  for (const { log } of view.nodes.values()) {
    if (index > 0 && termAt(log, index) === term) return truncateFrom(log, index + 1);
  }
  return logAfter(index, term);
}

function nodeAfter(node: NodeView, event: NodeEvent, view: ClusterView): NodeView {
  switch (event.kind) {
    case "started":
      return {
        ...unborn(node.id),
        ...event.saved,
        life: { kind: "running" },
        log: append(
          logBefore(event.saved.log.start, event.saved.log.startTerm, view),
          slice(event.saved.log, 1),
        ),
        logStart: event.saved.log.start,
        savedIndex: lastIndex(event.saved.log),
        commitIndex: event.saved.snapshot?.index ?? 0,
        lastApplied: event.saved.snapshot?.index ?? 0,
        configuration: configurationAtStart(event.members, event.saved),
      };
    case "crashed":
      return { ...node, life: { kind: "crashed" } };
    case "failed":
      return { ...node, life: { kind: "failed", failure: event.failure } };
    case "termChanged":
      return { ...node, currentTerm: event.term, votedFor: null };
    case "voted":
      return { ...node, votedFor: event.candidate };
    case "roleChanged":
      return { ...node, role: event.role };
    case "leaderKnown":
      return { ...node, leaderId: event.leaderId };
    case "truncated":
      return {
        ...node,
        log: truncateFrom(node.log, event.from),
        savedIndex: Math.min(node.savedIndex, event.from - 1),
      };
    case "appended":
      return { ...node, log: append(node.log, event.entries) };
    case "compacted": {
      const { index, term, logStart } = event;
      const isKept = termAt(node.log, index) === term;
      if (isKept) return { ...node, logStart };
      return { ...node, log: logBefore(index, term, view), logStart, savedIndex: 0 };
    }
    case "restored":
      return { ...node, lastApplied: event.index };
    case "saved":
      // What was saved may have been overwritten since, as the node itself sees it.
      if (termAt(node.log, event.index) !== event.term) return node;
      return { ...node, savedIndex: Math.max(node.savedIndex, event.index) };
    case "committed":
      return { ...node, commitIndex: event.index };
    case "configurationChanged":
      return { ...node, configuration: event.configuration };
    case "applied":
      return { ...node, lastApplied: event.first + event.entries.length - 1 };
    default:
      return node;
  }
}
