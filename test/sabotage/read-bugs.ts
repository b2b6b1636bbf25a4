import { scenarioFile, seeds, sentence, type Bug } from "./bug.ts";

// Reads that see what was acknowledged, and leases: what dissertation §6.4 warns of, and others got wrong.

const acknowledged = seeds("reads-see-what-was-acknowledged");
const read = (name: string) => sentence("raft/read.test.ts", name);
const lease = (name: string) => sentence("raft/lease.test.ts", name);

export const readBugs: readonly Bug[] = [
  {
    name: "a leader answers reads without asking anybody whether it still leads",
    id: "",
    file: "raft/read.ts",
    find: "if (hasLease(step)) return answer",
    replace: "return answer",
    caughtBy: [acknowledged, scenarioFile("deposed-leader-does-not-answer-a-read")],
  },
  {
    name: "a follower answers reads as of what it knows to be committed",
    id: "",
    file: "raft/read.ts",
    find: "  const leaderId = leaderOf(step.state);\n",
    replace:
      '  if (role.kind === "follower") return ids.forEach((id) => tell(step, id, step.state.commitIndex));\n  const leaderId = leaderOf(step.state);\n',
    caughtBy: [acknowledged, scenarioFile("read-from-a-follower")],
  },
  {
    name: "a late reply confirms the round that is under way",
    id: "",
    file: "raft/rounds.ts",
    find: ".set(from, round);",
    replace: ".set(from, reading.round);",
    caughtBy: [
      read(
        "reads that come while a round is under way share the next one, which begins when that is confirmed",
      ),
    ],
  },
  {
    name: "a read joins the round that is under way",
    id: "",
    file: "raft/read.ts",
    find: "index: null, round: null, deadline",
    replace: "index: null, round: role.reading.round || null, deadline",
    caughtBy: [
      read(
        "reads that come while a round is under way share the next one, which begins when that is confirmed",
      ),
      read(
        "a reply that comes late, twice or is replayed confirms no later read: numbers grow through a term",
      ),
    ],
  },
  {
    name: "less than a quorum confirms a round",
    id: "",
    file: "raft/rounds.ts",
    find: "node === id ? round : (acknowledged.get(node) ?? 0)",
    replace: "node === id ? round : (acknowledged.get(node) ?? round)",
    caughtBy: [acknowledged, read("of five nodes one answer is no quorum")],
  },
  {
    name: "a new leader answers reads before an entry of its term is committed",
    id: "",
    file: "raft/read.ts",
    find: " || termAt(log, commitIndex) !== currentTerm",
    replace: "",
    caughtBy: [acknowledged, scenarioFile("read-waits-for-own-term-commit")],
  },
  {
    name: "a round of an earlier term of the same leader is answered as one of this term",
    id: "M72",
    file: "raft/rounds.ts",
    find: "return round === undefined || term !== state.currentTerm ? {} : { round };",
    replace: "void term;\n  void state;\n  return round === undefined ? {} : { round };",
    caughtBy: [read("a follower says which round it answers, whether it agrees or refuses")],
  },
  {
    name: "a reply of another term confirms a round",
    id: "",
    file: "raft/replication.ts",
    find: '  const { role, currentTerm } = step.state;\n  if (role.kind !== "leader" || answer.term !== currentTerm) return;\n  // A node that',
    replace:
      '  if (answer.round !== undefined) noteRound(step, answer.from, answer.round);\n  const { role, currentTerm } = step.state;\n  if (role.kind !== "leader" || answer.term !== currentTerm) return;\n  // A node that',
    caughtBy: [read("a reply of another term confirms nothing")],
  },
  {
    name: "a node answers a read before it has applied what the leader says",
    id: "",
    file: "driver/reads.ts",
    find: "index > lastApplied || ",
    replace: "",
    caughtBy: [acknowledged],
  },
  {
    name: "who loses the leadership leaves its readers without a word",
    id: "",
    file: "raft/roles.ts",
    find: 'role.kind === "leader" ? role.reading.pending : []',
    replace: "role.kind === null ? role.reading.pending : []",
    caughtBy: [read("who loses the leadership refuses its own reads and forgets those of others")],
  },
  {
    name: "a lease counts from the reply",
    id: "",
    file: "raft/rounds.ts",
    find: "updateReading(step, role, { ...reading, acknowledged });",
    replace:
      "const sent = reading.sent.map((each) => (each.round === round ? { round, time: step.now } : each));\n  updateReading(step, role, { ...reading, acknowledged, sent });",
    caughtBy: [
      scenarioFile("lease-counts-from-sending"),
      lease("a lease counts from when the round was sent, however late the reply is"),
    ],
  },
  {
    name: "a lease lasts for the longest election timeout",
    id: "",
    file: "raft/rounds.ts",
    find: "timing.electionTimeoutMillis.min * (",
    replace: "timing.electionTimeoutMillis.max * (",
    caughtBy: [
      lease(
        "a lease lasts for the shortest election timeout less the drift of clocks, then reads need a round",
      ),
    ],
  },
  {
    name: "who has told another to stand goes on to use its lease",
    id: "",
    file: "raft/transfer.ts",
    find: "  giveUpLease(step);\n",
    replace: "",
    caughtBy: [scenarioFile("lease-given-up-by-a-transfer")],
  },
  {
    name: "a node that starts again votes at once, whatever leader counts on it",
    id: "",
    file: "raft/node.ts",
    find: "leaderHeard: extensions.lease === undefined ? null : now,",
    replace: "leaderHeard: null,",
    caughtBy: [scenarioFile("lease-and-a-voter-that-restarts")],
  },
  {
    name: "a newer term frees the vote on which a lease rests",
    id: "",
    file: "raft/roles.ts",
    find: "step.state.extensions.lease === undefined ? null : step.state.leaderHeard",
    replace: "null",
    // A late answer of a node in a newer term, between a heartbeat and an election: too rare for chance.
    caughtBy: [
      lease("a follower keeps its vote back through a newer term of which its leader may not know"),
    ],
  },
  {
    name: "leases are used without check-quorum",
    id: "",
    file: "raft/rounds.ts",
    find: "lease === undefined || !checkQuorum",
    replace: "lease === undefined",
    caughtBy: [lease("leases rest on check-quorum: without it there are none")],
  },
];
