import type { PanelSession } from "./panel-session.ts";

/** The node that is selected in the panel. */
export function selectedNode(session: PanelSession | undefined): string | null {
  const selection = session?.selection;
  return selection?.kind === "node" ? selection.node : null;
}

/** The index of the entry that is selected in the panel. */
export function selectedEntry(session: PanelSession | undefined): number | null {
  const selection = session?.selection;
  return selection?.kind === "entry" ? selection.index : null;
}
