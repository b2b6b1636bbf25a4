import {
  unreachable,
  type MembershipOutcome,
  type NodeId,
  type TransferOutcome,
} from "../raft/index.ts";
import type { ActionId, Answer, Failure, Refusal, TraceEvent } from "../trace/index.ts";

/** What came of an action, as the stream of events tells it. */
export type Outcome =
  /** It is done: the node is up or down, the clock stands or runs. */
  | { readonly kind: "done" }
  | { readonly kind: "answered"; readonly node: NodeId; readonly answer: Answer }
  /** The leadership stays where it is. */
  | { readonly kind: "notTransferred"; readonly why: TransferOutcome }
  /** The members are what they were, as far as is known. */
  | { readonly kind: "membersNotChanged"; readonly why: MembershipOutcome }
  /** The node that held the command stopped: it may commit yet, or never. */
  | { readonly kind: "unanswered"; readonly node: NodeId }
  | { readonly kind: "failed"; readonly node: NodeId; readonly failure: Failure }
  | { readonly kind: "refused"; readonly reason: Refusal }
  /** The cluster was stopped before anything came of it. A command may be in some node's log. */
  | { readonly kind: "stopped" }
  /** Nothing had come of it when the wait ended. It may come yet. */
  | { readonly kind: "nothingYet" };

/** Waits for what comes of actions. Takes every event of the stream, in order. */
export class Outcomes {
  readonly #waiting = new Map<ActionId, (outcome: Outcome) => void>();
  #ended = false;

  take(event: TraceEvent): void {
    if (this.#waiting.size === 0) return;
    const found = outcomeIn(event);
    if (found !== undefined) this.#waiting.get(found.action)?.(found.outcome);
  }

  /**
   * What comes of the action until `signal` aborts. To be called before the action is asked for,
   * because its outcome may come at once. Never rejects.
   */
  of(action: ActionId, signal: AbortSignal): Promise<Outcome> {
    if (this.#ended) return Promise.resolve({ kind: "stopped" });
    if (signal.aborted) return Promise.resolve({ kind: "nothingYet" });
    return new Promise((resolve) => {
      const end = (outcome: Outcome) => {
        this.#waiting.delete(action);
        signal.removeEventListener("abort", giveUp);
        resolve(outcome);
      };
      const giveUp = () => end({ kind: "nothingYet" });
      signal.addEventListener("abort", giveUp);
      this.#waiting.set(action, end);
    });
  }

  /** The stream has ended: nothing comes of anything any more. */
  end(): void {
    this.#ended = true;
    for (const end of this.#waiting.values()) end({ kind: "stopped" });
  }
}

interface ActionOutcome {
  readonly action: ActionId;
  readonly outcome: Outcome;
}

/** The action that this event ends, and how. */
function outcomeIn(event: TraceEvent): ActionOutcome | undefined {
  switch (event.kind) {
    case "started":
    case "crashed":
      return event.action === null ? undefined : done(event.action);
    case "failed": {
      const { node, action, failure } = event;
      if (action === null) return undefined;
      return { action, outcome: { kind: "failed", node, failure } };
    }
    case "answered": {
      const { node, action, answer } = event;
      return { action, outcome: { kind: "answered", node, answer } };
    }
    case "transferEnded": {
      const { action, outcome } = event;
      if (outcome.kind === "steppedDown") return done(action);
      return { action, outcome: { kind: "notTransferred", why: outcome } };
    }
    case "snapshotTaken":
      return event.action === null ? undefined : done(event.action);
    case "membershipEnded": {
      const { action, outcome } = event;
      if (outcome.kind === "done") return done(action);
      return { action, outcome: { kind: "membersNotChanged", why: outcome } };
    }
    case "unanswered":
      return { action: event.action, outcome: { kind: "unanswered", node: event.node } };
    case "refused":
      return { action: event.action, outcome: { kind: "refused", reason: event.reason } };
    case "linkCut":
    case "linkHealed":
    case "paused":
    case "resumed":
    case "speedSet":
      return done(event.action);
    case "received":
    case "woke":
    case "requested":
    case "readRequested":
    case "transferRequested":
    case "membershipRequested":
    case "configurationChanged":
    case "compacted":
    case "restored":
    // The node is there by then, or gone; whether it takes part is the leader's to tell.
    case "nodeAdded":
    case "nodeRemoved":
    case "saving":
    case "saved":
    case "sent":
    case "dropped":
    case "duplicated":
    case "termChanged":
    case "voted":
    case "roleChanged":
    case "leaderKnown":
    case "truncated":
    case "appended":
    case "committed":
    case "applied":
    case "noticed":
      return undefined;
    default:
      return unreachable(event);
  }
}

function done(action: ActionId): ActionOutcome {
  return { action, outcome: { kind: "done" } };
}
