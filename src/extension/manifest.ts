import type { PresetName } from "../runtime/index.ts";

// The names that package.json uses too; a test compares the two.

/** Every command. */
export const commandIds = [
  "raftLab.startCluster",
  "raftLab.stopCluster",
  "raftLab.crashNode",
  "raftLab.restartNode",
  "raftLab.transferLeadership",
  "raftLab.submitEntry",
  "raftLab.submitEntryToNode",
  "raftLab.pauseCluster",
  "raftLab.resumeCluster",
  "raftLab.setSpeed",
  "raftLab.openNodeAccount",
  "raftLab.openReplicatedLog",
  "raftLab.checkCluster",
  "raftLab.checkLogs",
  "raftLab.goToSameEntry",
  "raftLab.treatAsRaftLog",
  "raftLab.showOutput",
  "raftLab.showPanel",
  "raftLab.playOrPause",
  "raftLab.stepForward",
  "raftLab.stepBack",
  "raftLab.nextEvent",
  "raftLab.previousEvent",
  "raftLab.goLive",
  "raftLab.copyNodeState",
  "raftLab.copyEntry",
  "raftLab.startTour",
  "raftLab.tourNext",
  "raftLab.tourBack",
  "raftLab.endTour",
  "raftLab.openWalkthrough",
  "raftLab.breakFile",
  "raftLab.readValue",
  "raftLab.addNode",
  "raftLab.removeNode",
] as const;

export type CommandId = (typeof commandIds)[number];

/** The view of the nodes. */
export const nodesView = "raftLab.nodes";

/** The webview of the cluster. */
export const panelView = "raftLab.panel";

/** What an item of the view of the nodes is, and a node in the panel, for the menus. */
export const nodeStates = ["running", "crashed", "failed"] as const;

export type NodeState = (typeof nodeStates)[number];

/** What decides which commands make sense now. */
export const contextKeys = [
  "raftLab.busy",
  "raftLab.running",
  "raftLab.paused",
  "raftLab.hasRunning",
  "raftLab.hasCrashed",
  "raftLab.panel.focused",
  "raftLab.panel.hasRun",
  "raftLab.panel.past",
  "raftLab.panel.nodeIsDown",
  "raftLab.tour",
] as const;

export type ContextKey = (typeof contextKeys)[number];

/** What completes the steps of the walkthrough, in their order. */
export const progressKeys = [
  "raftLab.tourEnded",
  "raftLab.hasLeader",
  "raftLab.nextLeads",
  "raftLab.entryRead",
  "raftLab.findingSeen",
] as const;

export type ProgressKey = (typeof progressKeys)[number];

/** The walkthrough. */
export const walkthroughId = "raftLab.start";

/** Every setting, with its default. */
export const settingDefaults = {
  "raftLab.folder": "raft-lab",
  "raftLab.timing": "watch",
  "raftLab.preVote": false,
  "raftLab.snapshotAfterEntries": 10_000,
  "raftLab.detectLogs": "ask",
  "raftLab.panel.openWithCluster": true,
} as const;

/** Every value of the setting `raftLab.detectLogs`. */
export const detections = ["never", "ask", "always"] as const;

export type Detection = (typeof detections)[number];

export function isDetection(value: unknown): value is Detection {
  return detections.some((each) => each === value);
}

const timings: Readonly<Record<PresetName, true>> = { watch: true, raftos: true, paper: true };

/** Every value of the setting `raftLab.timing`. */
export const timingNames: readonly string[] = Object.keys(timings);

export function isTiming(value: unknown): value is PresetName {
  return typeof value === "string" && timingNames.includes(value);
}

/** Whether a value fits the setting `raftLab.snapshotAfterEntries`. */
export function isEntryCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
