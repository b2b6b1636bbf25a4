import { scenario, seeds, sentence, type Bug } from "./bug.ts";

/** What stands in a log, what is held by whom, what commits and what clients hear (§5.3, §5.4.2, §8). */
export const replicationBugs: readonly Bug[] = [
  {
    name: "entries of a leader that was deposed are taken",
    id: "M14",
    file: "raft/replication.ts",
    find: "if (request.term < currentTerm) return",
    replace: "if (request.term < 0) return",
    caughtBy: [seeds("committed-stays")],
  },
  {
    name: "an entry of an earlier term commits by being on a quorum (Figure 8)",
    id: "M20",
    file: "raft/replication.ts",
    find: " || termAt(log, held) !== currentTerm",
    replace: "",
    caughtBy: [
      seeds("leader-commits-own-term"),
      scenario(
        "leader-completeness",
        "an entry of an earlier term gets on a majority, and another leader replaces it (Figure 8)",
      ),
    ],
  },
  {
    name: "a leader's term does not start with a no-op",
    id: "M22",
    file: "raft/roles.ts",
    find: '[{ kind: "noOp", term: currentTerm }]',
    replace: "[]",
    caughtBy: [
      sentence(
        "raft/commit.test.ts",
        "a new leader's term starts with a no-op, whatever its log holds (§8)",
      ),
    ],
  },
  {
    name: "a new leader puts its no-op in the place of the last entry",
    id: "",
    file: "raft/roles.ts",
    find: "writeLog(step, next, [",
    replace: "writeLog(step, Math.max(next - 1, step.state.commitIndex + 1), [",
    caughtBy: [seeds("leader-append-only")],
  },
  {
    name: "a late request cuts off entries that were acknowledged",
    id: "M23",
    file: "raft/replication.ts",
    find: "firstNew(log, request.prevLogIndex, request.entries);",
    replace: "request.entries.length > 0 ? request.prevLogIndex + 1 : undefined;",
    caughtBy: [seeds("committed-stays")],
  },
  {
    name: "entries that conflict stay where they are",
    id: "M24",
    file: "raft/log.ts",
    find: "termAt(log, index) !== entry.term",
    replace: "termAt(log, index) === undefined && entry.term > 0",
    caughtBy: [seeds("log-matching")],
  },
  {
    name: "what stood after a conflict stays after the new entries",
    id: "M24",
    file: "raft/replication.ts",
    find: "request.entries.slice(from - 1 - request.prevLogIndex)",
    replace:
      "[...request.entries.slice(from - 1 - request.prevLogIndex), ...slice(log, request.prevLogIndex + request.entries.length + 1)]",
    caughtBy: [seeds("log-matching")],
  },
  {
    name: "of the entry before the new ones only the index is compared",
    id: "M25",
    file: "raft/replication.ts",
    find: "!isWithinSnapshot && termAt(log, request.prevLogIndex) !== request.prevLogTerm",
    replace: "!isWithinSnapshot && termAt(log, request.prevLogIndex) === undefined",
    caughtBy: [seeds("log-matching")],
  },
  {
    name: "a heartbeat is taken whatever stands before it",
    id: "M26",
    file: "raft/replication.ts",
    find: "!isWithinSnapshot && termAt(log, request.prevLogIndex) !== request.prevLogTerm",
    replace:
      "!isWithinSnapshot && request.entries.length > 0 && termAt(log, request.prevLogIndex) !== request.prevLogTerm",
    // A node contradicts itself before anything wrong can leave it.
    caughtBy: [seeds("invariant")],
  },
  {
    name: "a follower commits entries that its leader has not sent it",
    id: "M27",
    file: "raft/replication.ts",
    find: "Math.min(request.leaderCommit, lastNew)",
    replace: "Math.min(request.leaderCommit, lastIndex(step.state.log))",
    // Our leaders go back exactly to the conflict, and every first request carries the no-op: so
    // what a follower agrees to ends past any entry of another leader.
    caughtBy: [
      sentence(
        "raft/commit.test.ts",
        "entries past the last new one do not commit: they may be another leader's (Figure 2)",
      ),
    ],
  },
  {
    name: "a follower acknowledges all it has, not what it was sent",
    id: "M29",
    file: "raft/replication.ts",
    find: "{ success: true, matchIndex: lastNew }",
    replace: "{ success: true, matchIndex: lastIndex(step.state.log) }",
    // As above: what stands past a request is the same leader's.
    caughtBy: [
      sentence(
        "raft/replication.test.ts",
        "what stands past a request is not acknowledged: it may be another leader's (§5.3)",
      ),
    ],
  },
  {
    name: "a leader takes any acknowledgement for one of all it has sent",
    id: "M30",
    file: "raft/replication.ts",
    find: "acknowledged(step, answer.from, answer.outcome.matchIndex);",
    replace: "acknowledged(step, answer.from, (role.nextIndex.get(answer.from) ?? 1) - 1);",
    caughtBy: [seeds("quorum-holds-committed")],
  },
  {
    name: "a late acknowledgement takes back a later one",
    id: "M31",
    file: "raft/replication.ts",
    find: "const known = Math.max(role.matchIndex.get(from) ?? 0, index);",
    replace: "const known = index;",
    // A commit index never falls, so entries are only sent once more.
    caughtBy: [
      sentence(
        "raft/replication.test.ts",
        "an acknowledgement that is late or comes twice lowers nothing (§5.3)",
      ),
    ],
  },
  {
    name: "a refusal is taken for an acknowledgement",
    id: "M32",
    file: "raft/replication.ts",
    find: "else backtrack(step, answer.from, answer.outcome);",
    replace: "else acknowledged(step, answer.from, answer.outcome.prevLogIndex);",
    caughtBy: [seeds("quorum-holds-committed")],
  },
  {
    name: "a refusal leads back behind what was acknowledged",
    id: "M33",
    file: "raft/replication.ts",
    find: "Math.max(known + 1, Math.min(hint,",
    replace: "Math.max(1, Math.min(hint,",
    caughtBy: [
      sentence(
        "raft/replication.test.ts",
        "a refusal never leads back behind what was acknowledged (§5.3)",
      ),
    ],
  },
  {
    name: "acknowledgements of an earlier leadership are counted",
    id: "M34",
    file: "raft/replication.ts",
    find: " || answer.term !== currentTerm",
    replace: "",
    caughtBy: [
      scenario(
        "quorum-holds-committed",
        "an acknowledgement of one leadership arrives in a later one of the same node",
      ),
      sentence(
        "raft/replication.test.ts",
        "an acknowledgement or a refusal of an older term changes nothing (§5.1)",
      ),
    ],
  },
  {
    name: "entries are acknowledged before they are saved",
    id: "M35",
    file: "driver/driver.ts",
    find: 'effect.message.kind === "AppendEntries"',
    replace: 'effect.message.kind.startsWith("AppendEntries")',
    caughtBy: [seeds("promise-after-save")],
  },
  {
    name: "the disk forgets what it had synced",
    id: "",
    file: "simulator/disk.ts",
    find: "this.#keep(this.#unsynced.length);",
    replace: "this.#keep(Math.max(0, this.#unsynced.length - 1));",
    caughtBy: [seeds("promise-after-save")],
  },
  {
    name: "a leader counts itself before its own disk has the entry",
    id: "M35",
    file: "raft/replication.ts",
    find: "node === id ? savedIndex :",
    replace: "node === id ? Math.max(savedIndex, lastIndex(log)) :",
    caughtBy: [seeds("quorum-holds-committed")],
  },
  {
    name: "a save is told of what the node holds by then",
    id: "M35",
    file: "driver/driver.ts",
    find: 'this.#take({ kind: "saved", ...saved });',
    replace: 'this.#take({ kind: "saved", ...savedBy(this.#node.state) });',
    caughtBy: [seeds("quorum-holds-committed")],
  },
  {
    name: "a save sets free what came after it",
    id: "M35",
    file: "driver/driver.ts",
    find: "this.#release(behind);",
    replace: "this.#release(this.#waiting.length);",
    caughtBy: [
      seeds("promise-after-save"),
      sentence(
        "driver/driver.test.ts",
        "while the disk is at work everything waits, and then goes to it at once",
      ),
    ],
  },
  {
    name: "a save counts for whatever stands at its index now (ABA)",
    id: "M40",
    file: "raft/replication.ts",
    find: "termAt(log, saved.index) !== saved.term ||",
    replace: "termAt(log, saved.index) === undefined ||",
    // A node has all of its log saved when it becomes leader, and from then on it replaces nothing.
    caughtBy: [
      sentence(
        "raft/persistence.test.ts",
        "what the disk says of an entry since replaced does not count (§5.3)",
      ),
    ],
  },
  {
    name: "a follower's commit index may fall",
    id: "M28",
    file: "raft/replication.ts",
    find: "if (index <= commitIndex) return;",
    replace: "if (index === commitIndex || index === 0) return;",
    caughtBy: [seeds("commit-never-goes-back")],
  },
  {
    name: "an entry is skipped when several are applied",
    id: "M36",
    file: "raft/replication.ts",
    find: "entries: slice(log, commitIndex + 1, index),",
    replace: "entries: slice(log, Math.min(commitIndex + 2, index), index),",
    caughtBy: [seeds("state-machine-safety")],
  },
  {
    name: "a client is told committed when its entry is appended",
    id: "M37",
    file: "driver/driver.ts",
    find: "return this.#proposals.accept(requests, effect.first, effect.term);",
    replace:
      'for (const { id } of requests) this.#world.record({ kind: "answered", action: id, answer: { kind: "committed", index: effect.first, term: effect.term } });\n        return;',
    caughtBy: [seeds("acknowledged-is-committed")],
  },
  {
    name: "a request is answered by its index alone, after another leader's entry came there",
    id: "M37",
    file: "driver/proposals.ts",
    find: "term === entry.term",
    replace: "term > 0 && entry.term > 0",
    caughtBy: [seeds("acknowledged-is-committed")],
  },
  {
    name: "an entry is applied before it is saved",
    id: "",
    file: "driver/driver.ts",
    find: "if (lastOf(next) > savedIndex) break;",
    replace: "if (lastOf(next) + savedIndex < 0) break;",
    caughtBy: [seeds("promise-after-save")],
  },
];
