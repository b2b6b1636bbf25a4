import type { NodeId } from "../raft/index.ts";
import type { ClusterView, NodeView } from "../trace/index.ts";

/**
 * Whether any one of the others may still crash once this node is removed: a majority of the voters
 * that are left must be up even then (§5.1, §6). True where nobody leads, who could not remove it,
 * and of a node that has no vote: without it they can do what they can now.
 */
export function survivesCrashWithout(
  node: NodeId,
  { nodes }: ClusterView,
  leader: NodeView | undefined,
): boolean {
  const voters = leader?.configuration.voters ?? [];
  if (!voters.includes(node)) return true;
  const left = voters.filter((voter) => voter !== node);
  const up = left.filter((voter) => nodes.get(voter)?.life.kind === "running");
  return (up.length - 1) * 2 > left.length;
}
