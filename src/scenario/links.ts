import type { NodeId } from "../raft/index.ts";

/** A link in one direction. */
export interface Link {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** Who cannot be heard by whom, for which of three reasons; each comes and goes by itself. */
export class Links {
  readonly #members: () => readonly NodeId[];
  readonly #isolated = new Set<NodeId>();
  #side: ReadonlySet<NodeId> = new Set();
  #cut: readonly Link[] = [];

  constructor(members: () => readonly NodeId[]) {
    this.#members = members;
  }

  isIsolated(id: NodeId): boolean {
    return this.#isolated.has(id);
  }

  isolate(nodes: readonly NodeId[]): void {
    for (const node of nodes) this.#isolated.add(node);
  }

  rejoin(nodes: readonly NodeId[]): void {
    for (const node of nodes) this.#isolated.delete(node);
  }

  /** These on one side, all others on the other. */
  partition(nodes: readonly NodeId[]): void {
    this.#side = new Set(nodes);
  }

  cut(from: readonly NodeId[], to: readonly NodeId[]): void {
    this.#cut = [...this.#cut, ...pairs(from, to)];
  }

  heal(): void {
    this.#isolated.clear();
    this.#side = new Set();
    this.#cut = [];
  }

  /** All links that there are, and whether each is cut. */
  all(): readonly (Link & { readonly isCut: boolean })[] {
    const members = this.#members();
    return pairs(members, members).map((link) => ({
      ...link,
      isCut: this.#isCut(link),
    }));
  }

  #isCut({ from, to }: Link): boolean {
    if (this.#isolated.has(from) || this.#isolated.has(to)) return true;
    if (this.#side.has(from) !== this.#side.has(to)) return true;
    return this.#cut.some((cut) => cut.from === from && cut.to === to);
  }
}

function pairs(froms: readonly NodeId[], tos: readonly NodeId[]): readonly Link[] {
  return froms.flatMap((from) => tos.filter((to) => to !== from).map((to): Link => ({ from, to })));
}
