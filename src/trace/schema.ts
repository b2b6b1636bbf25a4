import * as v from "valibot";

// What events, and what they are made of, look like from outside, where nothing is sure. The codec
// compiles only while these and the types say the same, so that no kind of event is forgotten.

/** Terms, indices, ids and whatever else is counted: exact, and never below 0. */
const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Moments and lengths of time on the cluster's clock, which may stand between two milliseconds. */
export const millisSchema = v.pipe(v.number(), v.finite(), v.minValue(0));

export const messageIdSchema = countSchema;

const nodeIdSchema = v.string();
const actionIdSchema = v.string();
const termSchema = countSchema;
const indexSchema = countSchema;

const entrySchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("command"), term: termSchema, command: v.string() }),
  v.strictObject({ kind: v.literal("noOp"), term: termSchema }),
]);

const entriesSchema = v.pipe(v.array(entrySchema), v.readonly());

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
]);

export const answerSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("committed"), index: indexSchema, term: termSchema }),
  v.strictObject({ kind: v.literal("superseded"), index: indexSchema }),
  v.strictObject({ kind: v.literal("notLeader"), leaderId: v.nullable(nodeIdSchema) }),
]);

const link = { from: nodeIdSchema, to: nodeIdSchema };

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
]);

const file = v.string();

const failureSchema = v.variant("kind", [
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

const noticeSchema = v.variant("kind", [
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

const nodeIdsSchema = v.pipe(v.array(nodeIdSchema), v.readonly());

const configurationSchema = v.strictObject({
  voters: nodeIdsSchema,
  outgoing: nodeIdsSchema,
  learners: nodeIdsSchema,
});

const snapshotSchema = v.strictObject({
  index: indexSchema,
  term: termSchema,
  configuration: configurationSchema,
  data: v.string(),
});

const changeSchema = v.strictObject({
  vote: v.nullable(v.strictObject({ currentTerm: termSchema, votedFor: v.nullable(nodeIdSchema) })),
  log: v.nullable(v.strictObject({ from: indexSchema, entries: entriesSchema })),
  snapshot: v.exactOptional(v.strictObject({ snapshot: snapshotSchema, logStart: indexSchema })),
});

const timingSchema = v.strictObject({
  electionTimeoutMillis: v.strictObject({ min: millisSchema, max: millisSchema }),
  heartbeatMillis: millisSchema,
});

const extensionsSchema = v.strictObject({ preVote: v.boolean(), checkQuorum: v.boolean() });

const transferOutcomeSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("steppedDown"), to: nodeIdSchema }),
  v.strictObject({ kind: v.literal("timedOut"), to: nodeIdSchema }),
  v.strictObject({ kind: v.literal("replaced"), to: nodeIdSchema }),
  v.strictObject({ kind: v.literal("notLeader"), leaderId: v.nullable(nodeIdSchema) }),
  v.strictObject({ kind: v.literal("noPeer"), to: nodeIdSchema }),
]);

const requestSchema = v.strictObject({ id: actionIdSchema, command: v.string() });

const stamp = { seq: countSchema, time: millisSchema };
const atNode = { ...stamp, node: nodeIdSchema };
const atCluster = { ...stamp, node: v.null() };
const byAction = { action: actionIdSchema };
const perhapsByAction = { action: v.nullable(actionIdSchema) };

/** An event as it is stored: as a TraceEvent, but with a node's log as the list of its entries. */
export const storedEventSchema = v.variant(
  "kind",
  [
    v.strictObject({ kind: v.literal("received"), ...atNode, id: messageIdSchema }),
    v.strictObject({
      kind: v.literal("sent"),
      ...atNode,
      id: messageIdSchema,
      message: messageSchema,
      arrival: v.nullable(millisSchema),
    }),
    v.strictObject({ kind: v.literal("woke"), ...atNode }),
    v.strictObject({
      kind: v.literal("saving"),
      ...atNode,
      changes: v.pipe(v.array(changeSchema), v.readonly()),
    }),
    v.strictObject({
      kind: v.literal("saved"),
      ...atNode,
      currentTerm: termSchema,
      index: indexSchema,
      term: termSchema,
    }),
    v.strictObject({ kind: v.literal("committed"), ...atNode, index: indexSchema }),
    v.strictObject({
      kind: v.literal("appended"),
      ...atNode,
      first: indexSchema,
      entries: entriesSchema,
    }),
    v.strictObject({
      kind: v.literal("applied"),
      ...atNode,
      first: indexSchema,
      entries: entriesSchema,
    }),
    v.strictObject({
      kind: v.literal("requested"),
      ...atNode,
      requests: v.pipe(v.array(requestSchema), v.readonly()),
    }),
    v.strictObject({
      kind: v.literal("transferRequested"),
      ...atNode,
      to: nodeIdSchema,
      ...byAction,
    }),
    v.strictObject({
      kind: v.literal("transferEnded"),
      ...atNode,
      ...byAction,
      outcome: transferOutcomeSchema,
    }),
    v.strictObject({ kind: v.literal("answered"), ...atNode, ...byAction, answer: answerSchema }),
    v.strictObject({ kind: v.literal("unanswered"), ...atNode, ...byAction }),
    v.strictObject({ kind: v.literal("termChanged"), ...atNode, term: termSchema }),
    v.strictObject({
      kind: v.literal("voted"),
      ...atNode,
      candidate: nodeIdSchema,
      term: termSchema,
    }),
    v.strictObject({
      kind: v.literal("roleChanged"),
      ...atNode,
      role: v.picklist(["follower", "candidate", "leader"]),
      term: termSchema,
    }),
    v.strictObject({
      kind: v.literal("leaderKnown"),
      ...atNode,
      leaderId: v.nullable(nodeIdSchema),
    }),
    v.strictObject({ kind: v.literal("truncated"), ...atNode, from: indexSchema }),
    v.strictObject({
      kind: v.literal("started"),
      ...atNode,
      members: nodeIdsSchema,
      timing: timingSchema,
      extensions: v.exactOptional(extensionsSchema),
      seed: v.pipe(v.number(), v.safeInteger()),
      saved: v.strictObject({
        currentTerm: termSchema,
        votedFor: v.nullable(nodeIdSchema),
        log: entriesSchema,
        logStart: v.exactOptional(v.strictObject({ index: indexSchema, term: termSchema })),
        snapshot: v.exactOptional(snapshotSchema),
      }),
      ...perhapsByAction,
    }),
    v.strictObject({
      kind: v.literal("crashed"),
      ...atNode,
      unsaved: countSchema,
      ...perhapsByAction,
    }),
    v.strictObject({
      kind: v.literal("failed"),
      ...atNode,
      failure: failureSchema,
      ...perhapsByAction,
    }),
    v.strictObject({ kind: v.literal("noticed"), ...atNode, notice: noticeSchema }),
    v.strictObject({
      kind: v.literal("dropped"),
      ...atCluster,
      id: messageIdSchema,
      reason: v.picklist(["lost", "cut", "down", "disconnected"]),
    }),
    v.strictObject({
      kind: v.literal("duplicated"),
      ...atCluster,
      id: messageIdSchema,
      copy: messageIdSchema,
      arrival: millisSchema,
      replay: v.boolean(),
    }),
    v.strictObject({ kind: v.literal("linkCut"), ...atCluster, ...link, ...byAction }),
    v.strictObject({ kind: v.literal("linkHealed"), ...atCluster, ...link, ...byAction }),
    v.strictObject({ kind: v.literal("paused"), ...atCluster, ...byAction }),
    v.strictObject({ kind: v.literal("resumed"), ...atCluster, ...byAction }),
    v.strictObject({
      kind: v.literal("speedSet"),
      ...atCluster,
      speed: v.pipe(v.number(), v.finite(), v.minValue(0)),
      ...byAction,
    }),
    v.strictObject({
      kind: v.literal("refused"),
      ...atCluster,
      ...byAction,
      reason: refusalSchema,
    }),
  ],
  "no event that this version of Raft Lab knows",
);
