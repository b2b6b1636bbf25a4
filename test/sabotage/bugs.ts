/** A bug of one line, known from real systems, and what must notice it. */
export interface Bug {
  /** As a sentence: what the program does then. */
  readonly name: string;
  /** In which file under src. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: Catcher;
}

export type Catcher =
  /** A check of src/checks (or the invariants), within so many seeds. */
  | { readonly kind: "check"; readonly check: string; readonly seeds: number }
  /** A sentence of the unit tests, where chance would take too long. */
  | { readonly kind: "sentence"; readonly file: string; readonly name: string };

function check(id: string, seeds = 400): Catcher {
  return { kind: "check", check: id, seeds };
}

function sentence(file: string, name: string): Catcher {
  return { kind: "sentence", file: `test/unit/${file}`, name };
}

/** Mistakes that real systems and students have made, and those that the paper warns of. */
export const bugs: readonly Bug[] = [
  {
    name: "a vote is forgotten at a restart",
    file: "raft/node.ts",
    find: "        ...saved,\n",
    replace: "        ...saved, votedFor: null,\n",
    caughtBy: check("one-vote-per-term"),
  },
  {
    name: "a vote is sent before it is saved",
    file: "driver/driver.ts",
    find: 'effect.message.kind === "AppendEntries"',
    replace:
      '(effect.message.kind === "AppendEntries" || effect.message.kind === "RequestVoteReply")',
    caughtBy: check("promise-after-save"),
  },
  {
    name: "entries are acknowledged before they are saved",
    file: "driver/driver.ts",
    find: 'effect.message.kind === "AppendEntries"',
    replace: 'effect.message.kind.startsWith("AppendEntries")',
    caughtBy: check("promise-after-save"),
  },
  {
    name: "term and vote are not saved",
    file: "raft/node.ts",
    find: "vote: voted ? { currentTerm, votedFor } : null,",
    replace: "vote: null,",
    caughtBy: check("terms-never-go-back"),
  },
  {
    name: "the disk forgets what it had synced",
    file: "simulator/disk.ts",
    find: "this.#keep(this.#unsynced.length);",
    replace: "this.#keep(Math.max(0, this.#unsynced.length - 1));",
    caughtBy: check("promise-after-save"),
  },
  {
    name: "a candidate that follows a leader of its own term may vote again in it",
    file: "raft/roles.ts",
    find: 'update(step, { role: { kind: "follower", leaderId } });',
    replace: 'update(step, { votedFor: null, role: { kind: "follower", leaderId } });',
    caughtBy: check("one-vote-per-term"),
  },
  {
    name: "votes of an earlier term are counted",
    file: "raft/election.ts",
    find: "if (reply.term !== step.state.currentTerm || !reply.voteGranted) return;",
    replace: "if (!reply.voteGranted) return;",
    caughtBy: check("leader-elected-by-quorum"),
  },
  {
    name: "a candidate counts its own vote before it is saved",
    file: "raft/roles.ts",
    find: "votes: new Set() },",
    replace: "votes: new Set([id]) },",
    caughtBy: sentence(
      "raft/election.test.ts",
      "a candidate's own vote counts once it is saved, and not before (§5.2, Figure 2)",
    ),
  },
  {
    name: "a node votes for everyone who asks",
    file: "raft/election.ts",
    find: "votedFor === null || votedFor === request.from;",
    replace: "votedFor !== undefined;",
    caughtBy: check("one-vote-per-term"),
  },
  {
    name: "a vote is given to a candidate that lacks entries",
    file: "raft/election.ts",
    find: " && isUpToDate(candidateLog, log);",
    replace: ";",
    caughtBy: check("leader-completeness"),
  },
  {
    name: "the longer log wins an election, whatever its last term",
    file: "raft/log.ts",
    find: "if (candidate.term !== lastTerm(log)) return candidate.term > lastTerm(log);",
    replace: "",
    caughtBy: check("leader-completeness"),
  },
  {
    name: "half of the members are a quorum",
    file: "raft/state.ts",
    find: "Math.floor(members.length / 2) + 1;",
    replace: "Math.ceil(members.length / 2);",
    caughtBy: check("election-safety"),
  },
  {
    name: "entries of a leader that was deposed are taken",
    file: "raft/replication.ts",
    find: "if (request.term < currentTerm) return",
    replace: "if (request.term < 0) return",
    caughtBy: check("committed-stays"),
  },
  {
    name: "an entry of an earlier term commits by being on a quorum (Figure 8)",
    file: "raft/replication.ts",
    find: "candidate > commitIndex && termAt(log, candidate) === currentTerm",
    replace: "candidate > commitIndex",
    caughtBy: check("leader-commits-own-term"),
  },
  {
    name: "a late request cuts off entries that were acknowledged",
    file: "raft/replication.ts",
    find: "const from = firstNew(log, request.prevLogIndex, request.entries);",
    replace:
      "const from = request.entries.length > 0 || firstNew(log, request.prevLogIndex, []) !== undefined ? request.prevLogIndex + 1 : undefined;",
    caughtBy: check("invariant"),
  },
  {
    name: "entries that conflict stay where they are",
    file: "raft/log.ts",
    find: "termAt(log, previous + 1 + i) !== entry.term)",
    replace: "termAt(log, previous + 1 + i) === undefined && entry.term > 0)",
    caughtBy: check("log-matching"),
  },
  {
    name: "of the entry before the new ones only the index is compared",
    file: "raft/replication.ts",
    find: "if (termAt(log, request.prevLogIndex) !== request.prevLogTerm) {",
    replace: "if (termAt(log, request.prevLogIndex) === undefined) {",
    caughtBy: check("log-matching"),
  },
  {
    name: "a follower commits entries that its leader has not sent it",
    file: "raft/replication.ts",
    find: "Math.min(request.leaderCommit, lastNew)",
    replace: "Math.min(request.leaderCommit, lastIndex(step.state.log))",
    caughtBy: sentence(
      "raft/commit.test.ts",
      "entries past the last new one do not commit: they may be another leader's (Figure 2)",
    ),
  },
  {
    name: "a follower acknowledges all it has, not what it was sent",
    file: "raft/replication.ts",
    find: "{ success: true, matchIndex: lastNew }",
    replace: "{ success: true, matchIndex: lastIndex(step.state.log) }",
    caughtBy: sentence(
      "raft/replication.test.ts",
      "what stands past a request is not acknowledged: it may be another leader's (§5.3)",
    ),
  },
  {
    name: "a leader takes any acknowledgement for one of all it has sent",
    file: "raft/replication.ts",
    find: "acknowledged(step, answer.from, answer.outcome.matchIndex);",
    replace: "acknowledged(step, answer.from, (role.nextIndex.get(answer.from) ?? 1) - 1);",
    caughtBy: check("quorum-holds-committed"),
  },
  {
    name: "a late acknowledgement takes back a later one",
    file: "raft/replication.ts",
    find: "const known = Math.max(role.matchIndex.get(from) ?? 0, index);",
    replace: "const known = index;",
    caughtBy: sentence(
      "raft/replication.test.ts",
      "an acknowledgement that is late or comes twice lowers nothing (§5.3)",
    ),
  },
  {
    name: "acknowledgements of an earlier leadership are counted",
    file: "raft/replication.ts",
    find: 'if (role.kind !== "leader" || answer.term !== currentTerm) return;',
    replace: 'if (role.kind !== "leader" || answer.term > currentTerm) return;',
    caughtBy: sentence(
      "raft/replication.test.ts",
      "an acknowledgement or a refusal of an older term changes nothing (§5.1)",
    ),
  },
  {
    name: "a leader counts itself before its own disk has the entry",
    file: "raft/replication.ts",
    find: "const held = [savedIndex,",
    replace: "const held = [Math.max(savedIndex, lastIndex(log)),",
    caughtBy: check("quorum-holds-committed"),
  },
  {
    name: "a save counts for whatever stands at its index now (ABA)",
    file: "raft/replication.ts",
    find: "if (termAt(log, saved.index) !== saved.term || saved.index <= savedIndex) return;",
    replace: "if (termAt(log, saved.index) === undefined || saved.index <= savedIndex) return;",
    caughtBy: sentence(
      "raft/persistence.test.ts",
      "what the disk says of an entry since replaced does not count (§5.3)",
    ),
  },
  {
    name: "a follower's commit index may fall",
    file: "raft/replication.ts",
    find: "if (index <= commitIndex) return;",
    replace: "if (index === commitIndex || index === 0) return;",
    caughtBy: check("commit-never-goes-back"),
  },
  {
    name: "an entry is skipped when several are applied",
    file: "raft/replication.ts",
    find: "entries: slice(log, commitIndex + 1, index),",
    replace: "entries: slice(log, Math.min(commitIndex + 2, index), index),",
    caughtBy: check("state-machine-safety"),
  },
  {
    name: "a client is told committed when its entry is appended",
    file: "driver/driver.ts",
    find: "return this.#proposals.accept(requests, effect.first, effect.term);",
    replace:
      'for (const { id } of requests) this.#world.record({ kind: "answered", action: id, answer: { kind: "committed", index: effect.first, term: effect.term } });\n        return;',
    caughtBy: check("acknowledged-is-committed"),
  },
  {
    name: "a request is answered by its index alone, after another leader's entry came there",
    file: "driver/proposals.ts",
    find: "term === entry.term",
    replace: "term > 0 && entry.term > 0",
    caughtBy: check("acknowledged-is-committed"),
  },
];
