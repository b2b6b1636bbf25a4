/**
 * A process that saves the changes of one node for ever, snapshots among them, its own and those of
 * a leader. Prints what is durable after each save. It is made to be killed: see kill.test.ts.
 */
import { writeSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { StateMachine } from "../../../src/cluster/index.ts";
import { lastIndex, nothingSaved, type Change, type Snapshot } from "../../../src/raft/index.ts";
import { openNodeFiles } from "../../../src/runtime/node-files.ts";
import { pathsOf } from "../../../src/runtime/node-paths.ts";
import { WalFile } from "../../../src/runtime/wal-file.ts";
import { entryOf, member, owner } from "./snapshot-life.ts";

const [folder = ""] = process.argv.slice(2);
const { wal } = pathsOf(folder, member);
if ((await lstat(wal).catch(() => undefined)) === undefined) {
  await WalFile.create(wal, owner, nothingSaved);
}
const fileFailed = (_node: string, file: string, error: unknown): never => {
  throw new Error(file, { cause: error });
};
const opened = await openNodeFiles(
  member,
  { folder, cluster: owner.cluster, addressOf: () => member.address, fileFailed },
  () => {},
);
if (opened.kind === "failed") throw new Error(JSON.stringify(opened.failure));
const { files } = opened;

const machine = new StateMachine();
let applied = files.saved.snapshot?.index ?? 0;
if (files.saved.snapshot !== undefined) machine.restore(files.saved.snapshot.data);
let last = lastIndex(files.saved.log);
let taken = applied;

async function save(changes: readonly Change[]): Promise<void> {
  await files.save(changes);
  writeSync(1, `${last} ${taken}\n`);
}

function apply(upTo: number): void {
  for (; applied < upTo; applied++) {
    const { command } = entryOf(applied + 1);
    machine.apply(command);
    files.apply([entryOf(applied + 1)]);
  }
}

function snapshot(): Snapshot {
  taken = applied;
  const configuration = { voters: [member.id], outgoing: [], learners: [] };
  return { index: applied, term: 1, configuration, data: machine.snapshot() };
}

await save([{ vote: { currentTerm: 1, votedFor: null }, log: null }]);
for (let round = 1; ; round++) {
  const from = last + 1;
  const entries = Array.from({ length: 1 + (round % 5) }, (_, i) => entryOf(from + i));
  last += entries.length;
  await save([{ vote: null, log: { from, entries } }]);
  apply(last);
  if (round % 7 === 0) {
    const own = { snapshot: snapshot(), logStart: Math.max(last - 3, 1) };
    await save([{ vote: null, log: null, snapshot: own }]);
  }
  if (round % 31 === 0) {
    // What a leader sends to a node that lacks twenty entries.
    for (; applied < last + 20; applied++) machine.apply(entryOf(applied + 1).command);
    last = applied;
    const installed = { snapshot: snapshot(), logStart: last };
    await save([{ vote: null, log: null, snapshot: installed }]);
    files.restore(installed.snapshot);
  }
}
