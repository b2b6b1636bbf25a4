import * as v from "valibot";
import type { Selection } from "./protocol.ts";

const state = v.object({
  selection: v.nullable(
    v.variant("kind", [
      v.object({ kind: v.literal("node"), node: v.string() }),
      v.object({ kind: v.literal("entry"), index: v.number() }),
    ]),
  ),
  hadCluster: v.optional(v.boolean(), false),
});

/** What the page keeps over a reload of the window. */
export interface SavedState {
  readonly selection: Selection | null;
  /** Whether there was a cluster to look at. */
  readonly hadCluster: boolean;
}

/** What an earlier page has kept; nothing, if that cannot be understood. */
export function readSavedState(raw: unknown): SavedState {
  const { success, output } = v.safeParse(state, raw);
  return success ? output : { selection: null, hadCluster: false };
}
