import { basename, dirname, join } from "node:path";
import type { Member } from "../cluster/index.ts";
import { fileStem } from "./cluster-file.ts";

/** The files of one node, as absolute paths. */
export interface NodePaths {
  /** What it tells of itself. */
  readonly account: string;
  /** The truth. */
  readonly wal: string;
  /** What stands for the entries that are gone from the wal; there may be none. */
  readonly snapshot: string;
  // Written from the wal, in raftos's formats.
  readonly log: string;
  readonly storage: string;
  readonly stateMachine: string;
}

export function pathsOf(folder: string, member: Member): NodePaths {
  const stem = join(folder, fileStem(member));
  return {
    account: join(folder, `${member.name}.log`),
    wal: `${stem}.wal`,
    snapshot: snapshotBeside(`${stem}.wal`),
    log: `${stem}.log`,
    storage: `${stem}.storage`,
    stateMachine: `${stem}.state_machine`,
  };
}

/** Where the snapshot is that belongs to a wal. */
export function snapshotBeside(wal: string): string {
  return join(dirname(wal), `${basename(wal, ".wal")}.snapshot`);
}
