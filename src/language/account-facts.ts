import { unreachable } from "../raft/index.ts";
import type { AccountLine } from "./account-line.ts";

/** What follows from one account. Lines are counted from 0. */
export interface AccountFacts {
  /** Where the node first was leader in a term. */
  readonly ledAt: ReadonlyMap<number, number>;
  /** Whom it took for the leader in a term, and where it first said so. */
  readonly beliefs: readonly Belief[];
  /** Each vote that it gave, none twice in a row. */
  readonly votes: readonly Vote[];
  /** The node's own address, once it led: the leader that a leader knows is itself. */
  readonly address: string | null;
  /** The furthest that it knew to be committed; null if it does not say. */
  readonly committed: Committed | null;
  /** Where it said that it drops entries which it had known to be committed. */
  readonly droppedCommitted: readonly { readonly line: number; readonly committedLine: number }[];
  /** Where it knew less to be committed than before, though it did not start anew between. */
  readonly commitFalls: readonly { readonly line: number; readonly before: Committed }[];
  /**
   * The entries that it replaced in the life that it told of last. Its account is written at once,
   * its other files after it: they may not show that yet, or never, if it crashed in between.
   */
  readonly replacements: readonly Replacement[];
  /** Where its term is lower than in the line before, though it did not start anew between. */
  readonly termFalls: readonly { readonly line: number; readonly from: number }[];
  /** After which entry the log file of this name begins, by what it said last. */
  readonly logBegins: ReadonlyMap<string, number>;
}

export interface Belief {
  readonly term: number;
  readonly address: string;
  readonly line: number;
}

export interface Vote {
  readonly term: number;
  /** A name as `node2`, or `itself`. */
  readonly candidate: string;
  readonly line: number;
  /** How often the node had started when it voted: what it did not save before a crash is gone. */
  readonly life: number;
}

export interface Committed {
  readonly index: number;
  /** Of the node, when it said so. */
  readonly term: number;
  readonly line: number;
}

export interface Replacement {
  /** From which index on. */
  readonly from: number;
  /** How long its log had been until then in that life: a longer one was written after it. */
  readonly longest: number;
}

/** Goes through the lines once. Lines without a term prove nothing and are passed over. */
export function factsOf(lines: readonly AccountLine[]): AccountFacts {
  const facts = new Gathered();
  for (const [line, told] of lines.entries()) {
    if (told.term !== null) facts.add(line, told, told.term);
  }
  return facts;
}

/** How much of what a node knew to be committed surely stands on its disk, which has so many entries. */
export function committedOnDisk(
  committed: Committed | null,
  replacements: readonly Replacement[],
  entries: number,
): number {
  const unsure = replacements.filter(({ longest }) => entries <= longest).map(({ from }) => from);
  return Math.min(committed?.index ?? 0, ...unsure.map((from) => from - 1));
}

class Gathered implements AccountFacts {
  readonly ledAt = new Map<number, number>();
  readonly beliefs: Belief[] = [];
  readonly votes: Vote[] = [];
  readonly droppedCommitted: { line: number; committedLine: number }[] = [];
  readonly termFalls: { line: number; from: number }[] = [];
  readonly commitFalls: { line: number; before: Committed }[] = [];
  replacements: Replacement[] = [];
  readonly logBegins = new Map<string, number>();
  address: string | null = null;
  committed: Committed | null = null;
  #life = 0;
  #term = 0;
  /** How long its log has been in this life; not known before it has said how it started. */
  #longest = Infinity;
  /** The last that it said of what is committed, in this life. */
  #commit: Committed | null = null;
  readonly #believed = new Set<string>();

  add(line: number, { role, said }: AccountLine, term: number): void {
    if (said.kind === "started") this.#start(said.entries);
    else if (term < this.#term) this.termFalls.push({ line, from: this.#term });
    this.#term = term;
    if (role === "leader" && !this.ledAt.has(term)) this.ledAt.set(term, line);
    switch (said.kind) {
      case "leader":
        if (said.address !== null) this.#believe(term, said.address, line);
        if (role === "leader" && said.address !== null) this.address = said.address;
        return;
      case "votes": {
        const last = this.votes.at(-1);
        if (last?.term === term && last.candidate === said.candidate) return;
        this.votes.push({ term, candidate: said.candidate, line, life: this.#life });
        return;
      }
      case "committed":
        this.#commits({ index: said.index, term, line });
        return;
      case "drops":
        if (this.committed !== null && said.from <= this.committed.index) {
          this.droppedCommitted.push({ line, committedLine: this.committed.line });
        }
        this.replacements.push({ from: said.from, longest: this.#longest });
        return;
      case "logBegins":
        this.logBegins.set(said.file, said.after);
        return;
      case "stores":
        this.#longest = Math.max(this.#longest, said.last);
        return;
      case "leads":
      case "wrote":
      case "started":
      case "stopped":
      case "other":
        return;
      default:
        unreachable(said);
    }
  }

  /**
   * It goes on with what its disk held, which need not be all that it knew to be committed: what
   * was not written before a crash is gone, and what that replaced is back.
   */
  #start(entries: number): void {
    const kept = committedOnDisk(this.committed, this.replacements, entries);
    const index = Math.min(kept, entries);
    this.committed = this.committed === null || index === 0 ? null : { ...this.committed, index };
    this.replacements = [];
    this.#longest = entries;
    this.#commit = null;
    this.#life++;
  }

  #commits(committed: Committed): void {
    const before = this.#commit;
    if (before !== null && committed.index < before.index) {
      this.commitFalls.push({ line: committed.line, before });
    }
    this.#commit = committed;
    if (committed.index > (this.committed?.index ?? 0)) this.committed = committed;
  }

  #believe(term: number, address: string, line: number): void {
    const key = `${term} ${address}`;
    if (this.#believed.has(key)) return;
    this.#believed.add(key);
    this.beliefs.push({ term, address, line });
  }
}
