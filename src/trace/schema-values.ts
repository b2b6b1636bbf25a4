import * as v from "valibot";

// What events are made of, as it looks from outside, where nothing is sure. The codec compiles only
// while these and the types say the same, so that nothing is forgotten.

/** Terms, indices, ids and whatever else is counted: exact, and never below 0. */
export const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Moments and lengths of time on the cluster's clock, which may stand between two milliseconds. */
export const millisSchema = v.pipe(v.number(), v.finite(), v.minValue(0));

export const messageIdSchema = countSchema;

export const nodeIdSchema = v.string();
export const actionIdSchema = v.string();
export const termSchema = countSchema;
export const indexSchema = countSchema;

export const nodeIdsSchema = v.pipe(v.array(nodeIdSchema), v.readonly());

export const configurationSchema = v.strictObject({
  voters: nodeIdsSchema,
  outgoing: nodeIdsSchema,
  learners: nodeIdsSchema,
});

const entrySchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("command"), term: termSchema, command: v.string() }),
  v.strictObject({ kind: v.literal("noOp"), term: termSchema }),
  v.strictObject({
    kind: v.literal("configuration"),
    term: termSchema,
    configuration: configurationSchema,
  }),
]);

export const entriesSchema = v.pipe(v.array(entrySchema), v.readonly());

const envelope = { from: nodeIdSchema, to: nodeIdSchema, term: termSchema };

/** The RPCs of Figure 2 and of the dissertation. */
export const messageSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("AppendEntries"),
    ...envelope,
    prevLogIndex: indexSchema,
    prevLogTerm: termSchema,
    entries: entriesSchema,
    leaderCommit: indexSchema,
    round: v.exactOptional(countSchema),
  }),
  v.strictObject({
    kind: v.literal("AppendEntriesReply"),
    ...envelope,
    outcome: v.variant("success", [
      v.strictObject({ success: v.literal(true), matchIndex: indexSchema }),
      v.strictObject({
        success: v.literal(false),
        prevLogIndex: indexSchema,
        conflictTerm: v.nullable(termSchema),
        conflictIndex: indexSchema,
      }),
    ]),
    round: v.exactOptional(countSchema),
  }),
  v.strictObject({
    kind: v.literal("RequestVote"),
    ...envelope,
    lastLogIndex: indexSchema,
    lastLogTerm: termSchema,
    isTransfer: v.exactOptional(v.literal(true)),
  }),
  v.strictObject({ kind: v.literal("RequestVoteReply"), ...envelope, voteGranted: v.boolean() }),
  v.strictObject({
    kind: v.literal("PreVote"),
    ...envelope,
    lastLogIndex: indexSchema,
    lastLogTerm: termSchema,
  }),
  v.strictObject({ kind: v.literal("PreVoteReply"), ...envelope, voteGranted: v.boolean() }),
  v.strictObject({ kind: v.literal("TimeoutNow"), ...envelope }),
  v.strictObject({
    kind: v.literal("InstallSnapshot"),
    ...envelope,
    lastIncludedIndex: indexSchema,
    lastIncludedTerm: termSchema,
    configuration: configurationSchema,
    offset: countSchema,
    data: v.string(),
    done: v.boolean(),
    round: v.exactOptional(countSchema),
  }),
  v.strictObject({
    kind: v.literal("InstallSnapshotReply"),
    ...envelope,
    lastIncludedIndex: indexSchema,
    outcome: v.variant("kind", [
      v.strictObject({ kind: v.literal("installed") }),
      v.strictObject({ kind: v.literal("wanted"), offset: countSchema }),
    ]),
    round: v.exactOptional(countSchema),
  }),
  v.strictObject({ kind: v.literal("ReadIndex"), ...envelope, id: actionIdSchema }),
  v.strictObject({
    kind: v.literal("ReadIndexReply"),
    ...envelope,
    id: actionIdSchema,
    index: v.nullable(indexSchema),
  }),
]);

export const answerSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("committed"), index: indexSchema, term: termSchema }),
  v.strictObject({ kind: v.literal("superseded"), index: indexSchema }),
  v.strictObject({ kind: v.literal("notLeader"), leaderId: v.nullable(nodeIdSchema) }),
  v.strictObject({
    kind: v.literal("read"),
    index: indexSchema,
    value: v.nullable(v.string()),
  }),
  v.strictObject({ kind: v.literal("readRefused"), leaderId: v.nullable(nodeIdSchema) }),
]);

export const link = { from: nodeIdSchema, to: nodeIdSchema };

export const refusalSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("unknownNode"), node: nodeIdSchema }),
  v.strictObject({ kind: v.literal("notRunning"), node: nodeIdSchema }),
  v.strictObject({ kind: v.literal("alreadyRunning"), node: nodeIdSchema }),
  v.strictObject({ kind: v.literal("noLeader") }),
  v.strictObject({ kind: v.literal("tooLong"), limit: countSchema }),
  v.strictObject({ kind: v.literal("badCommand") }),
  v.strictObject({ kind: v.literal("alreadyPaused") }),
  v.strictObject({ kind: v.literal("notPaused") }),
  v.strictObject({ kind: v.literal("badSpeed"), slowest: millisSchema, fastest: millisSchema }),
  v.strictObject({ kind: v.literal("linkIsCut"), ...link }),
  v.strictObject({ kind: v.literal("linkIsWhole"), ...link }),
  v.strictObject({ kind: v.literal("stopped") }),
  v.strictObject({ kind: v.literal("tooMany"), limit: countSchema }),
]);

const file = v.string();

export const failureSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("invariant"), claim: v.string() }),
  v.strictObject({ kind: v.literal("disk"), file, error: v.string() }),
  v.strictObject({ kind: v.literal("damagedWal"), file, line: countSchema }),
  v.strictObject({ kind: v.literal("unsupportedWal"), file, line: countSchema }),
  v.strictObject({ kind: v.literal("foreignWal"), file, owner: v.string() }),
  v.strictObject({ kind: v.literal("missingWal"), file }),
  v.strictObject({ kind: v.literal("socket"), address: v.string(), error: v.string() }),
  v.strictObject({ kind: v.literal("missingSnapshot"), file, index: indexSchema }),
  v.strictObject({
    kind: v.literal("damagedSnapshot"),
    file,
    line: countSchema,
    index: indexSchema,
  }),
]);

export const noticeSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("tailCut"), file, bytes: countSchema }),
  v.strictObject({ kind: v.literal("fileDiffers"), file, keptAs: v.string() }),
  v.strictObject({ kind: v.literal("fileCompleted"), file }),
  v.strictObject({ kind: v.literal("imported"), entries: countSchema, term: termSchema }),
  v.strictObject({ kind: v.literal("portMoved"), address: v.string(), port: countSchema }),
  v.strictObject({
    kind: v.literal("logFileBegins"),
    file,
    after: indexSchema,
    keptAs: v.nullable(v.string()),
  }),
]);

export const snapshotSchema = v.strictObject({
  index: indexSchema,
  term: termSchema,
  configuration: configurationSchema,
  data: v.string(),
});

export const changeSchema = v.strictObject({
  vote: v.nullable(v.strictObject({ currentTerm: termSchema, votedFor: v.nullable(nodeIdSchema) })),
  log: v.nullable(v.strictObject({ from: indexSchema, entries: entriesSchema })),
  snapshot: v.exactOptional(v.strictObject({ snapshot: snapshotSchema, logStart: indexSchema })),
});

export const timingSchema = v.strictObject({
  electionTimeoutMillis: v.strictObject({ min: millisSchema, max: millisSchema }),
  heartbeatMillis: millisSchema,
});

export const extensionsSchema = v.strictObject({
  preVote: v.boolean(),
  checkQuorum: v.boolean(),
  lease: v.exactOptional(
    v.strictObject({ clockDrift: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
  ),
});

export const transferOutcomeSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("steppedDown"), to: nodeIdSchema }),
  v.strictObject({ kind: v.literal("timedOut"), to: nodeIdSchema }),
  v.strictObject({ kind: v.literal("replaced"), to: nodeIdSchema }),
  v.strictObject({ kind: v.literal("notLeader"), leaderId: v.nullable(nodeIdSchema) }),
  v.strictObject({ kind: v.literal("noPeer"), to: nodeIdSchema }),
]);

export const membershipOutcomeSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("done") }),
  v.strictObject({ kind: v.literal("steppedDown") }),
  v.strictObject({ kind: v.literal("timedOut"), node: nodeIdSchema }),
  v.strictObject({ kind: v.literal("busy") }),
  v.strictObject({ kind: v.literal("noVoters") }),
  v.strictObject({ kind: v.literal("notLeader"), leaderId: v.nullable(nodeIdSchema) }),
]);

export const requestSchema = v.strictObject({ id: actionIdSchema, command: v.string() });

export const readSchema = v.strictObject({ id: actionIdSchema, name: v.nullable(v.string()) });
