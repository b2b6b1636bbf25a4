import {
  isJoint,
  lastIndex,
  leaderOf,
  sameEntry,
  sameNodes,
  slice,
  unreachable,
  type NodeId,
  type PlacedConfiguration,
  type RaftState,
} from "../raft/index.ts";
import { sameTerms, shownLog, shownNodes } from "./shown.ts";
import type { Committed, Count, Expectation, Nodes, ReadResult } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** Something that is so or not, at each moment. */
export interface Claim {
  holds(): boolean;
  /** What is so instead, once it does not hold. */
  instead(): string;
}

/** What is expected, of the nodes as they are chosen now. */
export function claimOf(expectation: Expectation, stage: Stage): Claim {
  switch (expectation.kind) {
    case "leader":
      return leads(stage, expectation.among);
    case "noLeader": {
      const holds = (): boolean => stage.leader() === undefined;
      return { holds, instead: () => `${stage.leader() ?? "nobody"} leads` };
    }
    case "voters":
      return voters(stage, expectation.are);
    case "role": {
      const isSo = (state: RaftState): boolean => state.role.kind === expectation.role;
      return everyNode(stage, expectation.on, isSo);
    }
    case "log": {
      const isSo = ({ log }: RaftState): boolean => sameTerms(log, expectation.terms);
      return everyNode(stage, expectation.on, isSo);
    }
    case "entries": {
      const { which, comparison, amount, on } = expectation;
      const isSo = ({ log }: RaftState): boolean => {
        const count = which === "kept" ? log.length : log.start;
        return comparison === "<=" ? count <= amount : count >= amount;
      };
      return everyNode(stage, on, isSo);
    }
    case "same":
      return expectation.what === "logs"
        ? allAlike(stage, expectation.on, sameLog)
        : allAlike(stage, expectation.on, (one, other) => one.currentTerm === other.currentTerm);
    case "applied":
      return applied(stage, expectation.commands, expectation.on);
    case "committed":
      return committed(stage, expectation.what, expectation.on);
    case "uncommitted":
      return uncommitted(stage, expectation);
    case "total":
      return total(stage, expectation);
    case "read":
      return read(stage, expectation.what, expectation.on);
    default:
      return unreachable(expectation);
  }
}

function leads(stage: Stage, among: Nodes | null): Claim {
  const nodes = among === null ? stage.of("connected") : stage.choose(among);
  const holds = (): boolean => {
    const states = nodes.flatMap((id) => stage.stateOf(id) ?? []);
    const leader = states.find(({ role }) => role.kind === "leader");
    if (leader === undefined) return false;
    return states.every(
      (state) => state.currentTerm === leader.currentTerm && leaderOf(state) === leader.id,
    );
  };
  return { holds, instead: () => shownNodes(stage, nodes) };
}

function voters(stage: Stage, are: Nodes): Claim {
  const wanted = stage.choose(are);
  const newest = (): PlacedConfiguration | undefined => {
    return stage.stateOf(stage.leader() ?? "")?.configurations.at(-1);
  };
  return {
    holds: () => {
      const placed = newest();
      const commitIndex = stage.stateOf(stage.leader() ?? "")?.commitIndex ?? 0;
      if (placed === undefined || placed.index > commitIndex) return false;
      const { configuration } = placed;
      return !isJoint(configuration) && sameNodes(configuration.voters, wanted);
    },
    instead: () => {
      const configuration = newest()?.configuration;
      if (configuration === undefined) return "nobody leads";
      const old = isJoint(configuration) ? ` with ${configuration.outgoing.join(", ")}` : "";
      return `the voters are ${configuration.voters.join(", ")}${old}`;
    },
  };
}

/** Nodes that are down are nothing at all. */
function everyNode(stage: Stage, on: Nodes, isSo: (state: RaftState) => boolean): Claim {
  const nodes = stage.choose(on);
  const isSoAt = (id: NodeId): boolean => {
    const state = stage.stateOf(id);
    return state !== undefined && isSo(state);
  };
  return {
    holds: () => nodes.length > 0 && nodes.every(isSoAt),
    instead: () =>
      shownNodes(
        stage,
        nodes.filter((id) => !isSoAt(id)),
      ),
  };
}

function allAlike(
  stage: Stage,
  on: Nodes,
  areAlike: (one: RaftState, other: RaftState) => boolean,
): Claim {
  const nodes = stage.choose(on);
  const holds = (): boolean => {
    const first = stage.stateOf(nodes[0] ?? "");
    return nodes.every((id) => {
      const state = stage.stateOf(id);
      return first !== undefined && state !== undefined && areAlike(first, state);
    });
  };
  return { holds, instead: () => shownNodes(stage, nodes) };
}

function sameLog({ log: one }: RaftState, { log: other }: RaftState): boolean {
  if (one === other) return true;
  if (lastIndex(one) !== lastIndex(other)) return false;
  const others = slice(other, 1);
  return slice(one, 1).every((entry, at) => {
    const beside = others[at];
    return beside !== undefined && sameEntry(entry, beside);
  });
}

function applied(stage: Stage, commands: readonly string[], on: Nodes): Claim {
  const nodes = stage.choose(on);
  const isSoAt = (id: NodeId): boolean => {
    const found = stage.witness.appliedAt(id);
    return found.length === commands.length && found.every((each, at) => each === commands[at]);
  };
  const instead = (): string => {
    const wrong = nodes.filter((id) => !isSoAt(id));
    return wrong
      .map((id) => `${id} has applied ${shownLog(stage.witness.appliedAt(id))}`)
      .join("; ");
  };
  return { holds: () => nodes.length > 0 && nodes.every(isSoAt), instead };
}

function read(stage: Stage, what: ReadResult, on: Nodes): Claim {
  const nodes = stage.choose(on);
  const isSoAt = (id: NodeId): boolean => {
    const newest = stage.readAt(id);
    if (newest === undefined) return false;
    const { name, fate } = newest;
    if (what.kind === "nothing") return fate?.kind !== "read";
    if (what.kind === "refused") return fate?.kind === "readRefused";
    return fate?.kind === "read" && name === what.name && fate.value === what.value;
  };
  return {
    holds: () => nodes.length > 0 && nodes.every(isSoAt),
    instead: () => nodes.map((id) => `${id} ${shownRead(stage, id)}`).join("; "),
  };
}

function shownRead(stage: Stage, id: NodeId): string {
  const newest = stage.readAt(id);
  if (newest === undefined) return "was not asked to read";
  const { name, fate } = newest;
  if (fate === undefined) return `has not answered what ${name} is`;
  if (fate.kind !== "read") return `did not answer what ${name} is: ${fate.kind}`;
  return `answered that ${name} is ${fate.value ?? "not set"}, as of entry ${fate.index}`;
}

function committed(stage: Stage, what: Committed, on: Count): Claim {
  const wanted = on === "all" ? stage.members.length : on;
  const { witness } = stage;
  if (what.kind === "index") {
    const holders = (): readonly NodeId[] =>
      stage.members.filter((id) => witness.commitIndexOf(id) >= what.index);
    const instead = (): string => `it is so on ${shownLog(holders())}`;
    return { holds: () => holders().length >= wanted, instead };
  }
  const commands = what.kind === "commands" ? what.commands : [...witness.acknowledged];
  const isOn = (command: string): number =>
    stage.members.filter((id) => witness.hasApplied(id, command)).length;
  const instead = (): string => {
    if (commands.length === 0) return "nothing was acknowledged";
    const missing = commands.filter((command) => isOn(command) < wanted);
    const [first = ""] = missing;
    return `${missing.length} of ${commands.length} are not; ${first} is on ${isOn(first)} nodes`;
  };
  // That nothing was acknowledged is no proof of anything.
  const holds = (): boolean =>
    commands.length > 0 && commands.every((command) => isOn(command) >= wanted);
  return { holds, instead };
}

function uncommitted(
  { witness }: Stage,
  { what }: Extract<Expectation, { kind: "uncommitted" }>,
): Claim {
  if (what.kind === "index") {
    const holds = (): boolean => witness.highestCommit < what.index;
    return { holds, instead: () => `index ${witness.highestCommit} was committed` };
  }
  const found = (): readonly string[] => what.commands.filter((each) => witness.wasCommitted(each));
  return { holds: () => found().length === 0, instead: () => `${shownLog(found())} was committed` };
}

function total({ witness }: Stage, expectation: Extract<Expectation, { kind: "total" }>): Claim {
  const { of, comparison, amount } = expectation;
  const holds = (): boolean =>
    comparison === "<=" ? witness[of] <= amount : witness[of] >= amount;
  return { holds, instead: () => `there were ${witness[of]}` };
}
