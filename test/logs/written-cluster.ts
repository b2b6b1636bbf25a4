import { StateMachine, type Member } from "../../src/cluster/index.ts";
import {
  append,
  emptyLog,
  entryAt,
  lastIndex,
  slice,
  truncateFrom,
  type Change,
  type Entry,
  type Log,
  type LogIndex,
  type NodeId,
  type Persistent,
} from "../../src/raft/index.ts";
import { Account } from "../../src/runtime/account.ts";
import { clusterFileName, fileStem } from "../../src/runtime/cluster-file.ts";
import { logLine, storageText } from "../../src/runtime/raftos-format.ts";
import type { NodeEvent, TraceEvent } from "../../src/trace/index.ts";

/** What a folder holds: the text of each file by its name. */
export type Files = ReadonlyMap<string, string>;

/**
 * The files that a live cluster would have, of a cluster that is only simulated: the trace says
 * when each change was durable, and files follow what is durable.
 */
export class WrittenCluster {
  readonly #nodes = new Map<NodeId, WrittenNode>();
  #members: readonly Member[] = [];

  take(event: TraceEvent): void {
    if (event.node === null) return;
    if (event.kind === "started" && this.#members.length === 0) this.#settle(event.members);
    this.#nodes.get(event.node)?.take(event);
  }

  /** The folder as it is now. */
  files(): Files {
    const own = { version: 1, cluster: "simulated", members: this.#members };
    return new Map([
      [clusterFileName, `${JSON.stringify(own, undefined, 2)}\n`],
      ...[...this.#nodes.values()].flatMap((node) => node.files()),
    ]);
  }

  #settle(ids: readonly NodeId[]): void {
    this.#members = ids.map((id, at) => {
      return { id, name: `node${at + 1}`, address: `127.0.0.1:${8000 + at}` };
    });
    for (const member of this.#members) {
      this.#nodes.set(member.id, new WrittenNode(member, this.#members));
    }
  }
}

class WrittenNode {
  readonly #member: Member;
  readonly #addresses: ReadonlyMap<NodeId, string>;
  readonly #account: Account;
  readonly #told: string[] = [];
  readonly #state = new StateFile();
  #disk: Persistent = { currentTerm: 0, votedFor: null, log: emptyLog };
  /** Handed to the disk, which is not done with them. */
  #saving: (readonly Change[])[] = [];

  constructor(member: Member, members: readonly Member[]) {
    this.#member = member;
    this.#addresses = new Map(members.map(({ id, address }) => [id, address]));
    this.#account = new Account(member.id, members);
  }

  take(event: NodeEvent): void {
    this.#told.push(this.#account.lines(event, new Date(begin + event.time)));
    switch (event.kind) {
      case "started":
        this.#saving = [];
        this.#disk = event.saved;
        this.#state.start(event.saved.log);
        return;
      case "saving":
        this.#saving.push(event.changes);
        return;
      case "saved":
        for (const change of this.#saving.shift() ?? []) this.#save(change);
        return;
      case "applied":
        this.#state.apply(event.entries);
        return;
      default:
        return;
    }
  }

  files(): readonly (readonly [name: string, text: string])[] {
    const stem = fileStem(this.#member);
    const { currentTerm: term, votedFor, log } = this.#disk;
    const vote = votedFor === null ? null : (this.#addresses.get(votedFor) ?? votedFor);
    const state = this.#state.text;
    return [
      [`${stem}.log`, slice(log, 1).map(logLine).join("")],
      [`${stem}.storage`, storageText({ term, votedFor: vote })],
      ...(state === null ? [] : [[`${stem}.state_machine`, state] as const]),
      [`${this.#member.name}.log`, this.#told.join("")],
    ];
  }

  #save({ vote, log }: Change): void {
    if (vote !== null) this.#disk = { ...this.#disk, ...vote };
    if (log === null) return;
    const kept = truncateFrom(this.#disk.log, log.from);
    this.#disk = { ...this.#disk, log: append(kept, log.entries) };
    this.#state.truncate(log.from);
  }
}

/** When the cluster was started, by the clock on the wall; any time will do. */
const begin = Date.UTC(2026, 10, 25, 9);

/**
 * The `.state_machine` as `RaftosStateFile` keeps it: after a start it stays what it is until the
 * node has applied what it holds, and it is put aside if no first entries of the log come to it.
 */
class StateFile {
  /** Null if there is no file. */
  text: string | null = null;
  #machine = new StateMachine();
  #lastApplied: LogIndex = 0;
  #heldIndex: LogIndex = 0;
  #isDue = false;

  start(log: Log): void {
    this.#machine = new StateMachine();
    this.#lastApplied = 0;
    this.#isDue = false;
    const held = this.text === null ? 0 : lastHeld(this.text, log);
    if (held === undefined) this.text = null;
    this.#heldIndex = held ?? 0;
  }

  truncate(from: LogIndex): void {
    if (from > this.#heldIndex) return;
    this.#heldIndex = 0;
    this.#isDue = this.#machine.values.size > 0;
  }

  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#lastApplied++;
      if (entry.kind !== "command") continue;
      this.#machine.apply(entry.command);
      this.#isDue ||= this.#lastApplied > this.#heldIndex;
    }
    if (!this.#isDue) return;
    this.#isDue = false;
    this.text = this.#machine.text();
  }
}

/** The last command with which the log comes to this state; undefined if it never does. */
function lastHeld(text: string, log: Log): LogIndex | undefined {
  const machine = new StateMachine();
  let held: LogIndex | undefined;
  for (let index = 1; index <= lastIndex(log); index++) {
    const entry = entryAt(log, index);
    if (entry?.kind !== "command") continue;
    machine.apply(entry.command);
    if (machine.text() === text) held = index;
  }
  return held;
}
