import { invariant } from "./assert.ts";
import { roundToSend } from "./rounds.ts";
import { send, update, type Step } from "./step.ts";
import type { NodeId } from "./units.ts";

/** How much of a snapshot one InstallSnapshot carries, in characters, if nothing else is said. */
export const chunkCharacters = 64 * 1024;

/** From now on the peer is sent the newest snapshot, until it has it (§7). */
export function beginInstall(step: Step, peer: NodeId): void {
  const { role, snapshot } = step.state;
  invariant(
    role.kind === "leader" && snapshot !== null,
    "what is gone from a log is in a snapshot",
  );
  const installing = new Map(role.installing).set(peer, { snapshot, offset: 0 });
  update(step, { role: { ...role, installing } });
  sendChunk(step, peer);
}

/** The chunk that the peer wants next (Figure 13). There is one on its way at a time. */
export function sendChunk(step: Step, to: NodeId): void {
  const { id, currentTerm, role, chunkCharacters: most } = step.state;
  const under = role.kind === "leader" ? role.installing.get(to) : undefined;
  if (under === undefined) return;
  const { snapshot, offset } = under;
  const data = snapshot.data.slice(offset, offset + most);
  send(step, {
    kind: "InstallSnapshot",
    from: id,
    to,
    term: currentTerm,
    lastIncludedIndex: snapshot.index,
    lastIncludedTerm: snapshot.term,
    configuration: snapshot.configuration,
    offset,
    data,
    done: offset + data.length >= snapshot.data.length,
    ...roundToSend(step),
  });
}
