export type { Difference, FileDifference } from "./compare-files.ts";
export { connectClient, type Client } from "./connect-client.ts";
export { FolderInUse } from "./folder-lock.ts";
export type { ClientAnswer } from "./frames.ts";
export type { LiveCluster } from "./live-cluster.ts";
export type { NodePaths } from "./node-paths.ts";
export {
  inspectFolder,
  openCluster,
  OpenFailure,
  type FolderContents,
  type FolderProblem,
  type OpenOptions,
} from "./open-cluster.ts";
export { presets, type Preset, type PresetName } from "./presets.ts";
export type { SnapshotAfter } from "./surroundings.ts";
