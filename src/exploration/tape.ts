import type { Finding } from "../checks/index.ts";
import type { LogIndex, Millis, NodeId, Role, Term } from "../raft/index.ts";
import type { ClusterView, TraceEvent } from "../trace/index.ts";
import { Growing } from "./growing.ts";

export type MarkKind =
  "election" | "leader" | "crash" | "restart" | "submit" | "commit" | "cut" | "heal" | "violation";

/** Something on the tape that one would want to travel to. */
export interface Mark {
  readonly kind: MarkKind;
  readonly time: Millis;
  /** The first moment that shows it. */
  readonly seq: number;
  readonly event: TraceEvent;
  /** What a check has to say; null of all but violations. */
  readonly finding: Finding | null;
}

/** A term lasts until the next begins. */
export interface TermSpan {
  readonly term: Term;
  readonly from: Millis;
}

/** What a node was from a time on. */
export interface Stretch {
  readonly from: Millis;
  readonly what: Role["kind"] | "down";
  readonly term: Term;
}

/** How close two marks of commits, or of commands, may stand, in the cluster's time. */
const spacingMillis = 100;

/** How many marks are kept: more cannot be told apart. */
const markLimit = 10_000;

/** The run at a glance, kept up with the events. */
export class Tape {
  readonly #terms = new Growing<TermSpan>();
  readonly #marks = new Growing<Mark>();
  readonly #lanes = new Map<NodeId, Growing<Stretch>>();
  readonly #born = new Set<NodeId>();
  readonly #lastOf = new Map<MarkKind, Millis>();
  #term: Term = 0;
  #commitIndex: LogIndex = 0;

  get terms(): Pick<Growing<TermSpan>, "items" | "since" | "end"> {
    return this.#terms;
  }

  get marks(): Pick<Growing<Mark>, "items" | "since" | "end"> {
    return this.#marks;
  }

  get lanes(): ReadonlyMap<NodeId, Pick<Growing<Stretch>, "items" | "since" | "end">> {
    return this.#lanes;
  }

  /** `before` and `after` are the views that the event lies between. */
  take(event: TraceEvent, before: ClusterView, after: ClusterView): void {
    const kind = this.#kindOf(event);
    if (kind !== undefined) this.#mark(kind, event);
    if (event.node !== null && after !== before) this.#draw(event.node, event.time, after);
    if (event.kind === "nodeRemoved") this.#end(event.member, event.time);
  }

  note(finding: Finding): void {
    this.#mark("violation", finding.at, finding);
  }

  /** The mark that comes next after a moment, or the last before it. */
  next(seq: number, direction: 1 | -1): Mark | undefined {
    let nearest: Mark | undefined;
    // Violations may stand behind what came after them, so all are looked at.
    for (const mark of this.#marks.items) {
      const ahead = (mark.seq - seq) * direction;
      if (ahead <= 0) continue;
      if (nearest === undefined || ahead < (nearest.seq - seq) * direction) nearest = mark;
    }
    return nearest;
  }

  /** Lets go of what had ended by `time`. */
  forgetBefore(time: Millis): void {
    this.#terms.forgetFirst(endedBy(this.#terms, time));
    for (const lane of this.#lanes.values()) lane.forgetFirst(endedBy(lane, time));
    const kept = this.#marks.items.findIndex((mark) => mark.time >= time);
    this.#marks.forgetFirst(kept === -1 ? this.#marks.items.length : kept);
  }

  #draw(id: NodeId, time: Millis, view: ClusterView): void {
    const node = view.nodes.get(id);
    if (node === undefined) return;
    const { currentTerm: term, role, life } = node;
    if (term > this.#term) {
      this.#term = term;
      this.#terms.push({ term, from: time });
    }
    const what = life.kind === "running" ? role : "down";
    let lane = this.#lanes.get(id);
    if (lane === undefined) this.#lanes.set(id, (lane = new Growing()));
    const last = lane.newest;
    if (last?.what !== what || last.term !== term) lane.push({ from: time, what, term });
  }

  /** The node was stopped for good. */
  #end(id: NodeId, time: Millis): void {
    const lane = this.#lanes.get(id);
    const last = lane?.newest;
    if (last !== undefined && last.what !== "down") {
      lane?.push({ from: time, what: "down", term: last.term });
    }
  }

  #mark(kind: MarkKind, event: TraceEvent, finding: Finding | null = null): void {
    const { time, seq } = event;
    if (kind === "commit" || kind === "submit") {
      if (time < (this.#lastOf.get(kind) ?? -Infinity) + spacingMillis) return;
      this.#lastOf.set(kind, time);
    }
    this.#marks.push({ kind, time, seq: seq + 1, event, finding });
    if (this.#marks.items.length > markLimit) this.#marks.forgetFirst(markLimit / 10);
  }

  #kindOf(event: TraceEvent): MarkKind | undefined {
    switch (event.kind) {
      case "started": {
        const isRestart = this.#born.has(event.node);
        this.#born.add(event.node);
        return isRestart ? "restart" : undefined;
      }
      case "crashed":
      case "failed":
        return "crash";
      case "roleChanged":
        if (event.role === "follower") return undefined;
        return event.role === "leader" ? "leader" : "election";
      case "requested":
        return "submit";
      case "linkCut":
        return "cut";
      case "linkHealed":
        return "heal";
      case "committed":
        if (event.index <= this.#commitIndex) return undefined;
        this.#commitIndex = event.index;
        return "commit";
      default:
        return undefined;
    }
  }
}

/** How many had ended by `time`, because the next had begun. */
function endedBy({ items }: Growing<{ readonly from: Millis }>, time: Millis): number {
  return items.findLastIndex(({ from }) => from <= time);
}
