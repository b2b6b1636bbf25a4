import type {
  AccountDocument,
  Document,
  LogDocument,
  MembersDocument,
  StateDocument,
  StorageDocument,
} from "./documents.ts";
import { addressOf } from "./file-kind.ts";

/** The files of a folder by what they are, those of one node found by its name. */
export interface FolderView {
  readonly logs: readonly LogDocument[];
  readonly accounts: readonly AccountDocument[];
  readonly storages: readonly StorageDocument[];
  readonly states: readonly StateDocument[];
  readonly logOf: ReadonlyMap<string, LogDocument>;
  readonly storageOf: ReadonlyMap<string, StorageDocument>;
  readonly stateOf: ReadonlyMap<string, StateDocument>;
  /** The address of a node that goes by name in accounts, where that is known for sure. */
  readonly addresses: ReadonlyMap<string, string>;
  /** The name of the node with an address, where that is known for sure. */
  readonly names: ReadonlyMap<string, string>;
}

export function viewOf(documents: readonly Document[]): FolderView {
  const logs = documents.filter((each): each is LogDocument => each.kind === "log");
  const accounts = documents.filter((each): each is AccountDocument => each.kind === "account");
  const storages = documents.filter((each): each is StorageDocument => each.kind === "storage");
  const states = documents.filter((each): each is StateDocument => each.kind === "stateMachine");
  const members = documents.find((each): each is MembersDocument => each.kind === "members");
  const addresses = addressesIn(accounts, members);
  return {
    logs,
    accounts,
    storages,
    states,
    logOf: byNode(logs),
    storageOf: byNode(storages),
    stateOf: byNode(states),
    addresses,
    names: new Map([...addresses].map(([name, address]) => [address, name])),
  };
}

/** The address of the node whose file this is. */
export function addressOfFile({ node }: { readonly node: string }): string {
  return addressOf(node);
}

/** The log of a node that goes by name. */
export function logOfName(view: FolderView, name: string): LogDocument | undefined {
  const address = view.addresses.get(name);
  return view.logs.find((log) => addressOfFile(log) === address);
}

function byNode<T extends { readonly node: string }>(files: readonly T[]): ReadonlyMap<string, T> {
  return new Map(files.map((file) => [file.node, file]));
}

/**
 * Names and addresses of the same nodes. The cluster's own file says it; else an account does, once
 * its node has led, because the leader that a leader knows is itself. Two names for one address
 * contradict each other, and then neither is believed.
 */
function addressesIn(
  accounts: readonly AccountDocument[],
  members: MembersDocument | undefined,
): ReadonlyMap<string, string> {
  if (members !== undefined && members.addresses.size > 0) return members.addresses;
  const known = new Map<string, string>();
  for (const { node, facts } of accounts) {
    if (facts.address !== null) known.set(node, facts.address);
  }
  const counts = new Map<string, number>();
  for (const address of known.values()) counts.set(address, (counts.get(address) ?? 0) + 1);
  return new Map([...known].filter(([, address]) => counts.get(address) === 1));
}
