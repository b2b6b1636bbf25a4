import { createRequire, Module } from "node:module";
import type { Contender, Handing } from "./contender.ts";

// What of @coaty/consensus.raft is used here, with the names it gives.

interface Entry {
  readonly data: unknown;
}
interface Message {
  readonly to: string;
}
interface HardState {
  isEmptyHardState(): boolean;
}
interface Ready {
  readonly hardState: HardState;
  readonly entries: Entry[];
  readonly committedEntries: readonly Entry[];
  readonly messages: readonly Message[];
}
interface RawNode {
  readonly raft: { readonly state: number };
  campaign(): Error | null;
  propose(data: string): Error | null;
  step(message: Message): Error | null;
  hasReady(): boolean;
  ready(): Ready;
  advance(ready: Ready): void;
}
interface Storage {
  SetHardState(state: HardState): Error | null;
  Append(entries: Entry[]): Error | null;
  ApplySnapshot(snapshot: unknown): Error | null;
}
interface Library {
  readonly RawNode: { NewRawNode(config: unknown): RawNode };
  readonly MemoryStorage: { NewMemoryStorage(): Storage };
  readonly RaftConfig: new (about: Readonly<Record<string, unknown>>) => unknown;
  readonly StateType: { readonly StateLeader: number };
  readonly Entry: new (about: { readonly data: string }) => Entry;
  readonly Message: new (about: Readonly<Record<string, unknown>>) => Message;
  readonly MessageType: { readonly MsgProp: number };
  readonly Snapshot: new (about: unknown) => unknown;
  readonly SnapshotMetadata: new (about: unknown) => unknown;
  readonly ConfState: new (about: unknown) => unknown;
}

interface Host {
  readonly node: RawNode;
  readonly storage: Storage;
  readonly inbox: Message[];
  readonly applied: string[];
}

const members = ["1", "2", "3"];

/** The settings of its own RaftController, which are also those its node is started with. */
const settings = {
  electionTick: 10,
  heartbeatTick: 1,
  maxSizePerMsg: 1024 * 1024,
  maxCommittedSizePerReady: 1000,
  maxUncommittedEntriesSize: 2 ** 30,
  maxInflightMsgs: 256,
  preVote: true,
  checkQuorum: true,
};

/** The port of etcd/raft in @coaty/consensus.raft: its RawNode and its MemoryStorage. */
export function coaty(handing: Handing): Contender {
  const library = load();
  const hosts = new Map(members.map((id) => [id, open(library, id)]));
  const leader = hosts.get("1");
  if (leader === undefined) throw new Error("there is no 1");

  /** The loop of its documents: save, send, apply, advance. */
  function handle(host: Host): void {
    while (host.node.hasReady()) {
      const ready = host.node.ready();
      if (!ready.hardState.isEmptyHardState()) must(host.storage.SetHardState(ready.hardState));
      if (ready.entries.length > 0) must(host.storage.Append(ready.entries));
      for (const message of ready.messages) hosts.get(message.to)?.inbox.push(message);
      for (const { data } of ready.committedEntries) {
        if (typeof data === "string") host.applied.push(data);
      }
      host.node.advance(ready);
    }
  }
  /** All that has come for a node is one Ready, which is the fastest way to drive it. */
  function deliver(): void {
    let isQuiet = false;
    while (!isQuiet) {
      isQuiet = true;
      for (const host of hosts.values()) {
        if (host.inbox.length === 0 && !host.node.hasReady()) continue;
        isQuiet = false;
        for (const message of host.inbox.splice(0)) must(host.node.step(message));
        handle(host);
      }
    }
  }

  must(leader.node.campaign());
  deliver();
  if (leader.node.raft.state !== library.StateType.StateLeader) throw new Error("1 does not lead");
  return {
    get answered() {
      return leader.applied.length;
    },
    applied: [...hosts.values()].map(({ applied }) => applied),
    propose(commands) {
      if (handing === "apart") {
        for (const command of commands) must(leader.node.propose(command));
        return;
      }
      const entries = commands.map((data) => new library.Entry({ data }));
      const type = library.MessageType.MsgProp;
      must(leader.node.step(new library.Message({ type, from: "1", entries })));
    },
    work: deliver,
    settle: deliver,
  };
}

function open(library: Library, id: string): Host {
  const { ConfState, MemoryStorage, RaftConfig, Snapshot, SnapshotMetadata } = library;
  const storage = MemoryStorage.NewMemoryStorage();
  const confState = new ConfState({ voters: members });
  const metadata = new SnapshotMetadata({ confState, index: 1, term: 1 });
  must(storage.ApplySnapshot(new Snapshot({ metadata })));
  const config = new RaftConfig({ ...settings, id, storage, applied: 1 });
  return { node: library.RawNode.NewRawNode(config), storage, inbox: [], applied: [] };
}

let loaded: Library | undefined;

function load(): Library {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  // Its files ask for sqlite3, which its core does not use and which is installed without scripts,
  // so without its binary. An empty module stands in for it.
  const unused = new Module(require.resolve("sqlite3"));
  unused.loaded = true;
  require.cache[unused.id] = unused;
  const files = ["rawnode", "storage", "raft", "raftpb/raft.pb"];
  const parts: object[] = files.map((file) => require(`@coaty/consensus.raft/ported/${file}`));
  const library: Library = Object.assign({}, ...parts);
  loaded = library;
  return library;
}

function must(error: Error | null): void {
  if (error !== null) throw error;
}
