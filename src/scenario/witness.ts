import { slice, type Entry, type LogIndex, type NodeId, type RaftState } from "../raft/index.ts";
import type { ActionId, Answer, Refusal, TraceEvent } from "../trace/index.ts";

/** What became of a command that was handed to a node; undefined while nothing has. */
export type Fate =
  Answer | { readonly kind: "refused"; readonly reason: Refusal } | { readonly kind: "unanswered" };

/** Keeps of a trace what the expectations of a scenario ask about. */
export class Witness {
  readonly #stateOf: (id: NodeId) => RaftState | undefined;
  readonly #applied = new Map<NodeId, string[]>();
  readonly #commandAt = new Map<LogIndex, string>();
  readonly #appliedSets = new Map<NodeId, Set<string>>();
  readonly #commitIndexes = new Map<NodeId, LogIndex>();
  readonly #committed = new Set<string>();
  readonly #fates = new Map<ActionId, Fate>();
  readonly #commands = new Map<ActionId, string>();
  readonly #acknowledged = new Set<string>();
  /** Nodes that stopped of themselves, and why. */
  readonly failed: { readonly node: NodeId; readonly why: string }[] = [];
  highestCommit: LogIndex = 0;
  requests = 0;
  bytes = 0;

  constructor(stateOf: (id: NodeId) => RaftState | undefined) {
    this.#stateOf = stateOf;
  }

  /** Commands that the state machine of the node has, in order; none while it is down. */
  appliedAt(id: NodeId): readonly string[] {
    return this.#applied.get(id) ?? [];
  }

  hasApplied(id: NodeId, command: string): boolean {
    return this.#appliedSets.get(id)?.has(command) ?? false;
  }

  /** How far the node's log is known to be committed; 0 while it is down. */
  commitIndexOf(id: NodeId): LogIndex {
    return this.#commitIndexes.get(id) ?? 0;
  }

  /** Whether any node has ever held this command to be committed. */
  wasCommitted(command: string): boolean {
    return this.#committed.has(command);
  }

  fateOf(action: ActionId): Fate | undefined {
    return this.#fates.get(action);
  }

  /** The commands that a client was told to be committed. */
  get acknowledged(): ReadonlySet<string> {
    return this.#acknowledged;
  }

  /** From now on the answer to `action` is one about `command`. */
  submitted(action: ActionId, command: string): void {
    this.#commands.set(action, command);
  }

  countAnew(): void {
    this.requests = 0;
    this.bytes = 0;
  }

  take(event: TraceEvent): void {
    switch (event.kind) {
      case "started":
        this.#forget(event.node);
        return this.#restore(event.node, event.saved.snapshot?.index ?? 0);
      case "restored":
        return this.#restore(event.node, event.index);
      case "crashed":
        return this.#forget(event.node);
      case "failed": {
        const { failure } = event;
        const why = failure.kind === "invariant" ? failure.claim : failure.kind;
        this.failed.push({ node: event.node, why });
        return this.#forget(event.node);
      }
      case "committed":
        return this.#commit(event.node, event.index);
      case "applied":
        return this.#apply(event.node, event.first, event.entries);
      case "sent":
        return this.#count(event.message);
      case "answered":
        return this.#answer(event.action, event.answer);
      case "unanswered":
        this.#fates.set(event.action, { kind: "unanswered" });
        return;
      case "refused":
        this.#fates.set(event.action, { kind: "refused", reason: event.reason });
        return;
      default:
        return;
    }
  }

  #forget(node: NodeId): void {
    this.#applied.set(node, []);
    this.#appliedSets.set(node, new Set());
    this.#commitIndexes.set(node, 0);
  }

  #commit(node: NodeId, index: LogIndex): void {
    const log = this.#stateOf(node)?.log;
    const before = this.commitIndexOf(node);
    for (const entry of log === undefined ? [] : slice(log, before + 1, index)) {
      if (entry.kind === "command") this.#committed.add(entry.command);
    }
    this.#commitIndexes.set(node, index);
    this.highestCommit = Math.max(this.highestCommit, index);
  }

  #apply(node: NodeId, first: LogIndex, entries: readonly Entry[]): void {
    for (const [offset, entry] of entries.entries()) {
      if (entry.kind !== "command") continue;
      this.#commandAt.set(first + offset, entry.command);
      this.#appliedTo(node, entry.command);
    }
  }

  /** A snapshot holds what others have applied up to its index (§7). */
  #restore(node: NodeId, index: LogIndex): void {
    this.#applied.set(node, []);
    for (let at = 1; at <= index; at++) {
      const command = this.#commandAt.get(at);
      if (command !== undefined) this.#appliedTo(node, command);
    }
  }

  #appliedTo(node: NodeId, command: string): void {
    this.#applied.get(node)?.push(command);
    this.#appliedSets.get(node)?.add(command);
  }

  #answer(action: ActionId, answer: Answer): void {
    this.#fates.set(action, answer);
    const command = this.#commands.get(action);
    if (answer.kind === "committed" && command !== undefined) this.#acknowledged.add(command);
  }

  /** A request and its reply are one call, so requests are counted only. */
  #count(message: Extract<TraceEvent, { kind: "sent" }>["message"]): void {
    if (message.kind.endsWith("Reply")) return;
    this.requests++;
    if (message.kind !== "AppendEntries") return;
    for (const entry of message.entries) {
      if (entry.kind === "command") this.bytes += entry.command.length;
    }
  }
}
