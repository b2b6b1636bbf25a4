import {
  configurationsIn,
  simpleConfiguration,
  type Configuration,
  type PlacedConfiguration,
} from "./configuration.ts";
import { slice } from "./log.ts";
import type { Persistent } from "./state.ts";
import type { NodeId } from "./units.ts";

/**
 * The configurations that a node knows when it starts: that of its snapshot and those behind it in
 * its log. `members` are those with whom the cluster began, for a node that has no snapshot.
 */
export function configurationsAtStart(
  members: readonly NodeId[],
  { log, snapshot }: Persistent,
): readonly PlacedConfiguration[] {
  const index = snapshot?.index ?? 0;
  const configuration = snapshot?.configuration ?? simpleConfiguration(members);
  return [{ index, configuration }, ...configurationsIn(index + 1, slice(log, index + 1))];
}

/** The one of them that counts. */
export function configurationAtStart(members: readonly NodeId[], saved: Persistent): Configuration {
  return configurationsAtStart(members, saved).at(-1)?.configuration ?? simpleConfiguration([]);
}
