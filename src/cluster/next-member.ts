import type { NodeId } from "../raft/index.ts";
import type { Member } from "./cluster.ts";

/**
 * The node that is added next to a cluster in which these are or ever were: its id and its port
 * follow the highest there have been, so that nobody takes it for one that has left.
 */
export function nextMember(known: readonly Pick<Member, "id" | "address">[]): Member {
  const number = 1 + Math.max(0, ...known.map(({ id }) => numberIn(id)));
  const ports = known.map(({ address }) => portIn(address));
  const next = 1 + Math.max(7999, ...ports);
  const port = next <= lastPort ? next : highestFree(ports);
  return { id: `n${number}`, name: `node${number}`, address: `127.0.0.1:${port}` };
}

const lastPort = 65_535;

/** Behind the last port comes none: then the highest that nobody has or ever had. */
function highestFree(ports: readonly number[]): number {
  let port = lastPort;
  while (ports.includes(port)) port--;
  return port;
}

function numberIn(id: NodeId): number {
  const number = Number(id.slice(1));
  return Number.isSafeInteger(number) ? number : 0;
}

function portIn(address: string): number {
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return Number.isSafeInteger(port) ? port : 0;
}
