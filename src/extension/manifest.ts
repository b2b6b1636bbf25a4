import type { PresetName } from "../runtime/index.ts";

// The names that package.json uses too; a test compares the two.

/** Every command. */
export const commandIds = [
  "raftLab.startCluster",
  "raftLab.stopCluster",
  "raftLab.crashNode",
  "raftLab.restartNode",
  "raftLab.submitEntry",
  "raftLab.submitEntryToNode",
  "raftLab.pauseCluster",
  "raftLab.resumeCluster",
  "raftLab.setSpeed",
  "raftLab.openNodeAccount",
  "raftLab.openReplicatedLog",
  "raftLab.checkCluster",
  "raftLab.showOutput",
] as const;

export type CommandId = (typeof commandIds)[number];

/** The view of the nodes. */
export const nodesView = "raftLab.nodes";

/** What an item of that view is, for the menus. */
export const nodeStates = ["running", "crashed", "failed"] as const;

export type NodeState = (typeof nodeStates)[number];

/** What decides which commands make sense now. */
export const contextKeys = [
  "raftLab.busy",
  "raftLab.running",
  "raftLab.paused",
  "raftLab.hasRunning",
  "raftLab.hasCrashed",
] as const;

export type ContextKey = (typeof contextKeys)[number];

/** Every setting, with its default. */
export const settingDefaults = {
  "raftLab.folder": "raft-lab",
  "raftLab.timing": "watch",
} as const;

const timings: Readonly<Record<PresetName, true>> = { watch: true, raftos: true, paper: true };

/** Every value of the setting `raftLab.timing`. */
export const timingNames: readonly string[] = Object.keys(timings);

export function isTiming(value: unknown): value is PresetName {
  return typeof value === "string" && timingNames.includes(value);
}
