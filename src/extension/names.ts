import type { Member } from "../cluster/index.ts";
import type { NodeId } from "../raft/index.ts";

/** What users call a node. */
export type NameOf = (id: NodeId) => string;

export function namesOf(members: readonly Member[]): NameOf {
  const names = new Map(members.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}
