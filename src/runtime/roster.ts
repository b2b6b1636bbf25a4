import { nextMember, type Member } from "../cluster/index.ts";
import type { NodeId } from "../raft/index.ts";
import { writeClusterFile, type ClusterFile } from "./cluster-file.ts";

/** Who belongs to a live cluster, who ever did, and the file that says so. */
export class Roster {
  readonly #folder: string;
  readonly #cluster: string;
  readonly founders: readonly NodeId[];
  #members: readonly Member[];
  #departed: readonly Member[];
  #departing: readonly NodeId[];
  /** Those of whom the file does not know yet: a start of the cluster would be one without them. */
  readonly #arriving = new Set<NodeId>();
  /** The last writing of the file. */
  #written: Promise<unknown> = Promise.resolve();

  constructor(folder: string, { cluster, members, founders, departed, departing }: ClusterFile) {
    this.#folder = folder;
    this.#cluster = cluster;
    this.founders = founders;
    this.#members = members;
    this.#departed = departed;
    this.#departing = departing;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** All that there ever were. */
  get known(): readonly Member[] {
    return [...this.#members, ...this.#departed];
  }

  /** Members that are to go, which may have come about or not. */
  get departing(): readonly NodeId[] {
    return this.#departing;
  }

  isMember(node: NodeId): boolean {
    return this.#members.some(({ id }) => id === node);
  }

  /** Where a node is or was: what raftos's files call it. */
  readonly addressOf = (node: NodeId): string =>
    this.known.find(({ id }) => id === node)?.address ?? node;

  /** Takes in the next node, of which the file says nothing until `enrol`. */
  add(): Member {
    const member = nextMember(this.known);
    this.#arriving.add(member.id);
    this.#members = [...this.#members, member];
    return member;
  }

  /** Resolves when the file says that the node belongs to the cluster. */
  async enrol(node: NodeId): Promise<void> {
    this.#arriving.delete(node);
    await this.#write();
  }

  /** Resolves when the file says that the node is to go. */
  async depart(node: NodeId): Promise<void> {
    this.#departing = [...this.#departing.filter((id) => id !== node), node];
    await this.#write();
  }

  /** Resolves when the file does not say so any more. */
  async stay(node: NodeId): Promise<void> {
    this.#departing = this.#departing.filter((id) => id !== node);
    await this.#write();
  }

  /** Resolves when the file says that the node has left. It is none of the members at once. */
  async remove(node: NodeId): Promise<void> {
    const gone = this.#members.filter(({ id }) => id === node);
    this.#members = this.#members.filter(({ id }) => id !== node);
    // Nobody may be called like it again: others may still take the new one for it.
    this.#departed = [...this.#departed, ...gone];
    this.#departing = this.#departing.filter((id) => id !== node);
    await this.#write();
  }

  /** One after the other, each with what is true when its turn comes. */
  #write(): Promise<void> {
    const written = this.#written.then(async () => {
      await writeClusterFile(this.#folder, {
        cluster: this.#cluster,
        members: this.#members.filter(({ id }) => !this.#arriving.has(id)),
        founders: this.founders,
        departed: this.#departed,
        departing: this.#departing,
      });
    });
    this.#written = written.catch(() => undefined);
    return written;
  }
}
