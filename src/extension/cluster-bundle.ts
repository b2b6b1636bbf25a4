import type * as clusterEntry from "./node/cluster-entry.ts";

/** All that runs a cluster, in a bundle of its own. */
export type ClusterBundle = typeof clusterEntry;

/** Loads it at the first call; build.ts makes two bundles of the two sides of this import. */
export function loadClusterBundle(): Promise<ClusterBundle> {
  return import("./node/cluster-entry.ts");
}
