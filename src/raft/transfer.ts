import { lastIndex } from "./log.ts";
import { endTransfer } from "./roles.ts";
import { giveUpLease } from "./rounds.ts";
import { leaderOf } from "./state.ts";
import { otherVoters, send, update, type Step } from "./step.ts";
import type { NodeId } from "./units.ts";

// Dissertation §3.10: the leader brings another node up to date and has it stand at once.

/** The leadership is to go to `to`. Until it has, or an election timeout is over, nothing else is taken. */
export function transferLeadership(step: Step, to: NodeId): void {
  const { role, timing } = step.state;
  if (role.kind !== "leader") {
    const outcome = { kind: "notLeader", leaderId: leaderOf(step.state) } as const;
    step.effects.push({ kind: "transferEnded", outcome });
    return;
  }
  if (!otherVoters(step).includes(to)) {
    step.effects.push({ kind: "transferEnded", outcome: { kind: "noPeer", to } });
    return;
  }
  endTransfer(step, "replaced");
  const deadline = step.now + timing.electionTimeoutMillis.max;
  update(step, { role: { ...role, transfer: { to, deadline } } });
  handOver(step, to);
}

/** `from` has come further: if it is the one to lead and has all, it is its turn. */
export function handOver(step: Step, from: NodeId): void {
  const { role, log, id, currentTerm } = step.state;
  if (role.kind !== "leader" || role.transfer?.to !== from) return;
  if (role.matchIndex.get(from) !== lastIndex(log)) return;
  giveUpLease(step);
  send(step, { kind: "TimeoutNow", from: id, to: from, term: currentTerm });
}
