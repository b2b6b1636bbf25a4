import { logWithSnapshot, termAt, type LogIndex, type Persistent } from "../raft/index.ts";
import type { BadSnapshot, ReadSnapshot } from "./snapshot-file.ts";

/** What a wal and the snapshot beside it come to. */
export interface Joined {
  readonly kind: "joined";
  readonly saved: Persistent;
  /** The snapshot has taken the place of the whole log, which the wal does not say yet. */
  readonly isRestarted: boolean;
}

/** The wal begins after the entry `index`, and there is no snapshot that stands for it. */
export type UnusableSnapshot =
  | { readonly kind: "missingSnapshot"; readonly index: LogIndex }
  | { readonly kind: "badSnapshot"; readonly index: LogIndex; readonly found: BadSnapshot };

/**
 * What a node has saved, by its wal and its snapshot.
 *
 * The snapshot is written first, so it may be the newer one, but never the older. Without one, the
 * entries that are gone from the wal are gone altogether. As long as none are, the wal says all,
 * and nothing rests on what the other file holds.
 */
export function joined(saved: Persistent, found: ReadSnapshot): Joined | UnusableSnapshot {
  const { log } = saved;
  if (found.kind !== "snapshot") {
    if (log.start === 0) return { kind: "joined", saved, isRestarted: false };
    const index = log.start;
    if (found.kind === "missing") return { kind: "missingSnapshot", index };
    return { kind: "badSnapshot", index, found };
  }
  const { snapshot } = found;
  const { index, term } = snapshot;
  if (index < log.start) return { kind: "missingSnapshot", index: log.start };
  // Two entries of one index, both committed, and a term that the node never was in: these two
  // files were not written by one node in one life of its folder.
  const isOther = (index === log.start && term !== log.startTerm) || term > saved.currentTerm;
  if (isOther)
    return { kind: "badSnapshot", index: log.start, found: { kind: "damaged", line: 1 } };
  const whole = logWithSnapshot(log, { snapshot, logStart: log.start });
  const isRestarted = termAt(log, index) !== term;
  return { kind: "joined", saved: { ...saved, snapshot, log: whole }, isRestarted };
}
