import type { FlightPicture, NodePicture, Picture } from "../../../src/panel/protocol.ts";

/** A follower of term 1 that holds nothing. */
export function node(id: string, more: Partial<NodePicture> = {}): NodePicture {
  return {
    id,
    life: "running",
    failure: null,
    role: "follower",
    leaderId: null,
    currentTerm: 1,
    votedFor: null,
    lastLogIndex: 0,
    lastLogTerm: 0,
    savedIndex: 0,
    commitIndex: 0,
    lastApplied: 0,
    electionDeadline: 1000,
    heartbeatDeadline: null,
    ballots: null,
    peers: null,
    configuration: { voters: [], outgoing: [], learners: [] },
    ...more,
  };
}

/** A node whose log ends at `last`, with everything up to `commitIndex` applied. */
export function holding(
  id: string,
  last: number,
  commitIndex: number,
  more: Partial<NodePicture> = {},
): NodePicture {
  const log = { lastLogIndex: last, lastLogTerm: 1, savedIndex: last };
  return node(id, { ...log, commitIndex, lastApplied: commitIndex, ...more });
}

/** A heartbeat from n1 to n2, sent at 0, due at 100. */
export function flight(id: number, more: Partial<FlightPicture> = {}): FlightPicture {
  return {
    id,
    kind: "AppendEntries",
    from: "n1",
    to: "n2",
    term: 1,
    success: null,
    entries: 0,
    label: "heartbeat",
    sent: 0,
    arrival: 100,
    end: null,
    ...more,
  };
}

export function picture(nodes: readonly NodePicture[], more: Partial<Picture> = {}): Picture {
  return {
    source: { kind: "live", paused: false },
    members: nodes.map(({ id }, at) => ({
      id,
      name: id.replace("n", "node"),
      shortName: id,
      address: `127.0.0.1:${8000 + at}`,
    })),
    timing: { electionTimeoutMillis: { min: 500, max: 1000 }, heartbeatMillis: 100 },
    clock: { position: "live", time: 0, seq: 1, count: 1, end: 0, runs: true, speed: 1 },
    nodes,
    flights: [],
    cutLinks: [],
    ledger: { first: 1, last: 0, rows: {}, commands: [] },
    tape: { start: 0, end: 0, terms: [], marks: [], lanes: {} },
    strands: [],
    events: [],
    findings: [],
    detail: null,
    tour: null,
    ...more,
  };
}
