import type { Listener, Member, Unsubscribe } from "../cluster/index.ts";
import {
  isJoint,
  membersIn,
  type MembershipOutcome,
  type NodeId,
  type RaftState,
} from "../raft/index.ts";
import type { ActionId, Refusal } from "../trace/index.ts";
import { clusterFileName } from "./cluster-file.ts";
import { LiveNode } from "./live-node.ts";
import { pathsOf } from "./node-paths.ts";
import type { Roster } from "./roster.ts";
import type { Surroundings } from "./surroundings.ts";
import { WalFile } from "./wal-file.ts";

/** What a live cluster lends to whoever changes its members. */
export interface Lent {
  readonly around: Surroundings;
  readonly roster: Roster;
  readonly nodes: Map<NodeId, LiveNode>;
  readonly leader: () => LiveNode | undefined;
  /** A node belongs to the cluster, and nothing has been told of it yet. */
  readonly arrived: (member: Member) => void;
  readonly subscribe: (listener: Listener) => Unsubscribe;
}

/** Adds nodes to a live cluster and removes them: their files, their processes and the leader's word (§6). */
export class MemberChanges {
  readonly #lent: Lent;
  readonly #around: Surroundings;
  /** Nodes that are to go, and who asked for that, if it was in this life of the cluster. */
  readonly #departing: Map<NodeId, ActionId | null>;
  /** What is still to be done for nodes that come or go. */
  readonly #pending = new Set<Promise<void>>();

  constructor(lent: Lent) {
    this.#lent = lent;
    this.#around = lent.around;
    this.#departing = new Map(lent.roster.departing.map((id) => [id, null]));
    lent.subscribe((event) => {
      if (event.kind !== "committed" || this.#departing.size === 0) return;
      setImmediate(() => this.#around.clock.act(() => this.#dismissWhoHasLeft()));
    });
  }

  /** Resolves when all that has begun is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** The file says that the node belongs to the cluster before it starts, and then it is taken in. */
  add(action: ActionId, as: "voter" | "learner"): void {
    const member = this.#lent.roster.add();
    const { id, name, address } = member;
    const { folder, cluster } = this.#around;
    const node = new LiveNode(member, this.#around);
    this.#lent.nodes.set(id, node);
    this.#lent.arrived(member);
    this.#around.recorder.cluster({ kind: "nodeAdded", member: id, name, address, action });
    const started = node.join(action, async () => {
      await WalFile.make(pathsOf(folder, member).wal, { node: id, cluster });
      await this.#lent.roster.enrol(id);
    });
    this.#keep(started.then(() => this.#around.clock.act(() => this.#takeIn(action, id, as))));
  }

  #takeIn(action: ActionId, id: NodeId, as: "voter" | "learner"): void {
    const node = this.#lent.nodes.get(id);
    // It was removed before it was there.
    if (node === undefined) return this.#refuse(action, { kind: "unknownNode", node: id });
    if (node.life !== "up") return this.#dismiss(id, action);
    const leader = this.#lent.leader();
    if (leader === undefined) {
      this.#refuse(action, { kind: "noLeader" });
      return this.#dismiss(id, action);
    }
    this.#afterwards(action, ({ kind }) => {
      // A newer leader may have the node among its members; in all other cases nobody has.
      if (kind !== "done" && kind !== "steppedDown") this.#dismiss(id, action);
    });
    leader.changeMembership(action, { add: [id], remove: [], as: `${as}s` });
  }

  /**
   * The file says that the node is to go before the leader is asked: however this process ends, or
   * whoever leads by then, a node that takes part no more is stopped.
   */
  remove(action: ActionId, id: NodeId): void {
    this.#departing.set(id, action);
    const told = this.#lent.roster.depart(id).catch((error: unknown) => {
      this.#around.fileFailed(id, clusterFileName, error);
    });
    this.#keep(told.then(() => this.#around.clock.act(() => this.#askToRemove(action, id))));
  }

  #askToRemove(action: ActionId, id: NodeId): void {
    const leader = this.#lent.leader();
    if (leader === undefined) {
      this.#stay(id);
      return this.#refuse(action, { kind: "noLeader" });
    }
    this.#afterwards(action, ({ kind }) => {
      if (kind === "done") this.#dismiss(id, action);
      // A newer leader may yet do it.
      else if (kind !== "steppedDown") this.#stay(id);
    });
    leader.changeMembership(action, { add: [], remove: [id], as: "voters" });
  }

  /** The node is not to go after all. */
  #stay(id: NodeId): void {
    this.#departing.delete(id);
    this.#keep(
      this.#lent.roster.stay(id).catch((error: unknown) => {
        this.#around.fileFailed(id, clusterFileName, error);
      }),
    );
  }

  /** Who was to go takes part no more, though nobody who asked for it was told. */
  #dismissWhoHasLeft(): void {
    const leader = this.#lent.leader()?.state;
    if (leader === undefined) return;
    for (const [id, action] of this.#departing) {
      // Who leads without being a member goes by itself, and then another says the same.
      if (id !== leader.id && hasLeft(id, leader)) this.#dismiss(id, action);
    }
  }

  #afterwards(action: ActionId, ended: (outcome: MembershipOutcome) => void): void {
    // Not within the step that has ended it: that may be one of the node itself.
    const later = (outcome: MembershipOutcome): void => {
      setImmediate(() => this.#around.clock.act(() => ended(outcome)));
    };
    onceEnded(action, this.#lent.subscribe, later);
  }

  /** Stops a node for good. Its files stay. */
  #dismiss(member: NodeId, action: ActionId | null): void {
    const node = this.#lent.nodes.get(member);
    if (node === undefined) return;
    this.#lent.nodes.delete(member);
    this.#departing.delete(member);
    this.#keep(node.leave());
    const written = this.#lent.roster.remove(member);
    this.#around.recorder.cluster({ kind: "nodeRemoved", member, action });
    this.#keep(
      written.catch((error: unknown) => this.#around.fileFailed(member, clusterFileName, error)),
    );
  }

  #refuse(action: ActionId, reason: Refusal): void {
    this.#around.recorder.cluster({ kind: "refused", action, reason });
  }

  #keep(change: Promise<void>): void {
    const kept = change.finally(() => this.#pending.delete(kept));
    this.#pending.add(kept);
  }
}

/** Calls back once the change that an action asked for has ended, unless its end is not known. */
function onceEnded(
  action: ActionId,
  subscribe: (listener: Listener) => Unsubscribe,
  ended: (outcome: MembershipOutcome) => void,
): void {
  const unsubscribe = subscribe((event) => {
    const isAnswer = event.kind === "membershipEnded" || event.kind === "unanswered";
    if (!isAnswer || event.action !== action) return;
    unsubscribe();
    if (event.kind === "membershipEnded") ended(event.outcome);
  });
}

/** Whether this leader knows that the node takes part no more: a configuration without it is committed. */
function hasLeft(node: NodeId, { configurations, commitIndex }: RaftState): boolean {
  const newest = configurations.at(-1);
  if (newest === undefined || newest.index > commitIndex) return false;
  return !isJoint(newest.configuration) && !membersIn(newest.configuration).includes(node);
}
