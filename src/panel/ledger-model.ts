import {
  invariant,
  isJoint,
  isQuorum,
  type Configuration,
  type LogIndex,
  type NodeId,
  type Term,
} from "../raft/index.ts";
import type { NodePicture, Picture } from "./protocol.ts";
import { configurationOf, leaderIn, talliesOf, votersIn } from "./voting.ts";

/** What the ledger shows of a moment: a column for each index of the window, a row for each node. */
export interface LedgerModel {
  /** The first index of the window. */
  readonly first: LogIndex;
  /** The last index of the longest log. */
  readonly last: LogIndex;
  readonly columns: readonly LedgerColumn[];
  readonly rows: readonly LedgerRow[];
  /** How many nodes count, and how many copies are needed at least. */
  readonly count: number;
  readonly quorum: number;
  /** Two configurations count together, and a majority of each is needed (§6). */
  readonly isJoint: boolean;
  /** How far the cluster has committed, as the node knows that knows most. */
  readonly commitIndex: LogIndex;
  readonly leader: NodePicture | null;
}

export interface LedgerColumn {
  readonly index: LogIndex;
  /** The term of the entry that counts; null where the log that counts is too short. */
  readonly term: Term | null;
  /** On how many nodes that count that entry stands. */
  readonly copies: number;
  readonly isCommitted: boolean;
  /** It is on a majority, but of an older term than the leader's, which must not count it (§5.4.2). */
  readonly isLocked: boolean;
  /** Somebody committed another entry here: a violation. */
  readonly isBroken: boolean;
  readonly command: string;
}

/** One node, or with many nodes all those whose logs end alike. */
export interface LedgerRow {
  readonly key: string;
  /** The node; of several the first. */
  readonly node: NodePicture;
  readonly nodes: readonly NodePicture[];
  readonly cells: readonly LedgerCell[];
  /** Of several the least. */
  readonly commitIndex: LogIndex;
  /** What the leader believes of it; null of the leader, of several nodes, and without a leader. */
  readonly nextIndex: LogIndex | null;
  readonly matchIndex: LogIndex | null;
}

export interface LedgerCell {
  readonly kind: CellKind;
  readonly term: Term;
  readonly isApplied: boolean;
  readonly isSaved: boolean;
  /** This node committed it, and it is not the entry that counts. */
  readonly isBroken: boolean;
}

export type CellKind =
  | "committed"
  | "uncommitted"
  /** Another term than the log that counts. */
  | "conflicting"
  | "missing"
  /** Committed, and on the disk of a node that is down. */
  | "onDisk";

/** With more nodes, rows of those whose logs end alike are drawn as one. */
export const mostSingleRows = 31;
const mostGroups = 8;
const mostDownRows = 8;

export function ledgerModel(picture: Picture, selected: NodeId | null = null): LedgerModel {
  const { ledger, nodes } = picture;
  const reference = referenceIn(picture);
  const leader = leaderIn(picture) ?? null;
  const commitIndex = Math.max(0, ...nodes.map((node) => node.commitIndex));
  const counted = reference === undefined ? [] : (ledger.rows[reference.id] ?? []);
  const width = Math.max(0, ...Object.values(ledger.rows).map((terms) => terms.length));
  const configuration = configurationOf(picture);
  const scene: Scene = { picture, counted, width, commitIndex, leader, configuration };
  const rows = rowsOf(scene, selected);
  return {
    first: ledger.first,
    last: ledger.last,
    columns: columnsOf(scene),
    rows,
    count: votersIn(configuration).length,
    quorum: Math.max(...talliesOf(configuration, () => false).map(({ needed }) => needed)),
    isJoint: isJoint(configuration),
    commitIndex,
    leader,
  };
}

/**
 * The node whose log counts: the leader, else the one whose log is the most up-to-date (§5.4.1).
 * A leader counts for nothing once a log holds entries of a newer term: somebody else led since.
 */
export function referenceIn(picture: Pick<Picture, "nodes">): NodePicture | undefined {
  const leader = leaderIn(picture);
  const { nodes } = picture;
  if (leader !== undefined && nodes.every((node) => node.lastLogTerm <= leader.currentTerm)) {
    return leader;
  }
  let best: NodePicture | undefined;
  for (const node of nodes) {
    if (best === undefined || isNewer(node, best)) best = node;
  }
  return best;
}

function isNewer(one: NodePicture, other: NodePicture): boolean {
  if (one.lastLogTerm !== other.lastLogTerm) return one.lastLogTerm > other.lastLogTerm;
  return one.lastLogIndex > other.lastLogIndex;
}

interface Scene {
  readonly picture: Picture;
  /** The terms of the log that counts, from the first index of the window on. */
  readonly counted: readonly Term[];
  readonly width: number;
  readonly commitIndex: LogIndex;
  readonly leader: NodePicture | null;
  readonly configuration: Configuration;
}

function columnsOf(scene: Scene): readonly LedgerColumn[] {
  const { picture, counted, width, commitIndex, leader, configuration } = scene;
  const { ledger, nodes } = picture;
  const voters = votersIn(configuration);
  return Array.from({ length: width }, (_, at): LedgerColumn => {
    const index = ledger.first + at;
    const term = counted[at] ?? null;
    const isCopied = (id: NodeId) => term !== null && ledger.rows[id]?.[at] === term;
    const isCommitted = term !== null && index <= commitIndex;
    const isOld = leader !== null && term !== null && term < leader.currentTerm;
    return {
      index,
      term,
      copies: voters.filter(isCopied).length,
      isCommitted,
      isLocked: !isCommitted && isOld && isQuorum(configuration, isCopied),
      isBroken: nodes.some((node) => isBrokenAt(scene, node, at)),
      command: ledger.commands[at] ?? "",
    };
  });
}

function isBrokenAt({ picture, counted }: Scene, node: NodePicture, at: number): boolean {
  const term = picture.ledger.rows[node.id]?.[at];
  if (term === undefined || term === counted[at]) return false;
  return picture.ledger.first + at <= node.commitIndex;
}

function cellsOf(scene: Scene, node: NodePicture): readonly LedgerCell[] {
  const { picture, counted, width, commitIndex } = scene;
  const { first, rows } = picture.ledger;
  const isDown = node.life !== "running";
  return Array.from({ length: width }, (_, at): LedgerCell => {
    const index = first + at;
    const term = rows[node.id]?.[at];
    if (term === undefined) {
      return { kind: "missing", term: 0, isApplied: false, isSaved: true, isBroken: false };
    }
    const isOther = counted[at] !== undefined && counted[at] !== term;
    const isCommitted = counted[at] === term && index <= commitIndex;
    const kind = isOther
      ? "conflicting"
      : isCommitted
        ? isDown
          ? "onDisk"
          : "committed"
        : "uncommitted";
    return {
      kind,
      term,
      isApplied: !isDown && index <= node.lastApplied,
      isSaved: index <= node.savedIndex,
      isBroken: isBrokenAt(scene, node, at),
    };
  });
}

function rowsOf(scene: Scene, selected: NodeId | null): readonly LedgerRow[] {
  const { nodes } = scene.picture;
  if (nodes.length <= mostSingleRows) return nodes.map((node) => rowOf(scene, [node]));
  const { leader } = scene;
  const down = nodes.filter(({ life }) => life !== "running");
  const isKept = (node: NodePicture) =>
    node.id === leader?.id ||
    node.id === selected ||
    node.role !== "follower" ||
    (node.life !== "running" && down.length <= mostDownRows);
  const kept = nodes.filter(isKept).toSorted((one, other) => {
    return Number(other.id === leader?.id) - Number(one.id === leader?.id);
  });
  const groups = alikeIn(
    scene,
    nodes.filter((node) => !isKept(node)),
  );
  return [...kept.map((node) => [node]), ...groups].map((each) => rowOf(scene, each));
}

/** Nodes whose logs end alike, longest first; where there are too many kinds the rest is one. */
function alikeIn(scene: Scene, nodes: readonly NodePicture[]): readonly (readonly NodePicture[])[] {
  const groups = new Map<string, NodePicture[]>();
  for (const node of nodes) {
    const terms = scene.picture.ledger.rows[node.id] ?? [];
    const differs = terms.findIndex((term, at) => scene.counted[at] !== term);
    const key = `${node.life === "running"} ${node.lastLogIndex} ${differs}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  const sorted = [...groups.values()].toSorted(
    ([one], [other]) => (other?.lastLogIndex ?? 0) - (one?.lastLogIndex ?? 0),
  );
  if (sorted.length <= mostGroups) return sorted;
  return [...sorted.slice(0, mostGroups - 1), sorted.slice(mostGroups - 1).flat()];
}

function rowOf(scene: Scene, nodes: readonly NodePicture[]): LedgerRow {
  const [node] = nodes;
  invariant(node !== undefined, "a row is of at least one node");
  const isSingle = nodes.length === 1;
  const peer = isSingle ? scene.leader?.peers?.[node.id] : undefined;
  const isPeer = peer !== undefined && node.id !== scene.leader?.id;
  return {
    key: isSingle ? node.id : `${nodes.length} like ${node.id}`,
    node,
    nodes,
    cells: cellsOf(scene, node),
    commitIndex: Math.min(...nodes.map((each) => each.commitIndex)),
    nextIndex: isPeer ? peer.nextIndex : null,
    matchIndex: isPeer ? peer.matchIndex : null,
  };
}
