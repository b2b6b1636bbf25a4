/**
 * Entry of the bundle that is loaded when a cluster is first started: what runs it, and what reads
 * its events. The entry of the extension knows these by their types only.
 */
export { commandOf, speedRange } from "../../cluster/index.ts";
export { FolderInUse, inspectFolder, openCluster, OpenFailure } from "../../runtime/index.ts";
export { Exploration } from "../../exploration/index.ts";
export { leaderIn } from "../../trace/index.ts";
export { clusterCommands } from "../cluster-commands.ts";
export { PanelSession } from "../panel-session.ts";
export { submit } from "../submit.ts";
export { eventText, levelOf } from "../event-text.ts";
export { Watch } from "../watch.ts";
export { writeFinding } from "../write-finding.ts";
