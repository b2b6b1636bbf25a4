import { seeds, sentence, type Bug } from "./bug.ts";

// Snapshots (§7, Figure 13): what others got wrong in them.

const driver = (name: string) => sentence("driver/snapshots.test.ts", name);
const snapshot = (name: string) => sentence("raft/snapshot.test.ts", name);

export const snapshotBugs: readonly Bug[] = [
  {
    name: "what follows a snapshot is kept whatever term stands at its end",
    id: "M52",
    file: "raft/snapshot.ts",
    find: "return isKept ? compacted(log, logStart) : logAfter(snapshot.index, snapshot.term);",
    replace:
      "return isKept || entryAt(log, snapshot.index) !== undefined ? compacted(log, logStart) : logAfter(snapshot.index, snapshot.term);",
    caughtBy: [snapshot("another term's entry there means that all of the log is discarded (§7)")],
  },
  {
    name: "what follows a snapshot is always dropped",
    id: "M52",
    file: "raft/snapshot.ts",
    find: "return isKept ? compacted(log, logStart) : logAfter(snapshot.index, snapshot.term);",
    replace:
      "return isKept && logStart < snapshot.index ? compacted(log, logStart) : logAfter(snapshot.index, snapshot.term);",
    caughtBy: [
      snapshot(
        "what follows the snapshot's last entry stays if that entry is here in its term (§7)",
      ),
    ],
  },
  {
    name: "a snapshot takes a node back behind what it has committed",
    id: "M53",
    file: "raft/snapshot.ts",
    find: 'if (index <= step.state.commitIndex) return reply(step, request, { kind: "installed" });',
    replace: "",
    caughtBy: [
      seeds("snapshot-is-committed"),
      snapshot("a snapshot of what is committed here is ignored, for it would take things back"),
    ],
  },
  {
    name: "a chunk behind a lost one is put where the lost one belongs",
    id: "",
    file: "raft/snapshot.ts",
    find: "if (request.offset !== length) return",
    replace: "if (request.offset < length) return",
    // A leader sends one chunk at a time, so that none is lost before another.
    caughtBy: [snapshot("chunks that come twice, or behind a lost one, are not put in")],
  },
  {
    name: "the state machine stays as it was when a snapshot is installed",
    id: "",
    file: "driver/driver.ts",
    find: "    this.#become(snapshot);\n    if (!this.#running) return;",
    replace: "    this.#lastApplied = snapshot.index;",
    caughtBy: [seeds("snapshot-is-committed")],
  },
  {
    name: "a node that starts again forgets what its snapshot holds",
    id: "",
    file: "driver/driver.ts",
    find: "if (made.saved.snapshot !== undefined) this.#become(made.saved.snapshot);",
    replace: "this.#lastApplied = made.saved.snapshot?.index ?? 0;",
    caughtBy: [seeds("snapshot-is-committed")],
  },
  {
    name: "a snapshot is said to stand for entries that are not applied yet",
    id: "M51",
    file: "driver/driver.ts",
    find: "const [index, data] = [this.#lastApplied, this.#machine.snapshot()];",
    replace: "const [index, data] = [this.#node.state.commitIndex, this.#machine.snapshot()];",
    caughtBy: [seeds("snapshot-is-committed")],
  },
  {
    name: "a snapshot is acknowledged before it is saved",
    id: "",
    file: "driver/driver.ts",
    find: 'effect.message.kind === "AppendEntries" || effect.message.kind === "InstallSnapshot";',
    replace:
      'effect.message.kind === "AppendEntries" || effect.message.kind.startsWith("InstallSnapshot");',
    caughtBy: [seeds("promise-after-save")],
  },
  {
    name: "who is sent a snapshot hears nothing of its leader while the leader's disk is at work",
    id: "",
    file: "driver/driver.ts",
    find: 'effect.message.kind === "AppendEntries" || effect.message.kind === "InstallSnapshot";',
    replace: 'effect.message.kind === "AppendEntries";',
    caughtBy: [
      driver("a leader whose disk is at work goes on being heard by who is sent a snapshot"),
    ],
  },
  {
    name: "the state machine is restored from a snapshot that is not saved yet",
    id: "",
    file: "driver/driver.ts",
    find: '      if (next.kind === "restore" && next.snapshot.index > this.#savedSnapshot) break;\n',
    replace: "",
    caughtBy: [
      driver(
        "the state machine is restored only once the snapshot is saved, and before what follows it",
      ),
    ],
  },
  {
    name: "a peer is sent a newer snapshot with each heartbeat, and its replies come too late",
    id: "",
    file: "raft/replication.ts",
    find: "    sendChunk(step, to);\n    return 0;",
    replace:
      "    if (under.offset > 0) sendChunk(step, to);\n    else beginInstall(step, to);\n    return 0;",
    caughtBy: [
      snapshot(
        "whoever has nothing of a snapshot yet is sent the same one, so that its late reply counts",
      ),
    ],
  },
  {
    name: "of a log that was discarded the old saves still count",
    id: "",
    file: "raft/snapshot.ts",
    find: "if (!isKept) update(step, { savedIndex: 0 });",
    replace: "void isKept;",
    caughtBy: [snapshot("another term's entry there means that all of the log is discarded (§7)")],
  },
  {
    name: "the configuration of a snapshot is forgotten",
    id: "M55",
    file: "raft/snapshot.ts",
    find: "isKept && known >= 0 ? configurations.slice(known) : [{ index, configuration }];",
    replace: "known >= 0 ? configurations.slice(known) : [{ index, configuration }];",
    caughtBy: [
      snapshot("the configuration in a snapshot counts, for the log that told it is gone (§7)"),
    ],
  },
  {
    name: "a follower that needs the last entry of a snapshot is sent what follows it, for ever",
    id: "M56",
    file: "raft/replication.ts",
    find: "if (next <= log.start) {",
    replace: "if (next < log.start) {",
    caughtBy: [seeds("agreement")],
  },
  {
    name: "what a snapshot stands for is looked for in the log",
    id: "",
    file: "raft/replication.ts",
    find: "if (!isWithinSnapshot && ",
    replace: "if (",
    caughtBy: [snapshot("entries that the snapshot stands for are taken for agreed (§7)")],
  },
];
