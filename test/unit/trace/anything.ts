import * as fc from "fast-check";
import { logOf, type Entry, type Message } from "../../../src/raft/index.ts";
import type { Answer, Failure, Notice, Refusal, TraceEvent } from "../../../src/trace/index.ts";
import { codePoint } from "../../support/code-point.ts";

// Generators of all that can happen. Each record has a member for every kind, or does not compile.

type Kinds<Union extends { readonly kind: string }> = {
  readonly [Kind in Union["kind"]]: fc.Arbitrary<Extract<Union, { kind: Kind }>>;
};

const text = fc.oneof(
  fc.string({ maxLength: 20, unit: codePoint }),
  fc.constantFrom("", "\ud800", "\u2028\n\r", '"\\', "__proto__"),
);
const count = fc.maxSafeNat();
const millis = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
const nodeId = fc.oneof(fc.constantFrom("n1", "n2", "n3"), text);
const nobody = fc.constant(null);
const perhaps = fc.option(text);
const nodeIds = fc.array(nodeId, { maxLength: 9 });
const configuration = record({ voters: nodeIds, outgoing: nodeIds, learners: nodeIds });
const entries: fc.Arbitrary<readonly Entry[]> = fc.array(
  fc.oneof(
    of("command", { term: count, command: text }),
    of("noOp", { term: count }),
    of("configuration", { term: count, configuration }),
  ),
  { maxLength: 40 },
);
const envelope = { from: nodeId, to: nodeId, term: count };
const link = { from: nodeId, to: nodeId };

const messages: Kinds<Message> = {
  RequestVote: of("RequestVote", { ...envelope, lastLogIndex: count, lastLogTerm: count }),
  PreVote: of("PreVote", { ...envelope, lastLogIndex: count, lastLogTerm: count }),
  PreVoteReply: of("PreVoteReply", { ...envelope, voteGranted: fc.boolean() }),
  TimeoutNow: of("TimeoutNow", envelope),
  RequestVoteReply: of("RequestVoteReply", { ...envelope, voteGranted: fc.boolean() }),
  AppendEntries: of("AppendEntries", {
    ...envelope,
    prevLogIndex: count,
    prevLogTerm: count,
    entries,
    leaderCommit: count,
  }),
  AppendEntriesReply: of("AppendEntriesReply", {
    ...envelope,
    outcome: fc.oneof(
      record({ success: fc.constant(true as const), matchIndex: count }),
      record({
        success: fc.constant(false as const),
        prevLogIndex: count,
        conflictTerm: fc.option(count),
        conflictIndex: count,
      }),
    ),
  }),
  InstallSnapshot: of("InstallSnapshot", {
    ...envelope,
    lastIncludedIndex: count,
    lastIncludedTerm: count,
    configuration,
    offset: count,
    data: text,
    done: fc.boolean(),
  }),
  InstallSnapshotReply: of("InstallSnapshotReply", {
    ...envelope,
    lastIncludedIndex: count,
    outcome: fc.oneof(only("installed"), of("wanted", { offset: count })),
  }),
  ReadIndex: of("ReadIndex", { ...envelope, id: text }),
  ReadIndexReply: of("ReadIndexReply", { ...envelope, id: text, index: fc.option(count) }),
};

const answers: Kinds<Answer> = {
  committed: of("committed", { index: count, term: count }),
  superseded: of("superseded", { index: count }),
  notLeader: of("notLeader", { leaderId: fc.option(nodeId) }),
  read: of("read", { index: count, value: fc.option(text) }),
  readRefused: of("readRefused", { leaderId: fc.option(nodeId) }),
};

const failures: Kinds<Failure> = {
  invariant: of("invariant", { claim: text }),
  disk: of("disk", { file: text, error: text }),
  damagedWal: of("damagedWal", { file: text, line: count }),
  unsupportedWal: of("unsupportedWal", { file: text, line: count }),
  foreignWal: of("foreignWal", { file: text, owner: text }),
  missingWal: of("missingWal", { file: text }),
  socket: of("socket", { address: text, error: text }),
  missingSnapshot: of("missingSnapshot", { file: text, index: count }),
  damagedSnapshot: of("damagedSnapshot", { file: text, line: count, index: count }),
};

const notices: Kinds<Notice> = {
  tailCut: of("tailCut", { file: text, bytes: count }),
  fileDiffers: of("fileDiffers", { file: text, keptAs: text }),
  fileCompleted: of("fileCompleted", { file: text }),
  imported: of("imported", { entries: count, term: count }),
  portMoved: of("portMoved", { address: text, port: count }),
  logFileBegins: of("logFileBegins", { file: text, after: count, keptAs: fc.option(text) }),
};

const refusals: Kinds<Refusal> = {
  unknownNode: of("unknownNode", { node: nodeId }),
  notRunning: of("notRunning", { node: nodeId }),
  alreadyRunning: of("alreadyRunning", { node: nodeId }),
  noLeader: only("noLeader"),
  tooLong: of("tooLong", { limit: count }),
  badCommand: only("badCommand"),
  alreadyPaused: only("alreadyPaused"),
  notPaused: only("notPaused"),
  badSpeed: of("badSpeed", { slowest: millis, fastest: millis }),
  linkIsCut: of("linkIsCut", link),
  linkIsWhole: of("linkIsWhole", link),
  stopped: only("stopped"),
  tooMany: of("tooMany", { limit: count }),
};

const vote = record({ currentTerm: count, votedFor: fc.option(nodeId) });
const piece = record({ from: count, entries });
const snapshot = record({ index: count, term: count, configuration, data: text });
const change = fc.oneof(
  record({ vote: fc.option(vote), log: fc.option(piece) }),
  record({
    vote: fc.option(vote),
    log: fc.option(piece),
    snapshot: record({ snapshot, logStart: count }),
  }),
);

const stamp = { seq: fc.constant(0), time: millis };
const atNode = { ...stamp, node: nodeId };
const atCluster = { ...stamp, node: nobody };

export const events: Kinds<TraceEvent> = {
  received: of("received", { ...atNode, id: count }),
  woke: of("woke", atNode),
  requested: of("requested", {
    ...atNode,
    requests: fc.array(record({ id: text, command: text })),
  }),
  readRequested: of("readRequested", {
    ...atNode,
    reads: fc.array(record({ id: text, name: fc.option(text) })),
  }),
  transferRequested: of("transferRequested", { ...atNode, to: nodeId, action: text }),
  transferEnded: of("transferEnded", {
    ...atNode,
    action: text,
    outcome: fc.oneof(
      of("steppedDown", { to: nodeId }),
      of("timedOut", { to: nodeId }),
      of("replaced", { to: nodeId }),
      of("noPeer", { to: nodeId }),
      of("notLeader", { leaderId: fc.option(nodeId) }),
    ),
  }),
  snapshotTaken: of("snapshotTaken", {
    ...atNode,
    index: count,
    data: text,
    keep: count,
    action: fc.option(text),
  }),
  compacted: of("compacted", { ...atNode, index: count, term: count, logStart: count }),
  restored: of("restored", { ...atNode, index: count }),
  membershipRequested: of("membershipRequested", {
    ...atNode,
    add: nodeIds,
    remove: nodeIds,
    as: fc.constantFrom("voters", "learners"),
    action: text,
  }),
  membershipEnded: of("membershipEnded", {
    ...atNode,
    action: text,
    outcome: fc.oneof(
      only("done"),
      only("steppedDown"),
      of("timedOut", { node: nodeId }),
      only("busy"),
      only("noVoters"),
      of("notLeader", { leaderId: fc.option(nodeId) }),
    ),
  }),
  configurationChanged: of("configurationChanged", { ...atNode, index: count, configuration }),
  nodeAdded: of("nodeAdded", {
    ...atCluster,
    member: nodeId,
    name: text,
    address: text,
    action: text,
  }),
  nodeRemoved: of("nodeRemoved", { ...atCluster, member: nodeId, action: fc.option(text) }),
  saved: of("saved", { ...atNode, currentTerm: count, index: count, term: count }),
  started: of("started", {
    ...atNode,
    members: fc.array(nodeId, { maxLength: 9 }),
    timing: record({
      electionTimeoutMillis: record({ min: millis, max: millis }),
      heartbeatMillis: millis,
    }),
    seed: fc.maxSafeInteger(),
    saved: record({
      currentTerm: count,
      votedFor: fc.option(nodeId),
      log: entries.map((list) => logOf(list)),
    }),
    action: perhaps,
  }),
  crashed: of("crashed", { ...atNode, unsaved: count, action: perhaps }),
  failed: of("failed", { ...atNode, failure: anyOf(failures), action: perhaps }),
  termChanged: of("termChanged", { ...atNode, term: count }),
  voted: of("voted", { ...atNode, candidate: nodeId, term: count }),
  roleChanged: of("roleChanged", {
    ...atNode,
    role: fc.constantFrom("follower", "candidate", "leader"),
    term: count,
  }),
  leaderKnown: of("leaderKnown", { ...atNode, leaderId: fc.option(nodeId) }),
  truncated: of("truncated", { ...atNode, from: count }),
  appended: of("appended", { ...atNode, first: count, entries }),
  committed: of("committed", { ...atNode, index: count }),
  saving: of("saving", { ...atNode, changes: fc.array(change, { maxLength: 3 }) }),
  sent: of("sent", {
    ...atNode,
    id: count,
    message: anyOf(messages),
    arrival: fc.option(millis),
  }),
  applied: of("applied", { ...atNode, first: count, entries }),
  answered: of("answered", { ...atNode, action: text, answer: anyOf(answers) }),
  unanswered: of("unanswered", { ...atNode, action: text }),
  noticed: of("noticed", { ...atNode, notice: anyOf(notices) }),
  dropped: of("dropped", {
    ...atCluster,
    id: count,
    reason: fc.constantFrom("lost", "cut", "down", "disconnected"),
  }),
  duplicated: of("duplicated", {
    ...atCluster,
    id: count,
    copy: count,
    arrival: millis,
    replay: fc.boolean(),
  }),
  linkCut: of("linkCut", { ...atCluster, ...link, action: text }),
  linkHealed: of("linkHealed", { ...atCluster, ...link, action: text }),
  paused: of("paused", { ...atCluster, action: text }),
  resumed: of("resumed", { ...atCluster, action: text }),
  speedSet: of("speedSet", { ...atCluster, speed: millis, action: text }),
  refused: of("refused", { ...atCluster, action: text, reason: anyOf(refusals) }),
};

type Model<Fields> = { readonly [Field in keyof Fields]: fc.Arbitrary<Fields[Field]> };

/** Ordinary objects, as all of ours are. */
export function record<Fields>(model: Model<Fields>): fc.Arbitrary<Fields> {
  return fc.record<Fields>(model, { noNullPrototype: true });
}

function of<const Kind extends string, Fields>(
  kind: Kind,
  model: Model<Fields>,
): fc.Arbitrary<{ kind: Kind } & Fields> {
  return record(model).map((fields) => ({ kind, ...fields }));
}

function only<const Kind extends string>(kind: Kind): fc.Arbitrary<{ kind: Kind }> {
  return fc.constant({ kind });
}

function anyOf<Union extends { readonly kind: string }>(kinds: Kinds<Union>): fc.Arbitrary<Union> {
  return fc.oneof(...Object.values<fc.Arbitrary<Union>>(kinds));
}
