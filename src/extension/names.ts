import type { Member } from "../cluster/index.ts";
import type { NodeId } from "../raft/index.ts";

/** What users call a node. */
export type NameOf = (id: NodeId) => string;

/** What the nodes of a cluster are called: those that were there at first, and who came later. */
export function namesOf(
  first: readonly Member[],
  later?: { newcomer(node: NodeId): Member | undefined },
): NameOf {
  const names = new Map(first.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? later?.newcomer(id)?.name ?? id;
}
