import { checkCluster } from "./check-command.ts";
import { pauseCluster, resumeCluster, setSpeed } from "./clock-commands.ts";
import { addNode, removeNode } from "./membership-commands.ts";
import {
  crashNode,
  openNodeAccount,
  openReplicatedLog,
  restartNode,
  transferLeadership,
} from "./node-commands.ts";
import { readValue } from "./read-command.ts";
import { submitEntry, submitEntryToNode } from "./submit-command.ts";

/**
 * The commands that are given to a cluster that runs. They are part of its bundle, because without
 * one they have no use. Each takes what it was called with, the cluster, and the parts.
 */
export const clusterCommands = {
  crashNode,
  restartNode,
  transferLeadership,
  submitEntry,
  submitEntryToNode,
  pauseCluster,
  resumeCluster,
  setSpeed,
  openNodeAccount,
  openReplicatedLog,
  checkCluster,
  readValue,
  addNode,
  removeNode,
} as const;

export type ClusterCommand = keyof typeof clusterCommands;
