import type { Millis, NodeId } from "../raft/index.ts";
import { Flights, linkName, type ActionId, type Answer, type TraceEvent } from "../trace/index.ts";

/** What happened in a run, by name; what these count is the proof that a fault was there. */
export type FaultCounts = Readonly<Record<FaultName, number>>;

export const faultNames = [
  "lost",
  "cut",
  "down",
  "duplicated",
  "replayed",
  "reordered",
  "outlived",
  "crashes",
  "crashesWhileSaving",
  "restarts",
  "slowWrites",
  "elections",
  "commits",
  "acknowledged",
  "superseded",
  "unanswered",
  "preVotes",
  "stepDowns",
  "transfers",
  "failedTransfers",
  "snapshots",
  "installs",
  "configurations",
  "memberships",
  "failedMemberships",
  "reads",
  "answeredReads",
  "refusedReads",
  "leaseReads",
] as const;

export type FaultName = (typeof faultNames)[number];

export function noFaults(): Record<FaultName, number> {
  return {
    lost: 0,
    cut: 0,
    down: 0,
    duplicated: 0,
    replayed: 0,
    reordered: 0,
    outlived: 0,
    crashes: 0,
    crashesWhileSaving: 0,
    restarts: 0,
    slowWrites: 0,
    elections: 0,
    commits: 0,
    acknowledged: 0,
    superseded: 0,
    unanswered: 0,
    preVotes: 0,
    stepDowns: 0,
    transfers: 0,
    failedTransfers: 0,
    snapshots: 0,
    installs: 0,
    configurations: 0,
    memberships: 0,
    failedMemberships: 0,
    reads: 0,
    answeredReads: 0,
    refusedReads: 0,
    leaseReads: 0,
  };
}

const slowWriteMillis = 50;

/** Counts the faults that a trace tells of. */
export class FaultCounter {
  readonly counts = noFaults();
  readonly #flights = new Flights();
  /** The newest message that has arrived over a link; an older one after it was overtaken. */
  readonly #newest = new Map<string, number>();
  readonly #terms = new Map<NodeId, number>();
  /** The term that each node last led. */
  readonly #leads = new Map<NodeId, number>();
  readonly #savingSince = new Map<NodeId, Millis>();
  readonly #startedBefore = new Set<NodeId>();
  readonly #readSince = new Map<ActionId, Millis>();
  #size = 1;

  take(event: TraceEvent): void {
    this.#count(event);
    this.#flights.take(event);
  }

  #count(event: TraceEvent): void {
    const { counts } = this;
    switch (event.kind) {
      case "dropped":
        if (event.reason === "lost" || event.reason === "cut" || event.reason === "down") {
          counts[event.reason]++;
        }
        return;
      case "duplicated":
        counts[event.replay ? "replayed" : "duplicated"]++;
        return;
      case "received":
        return this.#countArrival(event.node, event.id);
      case "started":
        if (this.#startedBefore.has(event.node)) counts.restarts++;
        this.#startedBefore.add(event.node);
        this.#terms.set(event.node, event.saved.currentTerm);
        this.#size = event.members.length;
        return;
      case "crashed":
        counts.crashes++;
        if (event.unsaved > 0) counts.crashesWhileSaving++;
        this.#savingSince.delete(event.node);
        return;
      case "saving":
        this.#savingSince.set(event.node, event.time);
        return;
      case "saved":
        if (event.time - (this.#savingSince.get(event.node) ?? event.time) > slowWriteMillis) {
          counts.slowWrites++;
        }
        return;
      case "termChanged":
        this.#terms.set(event.node, event.term);
        return;
      case "roleChanged":
        if (event.role === "leader") counts.elections++;
        if (event.role === "follower" && this.#leads.get(event.node) === event.term) {
          counts.stepDowns++;
        }
        if (event.role === "leader") this.#leads.set(event.node, event.term);
        return;
      case "sent":
        if (event.message.kind === "PreVote") counts.preVotes++;
        return;
      case "transferEnded":
        counts[event.outcome.kind === "steppedDown" ? "transfers" : "failedTransfers"]++;
        return;
      case "snapshotTaken":
        counts.snapshots++;
        return;
      case "restored":
        counts.installs++;
        return;
      case "configurationChanged":
        counts.configurations++;
        return;
      case "membershipEnded":
        counts[event.outcome.kind === "done" ? "memberships" : "failedMemberships"]++;
        return;
      case "applied":
        counts.commits += event.entries.length;
        return;
      case "answered":
        return this.#countAnswer(event.action, event.answer, event.time);
      case "readRequested":
        counts.reads += event.reads.length;
        for (const { id } of event.reads) this.#readSince.set(id, event.time);
        return;
      case "unanswered":
        counts.unanswered++;
        return;
      default:
    }
  }

  #countAnswer(action: ActionId, { kind }: Answer, time: Millis): void {
    const { counts } = this;
    if (kind === "committed") counts.acknowledged++;
    if (kind === "superseded") counts.superseded++;
    if (kind === "readRefused") counts.refusedReads++;
    if (kind === "read") {
      counts.answeredReads++;
      // Without a lease it takes a message to somebody and another one back.
      if (this.#size > 1 && this.#readSince.get(action) === time) counts.leaseReads++;
    }
    this.#readSince.delete(action);
  }

  #countArrival(node: NodeId, id: number): void {
    const message = this.#flights.message(id);
    if (message === undefined) return;
    const link = linkName(message.from, message.to);
    if (id < (this.#newest.get(link) ?? 0)) this.counts.reordered++;
    else this.#newest.set(link, id);
    if (message.term < (this.#terms.get(node) ?? 0)) this.counts.outlived++;
  }
}
