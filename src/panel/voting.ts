import {
  isVoter,
  membersIn,
  simpleConfiguration,
  type Configuration,
  type NodeId,
} from "../raft/index.ts";
import type { NodePicture, Picture } from "./protocol.ts";

export function quorumOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** Who leads: of the nodes that say so, the one in the newest term. */
export function leaderIn({ nodes }: Pick<Picture, "nodes">): NodePicture | undefined {
  let leader: NodePicture | undefined;
  for (const node of nodes) {
    if (node.life !== "running" || node.role !== "leader") continue;
    if (leader === undefined || node.currentTerm > leader.currentTerm) leader = node;
  }
  return leader;
}

type Cluster = Pick<Picture, "members" | "nodes">;

/**
 * Whose votes and copies count: whom the leader says, else the node that runs with the most
 * up-to-date log (§6, §5.4.1). All members while nobody says, as before the first has started.
 */
export function configurationOf({ members, nodes }: Cluster): Configuration {
  const leader = leaderIn({ nodes });
  if (leader !== undefined && hasVoters(leader)) return leader.configuration;
  let newest: NodePicture | undefined;
  for (const node of nodes) {
    if (node.life !== "running" || !hasVoters(node)) continue;
    if (newest === undefined || isNewer(node, newest)) newest = node;
  }
  return newest?.configuration ?? simpleConfiguration(members.map(({ id }) => id));
}

/** The same as a candidate sees it: its votes are counted by the configuration in its own log. */
export function ownConfiguration(node: NodePicture, cluster: Cluster): Configuration {
  return hasVoters(node) ? node.configuration : configurationOf(cluster);
}

/** How many of those who count for a majority are counted. */
export interface Tally {
  readonly counted: number;
  readonly of: number;
  readonly needed: number;
  readonly nodes: readonly NodeId[];
}

/** One majority is needed, or of two configurations that are joint one of each, the new one first. */
export function talliesOf(
  { voters, outgoing }: Configuration,
  isCounted: (node: NodeId) => boolean,
): readonly [Tally, ...Tally[]] {
  const tally = (nodes: readonly NodeId[]): Tally => ({
    counted: nodes.filter(isCounted).length,
    of: nodes.length,
    needed: quorumOf(nodes.length),
    nodes,
  });
  return outgoing.length === 0 ? [tally(voters)] : [tally(voters), tally(outgoing)];
}

/** Everyone whose copy may count. */
export function votersIn(configuration: Configuration): readonly NodeId[] {
  return membersIn(configuration).filter((id) => isVoter(configuration, id));
}

export type NodeStanding = "voter" | "learner" | "outside";

/** What part a node has in the cluster. */
export function standingIn(configuration: Configuration, node: NodeId): NodeStanding {
  if (isVoter(configuration, node)) return "voter";
  return configuration.learners.includes(node) ? "learner" : "outside";
}

function hasVoters({ configuration }: NodePicture): boolean {
  return configuration.voters.length > 0;
}

function isNewer(one: NodePicture, other: NodePicture): boolean {
  if (one.lastLogTerm !== other.lastLogTerm) return one.lastLogTerm > other.lastLogTerm;
  return one.lastLogIndex > other.lastLogIndex;
}
