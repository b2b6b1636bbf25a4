import type { LogIndex, NodeId, Term } from "./units.ts";

/** Who takes part, and as what (§6). */
export interface Configuration {
  /** Whose votes count, and whose disks. */
  readonly voters: readonly NodeId[];
  /**
   * The voters of the old configuration while it is joint with the new one: a majority of each is
   * then needed. Empty in any other.
   */
  readonly outgoing: readonly NodeId[];
  /** Who is sent the log and counts for nothing (dissertation §4.2.1). */
  readonly learners: readonly NodeId[];
}

/** A configuration, and the entry that brought it: 0 for that with which a node began. */
export interface PlacedConfiguration {
  readonly index: LogIndex;
  readonly configuration: Configuration;
}

/** An entry of the log, as far as this file is concerned. */
interface MaybeConfiguration {
  readonly term: Term;
  readonly configuration?: Configuration;
}

interface Placed {
  readonly configurations: readonly PlacedConfiguration[];
}

/** With these and no others a cluster begins. A node that is to join one begins with none. */
export function simpleConfiguration(voters: readonly NodeId[]): Configuration {
  return { voters, outgoing: [], learners: [] };
}

export function isJoint({ outgoing }: Configuration): boolean {
  return outgoing.length > 0;
}

/** Whose votes count, in the old configuration or the new. */
export function isVoter({ voters, outgoing }: Configuration, node: NodeId): boolean {
  return voters.includes(node) || outgoing.includes(node);
}

/** Everyone who is sent the log, each once. */
export function membersIn({ voters, outgoing, learners }: Configuration): readonly NodeId[] {
  if (outgoing.length === 0 && learners.length === 0) return voters;
  return [...new Set([...voters, ...outgoing, ...learners])];
}

/**
 * Whether those who are counted make up a quorum: a majority of the voters, and while two
 * configurations are joint one of each (§6). Without voters there is none.
 */
export function isQuorum(
  { voters, outgoing }: Configuration,
  isCounted: (node: NodeId) => boolean,
): boolean {
  return (
    isMajority(voters, isCounted) && (outgoing.length === 0 || isMajority(outgoing, isCounted))
  );
}

function isMajority(voters: readonly NodeId[], isCounted: (node: NodeId) => boolean): boolean {
  let counted = 0;
  for (const node of voters) if (isCounted(node)) counted++;
  return counted * 2 > voters.length;
}

/** The highest index that a quorum holds. */
export function indexOfQuorum(
  { voters, outgoing }: Configuration,
  indexOf: (node: NodeId) => LogIndex,
): LogIndex {
  const held = indexOfMajority(voters, indexOf);
  return outgoing.length === 0 ? held : Math.min(held, indexOfMajority(outgoing, indexOf));
}

function indexOfMajority(voters: readonly NodeId[], indexOf: (node: NodeId) => LogIndex): LogIndex {
  const indices = voters.map(indexOf).toSorted((a, b) => b - a);
  return indices[Math.floor(voters.length / 2)] ?? 0;
}

export function sameConfiguration(one: Configuration, other: Configuration): boolean {
  return (
    sameNodes(one.voters, other.voters) &&
    sameNodes(one.outgoing, other.outgoing) &&
    sameNodes(one.learners, other.learners)
  );
}

export function sameNodes(some: readonly NodeId[], others: readonly NodeId[]): boolean {
  return some.length === others.length && some.every((node) => others.includes(node));
}

/** §6: a node uses the newest configuration in its log, whether it is committed or not. */
export function newestConfiguration({ configurations }: Placed): Configuration {
  return configurations.at(-1)?.configuration ?? simpleConfiguration([]);
}

/** The configuration of all entries up to `index`, which is not before the newest committed one. */
export function configurationAt(state: Placed, index: LogIndex): Configuration {
  const placed = state.configurations.findLast((each) => each.index <= index);
  return placed?.configuration ?? simpleConfiguration([]);
}

/** What is left of `configurations` when `entries` stand at `from`, in place of all from there on. */
export function configurationsWith(
  configurations: readonly PlacedConfiguration[],
  from: LogIndex,
  entries: readonly MaybeConfiguration[],
): readonly PlacedConfiguration[] {
  const added = configurationsIn(from, entries);
  const isKept = (configurations.at(-1)?.index ?? 0) < from;
  if (isKept && added.length === 0) return configurations;
  return [...configurations.filter(({ index }) => index < from), ...added];
}

export function configurationsIn(
  first: LogIndex,
  entries: readonly MaybeConfiguration[],
): readonly PlacedConfiguration[] {
  const found: PlacedConfiguration[] = [];
  for (const [offset, entry] of entries.entries()) {
    const { configuration } = entry;
    if (configuration !== undefined) found.push({ index: first + offset, configuration });
  }
  return found;
}

/** Those that no committed one has taken the place of: any of them may yet be the one that counts. */
export function openConfigurations({
  configurations,
  commitIndex,
}: Placed & { readonly commitIndex: LogIndex }): readonly Configuration[] {
  const newest = configurations.findLastIndex(({ index }) => index <= commitIndex);
  return configurations.slice(Math.max(newest, 0)).map(({ configuration }) => configuration);
}

/**
 * Whether a node may stand for election: also when it is outside its newest configuration, as long
 * as that is not committed, for its vote and its log may be needed for it (dissertation §4.2.2).
 */
export function mayStand(
  state: Placed & { readonly id: NodeId; readonly commitIndex: LogIndex },
): boolean {
  return openConfigurations(state).some((configuration) => isVoter(configuration, state.id));
}
