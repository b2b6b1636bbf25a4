import type { LogDocument } from "./documents.ts";
import type { Judgement } from "./judgement.ts";
import { entryOf } from "./log-shape.ts";

/**
 * How an entry stands, as far as the files tell:
 *
 * - `committed`: known to be;
 * - `stale`: another entry of that index is known to be committed, so this one will be replaced;
 * - `conflict`: another log holds another entry there, and either may stay. The newer term need not
 *   be the one that does (Figure 8);
 * - `uncommitted`: none of these, though something is known of what is committed;
 * - `unknown`: nothing is.
 */
export type Standing = "committed" | "stale" | "conflict" | "uncommitted" | "unknown";

export function standingOf(log: LogDocument, index: number, judgement: Judgement): Standing {
  const { commitment, differences } = judgement;
  if ((commitment.known.get(log)?.index ?? 0) >= index) return "committed";
  const difference = differences.get(index);
  if (difference !== undefined && entryOf(log.shape, index) !== undefined) {
    const others = difference.versions.filter((version) => !version.logs.includes(log));
    const isBeaten = others.some(({ logs }) =>
      logs.some((other) => (commitment.known.get(other)?.index ?? 0) >= index),
    );
    return isBeaten ? "stale" : "conflict";
  }
  return commitment.witnesses.length > 0 ? "uncommitted" : "unknown";
}
