import type { Member } from "../cluster/index.ts";
import { entriesThatCount, type Moment } from "../exploration/index.ts";
import type { LedgerPicture } from "../panel/index.ts";
import { lastIndex, slice, type LogIndex } from "../raft/index.ts";
import { entryText, shortened } from "./panel-texts.ts";

/** Which part of the logs a panel has room for. */
export interface LedgerWindow {
  /** Null follows the end of the longest log. */
  readonly first: LogIndex | null;
  readonly columns: number;
}

const commandLength = 40;

export function ledgerPicture(
  moment: Moment,
  members: readonly Member[],
  { first: wanted, columns }: LedgerWindow,
): LedgerPicture {
  const logs = members.map(({ id }) => [id, moment.view.nodes.get(id)?.log] as const);
  const last = Math.max(0, ...logs.map(([, log]) => (log === undefined ? 0 : lastIndex(log))));
  const first = Math.max(1, wanted === null ? last - columns + 1 : Math.min(wanted, last));
  const to = Math.min(last, first + columns - 1);
  const rows = logs.map(([id, log]) => {
    const entries = log === undefined ? [] : slice(log, first, to);
    return [id, entries.map(({ term }) => term)] as const;
  });
  const entryOf = entriesThatCount(moment);
  const commands = Array.from({ length: Math.max(0, to - first + 1) }, (_, at) => {
    const entry = entryOf(first + at);
    return entry === undefined ? "" : shortened(entryText(entry), commandLength);
  });
  return { first, last, rows: Object.fromEntries(rows), commands };
}
