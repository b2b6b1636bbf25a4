import { seeds, sentence, type Bug } from "./bug.ts";

// Changes of the membership (§6): what others got wrong in them.

const membership = (name: string) => sentence("raft/membership.test.ts", name);

export const membershipBugs: readonly Bug[] = [
  {
    name: "while two configurations are joint the new one alone decides",
    id: "",
    file: "raft/configuration.ts",
    find: "isMajority(voters, isCounted) && (outgoing.length === 0 || isMajority(outgoing, isCounted))",
    replace: "isMajority(voters, isCounted)",
    caughtBy: [
      membership("a candidate in a joint configuration needs a majority of each (§6)"),
      membership(
        "a joint configuration needs a majority of the old voters and one of the new (§6)",
      ),
    ],
  },
  {
    name: "while two configurations are joint entries commit by the new one alone",
    id: "",
    file: "raft/configuration.ts",
    find: "return outgoing.length === 0 ? held : Math.min(held, indexOfMajority(outgoing, indexOf));",
    replace: "return held;",
    caughtBy: [
      seeds("quorum-holds-committed"),
      membership(
        "while two configurations are joint an entry commits with a majority of each (§6)",
      ),
    ],
  },
  {
    name: "a configuration that is cut from the log goes on to count",
    id: "M62",
    file: "raft/configuration.ts",
    find: "return [...configurations.filter(({ index }) => index < from), ...added];",
    replace: "return [...configurations, ...added];",
    caughtBy: [
      membership(
        "a configuration counts from when it stands in the log, and goes with its entry (§6)",
      ),
    ],
  },
  {
    name: "the next configuration does not wait for the one before to be committed",
    id: "M61",
    file: "raft/membership.ts",
    find: "  if (!isNewestCommitted(step)) return;\n\n  if (isJoint(newest))",
    replace: "  if (isJoint(newest))",
    caughtBy: [
      membership("a new leader leaves a joint configuration that another has entered (§6)"),
    ],
  },
  {
    name: "the new configuration takes the place of the old in one step",
    id: "M61",
    file: "raft/membership.ts",
    find: "isSameVoters ? target : { ...target, outgoing: newest.voters }",
    replace: "target",
    caughtBy: [
      membership(
        "who is added learns first, then old and new count together, then the new alone (§6)",
      ),
    ],
  },
  {
    name: "a new leader leaves a joint configuration as it found it",
    id: "",
    file: "raft/membership.ts",
    find: "role.change === null && !isJoint(newest) && isVoter(newest, id)",
    replace: "role.change === null && isVoter(newest, id)",
    caughtBy: [
      membership("a new leader leaves a joint configuration that another has entered (§6)"),
    ],
  },
  {
    name: "a leader that has left the cluster leads on",
    id: "M64",
    file: "raft/membership.ts",
    find: "if (isNewestCommitted(step) && !isVoter(newestConfiguration(step.state), id)) leave(step);",
    replace: "",
    caughtBy: [
      membership(
        "a leader that is to go counts itself for nothing and goes once that is committed (§6)",
      ),
    ],
  },
  {
    name: "a newcomer votes before it has the log",
    id: "",
    file: "raft/membership.ts",
    find: "if (newcomers.some((node) => isBehind(step, role, node))) return;",
    replace: "",
    caughtBy: [
      membership(
        "a node that is far behind is no voter before it has nearly all (dissertation §4.2.1)",
      ),
    ],
  },
  {
    name: "two changes are under way at a time",
    id: "M61",
    file: "raft/membership.ts",
    find: "role.change !== null || role.transfer !== null || isUnderWay(step)",
    replace: "role.transfer !== null",
    caughtBy: [membership("only one change is under way at a time (§6)")],
  },
  {
    name: "a node outside its newest configuration never stands",
    id: "M65",
    file: "raft/configuration.ts",
    find: "return openConfigurations(state).some((configuration) => isVoter(configuration, state.id));",
    replace: "return isVoter(newestConfiguration(state), state.id);",
    caughtBy: [
      membership(
        "outside its newest configuration a node stands as long as that is not committed (dissertation §4.2.2)",
      ),
    ],
  },
  {
    name: "who has left deposes the leaders of the others",
    id: "",
    file: "raft/pre-vote.ts",
    find: "return extensions.checkQuorum || isStranger(step, message.from);",
    replace: "return extensions.checkQuorum;",
    caughtBy: [
      seeds("agreement"),
      membership("who has left and does not know deposes nobody that others hear (end of §6)"),
    ],
  },
  {
    name: "a node that has left is not told that it has",
    id: "",
    file: "raft/replication.ts",
    find: "  broadcast(step);\n  followPeers(step);",
    replace: "  followPeers(step);",
    caughtBy: [membership("who leaves is told that it is committed, and then sent nothing more")],
  },
  {
    name: "a node that starts again forgets the configurations in its log",
    id: "",
    file: "raft/configurations-at-start.ts",
    find: "return [{ index, configuration }, ...configurationsIn(index + 1, slice(log, index + 1))];",
    replace: "void log;\n  return [{ index, configuration }];",
    caughtBy: [membership("a node that starts again goes by the newest configuration in its log")],
  },
];
