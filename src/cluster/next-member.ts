import type { NodeId } from "../raft/index.ts";
import type { Member } from "./cluster.ts";

/**
 * The node that is added next to a cluster in which these are or ever were: its id and its port
 * follow the highest there have been, so that nobody takes it for one that has left.
 */
export function nextMember(known: readonly Pick<Member, "id" | "address">[]): Member {
  const number = 1 + Math.max(0, ...known.map(({ id }) => numberIn(id)));
  const port = 1 + Math.max(7999, ...known.map(({ address }) => portIn(address)));
  return { id: `n${number}`, name: `node${number}`, address: `127.0.0.1:${port}` };
}

function numberIn(id: NodeId): number {
  const number = Number(id.slice(1));
  return Number.isSafeInteger(number) ? number : 0;
}

function portIn(address: string): number {
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return Number.isSafeInteger(port) ? port : 0;
}
