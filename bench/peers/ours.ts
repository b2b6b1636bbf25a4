import {
  lastIndex,
  lastTerm,
  nothingSaved,
  paperTiming,
  RaftNode,
  type Effect,
  type Entry,
  type Input,
  type Message,
  type NodeId,
} from "../../src/raft/index.ts";
import type { Contender, Handing } from "./contender.ts";

const members: readonly NodeId[] = ["n1", "n2", "n3"];

/** A node with a disk that is an array and done at once, and a state machine that is one too. */
interface Host {
  readonly node: RaftNode;
  readonly disk: Entry[];
  readonly applied: string[];
}

/** Our own nodes, with pre-vote and check-quorum as coaty has them. */
export function ours(handing: Handing): Contender {
  const options = { members, timing: paperTiming, now: 0, saved: nothingSaved };
  const extensions = { preVote: true, checkQuorum: true };
  const hosts = new Map<NodeId, Host>();
  for (const [i, id] of members.entries()) {
    const node = new RaftNode({ ...options, extensions, id, seed: i + 1 });
    hosts.set(id, { node, disk: [], applied: [] });
  }
  const leader = hosts.get("n1");
  if (leader === undefined) throw new Error("there is no n1");
  let queue: Message[] = [];
  let now = 0;

  function step(host: Host, input: Input): void {
    let saves = false;
    for (const effect of host.node.step(input, now)) saves = perform(host, effect) || saves;
    if (!saves) return;
    const { currentTerm, log } = host.node.state;
    step(host, { kind: "saved", currentTerm, index: lastIndex(log), term: lastTerm(log) });
  }
  /** Answers whether it was a save. */
  function perform(host: Host, effect: Effect): boolean {
    if (effect.kind === "send") queue.push(effect.message);
    if (effect.kind === "apply") {
      for (const entry of effect.entries) {
        if (entry.kind === "command") host.applied.push(entry.command);
      }
    }
    if (effect.kind !== "save") return false;
    const { log } = effect.change;
    if (log !== null) {
      if (host.disk.length >= log.from) host.disk.length = log.from - 1;
      host.disk.push(...log.entries);
    }
    return true;
  }
  function deliver(): void {
    while (queue.length > 0) {
      const messages = queue;
      queue = [];
      for (const message of messages) {
        const host = hosts.get(message.to);
        if (host !== undefined) step(host, { kind: "receive", message });
      }
    }
  }
  function wake(): void {
    now = leader?.node.nextDeadline ?? now;
    if (leader !== undefined) step(leader, { kind: "wake" });
    deliver();
  }

  wake();
  if (leader.node.state.role.kind !== "leader") throw new Error("n1 does not lead");
  return {
    get answered() {
      return leader.applied.length;
    },
    applied: [...hosts.values()].map(({ applied }) => applied),
    propose(commands) {
      if (handing === "together") step(leader, { kind: "propose", commands });
      else for (const command of commands) step(leader, { kind: "propose", commands: [command] });
    },
    work: deliver,
    // A follower learns with the next message what is committed, so the last with a heartbeat.
    settle: wake,
  };
}
