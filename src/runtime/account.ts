import { nameOf, visible, type Member } from "../cluster/index.ts";
import {
  unreachable,
  type LogIndex,
  type Message,
  type NodeId,
  type Role,
  type TransferOutcome,
  type MembershipRequest,
  type MembershipOutcome,
  type Configuration,
  lastIndex,
} from "../raft/index.ts";
import type { ClientRead, ClientRequest, Failure, NodeEvent, Notice } from "../trace/index.ts";

/**
 * What a node tells of itself, one line for each thing that happened to it:
 *
 *     2026-11-25 12:20:31.250 | term 3 | follower  | LEADER => 127.0.0.1:8001
 *
 * The words after the last bar are those of the lab where the lab has some: `LEADER => ADDRESS`
 * at every change of what the node believes, `LEADER IS NOW NODE 2` when it becomes leader,
 * `done writing NAME` when an entry that it was given is committed. Heartbeats are not told.
 */
export class Account {
  readonly #self: NodeId;
  readonly #members: Map<NodeId, Member>;
  readonly #commands = new Map<string, string>();
  readonly #reads = new Map<string, string>();
  /** How far each peer was sent entries: what is sent to it once more is no news. */
  readonly #toldUpTo = new Map<NodeId, LogIndex>();
  #term = 0;
  #role: Role["kind"] = "follower";

  constructor(self: NodeId, members: readonly Member[]) {
    this.#self = self;
    this.#members = new Map(members.map((member) => [member.id, member]));
  }

  /** A node belongs to the cluster that did not when this began. */
  know(member: Member): void {
    this.#members.set(member.id, member);
  }

  /** The lines of one event; `time` is when it happened, by the user's own clock. */
  lines(event: NodeEvent, time: Date): string {
    if (event.kind === "started") {
      this.#term = event.saved.currentTerm;
      this.#role = "follower";
      this.#commands.clear();
      this.#reads.clear();
    }
    if (event.kind === "termChanged") this.#term = event.term;
    if (event.kind === "roleChanged") {
      this.#role = event.role;
      this.#toldUpTo.clear();
    }
    if (event.kind === "failed") this.#role = "follower";
    const head = `${localTime(time)} | term ${this.#term} | ${this.#role.padEnd(9)} | `;
    return this.#sentences(event)
      .map((sentence) => `${head}${sentence}\n`)
      .join("");
  }

  #sentences(event: NodeEvent): readonly string[] {
    switch (event.kind) {
      case "started":
        return [`started with ${counted(lastIndex(event.saved.log))}`, "LEADER => None"];
      case "crashed":
        return ["crashed"];
      case "failed":
        return [`stopped: ${failureText(event.failure)}`];
      case "termChanged":
        return [];
      case "voted":
        return [`votes for ${this.#nameOrSelf(event.candidate)}`];
      case "roleChanged":
        return event.role === "leader"
          ? [`LEADER IS NOW NODE ${this.#name(this.#self).replace(/^node(?=\d)/, "")}`]
          : [`becomes ${event.role}`];
      case "leaderKnown":
        return [`LEADER => ${this.#address(event.leaderId)}`];
      case "truncated":
        return [`drops its entries from ${event.from} on`];
      case "appended":
        return [`stores ${span(event.first, event.entries.length)}`];
      case "committed":
        return [`knows to be committed: all up to ${event.index}`];
      case "requested":
        return this.#requested(event.requests);
      case "readRequested":
        return this.#readRequested(event.reads);
      case "answered":
        return [this.#answered(event.action, event)];
      case "transferRequested":
        return [`is asked to hand its leadership over to ${this.#name(event.to)}`];
      case "transferEnded":
        return this.#transferEnded(event.outcome);
      case "unanswered":
        return [this.#unanswered(event.action)];
      case "sent":
        return this.#sent(event.message);
      case "noticed":
        return [noticeText(event.notice)];
      case "compacted":
        return [`has a snapshot up to ${event.index}; its log begins after ${event.logStart}`];
      case "restored":
        return [`goes on from the snapshot up to ${event.index}`];
      case "membershipRequested":
        return [this.#membershipRequested(event)];
      case "membershipEnded":
        return this.#membershipEnded(event.outcome);
      case "configurationChanged":
        return [`goes by the configuration at ${event.index}: ${this.#configuration(event)}`];
      // A message is told by what comes of it, and that something is saved or applied is no news.
      case "received":
      case "woke":
      case "saving":
      case "saved":
      case "applied":
      case "snapshotTaken":
        return [];
      default:
        return unreachable(event);
    }
  }

  #requested(requests: readonly ClientRequest[]): readonly string[] {
    return requests.map(({ id, command }) => {
      const name = nameOf(command);
      this.#commands.set(id, name);
      return `is asked to write ${name}`;
    });
  }

  #readRequested(reads: readonly ClientRead[]): readonly string[] {
    return reads.map(({ id, name }) => {
      const what = name === null ? "all values" : visible(name);
      this.#reads.set(id, what);
      return `is asked to read ${what}`;
    });
  }

  #unanswered(id: string): string {
    if (this.#reads.has(id)) return `leaves unanswered: reading ${this.#takenRead(id)}`;
    return `leaves unanswered: writing ${this.#taken(id)}`;
  }

  /** What an action wanted to read, which is forgotten: it is answered once. */
  #takenRead(action: string): string {
    const what = this.#reads.get(action) ?? "a value";
    this.#reads.delete(action);
    return what;
  }

  #answered(id: string, { answer }: Extract<NodeEvent, { kind: "answered" }>): string {
    switch (answer.kind) {
      case "committed":
        return `done writing ${this.#taken(id)}`;
      case "superseded":
        return `not written: ${this.#taken(id)}; another leader's entry ${answer.index} stands in its place`;
      case "notLeader":
        return `not written: ${this.#taken(id)}; the leader is ${this.#address(answer.leaderId)}`;
      case "read":
        return `done reading ${this.#takenRead(id)}, as of entry ${answer.index}`;
      case "readRefused":
        return `not read: ${this.#takenRead(id)}; the leader is ${this.#address(answer.leaderId)}`;
      default:
        return unreachable(answer);
    }
  }

  /** The name in the command of an action, which is forgotten: it is answered once. */
  #taken(action: string): string {
    const name = this.#commands.get(action) ?? "an entry";
    this.#commands.delete(action);
    return name;
  }

  #transferEnded(outcome: TransferOutcome): readonly string[] {
    switch (outcome.kind) {
      case "steppedDown":
        return []; // The newer term is told by who stands in it.
      case "timedOut":
        return [`goes on as leader: ${this.#name(outcome.to)} did not stand for election`];
      case "replaced":
        return [`hands over to another node than ${this.#name(outcome.to)}`];
      case "notLeader":
        return [`cannot hand over: the leader is ${this.#address(outcome.leaderId)}`];
      case "noPeer":
        return [`cannot hand over to ${this.#name(outcome.to)}`];
      default:
        return unreachable(outcome);
    }
  }

  #membershipRequested({ add, remove, as }: MembershipRequest): string {
    if (add.length === 0) return `is asked to do without ${this.#names(remove)}`;
    return `is asked to take in ${this.#names(add)}${as === "learners" ? ", to learn only" : ""}`;
  }

  #membershipEnded(outcome: MembershipOutcome): readonly string[] {
    switch (outcome.kind) {
      case "done":
        return ["knows the new configuration to be committed"];
      case "steppedDown":
        return []; // The newer term is told by who stands in it.
      case "timedOut":
        return [`leaves ${this.#name(outcome.node)} out again: nothing was heard of it`];
      case "busy":
        return ["cannot change the members: another change is under way"];
      case "noVoters":
        return ["cannot change the members: nobody would be left to vote"];
      case "notLeader":
        return [`cannot change the members: the leader is ${this.#address(outcome.leaderId)}`];
      default:
        return unreachable(outcome);
    }
  }

  #configuration({ configuration }: { readonly configuration: Configuration }): string {
    const { voters, outgoing, learners } = configuration;
    const old = outgoing.length === 0 ? "" : `${this.#names(outgoing)}, together with `;
    const learning = learners.length === 0 ? "" : `; ${this.#names(learners)} only learn`;
    return `${old}${this.#names(voters)}${learning}`;
  }

  #names(ids: readonly NodeId[]): string {
    return ids.map((id) => this.#name(id)).join(", ");
  }

  #sent(message: Message): readonly string[] {
    const peer = this.#name(message.to);
    switch (message.kind) {
      case "RequestVote":
        return [`asks ${peer} for its vote`];
      case "RequestVoteReply":
        return message.voteGranted ? [] : [`refuses ${peer} its vote`];
      case "PreVote":
        return [`asks ${peer} whether it would get its vote`];
      case "PreVoteReply":
        return [`${message.voteGranted ? "would" : "would not"} vote for ${peer}`];
      case "TimeoutNow":
        return [`tells ${peer} to stand for election now`];
      case "InstallSnapshot":
        return message.offset === 0
          ? [`sends ${peer} its snapshot up to ${message.lastIncludedIndex}`]
          : [];
      case "InstallSnapshotReply":
        return message.outcome.kind === "installed"
          ? [`tells ${peer} that it has the snapshot up to ${message.lastIncludedIndex}`]
          : [];
      case "ReadIndex":
        return [`asks ${peer} how far it must be to read`];
      case "ReadIndexReply":
        return message.index === null
          ? [`cannot tell ${peer} how far it must be to read`]
          : [`tells ${peer} that it may read once it is at ${message.index}`];
      case "AppendEntries": {
        const { entries, prevLogIndex } = message;
        const last = prevLogIndex + entries.length;
        if (entries.length === 0 || last <= (this.#toldUpTo.get(message.to) ?? 0)) return [];
        this.#toldUpTo.set(message.to, last);
        return [`sends ${peer} ${span(prevLogIndex + 1, entries.length)}`];
      }
      case "AppendEntriesReply":
        return message.outcome.success
          ? []
          : [`tells ${peer} that its log does not agree at ${message.outcome.prevLogIndex}`];
      default:
        return unreachable(message);
    }
  }

  #nameOrSelf(id: NodeId): string {
    return id === this.#self ? "itself" : this.#name(id);
  }

  #name(id: NodeId): string {
    return this.#members.get(id)?.name ?? id;
  }

  #address(id: NodeId | null): string {
    return id === null ? "None" : (this.#members.get(id)?.address ?? id);
  }
}

/** Year to millisecond, in the time zone of the machine, so that lines sort by their time. */
function localTime(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().replace("T", " ").replace("Z", "");
}

function counted(entries: number): string {
  return entries === 1 ? "1 entry" : `${entries} entries`;
}

function span(first: number, count: number): string {
  return count === 1 ? `entry ${first}` : `entries ${first} to ${first + count - 1}`;
}

function failureText(failure: Failure): string {
  switch (failure.kind) {
    case "invariant":
      return `it contradicts itself (${failure.claim})`;
    case "disk":
      return `${failure.file} could not be written (${failure.error})`;
    case "damagedWal":
      return `${failure.file} is damaged at line ${failure.line}, before its end`;
    case "unsupportedWal":
      return `${failure.file} was written by another version, see its line ${failure.line}`;
    case "foreignWal":
      return `${failure.file} belongs to ${failure.owner}`;
    case "missingWal":
      return `${failure.file} is gone, so it may have forgotten a vote`;
    case "socket":
      return `no socket could be opened on ${failure.address} (${failure.error})`;
    case "missingSnapshot":
      return `${failure.file} is gone, which stood for all up to ${failure.index}`;
    case "damagedSnapshot":
      return `${failure.file} is damaged at line ${failure.line}, and stood for all up to ${failure.index}`;
    default:
      return unreachable(failure);
  }
}

function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case "tailCut":
      return `cut ${notice.bytes} bytes off the end of ${notice.file}, torn by a crash`;
    case "fileDiffers":
      return `${notice.file} was not as written; that version is kept as ${notice.keptAs}`;
    case "fileCompleted":
      return `completed ${notice.file}, which lagged behind`;
    case "imported":
      return `read ${counted(notice.entries)} from the files of raftos`;
    case "portMoved":
      return `${notice.address} is in use by another program; listens on port ${notice.port}`;
    case "logFileBegins": {
      const kept =
        notice.keptAs === null ? "" : `; what it held before is kept as ${notice.keptAs}`;
      return `${notice.file} begins after entry ${notice.after}${kept}`;
    }
    default:
      return unreachable(notice);
  }
}
