import { scenario, seeds, sentence, type Bug } from "./bug.ts";

/** Who votes for whom, who counts it, and what of it is saved (§5.1, §5.2, §5.4.1). */
export const electionBugs: readonly Bug[] = [
  {
    name: "a vote is forgotten at a restart",
    id: "M01",
    file: "raft/node.ts",
    find: "        votedFor: saved.votedFor,\n",
    replace: "        votedFor: null,\n",
    caughtBy: [
      seeds("one-vote-per-term"),
      scenario(
        "one-vote-per-term",
        "a node that has voted restarts, and is asked by another candidate of that term",
      ),
    ],
  },
  {
    name: "a vote is sent before it is saved",
    id: "M02",
    file: "driver/driver.ts",
    find: 'effect.message.kind === "AppendEntries"',
    replace:
      '(effect.message.kind === "AppendEntries" || effect.message.kind === "RequestVoteReply")',
    caughtBy: [seeds("promise-after-save")],
  },
  {
    name: "term and vote are not saved",
    id: "M03",
    file: "raft/node.ts",
    find: "vote: voted ? { currentTerm, votedFor } : null,",
    replace: "vote: null,",
    caughtBy: [seeds("terms-never-go-back")],
  },
  {
    name: "only a vote is saved, not a newer term without one",
    id: "M03",
    file: "raft/node.ts",
    find: "before.currentTerm !== currentTerm || ",
    replace: "",
    caughtBy: [seeds("promise-after-save"), seeds("terms-never-go-back")],
  },
  {
    name: "a candidate that follows a leader of its own term may vote again in it",
    id: "M05",
    file: "raft/roles.ts",
    find: 'update(step, { role: { kind: "follower", leaderId } });',
    replace: 'update(step, { votedFor: null, role: { kind: "follower", leaderId } });',
    caughtBy: [seeds("one-vote-per-term")],
  },
  {
    name: "votes of an earlier term are counted",
    id: "M07",
    file: "raft/election.ts",
    find: "reply.term !== step.state.currentTerm || ",
    replace: "",
    caughtBy: [
      seeds("leader-elected-by-quorum"),
      scenario("leader-elected-by-quorum", "a vote of one election arrives in the next"),
    ],
  },
  {
    name: "a vote that arrives twice counts twice",
    id: "M08",
    file: "raft/election.ts",
    find: ' || role.votes.has(from)) return;\n  const votes = new Set(role.votes).add(from);\n  update(step, { role: { kind: "candidate", votes } });\n  if (!isQuorum(newestConfiguration(step.state), (id) => votes.has(id))) return;',
    replace:
      ') return;\n  const votes = new Set(role.votes).add(role.votes.has(from) ? `${from}, again` : from);\n  update(step, { role: { kind: "candidate", votes } });\n  if (votes.size * 2 <= newestConfiguration(step.state).voters.length) return;',
    caughtBy: [seeds("leader-elected-by-quorum")],
  },
  {
    name: "a candidate counts its own vote before it is saved",
    id: "",
    file: "raft/roles.ts",
    find: "votes: new Set() },",
    replace: "votes: new Set([id]) },",
    // The driver asks for no vote before our own is saved, so none arrives earlier.
    caughtBy: [
      sentence(
        "raft/election.test.ts",
        "a candidate's own vote counts once it is saved, and not before (§5.2, Figure 2)",
      ),
    ],
  },
  {
    name: "a node votes for everyone who asks",
    id: "M09",
    file: "raft/election.ts",
    find: "votedFor === null || votedFor === request.from;",
    replace: "votedFor !== undefined;",
    caughtBy: [seeds("one-vote-per-term")],
  },
  {
    name: "a vote is not free again in a newer term",
    id: "M06",
    file: "raft/roles.ts",
    find: "    currentTerm: term,\n    votedFor: null,\n",
    replace: "    currentTerm: term,\n",
    caughtBy: [seeds("agreement")],
  },
  {
    name: "a candidate must be more up to date than its voters",
    id: "M11",
    file: "raft/log.ts",
    find: "candidate.index >= lastIndex(log);",
    replace: "candidate.index > lastIndex(log);",
    caughtBy: [seeds("agreement")],
  },
  {
    name: "a newer term in a reply is ignored",
    id: "M13",
    file: "raft/node.ts",
    find: "if (input.message.term > step.state.currentTerm)",
    replace:
      'if (input.message.term > step.state.currentTerm && !input.message.kind.endsWith("Reply"))',
    caughtBy: [
      sentence(
        "raft/election.test.ts",
        "a leader that steps down waits a whole election timeout before it asks for votes (§5.2)",
      ),
    ],
  },
  {
    name: "granting a vote does not put off an election of one's own",
    id: "M15",
    file: "raft/election.ts",
    find: "    resetElectionDeadline(step);\n",
    replace: "",
    caughtBy: [
      sentence("raft/election.test.ts", "granting a vote starts a fresh election timeout (§5.2)"),
    ],
  },
  {
    name: "a vote is given to a candidate that lacks entries",
    id: "M10",
    file: "raft/election.ts",
    find: " && isUpToDate(candidateLog, log);",
    replace: ";",
    caughtBy: [seeds("leader-completeness")],
  },
  {
    name: "the longer log wins an election, whatever its last term",
    id: "M10",
    file: "raft/log.ts",
    find: "if (candidate.term !== lastTerm(log)) return candidate.term > lastTerm(log);",
    replace: "",
    caughtBy: [seeds("leader-completeness")],
  },
  {
    name: "half of the members are a quorum",
    id: "M12",
    file: "raft/configuration.ts",
    find: "counted * 2 > voters.length",
    replace: "counted * 2 >= voters.length",
    caughtBy: [seeds("election-safety")],
  },
];
