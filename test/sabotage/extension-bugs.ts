import { seeds, sentence, type Bug } from "./bug.ts";

// Pre-vote, check-quorum and the transfer of leadership: what others got wrong in them.

const preVote = (name: string) => sentence("raft/pre-vote.test.ts", name);
const checkQuorum = (name: string) => sentence("raft/check-quorum.test.ts", name);
const transfer = (name: string) => sentence("raft/transfer.test.ts", name);

export const extensionBugs: readonly Bug[] = [
  {
    name: "stepping down within a term gives the vote back",
    id: "",
    file: "raft/roles.ts",
    find: 'update(step, { role: { kind: "follower", leaderId: null }, leaderHeard: null });',
    replace:
      'update(step, { votedFor: null, role: { kind: "follower", leaderId: null }, leaderHeard: null });',
    // A step-down, a candidate of the same term and a request that arrives then: too rare for chance.
    caughtBy: [preVote("stepping down within a term keeps the vote: nobody votes twice in it")],
  },
  {
    name: "a leader grants pre-votes",
    id: "M09",
    file: "raft/pre-vote.ts",
    find: 'if (role.kind === "leader") return true;',
    replace: "",
    caughtBy: [preVote("a leader would vote for nobody, whatever the term, and keeps its own")],
  },
  {
    name: "who hears a leader would vote all the same",
    id: "M17",
    file: "raft/pre-vote.ts",
    find: "if (!hasLeader(step)) return false;",
    replace: 'if (step.state.role.kind !== "leader") return false;',
    caughtBy: [
      preVote("who has heard a leader within the shortest election timeout would vote for nobody"),
    ],
  },
  {
    name: "a request for pre-votes deposes a leader by its newer term",
    id: "M17",
    file: "raft/node.ts",
    find: "      if (turnsAway(step, input.message)) return;\n      if (input.message.term > step.state.currentTerm) adoptTerm(step, input.message.term);\n",
    replace:
      "      if (input.message.term > step.state.currentTerm) adoptTerm(step, input.message.term);\n      if (turnsAway(step, input.message)) return;\n",
    caughtBy: [
      preVote("a leader would vote for nobody, whatever the term, and keeps its own"),
      checkQuorum("a leader is not deposed by who asks for votes, but by a newer term in a reply"),
    ],
  },
  {
    name: "a pre-vote of another term than its own is promised",
    id: "",
    file: "raft/pre-vote.ts",
    find: "request.term === currentTerm && isUpToDate",
    replace: "isUpToDate",
    caughtBy: [
      preVote("of two that hear no leader the one in the older term learns of the newer one"),
    ],
  },
  {
    name: "a pre-vote that was refused counts",
    id: "",
    file: "raft/pre-vote.ts",
    find: "reply.term === step.state.currentTerm && reply.voteGranted",
    replace: "reply.term === step.state.currentTerm",
    caughtBy: [
      preVote("who would not vote, answered in another term or was not asked does not count"),
    ],
  },
  {
    name: "a leader that lost its quorum never asks again",
    id: "",
    file: "raft/roles.ts",
    find: "leaderHeard: null });\n  resetElectionDeadline(step);\n}\n\n/** A transfer",
    replace:
      "leaderHeard: step.now + 1e12 });\n  resetElectionDeadline(step);\n}\n\n/** A transfer",
    caughtBy: [
      checkQuorum(
        "a node that starts has heard nobody, and one whose leader fell silent no longer does",
      ),
    ],
  },
  {
    name: "a leader that hears nobody leads on, and whoever hears it follows",
    id: "",
    file: "raft/node.ts",
    find: "if (extensions.checkQuorum && !hearsQuorum(step)) return stepDown(step);",
    replace: "",
    caughtBy: [
      checkQuorum("a leader that hears no quorum for an election timeout steps down in its term"),
    ],
  },
  {
    name: "a leader forgets that it is one of its quorum",
    id: "",
    file: "raft/node.ts",
    find: "return node === id || (",
    replace: "return (",
    caughtBy: [
      checkQuorum("a quorum that replies, refusals included, keeps a leader; less does not"),
    ],
  },
  {
    name: "who hears a leader votes for another one",
    id: "M17",
    file: "raft/pre-vote.ts",
    find: "return extensions.checkQuorum || isStranger(step, message.from);",
    replace: "return false;",
    caughtBy: [
      checkQuorum("who hears a leader neither votes nor takes over the newer term (end of §6)"),
    ],
  },
  {
    name: "the election that the leader has asked for is turned away",
    id: "",
    file: "raft/pre-vote.ts",
    find: "message.isTransfer === true || ",
    replace: "",
    caughtBy: [
      transfer(
        "who hears the leader votes all the same when the leader has asked for the election",
      ),
    ],
  },
  {
    name: "a transfer tells a peer to stand that lacks entries",
    id: "",
    file: "raft/transfer.ts",
    find: "  if (role.matchIndex.get(from) !== lastIndex(log)) return;\n",
    replace: "",
    caughtBy: [transfer("a peer that lags is told once it has acknowledged the last entry")],
  },
  {
    name: "a leader that hands over takes commands",
    id: "",
    file: "raft/replication.ts",
    find: 'role.kind !== "leader" || role.transfer !== null) {',
    replace: 'role.kind !== "leader") {',
    caughtBy: [transfer("meanwhile no command is taken, so that the log comes to an end")],
  },
  {
    name: "a transfer that came to nothing never ends",
    id: "",
    file: "raft/node.ts",
    find: '    if ((role.transfer?.deadline ?? step.now + 1) <= step.now) endTransfer(step, "timedOut");\n',
    replace: "",
    caughtBy: [
      transfer("after an election timeout the leader gives up, tells so and takes commands again"),
      seeds("endless"),
    ],
  },
  {
    name: "a TimeoutNow of an earlier term is obeyed",
    id: "",
    file: "raft/election.ts",
    find: 'request.term !== currentTerm || role.kind !== "follower"',
    replace: 'role.kind !== "follower"',
    caughtBy: [transfer("a TimeoutNow of an earlier term, or to who stands already, is too late")],
  },
];
