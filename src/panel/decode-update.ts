import * as v from "valibot";
import type { PanelUpdate } from "./protocol.ts";

const text = v.string();
const number = v.number();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.readonly());
const orNull = <Item extends v.GenericSchema>(item: Item) => v.nullable(item);

const roleKind = v.picklist(["follower", "candidate", "leader"]);
const messageKind = v.picklist([
  "RequestVote",
  "RequestVoteReply",
  "AppendEntries",
  "AppendEntriesReply",
  "PreVote",
  "PreVoteReply",
  "TimeoutNow",
  "ReadIndex",
  "ReadIndexReply",
  "InstallSnapshot",
  "InstallSnapshotReply",
]);

const source = v.variant("kind", [
  v.object({ kind: v.literal("live"), paused: v.boolean() }),
  v.object({ kind: v.literal("stopped") }),
  v.object({ kind: v.literal("simulated"), seed: number }),
]);

const member = v.object({ id: text, name: text, shortName: text, address: text });

const timing = v.object({
  electionTimeoutMillis: v.object({ min: number, max: number }),
  heartbeatMillis: number,
});

const clock = v.object({
  position: v.picklist(["live", "past"]),
  time: number,
  seq: count,
  count,
  end: number,
  runs: v.boolean(),
  speed: number,
});

const node = v.object({
  id: text,
  life: v.picklist(["running", "crashed", "failed"]),
  failure: orNull(text),
  role: roleKind,
  leaderId: orNull(text),
  currentTerm: count,
  votedFor: orNull(text),
  lastLogIndex: count,
  lastLogTerm: count,
  savedIndex: count,
  commitIndex: count,
  lastApplied: count,
  electionDeadline: orNull(number),
  heartbeatDeadline: orNull(number),
  ballots: orNull(v.record(text, v.picklist(["granted", "refused", "none"]))),
  peers: orNull(v.record(text, v.object({ nextIndex: count, matchIndex: count }))),
  configuration: v.object({ voters: list(text), outgoing: list(text), learners: list(text) }),
});

const flight = v.object({
  id: count,
  kind: messageKind,
  from: text,
  to: text,
  term: count,
  success: orNull(v.boolean()),
  entries: count,
  label: text,
  sent: number,
  arrival: orNull(number),
  end: orNull(
    v.object({
      time: number,
      how: v.picklist(["received", "lost", "cut", "down", "disconnected"]),
    }),
  ),
});

const cutLinks = list(v.object({ from: text, to: text }));

const ledger = v.object({
  first: count,
  last: count,
  rows: v.record(text, list(count)),
  commands: list(text),
});

const termSpan = v.object({ term: count, from: number });
const stretch = v.object({
  from: number,
  what: v.picklist(["follower", "candidate", "leader", "down"]),
  term: count,
});
const mark = v.object({
  kind: v.picklist([
    "election",
    "leader",
    "crash",
    "restart",
    "submit",
    "commit",
    "cut",
    "heal",
    "violation",
  ]),
  time: number,
  seq: count,
  text,
});
const lanes = v.record(text, list(stretch));

const tape = v.object({
  start: number,
  end: number,
  terms: list(termSpan),
  marks: list(mark),
  lanes,
});
const tapeChange = v.object({
  start: number,
  end: number,
  terms: v.exactOptional(list(termSpan)),
  marks: v.exactOptional(list(mark)),
  lanes: v.exactOptional(lanes),
});

const eventLine = v.object({
  seq: count,
  time: number,
  icon: v.picklist([
    "crash",
    "start",
    "timeout",
    "vote",
    "leader",
    "send",
    "receive",
    "lost",
    "store",
    "commit",
    "apply",
    "client",
    "refuse",
    "cut",
    "clock",
    "term",
    "violation",
    "note",
  ]),
  text,
  section: text,
});

const finding = v.object({
  check: text,
  text,
  section: text,
  seq: count,
  because: list(v.object({ seq: count, text })),
});

const entry = v.object({ index: count, term: count, text });
const pair = v.pipe(v.tuple([text, text]), v.readonly());

const detail = v.variant("kind", [
  v.object({
    kind: v.literal("node"),
    node: text,
    entries: list(entry),
    earlier: count,
    state: list(pair),
  }),
  v.object({
    kind: v.literal("entry"),
    index: count,
    copies: list(
      v.object({
        node: text,
        entry: orNull(entry),
        isSaved: v.boolean(),
        isCommitted: v.boolean(),
        isApplied: v.boolean(),
      }),
    ),
    why: list(v.object({ text, section: text })),
  }),
  v.object({ kind: v.literal("message"), flight, fields: list(pair) }),
]);

const tour = v.object({
  stop: count,
  count,
  title: text,
  text: list(text),
  section: text,
  focus: orNull(v.picklist(["ring", "ledger", "tape"])),
  isEnd: v.boolean(),
});

const momentParts = {
  source,
  members: list(member),
  timing,
  clock,
  nodes: list(node),
  flights: list(flight),
  cutLinks,
  ledger,
  strands: list(flight),
  events: list(eventLine),
  findings: list(finding),
  detail: orNull(detail),
  tour: orNull(tour),
};

const picture = v.object({ ...momentParts, tape });

const change = v.object({
  source: v.exactOptional(source),
  members: v.exactOptional(list(member)),
  clock: v.exactOptional(clock),
  nodes: v.exactOptional(list(node)),
  flights: v.exactOptional(list(flight)),
  landed: v.exactOptional(list(count)),
  cutLinks: v.exactOptional(cutLinks),
  ledger: v.exactOptional(ledger),
  tape: v.exactOptional(tapeChange),
  events: v.exactOptional(list(eventLine)),
  findings: v.exactOptional(list(finding)),
  detail: v.exactOptional(orNull(detail)),
  tour: v.exactOptional(orNull(tour)),
});

const strings = v.record(text, text);

const update = v.variant("kind", [
  v.object({
    kind: v.literal("closed"),
    why: v.picklist(["noCluster", "starting", "stopping", "untrusted"]),
    strings,
  }),
  v.object({ kind: v.literal("opened"), picture, strings }),
  v.object({
    kind: v.literal("moved"),
    picture: v.object(momentParts),
    tape: v.exactOptional(tapeChange),
  }),
  v.object({ kind: v.literal("changed"), change }),
  v.object({ kind: v.literal("refused"), text }),
]);

/** What the host says; undefined if that is nothing we know. */
export function decodePanelUpdate(raw: unknown): PanelUpdate | undefined {
  const { success, output } = v.safeParse(update, raw);
  return success ? output : undefined;
}
